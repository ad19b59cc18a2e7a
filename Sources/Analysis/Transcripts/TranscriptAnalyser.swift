import Foundation
import SignalCore
public import SyncModel

/// Measures the offset of a transcript against the speech in the audio.
public struct TranscriptAnalyser: Sendable {
    public let model: SpeechClasses
    public let tolerance: Tolerance
    public let expectation: Expectation
    /// Whether only timing is compared: a translation has other words than the audio.
    public let timingOnly: Bool

    /// Seconds searched either way, and the wider range if nothing is found.
    public static let reach = 600.0
    public static let farReach = 3600.0

    public init(
        model: SpeechClasses, tolerance: Tolerance = .standard, expectation: Expectation = .together,
        timingOnly: Bool = false
    ) {
        self.model = model
        self.tolerance = tolerance
        self.expectation = expectation
        self.timingOnly = timingOnly
    }

    /// The finding on one transcript of a recording.
    public func finding(_ text: TranscriptText, sound: SpeechScores) -> Finding {
        guard sound.frames > 0 else { return without(.notApplicable, ["there is no audio"]) }
        guard !text.items.isEmpty else { return without(.notApplicable, ["the transcript contains no items"]) }
        guard sound.speechSeconds >= 0.3 else { return without(.notApplicable, ["there is no speech in the audio"]) }
        let near = judgement(text, sound, reach: TranscriptAnalyser.reach)
        if let near, near.offset != nil || !canLieFarther(text, sound) { return near }
        let far = canLieFarther(text, sound) ? judgement(text, sound, reach: TranscriptAnalyser.farReach) : nil
        // If nothing is found anywhere, the result of the usual range is reported.
        if let far, far.offset != nil || near == nil || near?.verdict == .unpaired && far.verdict != .unpaired {
            return far
        }
        return near.map { far == nil ? $0 : $0.adding([.searched(TranscriptAnalyser.farReach)]) }
            ?? without(.notApplicable, ["no item of the transcript has words and a valid time"])
    }

    private func judgement(_ text: TranscriptText, _ sound: SpeechScores, reach: Double) -> Finding? {
        TranscriptMeasurement(text, scores: sound, reach: reach, seed: 1).map {
            TranscriptJudgement($0, text: text, sound: sound, analyser: self).finding.adding([.searched(reach)])
        }
    }

    /// Whether text and audio can overlap at offsets beyond the usual range.
    private func canLieFarther(_ text: TranscriptText, _ sound: SpeechScores) -> Bool {
        let items = text.measured
        guard let first = items.map(\.start).min(), let last = items.map(\.end).max() else { return false }
        return max(last, sound.seconds - first) > TranscriptAnalyser.reach
    }

    private func without(_ verdict: Verdict, _ because: [String]) -> Finding {
        Finding(
            check: .transcript, subject: .text, reference: .audio, judgement: Judgement(verdict, tolerance: tolerance),
            because: because.map { Reason($0) }, method: model.method)
    }
}

extension Evidence {
    /// Seconds that were searched either way.
    fileprivate static func searched(_ seconds: Double) -> Evidence {
        Evidence("searched_s", .number(seconds, decimals: 0))
    }
}
