import Foundation
public import Muxing
public import SyncModel

/// Whether measured findings are enough to move a sound by.
public struct MendDecision: Sendable {
    /// nil: there is nothing to mend.
    public let move: SoundMove?
    /// The finding that it goes by.
    public let finding: Finding?

    /// The least confidence on which sound is moved.
    public static let leastConfidence = 0.8
    /// The least confidence on which a text is moved: what is left uncertain is some 50 ms, and a text that is off is
    /// off by more; that it is the right text is told by its verdict.
    public static let leastConfidenceOfText = 0.5
    /// Two checks that lie further apart than this, in seconds, contradict each other.
    static let contradiction = 0.06

    /// - Throws: `MendError` where in doubt, with what would make it sure.
    public init(
        _ report: ClipReport, expecting expectation: Expectation = .together,
        leastConfidence: Double = MendDecision.leastConfidence
    ) throws {
        let clip = report.clip.printable
        if let failure = report.failure {
            throw MendError(failure.code, failure.message, remedy: failure.remedy, isRefusal: false)
        }
        let about = report.findings.filter {
            $0.subject == .audio && $0.reference == .video && $0.check != .container
        }
        if let unpaired = about.first(where: { $0.verdict == .unpaired }) {
            throw MendError(
                "unpaired", "\(clip): audio and video do not belong together\(MendDecision.reasons(unpaired))",
                remedy:
                    "give the matching audio with --audio, or the offset with --offset-ms N"
            )
        }
        let answered = about.filter { $0.offset != nil }
        guard let best = answered.max(by: { ($0.confidence ?? 0) < ($1.confidence ?? 0) }), let offset = best.offset
        else {
            let doubtful = about.first { $0.verdict == .inconclusive } ?? about.first
            throw MendError(
                "cannot-tell",
                """
                \(clip): the audio's offset cannot be \
                determined\(doubtful.map(MendDecision.reasons) ?? "; no check applies")
                """,
                remedy:
                    """
                    analyse the whole clip with --thorough, decide it with 'genlock review', or give the offset with \
                    --offset-ms N
                    """
            )
        }
        for other in answered where other.check != best.check {
            guard let second = other.offset, abs(second.seconds - offset.seconds) > MendDecision.contradiction else {
                continue
            }
            throw MendError(
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
            throw MendError(
                "low-confidence",
                """
                \(clip): \(OffsetWords.sentence(offset, subject: .audio, reference: .video)), but right within 40 ms \
                only with a probability of \(String(format: "%.2f", best.confidence ?? 0))
                """,
                remedy:
                    """
                    analyse the whole clip with --thorough, lower the threshold with --least-confidence, or give the \
                    offset with --offset-ms N
                    """
            )
        }
        move = SoundMove(best, expecting: expectation.offset)
    }

    /// Why a finding has no answer, in brackets; empty where it does not say.
    static func reasons(_ finding: Finding) -> String {
        finding.because.isEmpty ? "" : " (" + finding.because.map(\.description).joined(separator: "; ") + ")"
    }
}
