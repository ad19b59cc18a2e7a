import Actions
import ArgumentParser
import Foundation
import LabelFiles
import Reporting
import SyncModel

struct ActionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "actions",
        abstract: "Compare labels of actions across views and annotators.",
        discussion: """
            Reads label files and folders of them, matches what different views and annotators say of one session, and tells
            where they disagree in time, in name and in order.

              genlock actions labels/
              genlock actions anna/ ben/ --unit frames --rate 15
              genlock actions labels/ --tolerance 200 --json
            """)

    @Argument(help: "Label files, or folders of them.", completion: .file())
    var labels: [String]

    @Option(
        help: ArgumentHelp("How far apart two boundaries may lie, in ms; also INNER,OUTER and the names that other verbs know (default: 100).", valueName: "ms"),
        transform: ActionsCommand.tolerance)
    var tolerance = ActionsOptions().tolerance

    @Flag(inversion: .prefixedNo, help: "Take the measures of agreement: kappa, alpha, gamma, F1, edit (default: where annotators are named).")
    var agreement: Bool?

    @Option(help: ArgumentHelp("Seed of the random draws of intervals and of gamma.", valueName: "n"))
    var seed: UInt64 = 1

    @OptionGroup var reading: LabelReadingOptions
    @OptionGroup var output: OutputOptions

    static func tolerance(_ text: String) throws -> Tolerance {
        guard let limit = Double(text) else { return try Tolerance(parsing: text) }
        guard limit >= 0, limit <= 3_600_000 else { throw ValidationError("'\(text.printable)' is not a tolerance: give 0 to 3600000 ms") }
        return Tolerance(early: .init(inner: limit, outer: limit), late: .init(inner: limit, outer: limit))
    }

    func run() throws {
        Interruption.endsTheProgram()
        let corpus = try LabelLoader(options: reading.labelOptions()).load(labels)
        var options = ActionsOptions()
        options.tolerance = tolerance
        options.seed = seed
        options.frameRate = reading.rate
        options.measuresAgreement = agreement ?? corpus.sessions.contains { Set($0.tracks.map(\.annotator)).count > 1 }
        let report = ActionsAnalyser(options: options).analyse(corpus)
        ActionsPrinter(json: output.json, lines: output.format == .jsonl, quiet: output.quiet).print(report)
        let status: ExitStatus = report.isFaulty ? .faulty : report.problems.contains(where: \.isLoss) ? .unreadable : .good
        throw ExitCode(status.rawValue)
    }
}
