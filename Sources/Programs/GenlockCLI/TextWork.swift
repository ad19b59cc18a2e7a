import ArgumentParser
import Files
import Foundation
import Review
import Storage
import SyncModel
import TimedText
import Transcripts

/// How texts are reviewed.
struct TextReviewOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "SQLite file for decisions (default: the first text's name plus .review.sqlite).", valueName: "file"),
        completion: .file())
    var store: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "File for the corrected text, or a folder for several (default: beside it, NAME.reviewed.EXT).",
            valueName: "path"),
        completion: .file())
    var output: String?

    @Flag(help: "Write the texts as decided; serve no page.")
    var write = false

    @Flag(help: "Replace existing files not written by a review, never the original.")
    var force = false

    @Option(
        help: ArgumentHelp("Character encoding of the text (default: detected).", valueName: "name"))
    var encoding: String?

    @Option(help: ArgumentHelp("Language code of the text.", valueName: "code"))
    var language: String?

    @Flag(help: "Do not check the text against the audio first, or place the cameras of labels.")
    var noCheck = false

    var isUsed: Bool {
        store != nil || output != nil || write || force || encoding != nil || language != nil || noCheck
    }

    func validate(files: Int) throws {
        if let encoding, TextEncoding(named: encoding) == nil {
            throw ValidationError("'\(encoding)' is not a known encoding")
        }
    }
}

/// Texts to review, and the store of their decisions.
struct TextWork {
    let store: String
    private let review: TextReview
    private let options: TextReviewOptions
    private let isOfStore: Bool
    private let desk: ReviewDesk

    /// - Throws: `ClipFailure` if a text cannot be read; those of a store are left out and reported.
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
        var insides = TextsInside(desk: desk)
        if isOfStore {
            store = options.store ?? inputs[0]
            let records = try StoreReader(path: inputs[0]).records(documents: true).map(\.record.completed)
            for record in records {
                let found = record.findings.filter { $0.check == .transcript && $0.subjectFile != nil }
                for finding in found where all || TextWork.isFlagged(finding) {
                    guard let file = finding.subjectFile else { continue }
                    do {
                        texts.append(
                            try TextUnderReview(
                                clip: record.key, media: record.audioFile ?? record.clip, file: file,
                                inside: try insides.text(file), frameRate: rate(record.clip), encoding: encoding,
                                output: options.output.map { $0 + "/" + TextWork.fileName(file) }))
                        doubts.append(TextDoubts(finding))
                    } catch let failure as ClipFailure {
                        Console.note("genlock: left out: \(failure.message): \(failure.remedy)\n")
                    }
                }
            }
            guard !texts.isEmpty else {
                throw ClipFailure(
                    code: "no-text", message: "\(inputs[0].printable) has no clip with a text to review",
                    remedy: "scan with texts beside the clips; --all also takes those in sync")
            }
        } else {
            let media = EmbeddedText(inputs[0])?.media ?? inputs[0]
            var files = Array(inputs.dropFirst())
            if files.isEmpty { files = try media == inputs[0] ? insides.names(media) : inputs }
            let isMany = files.count > 1
            for file in files {
                texts.append(
                    try TextUnderReview(
                        clip: media, media: media, file: file, inside: try insides.text(file), frameRate: rate(media),
                        encoding: encoding,
                        output: options.output.map { isMany ? $0 + "/" + TextWork.fileName(file) : $0 }))
                doubts.append(nil)
            }
            store = options.store ?? (EmbeddedText(files[0]) == nil ? files[0] : media) + ".review.sqlite"
        }
        review = try TextReview(
            texts, store: store, person: person, isReadOnly: isReadOnly, doubts: doubts, isReplacing: options.force)
    }

    static func fileName(_ file: String) -> String { EmbeddedText(file)?.fileName ?? file.nameOfPath }

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

    /// Checks a text against the audio, as `genlock transcript` does, in a separate process.
    private static func checked(_ text: TextUnderReview, language: String?) -> Result<TextDoubts, ClipFailure> {
        let failure = ClipFailure(
            code: "not-checked", message: "\(text.file.printable) could not be checked against the audio",
            remedy: "'genlock transcript' shows why")
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

    /// Writes all texts with decisions, and those written before.
    func write() throws {
        for number in review.texts.indices {
            let tally = try review.tally(number)
            guard try tally.decided > 0 || review.texts.count == 1 || review.isWritten(number) else { continue }
            try review.write(number)
            Console.note(
                """
                genlock: wrote \(review.texts[number].output.printable): \(tally.decided) of \(tally.items) decided, \
                \(tally.changed) changed\n
                """)
        }
    }

    /// Exports all decisions of a store.
    static func export(_ store: String, to path: String) throws {
        let edits = try StoreReader(path: store).textEdits()
        let file = OutputFile(path)
        file.write(path.hasSuffix(".csv") ? TextEditExport.csv(edits) : TextEditExport.lines(edits))
        try file.finish()
    }
}

/// Texts inside recordings, each read once, by a confined process.
private struct TextsInside {
    let desk: ReviewDesk
    private var known: [String: [ReviewErrandAnswer.Text]] = [:]

    init(desk: ReviewDesk) { self.desk = desk }

    private mutating func texts(_ media: String) -> [ReviewErrandAnswer.Text] {
        if let found = known[media] { return found }
        let found = desk.answer(.texts(media)) { true }?.believed.texts ?? []
        known[media] = found
        return found
    }

    /// The names of all.
    ///
    /// - Throws: `ClipFailure` if there are none.
    mutating func names(_ media: String) throws -> [String] {
        let found = texts(media)
        guard !found.isEmpty else {
            throw ClipFailure(
                code: "no-text", message: "\(media.printable) is not a store and has no readable text",
                remedy: "name a text beside it, or a store written by 'genlock scan --store'")
        }
        return found.map { "\(media)#\($0.track)" }
    }

    /// - Returns: nil if the name is that of a file.
    /// - Throws: `ClipFailure` if it does not exist.
    mutating func text(_ name: String) throws -> TextUnderReview.Inside? {
        guard let inside = EmbeddedText(name) else { return nil }
        guard let found = texts(inside.media).first(where: { $0.track == inside.track }) else {
            throw ClipFailure(
                code: "no-text", message: "\(inside.media.printable) has no text \(inside.track) with words",
                remedy: "'genlock transcript' lists the texts in it")
        }
        let desk = desk
        return TextUnderReview.Inside(Array(found.subRip.utf8)) {
            let now = desk.answer(.texts(inside.media)) { true }?.believed.texts
            return now?.first { $0.track == inside.track }.map { Array($0.subRip.utf8) }
        }
    }
}
