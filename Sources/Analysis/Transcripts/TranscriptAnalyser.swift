import Foundation
import SignalCore
public import SyncModel

/// Measures where a transcript lies against the speech in the sound.
public struct TranscriptAnalyser: Sendable {
    public let model: SpeechClasses
    public let tolerance: Tolerance
    public let expectation: Expectation
    /// Judge by timing alone: a translation has other words than the sound.
    public let timingOnly: Bool

    /// Seconds searched either way.
    public static let reach = 600.0

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
        guard sound.frames > 0 else { return without(.notApplicable, ["there is no sound"]) }
        guard !text.items.isEmpty else { return without(.notApplicable, ["the transcript holds no items"]) }
        guard sound.speechSeconds >= 0.3 else { return without(.notApplicable, ["there is no speech in the sound"]) }
        guard let found = TranscriptMeasurement(text, scores: sound, reach: TranscriptAnalyser.reach, seed: 1) else {
            return without(.notApplicable, ["no item of the transcript holds words and a possible time"])
        }
        return TranscriptJudgement(found, text: text, sound: sound, analyser: self).finding
    }

    private func without(_ verdict: Verdict, _ because: [String]) -> Finding {
        Finding(
            check: .transcript, subject: .text, reference: .audio, judgement: Judgement(verdict, tolerance: tolerance),
            because: because.map { Doubt($0) }, method: model.method)
    }
}
