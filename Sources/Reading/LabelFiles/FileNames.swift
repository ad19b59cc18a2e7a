import Foundation

/// Session, view and annotator from the names of all label files together.
public struct FileNames: Sendable, Hashable {
    public var session: String
    public var view = ""
    public var annotator = ""

    public init(session: String, view: String = "", annotator: String = "") {
        self.session = session
        self.view = view
        self.annotator = annotator
    }

    /// Words in file names for a view or an annotator: `cam01`, `webcam2`, `view_b`, `annotator1`.
    private static func role(of word: String) -> WritableKeyPath<FileNames, String>? {
        let letters = word.prefix { $0.isLetter }.lowercased()
        let rest = word.dropFirst(letters.count)
        guard rest.allSatisfy({ $0.isNumber || ($0.isLetter && rest.count == 1) }), !letters.isEmpty else { return nil }
        if ["cam", "camera", "webcam", "stereo", "view", "gopro", "kinect", "ego", "exo", "top", "side", "front"]
            .contains(letters)
        {
            return \.view
        }
        if ["annotator", "rater", "coder", "annot", "observer"].contains(letters) { return \.annotator }
        return nil
    }

    /// Names for each path, by the pattern or, without one, by these rules: words such as `cam01` and `annotator2` are
    /// views and annotators; files with the same name in several folders are one session labelled by the annotators (or
    /// seen by the views) of the folder names; otherwise a file is a session.
    public static func of(_ paths: [String], pattern: NamePattern?) -> [FileNames] {
        var result = paths.map { path in plain(path, pattern) }
        guard pattern == nil else { return result }
        var folders: [String: Set<String>] = [:]
        for (path, names) in zip(paths, result) {
            folders["\(names.session)\u{1}\(names.view)\u{1}\(names.annotator)", default: []].insert(folder(path))
        }
        for (index, path) in paths.enumerated() where result[index].annotator.isEmpty {
            let names = result[index]
            guard folders["\(names.session)\u{1}\(names.view)\u{1}\(names.annotator)", default: []].count > 1 else {
                continue
            }
            let folder = folder(path)
            if names.view.isEmpty, role(of: folder) == \.view {
                result[index].view = folder
            } else {
                result[index].annotator = folder
            }
        }
        return result
    }

    private static func folder(_ path: String) -> String {
        URL(fileURLWithPath: path).deletingLastPathComponent().lastPathComponent
    }

    private static func plain(_ path: String, _ pattern: NamePattern?) -> FileNames {
        let stem = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        if let pattern {
            let found = pattern.match(path) ?? [:]
            return FileNames(
                session: found["session"] ?? stem, view: found["view"] ?? "", annotator: found["annotator"] ?? "")
        }
        var names = FileNames(session: stem)
        var kept: [Substring] = []
        for word in stem.split(separator: "_", omittingEmptySubsequences: false) {
            if let role = role(of: String(word)), names[keyPath: role].isEmpty {
                names[keyPath: role] = String(word)
            } else {
                kept.append(word)
            }
        }
        names.session = kept.isEmpty ? "session" : kept.joined(separator: "_")
        return names
    }
}
