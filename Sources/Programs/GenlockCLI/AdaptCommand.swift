import ArgumentParser
import Foundation
import SyncModel

struct AdaptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adapt",
        abstract: "Adapt the lip model to a scanned corpus, and re-measure inconclusive clips.",
        discussion: """
            Needs no labels: it trains on clips that the scan answered with confidence, on their measured offsets. \
            No clip is judged by a model that learnt from it or from its speaker. The model is checked, and \
            not used if a check fails. Answers in the store stay; new answers for inconclusive clips are stored \
            beside the old.

              genlock scan clips/ --store clips.sqlite
              genlock adapt clips.sqlite -o clips.safetensors
              genlock check other.mp4 --lips-model clips.safetensors
            """)

    @Argument(help: "Store written by 'genlock scan --store'.", completion: .file())
    var store: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Model file to write.", valueName: "file"), completion: .file())
    var output: String

    @Option(
        help: ArgumentHelp(
            "Manifest column that names the speaker (default: identified by voice).", valueName: "column"))
    var talkers: String?

    @Option(help: ArgumentHelp("Training seed; the same seed gives the same model.", valueName: "number"))
    var seed: UInt32 = 1

    @Option(help: ArgumentHelp("Parallel jobs (default: one per CPU core).", valueName: "n"))
    var jobs: Int?

    @Flag(help: "Write only the model; do not change the store.")
    var modelOnly = false

    @Flag(help: "Print one JSON document.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print only errors on stderr.")
    var quiet = false

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1") }
    }

    func run() throws {
        Interruption.endsTheProgram(saying: "\ngenlock: interrupted; no model was written\n")
        let tell: @Sendable (String) -> Void = { [quiet] line in if !quiet { Console.note(line + "\n") } }
        let adaptation = CorpusAdaptation(
            store: store, output: output, speakerColumn: talkers, seed: seed,
            jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, leavesStore: modelOnly,
            tell: tell)
        let outcome = try Unreadable.told { try adaptation.run() }
        Console.out(json ? outcome.json.pretty + "\n" : outcome.text)
        throw ExitCode((outcome.isUsed ? ExitStatus.good : .faulty).rawValue)
    }
}
