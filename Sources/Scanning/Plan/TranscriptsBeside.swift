import Foundation
import TimedText

/// Timed text in a clip's own folder that bears its name (`take3.srt`, `take3.en.vtt`). Each folder is listed once.
public struct TranscriptsBeside {
    /// By folder, then by what stands before one of the dots of the name: the paths, sorted.
    private var folders: [String: [String: [String]]] = [:]

    public init() {}

    /// Of one clip alone.
    public static func of(_ clip: String) -> [String] {
        var beside = TranscriptsBeside()
        return beside.of(clip)
    }

    public mutating func of(_ clip: String) -> [String] {
        let folder = (clip as NSString).deletingLastPathComponent
        let stem = ((clip as NSString).lastPathComponent as NSString).deletingPathExtension
        if folders[folder] == nil { folders[folder] = TranscriptsBeside.listed(folder) }
        return folders[folder]?[stem] ?? []
    }

    private static func listed(_ folder: String) -> [String: [String]] {
        var result: [String: [String]] = [:]
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        for name in names.sorted() {
            let ending = (name as NSString).pathExtension.lowercased()
            guard ending != "rttm", TimedTextFormat.extensions.contains(ending) else { continue }
            for dot in name.indices where name[dot] == "." && dot != name.startIndex {
                result[String(name[..<dot]), default: []].append(folder.isEmpty ? name : folder + "/" + name)
            }
        }
        return result
    }
}
