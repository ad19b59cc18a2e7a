/// File names that are URLs, and the paths of their local copies.
///
/// All code that opens a user's file looks up its path here first; messages and results keep the name.
public enum FetchedFiles {
    nonisolated(unsafe) private static var copies: [String: String] = [:]

    /// Sets the copies. Call it while no other thread opens files.
    ///
    /// - Parameter copies: local paths by URL.
    public static func use(_ copies: [String: String]) { self.copies = copies }

    /// The path of a file's bytes: its copy's, or the name itself.
    public static func place(_ name: String) -> String { copies.isEmpty ? name : copies[name] ?? name }

    /// Whether a name is a URL that `genlock` fetches: `https://` or `http://`.
    public static func isAddress(_ name: String) -> Bool {
        let start = name.prefix(8).lowercased()
        return start.hasPrefix("https://") || start.hasPrefix("http://")
    }
}
