public import SyncModel

/// Makes the finding on a log beside a camera: where its content lies, and what is the matter with its clock.
public struct SensorAnalyser: Sendable {
    public static let method = "sensor-1"
    public let tolerance: Tolerance
    public let expectation: Expectation

    public init(tolerance: Tolerance = .standard, expectation: Expectation = .together) {
        self.tolerance = tolerance
        self.expectation = expectation
    }

    /// The match that stands highest, of all courses with the picture's speed or its change.
    public func match(picture: MotionCourse, frameSeconds: Double, courses: [MotionCourse]) -> MotionMatch? {
        courses.compactMap { MotionMatch(picture: $0.kind == .change ? picture.change : picture, log: $0, frameSeconds: frameSeconds) }
            .max { $0.height < $1.height }
    }

    /// The match that stands highest, of everything that a picture shows and a log tells.
    public func match(_ seen: SeenMotion, _ log: LogMotion) -> MotionMatch? {
        var matches = [match(picture: seen.speed, frameSeconds: seen.frameSeconds, courses: log.courses)]
        if let turning = log.turning, let whole = seen.whole {
            // Turns about the line of sight are told by a component of their own, which moves no point of the middle.
            matches.append(MotionMatch(picture: whole, log: turning, frameSeconds: seen.frameSeconds))
            matches.append(MotionMatch(picture: whole.speed(of: 0..<2), log: turning.speed(), frameSeconds: seen.frameSeconds))
        }
        return matches.compactMap { $0 }.max { $0.height < $1.height }
    }

    /// - Parameters:
    ///   - log, camera: their names.
    ///   - match: what the content says; nil: nothing that moves on both sides.
    ///   - notes: what was guessed about the log.
    public func finding(log: String, camera: String, match: MotionMatch?, clock: ClockAnalyser.Result, notes: [Doubt]) -> Finding {
        var evidence: [Evidence] = []
        if let match {
            evidence += [
                Evidence("method", .text("motion")), Evidence("matched", .text(match.source)), Evidence("seconds", .number(match.overlap, decimals: 1)),
                Evidence("correlation", .number(match.correlation, decimals: 3)), Evidence("height", .number(match.height, decimals: 2)),
                Evidence("second_height", .number(match.second, decimals: 2)),
            ]
        }
        evidence += [
            Evidence("samples_per_second", clock.rate.map { .number($0, decimals: 3) } ?? .unknown), Evidence("log_seconds", .number(clock.seconds, decimals: 3)),
            Evidence("first_stamp_s", clock.stamps.first.map { .number($0, decimals: 3) } ?? .unknown), Evidence("faults", .list(clock.faults.map(\.evidence))),
        ]
        let told = clock.faults.map(\.doubt) + notes
        func made(_ verdict: Verdict, _ offset: Offset?, _ interval: OffsetInterval?, _ because: [Doubt]) -> Finding {
            var finding = Finding(
                check: .sensor, subject: "sensor", reference: "video", verdict: verdict, offset: offset, interval: interval, confidence: offset == nil ? nil : match?.confidence,
                tolerance: tolerance, expectation: expectation, because: because + told, evidence: evidence,
                curve: (match?.curve ?? []).map { CurvePoint(offset: Offset(seconds: $0.offset), height: $0.height) }, method: SensorAnalyser.method)
            finding.clip = log
            finding.against = camera
            return finding
        }
        guard let match else { return made(.notApplicable, nil, nil, [Doubt("nothing moves on both sides for \(Int(MotionMatch.leastOverlap)) seconds: there is no motion to compare")]) }
        let offset = Offset(seconds: match.offset)
        let candidate = Evidence("candidate_ms", .number(offset.milliseconds, decimals: 1))
        guard match.isAnswered else { return made(.inconclusive, nil, nil, match.reasons.map { Doubt($0) }).adding([candidate]) }
        let interval = OffsetInterval(centre: offset, halfWidthSeconds: 1.96 * match.error)
        // Drift moves the offset within what meets; the worst moment is judged.
        var expected = 0.0
        if case .offset(let asked) = expectation { expected = asked.seconds }
        let ends = match.drift.map { drift in [match.span.start, match.span.end].map { drift.offset(offset, atSubjectSeconds: $0) } } ?? [offset]
        let worst = ends.max { abs($0.seconds - expected) < abs($1.seconds - expected) } ?? offset
        let verdict = tolerance.verdict(on: worst, interval: OffsetInterval(centre: worst, halfWidthSeconds: 1.96 * match.error), expecting: expectation)
        guard verdict.carriesOffset else {
            return made(verdict, nil, nil, [Doubt("the offset is known to \(Figures.size(1.96 * match.error)) either way, which is too wide to judge it by this tolerance")]).adding([candidate])
        }
        var finding = made(verdict, offset, interval, [])
        finding.drift = match.drift
        finding.worst = worst
        return finding
    }
}
