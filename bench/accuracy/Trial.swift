import Foundation
import SyncModel

/// One measurement whose truth is known, as a row of `rows.csv`.
struct Trial {
    /// What was done: `moved`, `joined`, `foreign-same`, `foreign-other`, a degradation such as `noise-10`, an encoding
    /// such as `15 fps`, a container such as `in mkv`, `wild`, `wild half`, `no speech`.
    let kind: String
    /// The clip's name; of joined ones the first one's and how many follow it.
    let clip: String
    let speaker: String
    /// Which models did not see the clip.
    let fold: String
    /// Length of the picture in seconds, rounded.
    let seconds: Int
    /// How much later the sound was made, in ms; the right answer is its negative.
    let movedMilliseconds: Double
    let verdict: String
    let offset: Double?
    let lower: Double?
    let upper: Double?
    let confidence: Double?
    let candidate: Double?

    static let header =
        "kind,clip,talker,fold,seconds,moved_ms,verdict,offset_ms,ci_low_ms,ci_high_ms,confidence,candidate_ms"

    var row: String {
        func text(_ value: Double?, _ decimals: Int) -> String {
            value.map { String(format: "%.\(decimals)f", $0) } ?? ""
        }
        return [
            kind, clip, speaker, fold, String(seconds), text(movedMilliseconds, 0), verdict, text(offset, 1),
            text(lower, 1),
            text(upper, 1), text(confidence, 3), text(candidate, 1),
        ].joined(separator: ",")
    }

    init(
        kind: String, clip: String, speaker: String, fold: String, seconds: Int, movedMilliseconds: Double,
        verdict: String,
        offset: Double?, lower: Double?, upper: Double?, confidence: Double?, candidate: Double?
    ) {
        self.kind = kind
        self.clip = clip
        self.speaker = speaker
        self.fold = fold
        self.seconds = seconds
        self.movedMilliseconds = movedMilliseconds
        self.verdict = verdict
        self.offset = offset
        self.lower = lower
        self.upper = upper
        self.confidence = confidence
        self.candidate = candidate
    }

    init(
        kind: String, clip: String, speaker: String, fold: String, seconds: Int, movedMilliseconds: Double,
        finding: Finding
    ) {
        var candidate: Double?
        for evidence in finding.evidence where evidence.name == "candidate_ms" {
            if case .number(let value, _) = evidence.value { candidate = value }
        }
        self.init(
            kind: kind, clip: clip, speaker: speaker, fold: fold, seconds: seconds,
            movedMilliseconds: movedMilliseconds,
            verdict: finding.verdict.rawValue, offset: finding.offset?.milliseconds,
            lower: finding.interval?.lower.milliseconds,
            upper: finding.interval?.upper.milliseconds, confidence: finding.confidence, candidate: candidate)
    }

    /// Reads a row; nil for anything else.
    init?(row: Substring) {
        let fields = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 12, let seconds = Int(fields[4]), let moved = Double(fields[5]) else { return nil }
        self.init(
            kind: fields[0], clip: fields[1], speaker: fields[2], fold: fields[3], seconds: seconds,
            movedMilliseconds: moved,
            verdict: fields[6], offset: Double(fields[7]), lower: Double(fields[8]), upper: Double(fields[9]),
            confidence: Double(fields[10]), candidate: Double(fields[11]))
    }

    /// Measured less true offset in ms; nil without an answer.
    var error: Double? { offset.map { $0 + movedMilliseconds } }
    var isPaired: Bool { !kind.hasPrefix("foreign") }
}
