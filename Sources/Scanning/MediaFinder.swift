import Foundation

/// Finds the clips in folders.
public enum MediaFinder {
    /// Names that end in one of these are media; files named one by one are taken whatever their name.
    public static let extensions: Set<String> = [
        "mp4", "m4v", "mov", "mkv", "webm", "avi", "mpg", "mpeg", "mpe", "vob", "ts", "mts", "m2ts", "mxf", "flv", "f4v", "wmv",
        "asf", "3gp", "3g2", "ogv", "ogm", "dv", "gxf", "nut", "y4m", "rm", "rmvb",
        "wav", "flac", "mp3", "m4a", "aac", "ogg", "oga", "opus", "aif", "aiff", "caf", "wma", "w64", "rf64", "amr",
    ]

    /// The clips under a path, sorted by name; the path itself where it is no folder. Hidden files are left out.
    ///
    /// Links to folders are followed once.
    public static func clips(under path: String) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else { return [path] }
        var seen: Set<String> = []
        var result: [String] = []
        walk(path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path, &seen, &result)
        return result
    }

    private static func walk(_ folder: String, _ seen: inout Set<String>, _ result: inout [String]) {
        let real = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        guard seen.insert(real).inserted else { return }
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        for name in names where !name.hasPrefix(".") {
            let path = folder + "/" + name
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                // A link to nowhere is still a clip that somebody expects.
                if isMedia(name) { result.append(path) }
                continue
            }
            if isFolder.boolValue {
                walk(path, &seen, &result)
            } else if isMedia(name) {
                result.append(path)
            }
        }
    }

    private static func isMedia(_ name: String) -> Bool {
        guard let dot = name.lastIndex(of: ".") else { return false }
        return extensions.contains(name[name.index(after: dot)...].lowercased())
    }
}
