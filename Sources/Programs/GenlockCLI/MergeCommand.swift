import ArgumentParser
import Storage
import SyncModel

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Merge stores into one.",
        discussion: """
            If a clip is in several stores, its latest result counts. The input stores are not changed.

              genlock merge part-1.sqlite part-2.sqlite --output all.sqlite
            """)

    @Argument(help: "Stores to merge.", completion: .file())
    var stores: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Store to write; an existing one is extended.", valueName: "file"),
        completion: .file())
    var output: String

    @Flag(name: .shortAndLong, help: "Print only errors on stderr.")
    var quiet = false

    func run() throws {
        Interruption.endsTheProgram()
        try Unreadable.told {
            let clips = try StoreMerge.merge(stores, into: output)
            if !quiet { Console.note("\(output.printable) holds \(clips) clip\(clips == 1 ? "" : "s")\n") }
        }
    }
}
