public import SyncModel

/// Judges a file's declarations of time: whether they agree, and what it costs tools that do not follow them.
public struct ContainerAnalyser: Sendable {
    public static let method: MethodVersion = "container-3"
    public let tolerance: Tolerance
    public let expectation: Expectation

    public init(tolerance: Tolerance = .standard, expectation: Expectation = .together) {
        self.tolerance = tolerance
        self.expectation = expectation
    }

    /// All faults of a file, the worst first.
    public func faults(_ facts: ContainerFacts) -> [ContainerFault] {
        guard let video = facts.video.flatMap(StreamTimes.init), let audio = facts.audio.flatMap(StreamTimes.init)
        else { return [] }
        let rates = RateChecks(video: video, audio: audio, tolerance: tolerance).faults
        var faults =
            rates
            + PlacementChecks(video: video, audio: audio, tolerance: tolerance, declaredSeconds: facts.declaredSeconds)
            .faults
        faults += StampChecks(video: video, audio: audio, tolerance: tolerance).faults
        faults += SignallingChecks(video: video, audio: audio, format: facts.format, tolerance: tolerance).faults
        // Ends that a wrong rate explains are not reported twice.
        if rates.contains(where: { if case .drift = $0.weight { true } else { false } }) {
            faults.removeAll { $0.kind == .durationsDiffer }
        }
        return faults.enumerated().sorted { left, right in
            let (a, b) = (left.element.rank, right.element.rank)
            return a != b ? a > b : left.offset < right.offset
        }.map(\.element)
    }

    /// The finding: audio against video, as the file declares them.
    ///
    /// - Parameter health: faults of the streams themselves; they are reported and do not change the verdict.
    public func finding(_ facts: ContainerFacts, health: [ContainerFault] = []) -> Finding {
        guard facts.video != nil else { return notApplicable("there is no video, only audio", health: health) }
        guard facts.audio != nil else { return notApplicable("there is no audio", health: health) }
        guard let video = facts.video.flatMap(StreamTimes.init) else {
            return notApplicable("no video packet has a timestamp", health: health)
        }
        guard let audio = facts.audio.flatMap(StreamTimes.init) else {
            return notApplicable("no audio packet has a timestamp", health: health)
        }
        let faults = faults(facts) + health
        let because = faults.map(\.reason)
        var evidence = [
            Evidence("sound_start_s", .number(audio.start - min(audio.start, video.start), decimals: 3)),
            Evidence("picture_start_s", .number(video.start - min(audio.start, video.start), decimals: 3)),
            Evidence("sound_seconds", .number(audio.length, decimals: 3)),
            Evidence("picture_seconds", .number(video.length, decimals: 3)),
            Evidence(
                "frames_per_second",
                video.meanStep > 0
                    ? .number(1 / (video.regularity > 0.95 ? video.pace : video.meanStep), decimals: 3) : .unknown),
            Evidence("faults", .list(faults.map(\.evidence))),
        ]
        if let stopped = facts.stoppedBy { evidence.append(Evidence("read_error", .text(stopped))) }

        func made(_ verdict: Verdict, _ offset: Offset?, _ interval: OffsetInterval?) -> Finding {
            Finding(
                check: .container, subject: .audio, reference: .video,
                judgement: Judgement(
                    verdict, offset: offset, interval: interval, tolerance: tolerance,
                    expectation: expectation.ofOtherPairs), because: because, evidence: evidence,
                method: ContainerAnalyser.method)
        }
        func inconclusive(_ candidate: Offset) -> Finding {
            made(.inconclusive, nil, nil).proposing(candidate)
        }
        let judged = expectation.ofOtherPairs
        for fault in faults {
            if case .drift(let drift, let rate) = fault.weight {
                let start = Offset(seconds: 0)
                let worst = drift.offset(start, atSubjectSeconds: audio.length)
                let verdict = tolerance.verdict(
                    on: worst, interval: OffsetInterval(centre: worst, halfWidthSeconds: video.step), expecting: judged)
                guard verdict.carriesOffset else { return inconclusive(worst) }
                var finding = made(verdict, start, OffsetInterval(centre: start, halfWidthSeconds: video.step))
                finding.worst = worst
                finding.drift = drift
                finding.rate = rate
                return finding
            }
        }
        for fault in faults {
            if case .doubt(let candidate) = fault.weight { return inconclusive(candidate) }
        }
        for fault in faults {
            if case .constant(let offset, let interval) = fault.weight {
                let verdict = tolerance.verdict(on: offset, interval: interval, expecting: judged)
                // The exact delay is unknown: it never causes more than a doubt.
                guard verdict == .inSync || verdict == .measured else { return inconclusive(offset) }
                return made(verdict, offset, interval)
            }
        }
        return made(judged == .unknown ? .measured : .inSync, Offset(seconds: 0), nil)
    }

    /// The finding on a file that has nothing to compare, and why.
    public func notApplicable(_ reason: String, health: [ContainerFault] = []) -> Finding {
        Finding(
            check: .container, subject: .audio, reference: .video,
            judgement: Judgement(.notApplicable, tolerance: tolerance),
            because: [Reason(reason)] + health.map(\.reason),
            evidence: health.isEmpty ? [] : [Evidence("faults", .list(health.map(\.evidence)))],
            method: ContainerAnalyser.method)
    }
}

extension ContainerFault {
    /// Order in which faults are reported.
    fileprivate var rank: Int {
        switch weight {
        case .drift: 3
        case .doubt: 2
        case .constant: 1
        case .note: 0
        }
    }
}
