public import SyncModel

/// Makes the finding on a log with a camera: the offset of its content, and the faults of its clock.
public struct SensorAnalyser: Sendable {
    public static let method: MethodVersion = "sensor-2"
    public let tolerance: Tolerance
    public let expectation: Expectation

    public init(tolerance: Tolerance = .standard, expectation: Expectation = .together) {
        self.tolerance = tolerance
        self.expectation = expectation
    }

    /// The best match of all signals with the video's speed or its change.
    public func match(picture: MotionSignal, frameSeconds: Double, courses: [MotionSignal]) -> MotionMatch? {
        courses.compactMap {
            MotionMatch(picture: $0.kind == .change ? picture.change : picture, log: $0, frameSeconds: frameSeconds)
        }
        .max { $0.height < $1.height }
    }

    /// The best match of all motion of video and log.
    public func match(_ seen: SeenMotion, _ log: LogMotion) -> MotionMatch? {
        var matches = seen.courses.map { match(picture: $0, frameSeconds: seen.frameSeconds, courses: log.courses) }
        if let turning = log.turning, let whole = seen.whole {
            // Rotations about the line of sight have a separate component, which does not move the middle.
            matches.append(MotionMatch(picture: whole, log: turning, frameSeconds: seen.frameSeconds))
            matches.append(
                MotionMatch(picture: whole.speed(of: 0..<2), log: turning.speed(), frameSeconds: seen.frameSeconds))
        }
        return matches.compactMap { $0 }.max { $0.height < $1.height }
    }

    /// - Parameters:
    ///   - log: its name.
    ///   - camera: its name.
    ///   - match: the match of the content; nil: no motion on both sides.
    ///   - notes: assumptions about the log.
    ///   - impacts: the match with the recording's audio; it answers where motion does not.
    public func finding(
        log: String, camera: String, match: MotionMatch?, clock: ClockAnalyser.Result, notes: [Reason],
        impacts: JoltMatch? = nil
    ) -> Finding {
        var evidence: [Evidence] = []
        if let impacts, impacts.isAnswered, match?.isAnswered != true {
            return self.finding(impacts, log: log, camera: camera, clock: clock, notes: notes, motion: match)
        }
        if let match {
            evidence += [
                Evidence("method", .text("motion")), Evidence("matched", .text(match.source)),
                Evidence("seconds", .number(match.overlap, decimals: 1)),
                Evidence("correlation", .number(match.correlation, decimals: 3)),
                Evidence("height", .number(match.height, decimals: 2)),
                Evidence("second_height", .number(match.second, decimals: 2)),
            ]
        }
        evidence += clockEvidence(clock)
        if let impacts { evidence += impacts.evidence }
        var told = clock.faults.map(\.reason) + notes
        if let match, let impacts, match.isAnswered, impacts.isAnswered,
            abs(match.offset - impacts.offset) > 0.04 + 3 * (match.error + impacts.error)
        {
            told.insert(
                Reason(
                    """
                    jolts and sudden sounds place the log \(Figures.size(impacts.offset - match.offset)) \
                    \(impacts.offset > match.offset ? "later" : "earlier") than its motion does: the recording's audio \
                    and video may be out of sync
                    """
                ),
                at: 0)
        }
        func made(_ verdict: Verdict, _ offset: Offset?, _ interval: OffsetInterval?, _ because: [Reason]) -> Finding {
            var finding = Finding(
                check: .sensor, subject: .sensor, reference: .video,
                judgement: Judgement(
                    verdict, offset: offset, interval: interval, confidence: offset == nil ? nil : match?.confidence,
                    tolerance: tolerance, expectation: expectation), because: because + told, evidence: evidence,
                curve: (match?.curve ?? []).map { CurvePoint(offset: Offset(seconds: $0.offset), height: $0.height) },
                method: SensorAnalyser.method)
            finding.clip = log
            finding.against = camera
            return finding
        }
        guard let match else {
            return made(
                .notApplicable, nil, nil,
                [
                    Reason(
                        """
                        log and video never both move for \(Int(MotionMatch.leastOverlap)) seconds: there is no motion \
                        to compare
                        """
                    )
                ])
        }
        let offset = Offset(seconds: match.offset)
        guard match.isAnswered else {
            return made(.inconclusive, nil, nil, match.reasons.map { Reason($0) }).proposing(offset)
        }
        let interval = OffsetInterval(centre: offset, halfWidthSeconds: 1.96 * match.error)
        // Drift changes the offset within the overlap; the worst time is judged.
        let ends =
            match.drift.map { drift in
                [match.span.start, match.span.end].map { drift.offset(offset, atSubjectSeconds: $0) }
            } ?? [offset]
        let worst = expectation.worst(of: ends) ?? offset
        let verdict = tolerance.verdict(
            on: worst, interval: OffsetInterval(centre: worst, halfWidthSeconds: 1.96 * match.error),
            expecting: expectation)
        guard verdict.carriesOffset else {
            return made(
                verdict, nil, nil,
                [
                    Reason(
                        """
                        the offset is known only to within \(Figures.size(1.96 * match.error)): too uncertain for this \
                        tolerance
                        """
                    )
                ]
            ).proposing(offset)
        }
        var finding = made(verdict, offset, interval, [])
        finding.drift = match.drift
        finding.worst = worst
        return finding
    }

    /// The finding by sudden sounds, where motion gives no answer.
    private func finding(
        _ impacts: JoltMatch, log: String, camera: String, clock: ClockAnalyser.Result, notes: [Reason],
        motion: MotionMatch?
    ) -> Finding {
        let offset = Offset(seconds: impacts.offset)
        let interval = OffsetInterval(centre: offset, halfWidthSeconds: 1.96 * impacts.error)
        let verdict = tolerance.verdict(on: offset, interval: interval, expecting: expectation)
        var evidence = [Evidence("method", .text("impacts"))] + impacts.evidence
        if !verdict.carriesOffset { evidence.append(.candidate(offset)) }
        evidence += clockEvidence(clock)
        var because = clock.faults.map(\.reason) + notes
        because.insert(
            Reason(
                """
                based on jolts and sudden sounds: valid only if the recording's audio and video are in sync
                """),
            at: 0)
        var finding = Finding(
            check: .sensor, subject: .sensor, reference: .video,
            judgement: Judgement(
                verdict, offset: verdict.carriesOffset ? offset : nil, interval: verdict.carriesOffset ? interval : nil,
                confidence: verdict.carriesOffset ? impacts.confidence : nil,
                candidate: verdict.carriesOffset ? nil : offset, tolerance: tolerance,
                expectation: expectation), because: because, evidence: evidence, method: SensorAnalyser.method)
        finding.clip = log
        finding.against = camera
        return finding
    }

    private func clockEvidence(_ clock: ClockAnalyser.Result) -> [Evidence] {
        [
            Evidence("samples_per_second", clock.rate.map { .number($0, decimals: 3) } ?? .unknown),
            Evidence("log_seconds", .number(clock.seconds, decimals: 3)),
            Evidence("first_stamp_s", clock.stamps.first.map { .number($0, decimals: 3) } ?? .unknown),
            Evidence("faults", .list(clock.faults.map(\.evidence))),
        ]
    }
}
