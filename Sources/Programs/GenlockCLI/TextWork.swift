import ArgumentParser
import Files
import Foundation
import Review
import Storage
import SyncModel
import TimedText

/// How texts are reviewed.
struct TextReviewOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where decisions are kept (default: the first text's name and .review.sqlite).", valueName: "file"),
        completion: .file())
    var store: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Where the corrected text is written, a folder for several (default: beside it, NAME.reviewed.EXT).",
            valueName: "path"),
        completion: .file())
    var output: String?

    @Flag(help: "Write the texts as they were decided, and serve nothing.")
    var write = false

    @Flag(help: "Replace files that no review wrote; never the original.")
    var force = false

    @Option(
        help: ArgumentHelp("How the text's characters are written (default: recognised).", valueName: "name"))
    var encoding: String?

    @Option(help: ArgumentHelp("Language of the text, as a code.", valueName: "code"))
    var language: String?

    @Flag(help: "Do not hold the text against the sound first.")
    var noCheck = false

    var isUsed: Bool {
        store != nil || output != nil || write || force || encoding != nil || language != nil || noCheck
    }

    func validate(files: Int) throws {
        if let encoding, TextEncoding(named: encoding) == nil {
            throw ValidationError("'\(encoding)' is no known encoding")
        }
    }
}

/// Texts that are to be reviewed, and where decisions about them are kept.
struct TextWork {
    let store: String
    private let review: TextReview
    private let options: TextReviewOptions
    private let isOfStore: Bool
    private let desk: ReviewDesk

    /// - Throws: `ClipFailure` where a text cannot be read; of a store's those are left out and told.
    init(
        inputs: [String], isOfStore: Bool, options: TextReviewOptions, person: String, isReadOnly: Bool, all: Bool
    ) throws {
        (self.options, self.isOfStore) = (options, isOfStore)
        desk = ReviewDesk()
        let encoding = options.encoding.flatMap(TextEncoding.init(named:))
        var texts: [TextUnderReview] = []
        var doubts: [TextDoubts?] = []
        let desk = desk
        func rate(_ media: String) -> Double? { desk.answer(.facts(media)) { true }?.believed.framesPerSecond }
        if isOfStore {
            store = options.store ?? inputs[0]
            let records = try StoreReader(path: inputs[0]).records(documents: true).map(\.record.completed)
            for record in records {
                let found = record.findings.filter { $0.check == .transcript && $0.subjectFile != nil }
                for finding in found where all || TextWork.isFlagged(finding) {
                    guard let file = finding.subjectFile, !file.contains("#") else { continue }
                    do {
                        texts.append(
                            try TextUnderReview(
                                clip: record.key, media: record.audioFile ?? record.clip, file: file,
                                frameRate: rate(record.clip), encoding: encoding,
                                output: options.output.map { $0 + "/" + file.nameOfPath }))
                        doubts.append(TextDoubts(finding))
                    } catch let failure as ClipFailure {
                        Console.note("genlock: left out: \(failure.message): \(failure.remedy)\n")
                    }
                }
            }
            guard !texts.isEmpty else {
                throw ClipFailure(
                    code: "no-text", message: "\(inputs[0].printable) holds no clip with a text to look at",
                    remedy: "scan with texts beside the clips; --all takes those too that are in time")
            }
        } else {
            let rate = rate(inputs[0])
            let isMany = inputs.count > 2
            for file in inputs.dropFirst() {
                texts.append(
                    try TextUnderReview(
                        clip: inputs[0], media: inputs[0], file: file, frameRate: rate, encoding: encoding,
                        output: options.output.map { isMany ? $0 + "/" + file.nameOfPath : $0 }))
                doubts.append(nil)
            }
            store = options.store ?? inputs[1] + ".review.sqlite"
        }
        review = try TextReview(
            texts, store: store, person: person, isReadOnly: isReadOnly, doubts: doubts, isReplacing: options.force)
    }

    private static func isFlagged(_ finding: Finding) -> Bool {
        [.unpaired, .misaligned, .inconclusive, .marginal].contains(finding.verdict)
            || (finding.items ?? []).contains { !$0.flags.isEmpty }
    }

    func server(port: UInt16) throws -> ReviewServer {
        if !isOfStore, !options.noCheck {
            let language = options.language
            review.check { text in TextWork.checked(text, language: language) }
        }
        return try ReviewServer(texts: review, port: port, desk: desk.answer, program: ReviewDesk.ffmpeg)
    }

    /// Holds a text against the sound, as `genlock transcript` does, in a process of its own.
    private static func checked(_ text: TextUnderReview, language: String?) -> Result<TextDoubts, ClipFailure> {
        let failure = ClipFailure(
            code: "not-checked", message: "\(text.file.printable) could not be held against the sound",
            remedy: "'genlock transcript' says why")
        do throws(StagedFileError) {
            let folder = try PrivateFolder.make("genlock-review-check", in: [NSTemporaryDirectory(), "/tmp"])
            defer { try? FileManager.default.removeItem(atPath: folder) }
            let output = folder + "/finding.json"
            guard FileManager.default.createFile(atPath: output, contents: nil) else { return .failure(failure) }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: Programs.own)
            process.arguments =
                ["transcript", "--json", "--words", "--quiet"] + (language.map { ["--language", $0] } ?? []) + [
                    "--", text.media, text.file,
                ]
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = FileHandle(forWritingAtPath: output)
            process.standardError = FileHandle.nullDevice
            do { try process.run() } catch { return .failure(failure) }
            process.waitUntilExit()
            guard let data = FileManager.default.contents(atPath: output), let doubts = TextDoubts(document: data)
            else { return .failure(failure) }
            return .success(doubts)
        } catch { return .failure(failure) }
    }

    /// Writes all texts of which something was decided.
    func write() throws {
        for number in review.texts.indices {
            let tally = try review.tally(number)
            guard tally.decided > 0 || review.texts.count == 1 else { continue }
            try review.write(number)
            Console.note(
                """
                genlock: wrote \(review.texts[number].output.printable): \(tally.decided) of \(tally.items) decided, \
                \(tally.changed) changed\n
                """)
        }
    }

    func export(to path: String) throws {
        let edits = try StoreReader(path: store).textEdits()
        let file = OutputFile(path)
        file.write(path.hasSuffix(".csv") ? TextEditExport.csv(edits) : TextEditExport.lines(edits))
        try file.finish()
    }
}
