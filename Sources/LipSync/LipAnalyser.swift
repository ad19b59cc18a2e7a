import Foundation
public import SyncModel

/// Measures where the sound lies against the lips.
public struct LipAnalyser: Sendable {
    public let model: LipModel
    public let tolerance: Tolerance
    public let expectation: Expectation

    /// What talkers differ by, in ms: an own error below it is hardly worth more looking.
    private static let talkerDeviation = 8.0

    public init(model: LipModel, tolerance: Tolerance = .standard, expectation: Expectation = .together) {
        self.model = model
        self.tolerance = tolerance
        self.expectation = expectation
    }

    /// Whether a finding on part of a recording would hardly change if more of it were looked at: an offset whose own
    /// error is smaller than what talkers differ by, or no fit at all over a good while.
    public func isSettled(_ finding: Finding) -> Bool {
        func number(_ name: String) -> Double? {
            for evidence in finding.evidence where evidence.name == name {
                if case .number(let value, _) = evidence.value { return value }
            }
            return nil
        }
        switch finding.verdict {
        case .inSync, .marginal, .misaligned, .measured:
            let own = model.numbers.interval[0] * (number("standard_error_ms") ?? .infinity)
            return (finding.confidence ?? 0) >= 0.98 * model.numbers.ceiling && own <= LipAnalyser.talkerDeviation
        case .unpaired: return (number("voiced_seconds") ?? 0) >= 25
        case .inconclusive, .notApplicable, .failed: return false
        }
    }

    /// The finding on a mouth and a sound on the same timeline.
    public func finding(mouth: MouthTrack, sound: SoundFeatures) -> Finding {
        guard mouth.pictures > 0 else { return notApplicable("there is no picture") }
        guard mouth.faces > 0 else { return notApplicable("no face was seen in \(mouth.pictures) pictures") }
        guard !sound.isSilent else { return notApplicable("the sound is silent throughout") }
        guard sound.voicedSeconds >= 0.1 else { return notApplicable("there is no voice in the sound") }
        let segments = mouth.segments()
        guard let found = LipEvidence(segments: segments, sound: sound, model: model) else {
            let share = Double(mouth.faces) / Double(mouth.pictures)
            return without(
                .inconclusive, because: ["a face was seen in \(percent(share)) of the pictures, but never for half a second on end"])
        }
        let numbers = model.numbers
        let confidence = found.confidence(numbers)
        let doubts = self.doubts(found, confidence, mouth)
        if found.isAnswer(numbers) {
            let interval = OffsetInterval(centre: found.offset, halfWidthSeconds: found.halfWidth(numbers))
            let verdict = tolerance.verdict(on: found.offset, interval: interval, expecting: expectation)
            if verdict.carriesOffset {
                return Finding(
                    check: .lips, subject: "audio", reference: "video", verdict: verdict, offset: found.offset,
                    interval: interval, confidence: confidence, tolerance: tolerance, expectation: expectation,
                    evidence: evidence(found, mouth, nil),
                    curve: found.curve, method: model.method)
            }
            let wide = "the offset is \(words(interval.lower)) to \(words(interval.upper)): too wide for a verdict"
            return without(.inconclusive, because: [wide] + doubts, found: found, confidence: confidence, mouth: mouth)
        }
        if found.isUnpaired(numbers) {
            let reason = "no offset within \(Int(Double(LipEvidence.searchedLags) * FrameGrid.period * 1000)) ms fits: the best one is no better "
                + "than foreign sounds reach (cohort score \(format(found.cohort, 1)), \(format(found.voiced, 1)) s of voiced speech with the mouth visible)"
            return without(.unpaired, because: [reason], found: found, confidence: confidence, mouth: mouth)
        }
        return without(.inconclusive, because: doubts, found: found, confidence: confidence, mouth: mouth)
    }

    /// Every reason for doubt, with its figure.
    private func doubts(_ found: LipEvidence, _ confidence: Double, _ mouth: MouthTrack) -> [String] {
        let numbers = model.numbers
        var result: [String] = []
        if found.voiced < numbers.leastVoiced {
            result.append(
                "only \(format(found.voiced, 1)) s of voiced speech with the mouth visible, and \(format(numbers.leastVoiced, 1)) s are needed")
        }
        if found.opening < numbers.leastOpening {
            result.append("the mouth hardly moves (by \(format(found.opening * 100, 1)) % of the face, and \(format(numbers.leastOpening * 100, 1)) % are needed)")
        }
        if found.overlap < numbers.leastOverlap {
            result.append("mouth and sound are there together for only \(format(found.overlap, 1)) s")
        }
        if found.isAtEdge { result.append("the best fit lies at the edge of the searched range") }
        if !found.standardError.isFinite {
            result.append("the curve has no peak whose width could be told")
        } else if found.standardError * 1000 > numbers.largestErrorMilliseconds {
            result.append(
                "the best fit is uncertain by \(format(found.standardError * 1000, 0)) ms, and \(format(numbers.largestErrorMilliseconds, 0)) ms are allowed")
        }
        let seen = Double(mouth.faces) / Double(max(1, mouth.pictures))
        if seen < 0.5 { result.append("a face was seen in only \(percent(seen)) of the pictures") }
        if let (one, other) = found.halves, abs(one.milliseconds - other.milliseconds) > 80 {
            result.append("two halves disagree: \(words(one)), \(words(other))")
        }
        if found.share < numbers.leastShare {
            result.append("the peak stays where it is in only \(percent(found.share)) of resampled clips, and \(percent(numbers.leastShare)) are needed")
        }
        if confidence < numbers.leastConfidence {
            result.append(
                "the best guess, \(words(found.offset)), is right with a probability of \(format(confidence, 2)), and "
                    + "\(format(numbers.leastConfidence, 2)) is needed")
        }
        return result
    }

    private func notApplicable(_ reason: String) -> Finding { without(.notApplicable, because: [reason]) }

    private func without(
        _ verdict: Verdict, because: [String], found: LipEvidence? = nil, confidence: Double? = nil, mouth: MouthTrack? = nil
    ) -> Finding {
        Finding(
            check: .lips, subject: "audio", reference: "video", verdict: verdict, confidence: confidence, tolerance: tolerance,
            because: because.map { Doubt($0) },
            evidence: found.flatMap { found in mouth.map { evidence(found, $0, verdict == .inconclusive ? found.offset : nil) } } ?? [],
            curve: found?.curve ?? [], method: model.method)
    }

    private func evidence(_ found: LipEvidence, _ mouth: MouthTrack, _ candidate: Offset?) -> [Evidence] {
        [
            Evidence("method", .text("face-mesh-towers")),
            Evidence("candidate_ms", candidate.map { .number($0.milliseconds, decimals: 1) } ?? .unknown),
            Evidence("seconds", .number(found.overlap, decimals: 2)),
            Evidence("voiced_seconds", .number(found.voiced, decimals: 2)),
            Evidence("face_share", .number(Double(mouth.faces) / Double(max(1, mouth.pictures)), decimals: 3)),
            Evidence("mouth_motion", .number(found.opening, decimals: 4)),
            Evidence("peak", .number(found.height, decimals: 3)),
            Evidence("cohort", .number(found.cohort, decimals: 2)),
            Evidence("stable_share", .number(found.share, decimals: 3)),
            Evidence("standard_error_ms", .number(found.standardError * 1000, decimals: 1)),
        ]
    }

    private func words(_ offset: Offset) -> String {
        let size = Int(min(abs(offset.milliseconds), 1e9).rounded())
        return size == 0 ? "0 ms" : "\(size) ms \(offset.seconds > 0 ? "early" : "late")"
    }

    private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    private func format(_ value: Double, _ decimals: Int) -> String { String(format: "%.\(decimals)f", value) }
}
