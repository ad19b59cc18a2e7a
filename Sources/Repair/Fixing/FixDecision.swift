import Foundation
public import Muxing
public import SyncModel

/// Whether the findings are sufficient to move the audio.
public struct FixDecision: Sendable {
    /// nil: there is nothing to fix.
    public let move: SoundMove?
    /// The finding it is based on.
    public let finding: Finding?

    /// Minimum confidence for moving audio.
    public static let leastConfidence = 0.8
    /// Minimum confidence for moving a text: the remaining uncertainty is some 50 ms, and texts that are off are off by
    /// more; its verdict ensures that it is the right text.
    public static let leastConfidenceOfText = 0.5
    /// Two checks that differ by more than this, in seconds, contradict each other.
    static let contradiction = 0.06

    /// - Throws: `FixError` if in doubt, with a remedy.
    public init(
        _ report: ClipReport, expecting expectation: Expectation = .together,
        leastConfidence: Double = FixDecision.leastConfidence
    ) throws {
        let clip = report.clip.printable
        if let failure = report.failure {
            throw FixError(failure.code, failure.message, remedy: failure.remedy, isRefusal: false)
        }
        let about = report.findings.filter {
            $0.subject == .audio && $0.reference == .video && $0.check != .container
        }
        if let unpaired = about.first(where: { $0.verdict == .unpaired }) {
            throw FixError(
                "unpaired", "\(clip): audio and video do not belong together\(FixDecision.reasons(unpaired))",
                remedy:
                    "give the matching audio with --audio, or the offset with --offset-ms N"
            )
        }
        let answered = about.filter { $0.offset != nil }
        guard let best = answered.max(by: { ($0.confidence ?? 0) < ($1.confidence ?? 0) }), let offset = best.offset
        else {
            let doubtful = about.first { $0.verdict == .inconclusive } ?? about.first
            throw FixError(
                "cannot-tell",
                """
                \(clip): the audio's offset cannot be \
                determined\(doubtful.map(FixDecision.reasons) ?? "; no check applies")
                """,
                remedy:
                    """
                    decide it with 'genlock review', analyse the whole clip with --thorough if it is longer than 20 s, \
                    or \
                    give the offset with --offset-ms N
                    """
            )
        }
        for other in answered where other.check != best.check {
            guard let second = other.offset, abs(second.seconds - offset.seconds) > FixDecision.contradiction else {
                continue
            }
            throw FixError(
                "checks-disagree",
                """
                \(clip): \(best.check.rawValue) reports \
                \(OffsetWords.sentence(offset, subject: .audio, reference: .video)), \(other.check.rawValue) reports \
                \(OffsetWords.sentence(second, subject: .audio, reference: .video))
                """,
                remedy: "check it with 'genlock review', or give --offset-ms N")
        }
        finding = best
        guard best.verdict != .inSync else {
            move = nil
            return
        }
        guard let confidence = best.confidence, confidence >= leastConfidence else {
            throw FixError(
                "low-confidence",
                """
                \(clip): \(OffsetWords.sentence(offset, subject: .audio, reference: .video)), but right within 40 ms \
                only with a probability of \(String(format: "%.2f", best.confidence ?? 0))
                """,
                remedy:
                    """
                    decide it with 'genlock review', analyse the whole clip with --thorough if it is longer than 20 s, \
                    lower the threshold with --least-confidence, or give the offset with --offset-ms N
                    """
            )
        }
        move = SoundMove(best, expecting: expectation.offset)
    }

    /// The reasons of a finding without an answer, in brackets; empty if there are none.
    static func reasons(_ finding: Finding) -> String {
        finding.because.isEmpty ? "" : " (" + finding.because.map(\.description).joined(separator: "; ") + ")"
    }
}
