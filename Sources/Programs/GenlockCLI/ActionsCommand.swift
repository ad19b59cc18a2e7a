import Actions
import ArgumentParser
import Files
import Foundation
import LabelFiles
import Reporting
import SyncModel
import Workers

struct ActionsCommand: ConfinedCommand {
    static let configuration = CommandConfiguration(
        commandName: "actions",
        abstract: "Compare action labels across views and annotators.",
        discussion: """
            Reads label files and folders, matches the labels of one session across views and annotators, and \
            reports where they disagree in time, name and order. Formats and measures: docs/actions.md.

              genlock actions labels/
              genlock actions anna/ ben/ --unit frames --rate 15
              genlock actions labels/ --tolerance 200 --json
              genlock actions reference.tsv estimate.tsv --scores events
              genlock actions reference.rttm estimate.rttm --scores speakers --collar 0.25
            """)

    @Argument(help: "Label files or folders.", completion: .file())
    var labels: [String]

    @Option(
        help: ArgumentHelp(
            "Boundary tolerance in ms; also INNER,OUTER, or a preset of other commands (default: 100).",
            valueName: "ms"),
        transform: ActionsCommand.tolerance)
    var tolerance = ActionsOptions().tolerance

    @Flag(
        inversion: .prefixedNo,
        help: "Compute agreement: kappa, alpha, gamma, F1, edit (default: if annotators are named).")
    var agreement: Bool?

    @Option(help: ArgumentHelp("Random seed for confidence intervals and gamma.", valueName: "n"))
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp(
            "Clocks of the views, from 'genlock views --json', so that camera drift is not taken for label drift.",
            valueName: "file"), completion: .file())
    var sync: String?

    @Option(
        help: ArgumentHelp(
            "Recordings, a file or a folder: compare boundaries with motion and audio. Can be repeated.",
            valueName: "path"), completion: .file())
    var media: [String] = []

    @Option(
        help: ArgumentHelp("Write merged labels with each boundary's spread to this CSV file.", valueName: "file"),
        completion: .file())
    var consensus: String?

    @OptionGroup var scoring: ScoringOptions
    @OptionGroup var reading: LabelReadingOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        try scoring.check(files: labels.count)
    }

    static func tolerance(_ text: String) throws -> Tolerance {
        guard let limit = Double(text) else { return try Tolerance(parsing: text) }
        guard limit >= 0, limit <= 3_600_000 else {
            throw ValidationError("'\(text.printable)' is not a tolerance; give 0 to 3600000 ms")
        }
        return Tolerance(early: .init(inner: limit, outer: limit), late: .init(inner: limit, outer: limit))
    }

    var inputs: [String] { labels + [sync].compactMap { $0 } }
    var subject: String { (labels + media).joined(separator: ", ") }
    var grants: CellGrants { CellGrants(consensus.map { [CellGrants.Place($0, replaces: true)] } ?? []) }

    func run() throws {
        Cell.confine()
        if let kind = scoring.scores {
            throw ExitCode(
                try ScoresRun(kind: kind, options: scoring, json: output.json, lines: output.format == .jsonl).run(
                    labels
                ).rawValue)
        }
        var corpus = try LabelLoader(options: reading.labelOptions()).load(labels)
        // Media and labels of one view share a clock: the recordings are read before the views' clocks are aligned.
        let hasAnnotators = corpus.sessions.contains { Set($0.tracks.map(\.annotator)).count > 1 }
        var recording: [RecordingBias] = []
        if !media.isEmpty {
            let tracks = RecordingLoader(media).tracks(of: corpus, byAnnotator: hasAnnotators) {
                Console.note("genlock: \($0)\n")
            }
            recording = RecordingMeter(seed: seed).measure(tracks)
        }
        if let sync { try bringTogether(&corpus, by: sync) }
        var options = ActionsOptions()
        options.tolerance = tolerance
        options.seed = seed
        options.frameRate = reading.rate
        options.measuresAgreement = agreement ?? hasAnnotators
        var report = ActionsAnalyser(options: options).analyse(corpus)
        report.recording = recording
        if let consensus {
            try write(ConsensusCSV.text(ConsensusLabels(of: corpus, tolerance: tolerance)), to: consensus)
        }
        ActionsPrinter(json: output.json, lines: output.format == .jsonl, quiet: output.quiet).print(report)
        let status: ExitStatus =
            report.isFaulty ? .faulty : report.problems.contains(where: \.isLoss) ? .unreadable : .good
        throw ExitCode(status.rawValue)
    }

    /// Moves the labels of every view to its session's clock.
    private func bringTogether(_ corpus: inout LabelCorpus, by path: String) throws {
        guard let data = FileManager.default.contents(atPath: FetchedFiles.place(path)) else {
            throw Unreadable.ended("--sync \(path): cannot be read; check the path")
        }
        guard let clocks = SyncFile([UInt8](data)) else {
            throw Unreadable.ended("--sync \(path): has no clocks; give the output of 'genlock views --json'")
        }
        for index in corpus.sessions.indices {
            let session = corpus.sessions[index]
            var groups: Set<Int> = []
            for (place, track) in session.tracks.enumerated() {
                guard let entry = clocks.entry(session: session.name, view: track.view) else {
                    Console.note(
                        "genlock: \(path) has no clock for \(session.name) \(track.view); its labels stay unchanged"
                            .printable + "\n")
                    continue
                }
                groups.insert(entry.group)
                let clock = ViewClock(
                    offset: Offset(milliseconds: entry.offsetMilliseconds),
                    drift: Drift(ppm: entry.driftPartsPerMillion))
                corpus.sessions[index].tracks[place] = track.onClock(clock)
            }
            if groups.count > 1 {
                Console.note(
                    """
                    genlock: \(session.name.printable): the clocks of its views are not all connected; differences \
                    between groups are meaningless\n
                    """
                )
            }
        }
    }

    private func write(_ text: String, to path: String) throws {
        do { try StagedFile.write(Array(text.utf8), to: path, writesThrough: true) } catch {
            throw Unreadable.ended("--consensus \(path): cannot be written; choose another file")
        }
    }
}
