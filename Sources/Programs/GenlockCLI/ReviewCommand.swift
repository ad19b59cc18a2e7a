import ArgumentParser
import Foundation
import Review
import Storage
import SyncModel
import Workers

struct ReviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Look at flagged clips, listen, and accept or correct: a local web page.",
        discussion: """
            Serves a page on this machine alone and prints its address. Every decision
            is in the store at once, with who and when; 'genlock fix STORE' goes by it.

              genlock review clips.sqlite
              genlock review clips.sqlite --read-only
              genlock review clips.sqlite --export decisions.csv
            """)

    @Argument(help: "The store that 'genlock scan --store' wrote.", completion: .file())
    var store: String

    @Option(name: .customLong("as"), help: ArgumentHelp("Who decides (default: the user's name).", valueName: "name"))
    var person: String?

    @Option(help: ArgumentHelp("The port on 127.0.0.1 (default: a free one).", valueName: "n"))
    var port: UInt16?

    @Flag(help: "Go through all clips, not only flagged ones.")
    var all = false

    @Flag(help: "Look only: nothing is decided, and the store is not written to.")
    var readOnly = false

    @Option(
        help: ArgumentHelp("Write the decisions to a .csv or .jsonl file, and serve nothing.", valueName: "file"),
        completion: .file())
    var export: String?

    func validate() throws {
        if let export, !export.hasSuffix(".csv"), !export.hasSuffix(".jsonl") {
            throw ValidationError("--export ends in .csv or .jsonl")
        }
    }

    func run() throws {
        try Unreadable.told {
            if let export {
                let decisions = try StoreReader(path: store).decisions()
                let file = OutputFile(export)
                file.write(export.hasSuffix(".csv") ? DecisionExport.csv(decisions) : DecisionExport.lines(decisions))
                return try file.finish()
            }
            try serve()
        }
    }

    private func serve() throws {
        Interruption.endsTheProgram(
            saying: readOnly ? "\ngenlock: closed\n" : "\ngenlock: closed; all decisions are in the store\n")
        let name = person ?? ProcessInfo.processInfo.environment["USER"] ?? NSUserName()
        // What is quick does not wait for what is not.
        let (quick, slow) = (Errand.desk(), Errand.desk())
        let server = try ReviewServer(
            store: store, port: port ?? 0, person: name.isEmpty ? "somebody" : name, showsAll: all,
            isReadOnly: readOnly,
            desk: { errand, isWanted in
                let desk = if case .plays = errand { quick } else { slow }
                return try? desk.ask(
                    Errand.review(errand), ReviewErrandAnswer.self, about: errand.file, seconds: 60, while: isWanted
                ).get()
            },
            program: { arguments, folder in
                Programs.confined(["ffmpeg"] + arguments, writing: [folder])
            })
        Task {
            do { try await server.run() } catch {
                Console.note(
                    """
                    genlock: the page cannot be served (\(error)): check that the folder for temporary files may be \
                    written to\n
                    """
                )
                Foundation.exit(ExitStatus.unreadable.rawValue)
            }
        }
        Task {
            try await server.waitUntilListening()
            Console.out("\(server.address)\n")
            Console.note("genlock: open this address in a browser on this machine; Ctrl-C ends it\n")
        }
        while true { sleep(3600) }
    }
}
