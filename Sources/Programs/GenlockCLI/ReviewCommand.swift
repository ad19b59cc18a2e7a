import ArgumentParser
import Foundation
import Review
import Storage
import SyncModel
import TimedText
import Transcripts
import Workers

struct ReviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Review flagged clips, a text cue by cue, or action labels, on a local web page.",
        discussion: """
            Serves a page on this machine only and prints its address. Every decision is saved to the store at once, \
            with author and time; 'genlock fix STORE' uses it. In a text, each cue and word can be played, accepted, \
            moved, corrected, split or joined by keyboard; V writes it to a new file in the same format. Texts and \
            captions inside media are written as SubRip. Action labels of several cameras are on one timeline, with \
            what 'genlock actions' finds; each labels file belongs to the recording named before it.

              genlock review clips.sqlite
              genlock review clips.sqlite --read-only
              genlock review clips.sqlite --export decisions.csv
              genlock review talk.mp4 talk.srt
              genlock review show.ts
              genlock review clips.sqlite --texts
              genlock review a.mp4 a.csv b.mp4 b.csv
              genlock review a.mp4 ann.csv ben.csv --labels
            """)

    @Argument(
        help: "A store written by 'genlock scan --store', or a recording and its texts or labels (default: its own).",
        completion: .file())
    var inputs: [String]

    @Flag(help: "Review the texts of the store's clips.")
    var texts = false

    @Option(name: .customLong("as"), help: ArgumentHelp("Reviewer's name (default: the user name).", valueName: "name"))
    var person: String?

    @Option(help: ArgumentHelp("Port on 127.0.0.1 (default: a free one).", valueName: "n"))
    var port: UInt16?

    @Flag(help: "Show all clips, not only flagged ones.")
    var all = false

    @Flag(help: "View only; decide nothing and do not write to the store.")
    var readOnly = false

    @Option(
        help: ArgumentHelp("Write the decisions to a .csv or .jsonl file; serve no page.", valueName: "file"),
        completion: .file())
    var export: String?

    @OptionGroup(title: "Text and label review") var text: TextReviewOptions
    @OptionGroup(title: "Label review") var label: LabelReviewOptions

    func validate() throws {
        if inputs.isEmpty { throw ValidationError("name a store, or a recording and its texts") }
        if let export, !export.hasSuffix(".csv"), !export.hasSuffix(".jsonl") {
            throw ValidationError("--export ends in .csv or .jsonl")
        }
        if inputs.count > 1, texts { throw ValidationError("--texts requires a single store") }
        if label.isUsed, inputs.count < 2 || texts {
            throw ValidationError("labels are reviewed with their recordings: genlock review a.mp4 a.csv")
        }
        if !isOfTexts, text.isUsed {
            throw ValidationError("these options require a recording and its texts, or --texts")
        }
        try text.validate(files: inputs.count - 1)
    }

    private var isOfTexts: Bool { inputs.count > 1 || texts || isRecording }

    /// Whether the input exists and is not a store: then the texts in it are reviewed.
    private var isRecording: Bool {
        if EmbeddedText(inputs[0]) != nil { return true }
        guard let file = FileHandle(forReadingAtPath: inputs[0]), let head = try? file.read(upToCount: 15) else {
            return false
        }
        return !head.isEmpty && head != Data("SQLite format 3".utf8)
    }

    private var name: String {
        let name = person ?? ProcessInfo.processInfo.environment["USER"] ?? NSUserName()
        return name.isEmpty ? "somebody" : name
    }

    func run() throws {
        try Unreadable.told {
            if isOfTexts, let found = LabelWork.Inputs(inputs, isStated: label.isUsed, desk: ReviewDesk()) {
                let work = try LabelWork(
                    found, options: text, reading: label, person: name, isReadOnly: readOnly,
                    isServed: export == nil && !text.write)
                if let export { return try TextWork.export(work.store, to: export) }
                if text.write { return try work.write() }
                closes(work.store)
                return try serve(try work.server(port: port ?? 0))
            }
            if isOfTexts {
                let work = try TextWork(
                    inputs: inputs, isOfStore: texts, options: text, person: name, isReadOnly: readOnly, all: all)
                if let export { return try TextWork.export(work.store, to: export) }
                if text.write { return try work.write() }
                closes(work.store)
                return try serve(try work.server(port: port ?? 0))
            }
            if let export {
                let decisions = try StoreReader(path: inputs[0]).decisions()
                let file = OutputFile(export)
                file.write(export.hasSuffix(".csv") ? DecisionExport.csv(decisions) : DecisionExport.lines(decisions))
                return try file.finish()
            }
            closes("the store")
            try serve(
                try ReviewServer(
                    store: inputs[0], port: port ?? 0, person: name, showsAll: all, isReadOnly: readOnly,
                    desk: ReviewDesk().answer, program: ReviewDesk.ffmpeg))
        }
    }

    private func closes(_ store: String) {
        Interruption.endsTheProgram(
            saying: readOnly ? "\ngenlock: closed\n" : "\ngenlock: closed; all decisions are in \(store)\n")
    }

    private func serve(_ server: ReviewServer) throws {
        Task {
            do { try await server.run() } catch {
                Console.note(
                    """
                    genlock: the page cannot be served (\(error)): check that the folder for temporary files is \
                    writable\n
                    """
                )
                Foundation.exit(ExitStatus.unreadable.rawValue)
            }
        }
        Task {
            try await server.waitUntilListening()
            Console.out("\(server.address)\n")
            Console.note("genlock: open this address in a browser on this machine; stop with Ctrl-C\n")
        }
        while true { sleep(3600) }
    }
}

/// Confined processes that answer the page's questions about media: quick ones do not wait for slow ones.
struct ReviewDesk: Sendable {
    private let quick = Errand.desk()
    private let slow = Errand.desk()

    @Sendable func answer(
        _ errand: ReviewErrand, _ isWanted: @escaping @Sendable () -> Bool
    ) -> ReviewErrandAnswer? {
        let desk = if case .mouth = errand { slow } else { quick }
        return try? desk.ask(
            Errand.review(errand), ReviewErrandAnswer.self, about: errand.file,
            seconds: ReviewDesk.seconds(errand), while: isWanted
        ).get()
    }

    /// Time limit for an answer: texts are spread over the whole file.
    private static func seconds(_ errand: ReviewErrand) -> Double { if case .texts = errand { 900 } else { 60 } }

    @Sendable static func ffmpeg(_ arguments: [String], _ folder: String) -> [String] {
        Programs.confined(["ffmpeg"] + arguments, writing: [folder])
    }
}
