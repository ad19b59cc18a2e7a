import Files
import Foundation
public import MediaIO
import SyncModel
import TimedText

/// The name of a text inside media: a stream by its index (`film.mkv#2`), or a channel of the captions in the video
/// packets (`film.ts#cc1`, `film.ts#service1`).
public struct EmbeddedText: Sendable, Hashable {
    public let media: String
    /// `2`, `cc1`, `service1`.
    public let track: String

    /// - Returns: nil if that is not such a name, or is that of a file.
    public init?(_ name: String) {
        guard let mark = name.lastIndex(of: "#"), access(FetchedFiles.place(name), F_OK) != 0 else { return nil }
        media = String(name[..<mark])
        track = name[name.index(after: mark)...].lowercased()
        guard track.count < 12, EmbeddedText.isTrack(track), access(FetchedFiles.place(media), F_OK) == 0 else {
            return nil
        }
    }

    private static func isTrack(_ name: String) -> Bool {
        for start in ["cc", "service", ""] where name.hasPrefix(start) {
            let number = name.dropFirst(start.count)
            return !number.isEmpty && number.allSatisfy { $0.isASCII && $0.isNumber }
        }
        return false
    }

    /// Whether it is a channel of captions in the video packets.
    public var isInPictures: Bool { Int(track) == nil }

    /// Its name as a separate file: `film.cc1.srt`.
    public var fileName: String {
        let name = media.nameOfPath
        let base = name.lastIndex(of: ".").flatMap { $0 == name.startIndex ? nil : name[..<$0] } ?? name[...]
        return "\(base).\(track).srt"
    }

    /// Reads it.
    ///
    /// - Throws: `ClipFailure` in words for people.
    public func read() throws -> SubtitleTrack {
        do {
            let file = try MediaFile(path: media)
            if let index = Int(track) { return try file.subtitles(stream: index) }
            let tracks = try file.pictureCaptions()
            if let found = tracks.first(where: { $0.channel == track }) { return found }
            let there = tracks.compactMap(\.channel).joined(separator: ", ")
            throw ClipFailure(
                code: "no-such-stream",
                message: """
                    \(media.printable) has no captions \(track) in its video packets\
                    \(there.isEmpty ? "" : ": there are \(there)")
                    """,
                remedy: there.isEmpty ? "check it with 'ffprobe'" : "name one of those")
        } catch let error as MediaError { throw error.failure }
    }

    /// All texts inside media, including image subtitles; empty ones are omitted.
    ///
    /// - Throws: `MediaError` where the file cannot be opened; what cannot be decoded is omitted.
    public static func all(in media: String) throws -> [SubtitleTrack] {
        let file = try MediaFile(path: media)
        let streams = file.subtitleStreams.compactMap { index in
            (try? MediaFile(path: media)).flatMap { try? $0.subtitles(stream: index) }
        }
        return (streams + (try file.pictureCaptions())).filter { !$0.cues.isEmpty }
    }
}

extension MediaFile {
    /// Captions in the video packets (CEA-608 and CEA-708), channel by channel. Reads from the file's current position:
    /// give it a newly opened file.
    public func pictureCaptions() throws(MediaError) -> [SubtitleTrack] {
        guard let video = videoStream else { return [] }
        var captions = PictureCaptions()
        try readCaptionData { captions.take($0.triplets, at: $0.seconds) }
        return captions.tracks.map { track in
            SubtitleTrack(
                index: video.index, channel: track.name, codec: track.isDigital ? "cea_708" : "cea_608", language: nil,
                cues: track.captions.map { SubtitleTrack.Cue(start: $0.start, end: $0.end, text: $0.text) })
        }
    }
}

extension SubtitleTrack {
    /// The same as SubRip, cue by cue; nil: it has no words.
    public var subRip: [UInt8]? {
        guard cues.contains(where: { !$0.text.isEmpty }) else { return nil }
        func clock(_ seconds: Double) -> String {
            let ms = Int((max(0, min(seconds, 3.5e6)) * 1000).rounded())
            func digits(_ value: Int, _ count: Int) -> String {
                let text = String(value)
                return String(repeating: "0", count: max(0, count - text.count)) + text
            }
            return digits(ms / 3_600_000, 2) + ":" + digits(ms / 60_000 % 60, 2) + ":" + digits(ms / 1000 % 60, 2) + ","
                + digits(ms % 1000, 3)
        }
        var result = ""
        for (number, cue) in cues.enumerated() {
            // An empty line would end the cue, and an arrow begin another.
            let lines = cue.text.replacing("-->", with: "→").split(whereSeparator: \.isNewline).filter { line in
                line.contains { !$0.isWhitespace }
            }
            result += "\(number + 1)\n\(clock(cue.start)) --> \(clock(max(cue.start, cue.end)))\n"
            result += lines.map { $0 + "\n" }.joined() + "\n"
        }
        return Array(result.utf8)
    }
}
