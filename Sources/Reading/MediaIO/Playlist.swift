import Foundation
import SyncModel

/// A local playlist or manifest (HLS: RFC 8216; DASH: ISO/IEC 23009-1): the files of each rendition.
///
/// Nothing is fetched. Every name must be relative and lead to a regular file within the playlist's folder, also
/// through links; anything else is refused before a file is opened.
public enum Playlist {
    /// One of a playlist's renditions.
    public struct Rendition: Sendable, Hashable {
        /// The path of its video; for DASH the manifest with `#` and the representation's name.
        public let path: String
        /// The path of its audio, if separate.
        public let audio: String?

        public init(path: String, audio: String? = nil) {
            self.path = path
            self.audio = audio
        }
    }

    /// A byte range of a file that follows the previous one.
    struct Segment: Sendable, Hashable {
        let path: String
        let start: Int
        /// nil: to the end of the file.
        let length: Int?
    }

    /// Maximum size in bytes.
    static let mostBytes = 16 << 20
    /// Maximum number of files: a day in segments of one second.
    static let mostSegments = 90_000

    /// The renditions of a playlist of several, in order; nil: the file is not a playlist, or has a single rendition.
    ///
    /// - Throws: `MediaError` if it cannot be read or has a forbidden reference.
    public static func renditions(of path: String) throws(MediaError) -> [Rendition]? {
        switch kind(of: path) {
        case nil: return nil
        case .hls:
            let playlist = HLSPlaylist(try text(of: path))
            // One that is the audio of its own group has no video.
            let pictured = playlist.variants.filter { $0.audioGroup.flatMap { playlist.audio[$0] } != $0.uri }
            guard pictured.count > 1 else { return nil }
            let door = PlaylistDoor(playlist: path)
            var result: [Rendition] = []
            for variant in pictured {
                let audio = variant.audioGroup.flatMap { playlist.audio[$0] }
                var sound: String?
                if let audio { sound = try door.path(of: audio) }
                result.append(Rendition(path: try door.path(of: variant.uri), audio: sound))
            }
            return result
        case .dash:
            let manifest = try DASHManifest(try text(of: path), file: path)
            let pictures = manifest.representations.filter { $0.kind == .video }
            guard pictures.count > 1 else { return nil }
            let sound = manifest.representations.first { $0.kind == .audio }.map { "\(path)#\($0.name)" }
            return pictures.map { Rendition(path: "\(path)#\($0.name)", audio: sound) }
        }
    }

    /// The path of a rendition's audio, if separate from its video.
    public static func sound(of path: String) throws(MediaError) -> String? {
        let (file, name) = parted(path)
        guard kind(of: file) == .dash else {
            guard kind(of: file) == .hls else { return nil }
            let playlist = HLSPlaylist(try text(of: file))
            guard let audio = playlist.variants.first?.audioGroup.flatMap({ playlist.audio[$0] }) else { return nil }
            return try PlaylistDoor(playlist: file).path(of: audio)
        }
        let manifest = try DASHManifest(try text(of: file), file: file)
        guard manifest.representations.first(where: { name == nil || $0.name == name })?.kind != .audio else {
            return nil
        }
        return manifest.representations.first { $0.kind == .audio }.map { "\(file)#\($0.name)" }
    }

    /// The files of a name, in order; nil: not a playlist.
    static func segments(of path: String) throws(MediaError) -> [Segment]? {
        let (file, name) = parted(path)
        guard let kind = kind(of: file) else { return nil }
        let found: [Segment]
        switch kind {
        case .hls: found = try hls(file, depth: 0)
        case .dash: found = try DASHManifest(try text(of: file), file: file).segments(of: name)
        }
        guard !found.isEmpty else { throw MediaError(.badPlaylist, file: path, detail: "it lists no segments") }
        return found
    }

    private static func hls(_ file: String, depth: Int) throws(MediaError) -> [Segment] {
        let playlist = HLSPlaylist(try text(of: file))
        if let trouble = playlist.trouble { throw MediaError(.badPlaylist, file: file, detail: trouble) }
        let door = PlaylistDoor(playlist: file)
        if let first = playlist.variants.first {
            guard depth == 0 else { throw MediaError(.badPlaylist, file: file, detail: "it contains nested playlists") }
            return try hls(try door.path(of: first.uri), depth: 1)
        }
        guard playlist.segments.count <= mostSegments else {
            throw MediaError(.badPlaylist, file: file, detail: "more than \(mostSegments) segments")
        }
        var result: [Segment] = []
        for part in playlist.segments {
            result.append(Segment(path: try door.path(of: part.uri), start: part.start, length: part.length))
        }
        return result
    }

    private enum Kind { case hls, dash }

    /// Whether the content at a position of a file is a playlist.
    static func isOne(_ path: String, at start: Int) -> Bool { kind(of: path, at: start) != nil }

    /// By content: the name does not matter.
    private static func kind(of path: String, at start: Int = 0) -> Kind? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        if start > 0 { try? handle.seek(toOffset: UInt64(start)) }
        guard let head = try? handle.read(upToCount: 2048) else { return nil }
        let isMarked = head.starts(with: [0xEF, 0xBB, 0xBF])
        let text = head.dropFirst(isMarked ? 3 : 0)
        if text.starts(with: Data("#EXTM3U".utf8)) { return .hls }
        guard text.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "<") else { return nil }
        return text.range(of: Data("<MPD".utf8)) != nil ? .dash : nil
    }

    /// The manifest and the selected representation; a file whose name contains `#` is itself.
    private static func parted(_ path: String) -> (file: String, name: String?) {
        guard let mark = path.lastIndex(of: "#"), access(path, F_OK) != 0 else { return (path, nil) }
        return (String(path[..<mark]), String(path[path.index(after: mark)...]))
    }

    /// The file on disk for a name.
    public static func file(of path: String) -> String { parted(path).file }

    private static func text(of path: String) throws(MediaError) -> String {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw MediaError(.noSuchFile, file: path) }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: mostBytes + 1), data.count <= mostBytes else {
            throw MediaError(.badPlaylist, file: path, detail: "it is larger than \(mostBytes >> 20) MiB")
        }
        return String(decoding: data, as: UTF8.self)
    }
}

/// Resolves a name in a playlist to a file, or refuses it.
struct PlaylistDoor {
    /// The playlist's path.
    let playlist: String

    /// - Throws: `MediaError` if the name is absolute, a URL, outside the folder, or not a regular file.
    func path(of name: String) throws(MediaError) -> String {
        func refused(_ why: String) -> MediaError {
            MediaError(.unsafePlaylist, file: playlist, detail: "'\(String(name.prefix(200)).printable)' \(why)")
        }
        let plain = name.removingPercentEncoding ?? name
        for text in [name, plain] {
            guard !text.isEmpty, !text.utf8.contains(0) else { throw refused("is not a file name") }
            guard !text.hasPrefix("/"), !text.contains("\\") else { throw refused("is not relative") }
            // A prefix with a colon may be a protocol, also in the first part of a relative path.
            guard !text.contains("://"), !(text.split(separator: "/").first ?? "").contains(":") else {
                throw refused("is a URL")
            }
            guard !text.split(separator: "/").contains("..") else { throw refused("is outside its folder") }
        }
        let folder = playlist.folderOfPath
        let base = folder.isEmpty ? "." : folder
        var found = base + "/" + name
        if access(found, F_OK) != 0, plain != name { found = base + "/" + plain }
        guard let real = realpath(found, nil) else { throw MediaError(.noSuchFile, file: found) }
        defer { free(real) }
        guard let home = realpath(base, nil) else { throw MediaError(.noSuchFile, file: base) }
        defer { free(home) }
        let (target, root) = (String(cString: real), String(cString: home))
        guard target.hasPrefix(root == "/" ? "/" : root + "/") else { throw refused("is outside its folder") }
        var status = stat()
        guard stat(target, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw refused("is not a regular file")
        }
        return found
    }
}
