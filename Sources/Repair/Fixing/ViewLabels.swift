import Foundation
import LabelFiles
import Muxing
import Plan
import SyncModel
import TimedText

/// Texts and labels of the recordings of one event: sidecars of the same name, and given files.
struct ViewLabels {
    /// By recording, the files whose times move with it.
    private(set) var files: [String: [String]] = [:]
    /// By recording, files of its name without readable labels.
    private(set) var unread: [String: [String]] = [:]

    /// - Parameter named: files that belong to a recording by their file names, or by the view inside them.
    /// - Throws: `FixError` if one of those belongs to no recording, or to several.
    init(_ recordings: [String], named: [String]) throws {
        var taken = Set(named.map(ViewLabels.standard))
        for path in named { files[try ViewLabels.recording(of: path, recordings), default: []].append(path) }
        var folders: [String: (names: [String], stems: Set<String>)] = [:]
        for recording in recordings {
            let folder = recording.folderOfPath
            let listing = folders[folder] ?? ViewLabels.listing(folder, recordings)
            folders[folder] = listing
            for name in listing.names where ViewLabels.owner(of: name, listing.stems) == ViewLabels.stem(recording) {
                let path = (folder as NSString).appendingPathComponent(name)
                // Of a video and an audio file with one name, the first has the labels.
                guard taken.insert(ViewLabels.standard(path)).inserted else { continue }
                if try LabelFix(path).isRead(frames: LabelFix.Frames(rate: 25, stay: false)) {
                    files[recording, default: []].append(path)
                } else {
                    unread[recording, default: []].append(path)
                }
            }
        }
    }

    private static func stem(_ path: String) -> String {
        path.nameOfPath.withoutEnding
    }

    private static func standard(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

    /// The label files in a folder, and the names of its media without extensions.
    private static func listing(_ folder: String, _ recordings: [String]) -> (names: [String], stems: Set<String>) {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        let endings = LabelReader.endings.union(TimedTextFormat.extensions)
        return (
            all.filter { !$0.hasPrefix(".") && endings.contains($0.endingOfPath.lowercased()) }.sorted(),
            Set((all.filter(MediaFinder.isMedia) + recordings).map(stem))
        )
    }

    /// The longest media name that a file's name begins with: `a.part2.csv` belongs to `a.part2.mp4`, not to `a.mp4`.
    private static func owner(of name: String, _ stems: Set<String>) -> String? {
        var stem = name
        while stem.contains(".") {
            stem = stem.withoutEnding
            if stems.contains(stem) { return stem }
        }
        return nil
    }

    private static func recording(of path: String, _ recordings: [String]) throws -> String {
        let byName = owner(of: path.nameOfPath, Set(recordings.map(stem)))
        let named = recordings.filter { stem($0) == byName }
        if let first = named.first { return first }
        let reader = LabelReader(options: LabelOptions())
        guard let data = FileManager.default.contents(atPath: path) else {
            throw FixError(
                "no-such-file", "\(path.printable) cannot be read", remedy: "check the path", isRefusal: false)
        }
        reader.read(
            LabelReader.Source(path: path, bytes: Array(data)), named: FileNames.of([path], pattern: nil)[0])
        let views = Set(reader.corpus().sessions.flatMap { $0.tracks.map(\.view) })
        let words = recordings.map { FileNames.of([$0], pattern: nil)[0].view }
        let owners = zip(recordings, words).filter { views.contains(stem($0)) || !$1.isEmpty && views.contains($1) }
        if views.count == 1, owners.count == 1 { return owners[0].0 }
        let said =
            views.count > 1
            ? """
            has labels of several views (\(views.sorted().joined(separator: ", ").printable)), which move \
            separately
            """
            : "does not state which recording it belongs to"
        throw FixError(
            "no-view", "\(path.printable) \(said)",
            remedy:
                """
                use one file per view, with the view's name, such as \(stem(recordings[0]).printable).csv for \
                \(recordings[0].nameOfPath.printable)
                """)
    }
}
