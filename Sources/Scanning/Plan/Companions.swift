import Foundation
import SyncModel
import TimedText

/// Transcripts and labels in a tree of files, matched with the clips that they belong to.
///
/// By name in the same folder (`a.mp4`, `a.srt`, `a.en.srt`, `a.en.sdh.srt`), or by the same path except for one folder
/// (`video/x/a.mp4`, `subtitles/x/a.srt`). Ambiguous files are not matched.
struct Companions {
    /// By clip: one file per language, the one without a language first.
    private(set) var transcripts: [String: [String]] = [:]
    private(set) var labels: [String: String] = [:]
    /// Files without a clip, or superseded by another of their clip and language.
    private(set) var left: [String] = []

    /// JSON and tables are too often something else.
    private static let transcriptEndings = TimedTextFormat.extensions.subtracting(labelEndings).union(["txt"])
    private static let labelEndings: Set<String> = ["rttm", "csv", "tsv"]
    /// Readme files, lists and tables are ignored silently.
    private static let ofTheWhole: Set<String> = ["txt", "csv", "tsv"]

    /// - Parameters:
    ///   - root: the common folder.
    ///   - media: the clips; of those with equal names except for the extension, one with video has the files of that
    ///     name.
    init(_ files: [String], root: String, media: [String]) {
        var exact: [String: [String]] = [:]
        var loose: [String: [String]] = [:]
        for path in media {
            let stem = path.withoutEnding
            exact[stem, default: []].append(path)
            for key in Companions.keys(stem, root) { loose[key, default: []].append(path) }
        }
        var texts: [String: [Text]] = [:]
        for file in files {
            let ending = file.endingOfPath.lowercased()
            let isTranscript = Companions.transcriptEndings.contains(ending)
            guard isTranscript || Companions.labelEndings.contains(ending) else { continue }
            // The longest name first: `a.part2.srt` is that of `a.part2.mp4`, not of `a.mp4`.
            let stems = Companions.stems(of: file)
            let found = stems.lazy.compactMap { stem in
                Companions.match(stem, root, exact, loose).map { (clip: $0, stem: stem) }
            }.first
            guard let found else {
                if !Companions.ofTheWhole.contains(ending) { left.append(file) }
                continue
            }
            if isTranscript {
                texts[found.clip, default: []].append(Text(file, after: found.stem))
            } else if labels[found.clip] == nil {
                labels[found.clip] = file
            } else {
                left.append(file)
            }
        }
        for (clip, texts) in texts {
            let kept = Companions.kept(texts)
            transcripts[clip] = kept.isEmpty ? nil : kept
            left += texts.filter { $0.isTimed && !kept.contains($0.file) }.map(\.file)
        }
        left.sort()
    }

    /// Whether a file is a transcript or labels of a clip by its extension and name.
    static func isSideFile(_ path: String) -> Bool {
        let ending = path.endingOfPath.lowercased()
        return (transcriptEndings.contains(ending) || labelEndings.contains(ending)) && !ofTheWhole.contains(ending)
    }

    /// The possible names of a file's clip: its own, and that before a language and words such as `sdh`.
    private static func stems(of file: String) -> [String] {
        var stem = file.withoutEnding
        var result = [stem]
        while result.count < 4 {
            let tag = stem.endingOfPath
            guard LanguageTag.uses.contains(tag.lowercased()) || LanguageTag.inName(stem + ".srt") != nil else { break }
            stem = stem.withoutEnding
            result.append(stem)
        }
        return result
    }

    /// A text of a clip, with the other parts of its name.
    private struct Text {
        let file: String
        let language: String
        /// Words such as `sdh`.
        let uses: Set<String>
        let isTimed: Bool

        init(_ file: String, after stem: String) {
            self.file = file
            let written = LanguageTag.inName(file)
            language = written.map(LanguageCode.normalised) ?? ""
            let tags = file.dropFirst(stem.count).split(separator: ".").dropLast().map(String.init)
            uses = LanguageTag.uses.intersection(tags.filter { $0 != written }.map { $0.lowercased() })
            isTimed = file.endingOfPath.lowercased() != "txt"
        }

        /// Of some words only: it does not replace a full text.
        var isPart: Bool { !uses.isDisjoint(with: ["forced", "foreign"]) }
    }

    /// One file per language, general before SDH; timed text before plain text.
    private static func kept(_ texts: [Text]) -> [String] {
        let whole = texts.filter { !$0.isPart }
        let timed = whole.filter(\.isTimed)
        var languages: Set<String> = []
        return (timed.isEmpty ? whole : timed)
            .sorted { ($0.language, $0.uses.count, $0.file) < ($1.language, $1.uses.count, $1.file) }
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

    /// The path below the root, without each of its folders in turn.
    private static func keys(_ stem: String, _ root: String) -> [String] {
        let parts = stem.dropFirst(root.count + 1).split(separator: "/")
        return parts.indices.dropLast().map { left in
            parts.indices.map { $0 == left ? "" : parts[$0] }.joined(separator: "/")
        }
    }
}

extension MediaFinder {
    /// Whether a name has the extension of media with video.
    static func hasPicture(_ path: String) -> Bool {
        isMedia(path) && !soundEndings.contains(path.endingOfPath.lowercased())
    }

    private static let soundEndings: Set<String> = [
        "wav", "flac", "mp3", "m4a", "aac", "ogg", "oga", "opus", "aif", "aiff", "caf", "wma", "w64", "rf64", "amr",
    ]
}
