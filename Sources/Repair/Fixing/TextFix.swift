import Foundation
public import Muxing
public import SyncModel
public import TimedText

/// Rewrites a timed text into another file, in its own format: times change, every other byte stays.
public struct TextFix {
    /// The original text.
    public let path: String
    /// Its output.
    public let place: StagedOutput
    /// The parsed original.
    let document: TimedTextDocument
    /// Notes about the written file.
    public private(set) var notes: [String] = []

    /// - Throws: `FixError` if its format cannot be written, or its place cannot be used.
    public init(_ path: String, _ document: TimedTextDocument?, output: String, in set: OutputSet) throws {
        guard let document, !document.items.isEmpty else {
            throw FixError(
                "no-times", "\(path.printable) has no times that can be moved",
                remedy: "omit it, or give it in another format, such as CSV with start_s,end_s,label")
        }
        self.path = path
        self.document = document
        place = try set.place(output, asLargeAs: path)
    }

    /// Writes the partial file.
    public mutating func write(_ time: (_ time: Double, _ anchor: Double) -> Double) throws {
        do {
            let rewritten = try document.rewritten(time)
            if rewritten.clamped > 0 {
                notes.append("times before the start were set to 0: \(rewritten.clamped)")
            }
            try place.write(rewritten.bytes)
        } catch let error as TimedTextError {
            throw FixError(error.code, "\(path.printable) \(error.message)", remedy: error.remedy)
        }
    }

    /// Minimum length of a segment that is moved, in seconds.
    static let leastPiece = 20.0

    /// The move of a text or labels onto the audio; nil: in sync.
    ///
    /// - Parameter leastConfidence: nil: the default.
    /// - Throws: `FixError` if in doubt.
    public static func move(_ finding: Finding, of path: String, leastConfidence: Double?) throws -> SoundMove? {
        guard finding.verdict != .inSync else { return nil }
        guard let move = SoundMove(finding, expecting: Offset(seconds: 0)), let offset = finding.offset else {
            let said =
                finding.verdict == .unpaired ? "is the text of another recording" : "cannot be compared with the audio"
            throw FixError(
                finding.verdict == .unpaired ? "unpaired" : "cannot-tell",
                "\(path.printable) \(said)\(FixDecision.reasons(finding))",
                remedy: "omit it, or give it with --labels to move it with the video unchanged")
        }
        // A segment of a few words may match anywhere, so it is not moved.
        if let short = (finding.segments ?? []).first(where: { $0.span.length < leastPiece }) {
            throw FixError(
                "short-piece",
                """
                \(path.printable) has \(finding.segments?.count ?? 0) segments, and the one from \
                \(String(format: "%.1f", short.span.start)) s on is too short for a reliable offset \
                (\(String(format: "%.1f", short.span.length)) s; \(Int(leastPiece)) s are needed)
                """,
                remedy: "see the segments in 'genlock transcript' and move them by hand")
        }
        let confidence = finding.confidence ?? 0
        if finding.segments == nil, confidence < leastConfidence ?? FixDecision.leastConfidenceOfText {
            throw FixError(
                "low-confidence",
                """
                \(path.printable): \(OffsetWords.sentence(offset, subject: finding.subject, reference: .audio)), but \
                right within 40 ms only with a probability of \(String(format: "%.2f", confidence))
                """,
                remedy: "lower the threshold with --least-confidence, or decide it with 'genlock review'")
        }
        return move
    }

    /// Confirms that the result is as good as can be measured.
    ///
    /// - Throws: `FixError` if it is not.
    public static func confirm(_ now: Finding, was: Finding, of path: String) throws {
        guard now.verdict == .inSync || now.verdict == .marginal && was.verdict == .misaligned else {
            let place =
                now.offset.map { ": " + OffsetWords.sentence($0, subject: now.subject, reference: .audio) }
                ?? FixDecision.reasons(now)
            throw FixError(
                "not-mended", "\(path.printable) was rewritten, but afterwards is \(now.verdict.rawValue)\(place)",
                remedy: "nothing was kept; check it with 'genlock transcript'")
        }
    }
}
