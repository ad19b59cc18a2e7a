/// Names that are addresses of files elsewhere, and where their copies lie on this machine.
///
/// Whatever opens a file that a user named asks here first where its bytes are; messages and results keep the name.
public enum FetchedFiles {
    nonisolated(unsafe) private static var copies: [String: String] = [:]

    /// From here on these are the copies. To be called while no other thread opens files.
    ///
    /// - Parameter copies: paths on this machine by address.
    public static func use(_ copies: [String: String]) { self.copies = copies }

    /// Where the bytes of a name lie: at its copy, or at the name itself.
    public static func place(_ name: String) -> String { copies.isEmpty ? name : copies[name] ?? name }

    /// Whether a name is an address that `genlock` fetches from: `https://` or `http://`.
    public static func isAddress(_ name: String) -> Bool {
        let start = name.prefix(8).lowercased()
        return start.hasPrefix("https://") || start.hasPrefix("http://")
    }
}
