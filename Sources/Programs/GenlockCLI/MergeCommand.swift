import ArgumentParser
import Storage
import SyncModel

struct MergeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge",
        abstract: "Put stores together into one.",
        discussion: """
            Of a clip in more than one store the latest result counts. The stores
            that are read stay as they are.

              genlock merge part-1.sqlite part-2.sqlite --output all.sqlite
            """)

    @Argument(help: "Stores to read.", completion: .file())
    var stores: [String]

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The store to write; added to where it is there already.", valueName: "file"),
        completion: .file())
    var output: String

    @Flag(name: .shortAndLong, help: "Print nothing on stderr but errors.")
    var quiet = false

    func run() throws {
        Interruption.endsTheProgram()
        try Unreadable.told {
            let clips = try StoreMerge.merge(stores, into: output)
            if !quiet { Console.note("\(output.printable) holds \(clips) clip\(clips == 1 ? "" : "s")\n") }
        }
    }
}
