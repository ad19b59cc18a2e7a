import Foundation
import SyncModel

/// Timed text and labels in a clip's folder with its name (`take3.srt`, `take3.en.vtt`, `take3.rttm`), paired as in a
/// scan of that folder. Each folder is listed once.
public struct TranscriptsBeside {
    /// The companions of a clip.
    public struct Found: Sendable, Hashable {
        /// Sorted by name.
        public fileprivate(set) var transcripts: [String] = []
        public fileprivate(set) var labels: String?
        /// Files that begin with the clip's name without a clip, or superseded by another of the same language.
        public fileprivate(set) var left: [String] = []
    }

    /// By folder: its visible names, and those of its media without extensions.
    private var folders: [String: Listing] = [:]

    private struct Listing {
        var names: [String] = []
        /// By the media's name without extension.
        var found: [String: Found] = [:]
    }

    public init() {}

    /// The transcripts of one clip alone.
    public static func of(_ clip: String) -> [String] { files(of: clip).transcripts }

    /// The files of one clip alone.
    public static func files(of clip: String) -> Found {
        var beside = TranscriptsBeside()
        return beside.files(of: clip)
    }

    /// - Parameter clip: a path; its extension need not be of media.
    public mutating func files(of clip: String) -> Found {
        let folder = clip.folderOfPath
        let stem = clip.nameOfPath.withoutEnding
        let listing = folders[folder] ?? TranscriptsBeside.listing(folder)
        folders[folder] = listing
        return listing.found[stem]
            ?? TranscriptsBeside.paired(listing.names, folder, with: [clip.nameOfPath])[stem]
            ?? Found()
    }

    private static func listing(_ folder: String) -> Listing {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        let names = all.filter { !$0.hasPrefix(".") }.sorted()
        return Listing(names: names, found: paired(names, folder, with: []))
    }

    /// By the media's names without extensions. Media of one name have the same files: one of them was named.
    private static func paired(_ names: [String], _ folder: String, with named: [String]) -> [String: Found] {
        var stems: Set<String> = []
        let media = (names.filter(MediaFinder.isMedia) + named)
            .filter { stems.insert($0.withoutEnding).inserted }
        // Names in one folder without a name.
        let companions = Companions(names.map { "/" + $0 }, root: "", media: media.map { "/" + $0 })
        func path(_ name: String) -> String {
            folder.isEmpty ? String(name.dropFirst()) : folder + (folder.hasSuffix("/") ? "" : "/") + name.dropFirst()
        }
        var result: [String: Found] = [:]
        for clip in media {
            let stem = clip.withoutEnding
            var found = Found()
            found.transcripts = (companions.transcripts["/" + clip] ?? []).sorted().map(path)
            found.labels = companions.labels["/" + clip].map(path)
            result[stem] = found
        }
        for file in companions.left {
            // The longest clip name that is a prefix of it.
            var stem = file.withoutEnding
            while !stem.isEmpty, result[String(stem.dropFirst())] == nil, stem.contains(".") {
                stem = stem.withoutEnding
            }
            result[String(stem.dropFirst())]?.left.append(path(file))
        }
        return result
    }
}
