import Foundation

/// Patterns of paths: `*` and `?` within a name, `[abc]`, and `**` for any number of folders.
enum Glob {
    /// The paths that match, sorted; hidden names only if the pattern's part begins with a dot.
    static func paths(_ pattern: String) -> [String] {
        let parts = pattern.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        var found: [String] = []
        expand(pattern.hasPrefix("/") ? "/" : "", parts[...], &found)
        return Array(Set(found)).sorted()
    }

    private static func expand(_ base: String, _ parts: ArraySlice<String>, _ found: inout [String]) {
        guard let part = parts.first else {
            found.append(base)
            return
        }
        let rest = parts.dropFirst()
        func joined(_ name: String) -> String { base.isEmpty || base.hasSuffix("/") ? base + name : base + "/" + name }
        guard part.contains(where: { "*?[".contains($0) }) else {
            if FileManager.default.fileExists(atPath: joined(part)) { expand(joined(part), rest, &found) }
            return
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: base.isEmpty ? "." : base)) ?? []
        if part == "**" {
            expand(base, rest, &found)
            for name in names where !name.hasPrefix(".") && isFolder(joined(name)) {
                expand(joined(name), parts, &found)
            }
            return
        }
        for name in names where fnmatch(part, name, FNM_PERIOD) == 0 {
            if rest.isEmpty || isFolder(joined(name)) { expand(joined(name), rest, &found) }
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
