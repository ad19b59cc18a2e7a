import ArgumentParser
import Foundation
import SyncModel

struct AdaptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adapt",
        abstract: "Let the lip model learn from a scanned corpus, and measure again what was refused.",
        discussion: """
            Learns, without labels, from the clips that a scan answered with
            confidence: their own measured offsets are the labels. No clip is judged
            by a model that learnt from it or from its talker. What comes out is
            checked, and is not used where a check fails. Answers that the store has
            stay; of refused clips the new ones are kept beside the old.

              genlock scan clips/ --store clips.sqlite
              genlock adapt clips.sqlite -o clips.safetensors
              genlock check other.mp4 --lips-model clips.safetensors
            """)

    @Argument(help: "A store of 'genlock scan'.", completion: .file())
    var store: String

    @Option(name: .shortAndLong, help: ArgumentHelp("The model to write.", valueName: "file"), completion: .file())
    var output: String

    @Option(
        help: ArgumentHelp(
            "The manifest's column that says who speaks (default: told by voice).", valueName: "column"))
    var talkers: String?

    @Option(help: ArgumentHelp("The same seed gives the same model.", valueName: "number"))
    var seed: UInt32 = 1

    @Option(help: ArgumentHelp("How much to do at once (default: one thing a processor core).", valueName: "n"))
    var jobs: Int?

    @Flag(help: "Write the model, and leave the store as it is.")
    var modelOnly = false

    @Flag(help: "Print one JSON document.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print nothing on stderr but errors.")
    var quiet = false

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs is at least 1") }
    }

    func run() throws {
        Interruption.endsTheProgram(saying: "\ngenlock: interrupted; no model was written\n")
        let tell: @Sendable (String) -> Void = { [quiet] line in if !quiet { Console.note(line + "\n") } }
        let adaptation = CorpusAdaptation(
            store: store, output: output, talkers: talkers, seed: seed,
            jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount, leavesStore: modelOnly,
            tell: tell)
        let outcome = try Unreadable.told { try adaptation.run() }
        Console.out(json ? outcome.json.pretty + "\n" : outcome.text)
        throw ExitCode((outcome.isUsed ? ExitStatus.good : .faulty).rawValue)
    }
}
