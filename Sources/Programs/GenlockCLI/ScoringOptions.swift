import ArgumentParser
import SyncModel

/// The field's scores of one annotation against another.
struct ScoringOptions: ParsableArguments {
    enum Kind: String { case events, speakers }

    @Option(
        help: ArgumentHelp(
            """
            Score the second file or folder against the first: events (as sed_eval) or speakers (as pyannote.metrics).
            """,
            valueName: "kind"),
        transform: ScoringOptions.kind)
    var scores: Kind?

    @Option(
        help: ArgumentHelp(
            """
            How far boundaries may lie apart for --scores events (default: 0.2), or what is left out about them for \
            speakers (default: 0), in seconds.
            """,
            valueName: "s"))
    var collar: Double?

    @Option(
        help: ArgumentHelp(
            "How far ends may lie apart for --scores events, as a share of the event's length.", valueName: "share"))
    var lengthShare = 0.5

    @Option(help: ArgumentHelp("Segments of the segment-based scores for --scores events, in seconds.", valueName: "s"))
    var segment = 1.0

    @Flag(help: "Compare onsets alone for --scores events.")
    var onsetOnly = false

    @Flag(help: "Leave out where the reference has several speakers at once.")
    var skipOverlap = false

    private static func kind(_ text: String) throws -> Kind {
        guard let kind = Kind(rawValue: text) else {
            throw ValidationError("'\(text.printable)' has no scores; give events or speakers")
        }
        return kind
    }

    func check(files: Int) throws {
        guard scores != nil else { return }
        guard files == 2 else {
            throw ValidationError("--scores takes two files or folders: the reference, then the estimate")
        }
        if let collar, !(0...3600).contains(collar) { throw ValidationError("--collar is 0 to 3600 seconds") }
        guard (0...10).contains(lengthShare) else { throw ValidationError("--length-share is 0 to 10") }
        guard segment.isFinite, segment >= 0.001 else { throw ValidationError("--segment is 0.001 seconds or more") }
    }
}
