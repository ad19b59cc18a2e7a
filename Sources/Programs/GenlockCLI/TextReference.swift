import Files
import Fixing
import Foundation
import MediaIO
import SyncModel
import TimedText
import Transcripts

/// A timed text as the reference for others instead of audio: a file, or one inside media (`MEDIA#2`, `MEDIA#cc1`).
struct TextReference {
    let name: String
    private let source: TranscriptSource
    private let encoding: TextEncoding?
    private let tier: String?

    /// Larger files are not texts.
    private static let largest = 64 << 20

    /// nil: the name is that of a recording.
    ///
    /// - Throws: `ClipFailure` if a text inside media is named that cannot be read.
    init?(_ name: String, encoding: TextEncoding?, tier: String?) throws {
        if let inside = EmbeddedText(name) {
            source = TranscriptSource(track: try inside.read(), media: inside.media)
        } else {
            guard !TextReference.isRecording(name), let size = TextReference.size(name), size <= TextReference.largest,
                let text = try? TranscriptSource(
                    path: name, frameRate: nil, encoding: encoding, tier: tier, mediaName: name)
            else { return nil }
            source = text
        }
        (self.name, self.encoding, self.tier) = (name, encoding, tier)
    }

    private static func size(_ path: String) -> Int? {
        var status = stat()
        guard stat(FetchedFiles.place(path), &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    private static func isRecording(_ path: String) -> Bool {
        guard let file = try? MediaFile(path: path) else { return false }
        return file.videoStream != nil || !file.audioStreams.isEmpty || file.subtitleStreams.count > 1
    }

    /// A text to be judged.
    ///
    /// - Throws: `ClipFailure`.
    func subject(_ name: String) throws -> TranscriptSource {
        try TranscriptSource(path: name, frameRate: nil, encoding: encoding, tier: tier, mediaName: name)
    }

    /// The finding on a text.
    ///
    /// - Parameter path: another version of the same text, such as one being written; nil: the text itself.
    /// - Throws: `ClipFailure`.
    func finding(_ name: String, at path: String? = nil, _ analyser: TextAgainstText) throws -> (
        source: TranscriptSource, finding: Finding
    ) {
        let subject = try subject(path ?? name)
        var finding = analyser.finding(subject.text, reference: source.text)
        finding.subjectFile = name
        finding.language = subject.document?.language ?? LanguageTag.inName(name)
        return (subject, finding.adding([Evidence("against", .text(self.name))]))
    }
}
