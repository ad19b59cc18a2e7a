import Files
import Foundation
import SignalCore
public import Storage
import SyncModel
public import TimedText

/// A text beside its recording, as it was read when the page was opened.
public struct TextUnderReview: Sendable {
    /// The recording; what a store calls it.
    public let clip: String
    /// The recording's file.
    public let media: String
    public let file: String
    public let document: TimedTextDocument
    public let subject: TextEdit.Subject
    /// Where the corrected text is written.
    public let output: String
    /// Frames a second of the media, for formats that count them.
    private let frameRate: Double?
    private let encoding: TextEncoding?

    /// - Parameters:
    ///   - output: nil: beside the text, with `.reviewed` before its ending.
    /// - Throws: `ClipFailure`.
    public init(
        clip: String, media: String, file: String, frameRate: Double?, encoding: TextEncoding? = nil,
        output: String? = nil
    ) throws {
        (self.clip, self.media, self.file) = (clip, media, file)
        (self.frameRate, self.encoding) = (frameRate, encoding)
        let bytes = try TextUnderReview.bytes(file)
        document = try TextUnderReview.read(bytes, file, frameRate, encoding)
        subject = TextEdit.Subject(clip: clip, file: file, identity: TextUnderReview.identity(bytes))
        self.output = output ?? TextUnderReview.besides(file)
    }

    private static func bytes(_ file: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: FetchedFiles.place(file)) else {
            throw ClipFailure(
                code: "no-such-file", message: "\(file.printable) is not there, or may not be read",
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

    /// A name of the bytes.
    static func identity(_ bytes: [UInt8]) -> String {
        let hash = FNV1a(of: bytes).value
        return "\(bytes.count)-\(String(hash, radix: 16))"
    }

    /// `talk.srt` beside `talk.reviewed.srt`.
    static func besides(_ file: String) -> String {
        let name = file.nameOfPath
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return file + ".reviewed" }
        let folder = file.dropLast(name.count)
        return folder + name[..<dot] + ".reviewed" + name[dot...]
    }

    /// Whether the file is still what was read.
    var isUnchanged: Bool {
        (try? TextUnderReview.bytes(file)).map { TextUnderReview.identity($0) == subject.identity } ?? false
    }

    /// The file with what was decided, and nothing else, changed.
    ///
    /// - Throws: `ClipFailure` where the format cannot hold it, or would read otherwise than it was decided.
    func corrected(_ state: TextState) throws -> [UInt8] {
        let changes = state.changes
        do {
            let bytes = try document.rewritten(changes)
            guard !changes.isEmpty else { return bytes }
            let again = try TextUnderReview.read(bytes, file, frameRate, encoding)
            if let line = state.firstDifference(again, tolerance: 0.05) {
                throw ClipFailure(
                    code: "not-written",
                    message:
                        "\(file.printable) cannot be written: line \(line) would read otherwise than it was decided",
                    remedy: "look at the text there: a sign of the format may stand in it")
            }
            return bytes
        } catch let error as TimedTextError {
            throw ClipFailure(code: error.code, message: "\(file.printable) \(error.message)", remedy: error.remedy)
        }
    }
}
