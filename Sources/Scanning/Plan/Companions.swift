import Foundation
import TimedText

/// Transcripts and labels in a tree of files, matched with the clips that they belong to.
///
/// By name in the same folder (`a.mp4`, `a.srt`, `a.en.srt`), or by the same path but for one folder (`video/x/a.mp4`,
/// `subtitles/x/a.srt`). What could belong to several clips belongs to none.
struct Companions {
    /// By clip: a file a language, the one that names no language first.
    private(set) var transcripts: [String: [String]] = [:]
    private(set) var labels: [String: String] = [:]
    /// Files that belong to no clip.
    private(set) var left: [String] = []

    static let transcriptEndings: Set<String> = [
        "srt", "vtt", "ass", "ssa", "sbv", "ttml", "dfxp", "itt", "stl", "sub", "lrc", "textgrid", "ctm", "stm",
        "align", "eaf", "txt",
    ]
    static let labelEndings: Set<String> = ["rttm", "csv", "tsv"]

    init(_ files: [String], root: String, media: [String]) {
        var exact: [String: [String]] = [:]
        var loose: [String: [String]] = [:]
        for path in media {
            let stem = (path as NSString).deletingPathExtension
            exact[stem, default: []].append(path)
            for key in Companions.keys(stem, root) { loose[key, default: []].append(path) }
        }
        for file in files {
            let ending = (file as NSString).pathExtension.lowercased()
            let isTranscript = Companions.transcriptEndings.contains(ending)
            guard isTranscript || Companions.labelEndings.contains(ending) else { continue }
            let stem = (file as NSString).deletingPathExtension
            var found = Companions.match(stem, root, exact, loose)
            if found == nil, LanguageTag.inName(file) != nil {
                found = Companions.match((stem as NSString).deletingPathExtension, root, exact, loose)
            }
            guard let found else {
                // A read-me, a list or a table that belongs to the whole is nobody's loss.
                if ending != "txt", ending != "csv", ending != "tsv" { left.append(file) }
                continue
            }
            if !isTranscript {
                if labels[found] == nil { labels[found] = file }
            } else {
                transcripts[found, default: []].append(file)
            }
        }
        transcripts = transcripts.mapValues(Companions.kept)
    }

    /// One file a language; timed text before plain text.
    private static func kept(_ files: [String]) -> [String] {
        let timed = files.filter { ($0 as NSString).pathExtension.lowercased() != "txt" }
        var languages: Set<String> = []
        return (timed.isEmpty ? files : timed)
            .map { (language: LanguageTag.inName($0) ?? "", file: $0) }
            .sorted { ($0.language, $0.file) < ($1.language, $1.file) }
            .filter { languages.insert($0.language).inserted }
            .map(\.file)
    }

    private static func match(_ stem: String, _ root: String, _ exact: [String: [String]], _ loose: [String: [String]])
        -> String?
    {
        if let here = exact[stem] { return here.count == 1 ? here[0] : here.first { MediaFinder.hasPicture($0) } }
        var found: Set<String> = []
        for key in keys(stem, root) { found.formUnion(loose[key] ?? []) }
        return found.count == 1 ? found.first : nil
    }

    /// The path below the root, less each of its folders in turn.
    private static func keys(_ stem: String, _ root: String) -> [String] {
        let parts = stem.dropFirst(root.count + 1).split(separator: "/")
        return parts.indices.dropLast().map { left in
            parts.indices.map { $0 == left ? "" : parts[$0] }.joined(separator: "/")
        }
    }
}

extension MediaFinder {
    /// Whether a name ends like media that usually has a picture.
    static func hasPicture(_ path: String) -> Bool {
        isMedia(path) && !soundEndings.contains((path as NSString).pathExtension.lowercased())
    }

    private static let soundEndings: Set<String> = [
        "wav", "flac", "mp3", "m4a", "aac", "ogg", "oga", "opus", "aif", "aiff", "caf", "wma", "w64", "rf64", "amr",
    ]
}
