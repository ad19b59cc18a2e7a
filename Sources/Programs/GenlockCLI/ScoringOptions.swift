import ArgumentParser
import SyncModel

/// The field's scores of one annotation against another.
struct ScoringOptions: ParsableArguments {
    enum Kind: String { case events, speakers }

    @Option(
        help: ArgumentHelp(
            """
            Score the second file or folder against the first: events (like sed_eval) or speakers (like \
            pyannote.metrics).
            """,
            valueName: "kind"),
        transform: ScoringOptions.kind)
    var scores: Kind?

    @Option(
        help: ArgumentHelp(
            """
            In seconds: boundary tolerance for --scores events (default: 0.2), or width excluded around boundaries for \
            speakers (default: 0).
            """,
            valueName: "s"))
    var collar: Double?

    @Option(
        help: ArgumentHelp(
            "For --scores events: tolerance for ends, as a share of the event's length.", valueName: "share"))
    var lengthShare = 0.5

    @Option(
        help: ArgumentHelp("For --scores events: segment length of segment-based scores, in seconds.", valueName: "s"))
    var segment = 1.0

    @Flag(help: "For --scores events: compare onsets only.")
    var onsetOnly = false

    @Flag(help: "For --scores speakers: exclude overlapping speech in the reference.")
    var skipOverlap = false

    private static func kind(_ text: String) throws -> Kind {
        guard let kind = Kind(rawValue: text) else {
            throw ValidationError("'\(text.printable)' cannot be scored; give events or speakers")
        }
        return kind
    }

    func check(files: Int) throws {
        guard scores != nil else { return }
        guard files == 2 else {
            throw ValidationError("--scores takes two files or folders: the reference, then the estimate")
        }
        if let collar, !(0...3600).contains(collar) { throw ValidationError("--collar must be 0 to 3600 seconds") }
        guard (0...10).contains(lengthShare) else { throw ValidationError("--length-share must be 0 to 10") }
        guard segment.isFinite, segment >= 0.001 else {
            throw ValidationError("--segment must be at least 0.001 seconds")
        }
    }
}
