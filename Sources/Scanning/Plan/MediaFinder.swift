import Foundation

/// Finds the clips in folders.
public enum MediaFinder {
    /// Extensions of media in folders; files named explicitly are accepted with any name.
    public static let extensions: Set<String> = [
        "mp4", "m4v", "mov", "mkv", "webm", "avi", "mpg", "mpeg", "mpe", "vob", "ts", "mts", "m2ts", "mxf", "flv",
        "f4v", "wmv",
        "asf", "3gp", "3g2", "ogv", "ogm", "dv", "gxf", "nut", "y4m", "rm", "rmvb",
        "wav", "flac", "mp3", "m4a", "aac", "ogg", "oga", "opus", "aif", "aiff", "caf", "wma", "w64", "rf64", "amr",
    ]

    /// The clips under a path, sorted by name; the path itself if it is not a folder. Hidden files are omitted.
    ///
    /// Links to folders are followed once.
    public static func clips(under path: String) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
            return [path]
        }
        return files(under: path).filter(isMedia)
    }

    /// All files under a folder, sorted by name folder by folder. Hidden ones are omitted; links to folders are
    /// followed once.
    static func files(under folder: String) -> [String] {
        var seen: Set<String> = []
        var result: [String] = []
        walk(folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder, &seen, &result)
        return result
    }

    private static func walk(_ folder: String, _ seen: inout Set<String>, _ result: inout [String]) {
        // By the folder's inode, not its name, against cyclic links.
        var status = stat()
        guard stat(folder, &status) == 0, seen.insert("\(status.st_dev):\(status.st_ino)").inserted else { return }
        for (name, isFolder) in entries(folder) {
            let path = folder + "/" + name
            if isFolder { walk(path, &seen, &result) } else { result.append(path) }
        }
    }

    /// Names in a folder, sorted, with whether each is a folder, itself or by a link. A dangling link is still an
    /// expected clip.
    private static func entries(_ folder: String) -> [(name: String, isFolder: Bool)] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var result: [(name: String, isFolder: Bool)] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard !name.hasPrefix(".") else { continue }
            var isFolder = entry.pointee.d_type == UInt8(DT_DIR)
            if entry.pointee.d_type == UInt8(DT_LNK) || entry.pointee.d_type == UInt8(DT_UNKNOWN) {
                var status = stat()
                isFolder = stat(folder + "/" + name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
            }
            result.append((name, isFolder))
        }
        return result.sorted { $0.name < $1.name }
    }

    /// Whether a name has a media extension.
    public static func isMedia(_ path: String) -> Bool {
        guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return false }
        return extensions.contains(path[path.index(after: dot)...].lowercased())
    }
}
