import Files
import Foundation
import SignalCore
public import Storage
import SyncModel
public import TimedText
import Transcripts

/// A text with its recording, as read when the page was opened.
public struct TextUnderReview: Sendable {
    /// The recording's name in the store.
    public let clip: String
    /// The recording's file.
    public let media: String
    public let file: String
    public let document: TimedTextDocument
    public let subject: TextEdit.Subject
    /// The output file for the corrected text.
    public let output: String
    /// Frames per second of the media, for formats that count them.
    private let frameRate: Double?
    private let encoding: TextEncoding?
    private let reader: Reader?
    private let inside: Inside?

    /// Reads a file's bytes, given with its path.
    ///
    /// - Throws: `ClipFailure`.
    public typealias Reader = @Sendable (_ bytes: [UInt8], _ file: String) throws -> TimedTextDocument

    /// A text inside the media, as SubRip.
    public struct Inside: Sendable {
        let bytes: [UInt8]
        /// Re-reads it; nil: it no longer exists.
        let again: @Sendable () -> [UInt8]?

        public init(_ bytes: [UInt8], again: @escaping @Sendable () -> [UInt8]?) {
            (self.bytes, self.again) = (bytes, again)
        }
    }

    /// - Parameters:
    ///   - file: a file, or the name of a text inside media (`talk.ts#cc1`).
    ///   - inside: nil: it is a file.
    ///   - output: nil: beside the text, with `.reviewed` before the extension.
    ///   - reader: nil: timed text.
    /// - Throws: `ClipFailure`.
    public init(
        clip: String, media: String, file: String, inside: Inside? = nil, frameRate: Double?,
        encoding: TextEncoding? = nil, output: String? = nil, reader: Reader? = nil
    ) throws {
        (self.clip, self.media, self.file, self.inside) = (clip, media, file, inside)
        (self.frameRate, self.encoding) = (frameRate, inside == nil ? encoding : .utf8)
        self.reader = reader
        let bytes = try inside?.bytes ?? TextUnderReview.bytes(file)
        document = try reader?(bytes, file) ?? TextUnderReview.read(bytes, file, frameRate, self.encoding)
        subject = TextEdit.Subject(clip: clip, file: file, identity: TextUnderReview.identity(bytes))
        self.output = output ?? TextUnderReview.besides(TextUnderReview.place(file))
    }

    private static func bytes(_ file: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: FetchedFiles.place(file)) else {
            throw ClipFailure(
                code: "no-such-file", message: "\(file.printable) does not exist or is not readable",
                remedy: "check the path")
        }
        return Array(data)
    }

    private static func read(
        _ bytes: [UInt8], _ file: String, _ frameRate: Double?, _ encoding: TextEncoding?
    ) throws -> TimedTextDocument {
        do { return try TimedTextReader(frameRate: frameRate, encoding: encoding).read(bytes, name: file) } catch {
            throw ClipFailure(code: error.code, message: "\(file.printable) \(error.message)", remedy: error.remedy)
        }
    }

    /// A fingerprint of the bytes.
    static func identity(_ bytes: [UInt8]) -> String {
        let hash = FNV1a(of: bytes).value
        return "\(bytes.count)-\(String(hash, radix: 16))"
    }

    /// The path of a text, or the path that it would have as a file: `talk.cc1.srt`.
    private static func place(_ file: String) -> String {
        EmbeddedText(file).map { String($0.media.dropLast($0.media.nameOfPath.count)) + $0.fileName } ?? file
    }

    /// `talk.srt` beside `talk.reviewed.srt`.
    static func besides(_ file: String) -> String {
        let name = file.nameOfPath
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return file + ".reviewed" }
        let folder = file.dropLast(name.count)
        return folder + name[..<dot] + ".reviewed" + name[dot...]
    }

    /// Whether the file is unchanged since it was read.
    var isUnchanged: Bool {
        if let inside { return inside.again().map { TextUnderReview.identity($0) == subject.identity } ?? false }
        return (try? TextUnderReview.bytes(file)).map { TextUnderReview.identity($0) == subject.identity } ?? false
    }

    /// The file with the decided changes, and no others.
    ///
    /// - Throws: `ClipFailure` if the format cannot hold it, or it would not read back as decided.
    func corrected(_ state: TextState) throws -> [UInt8] {
        let changes = state.changes
        do {
            let bytes = try document.rewritten(changes)
            guard !changes.isEmpty else { return bytes }
            let again = try reader?(bytes, file) ?? TextUnderReview.read(bytes, file, frameRate, encoding)
            // A written frame may be half a frame away.
            if let line = state.firstDifference(again, tolerance: max(0.05, document.step * 0.51)) {
                throw ClipFailure(
                    code: "not-written",
                    message:
                        "\(file.printable) cannot be written: line \(line) would not read back as decided",
                    remedy: "check the text there: it may contain syntax of the format")
            }
            return bytes
        } catch let error as TimedTextError {
            throw ClipFailure(code: error.code, message: "\(file.printable) \(error.message)", remedy: error.remedy)
        }
    }
}
