import SyncModel

/// Messages of a scan on texts and labels that it leaves out.
enum UnpairedFiles {
    /// Maximum number of files that are named.
    private static let most = 5

    static func text(_ files: [String]) -> String {
        let named = files.prefix(most).map { "genlock: left out: \($0.printable)\n" }.joined()
        let rest = files.count - most
        return named + (rest > 0 ? "genlock: left out: \(rest) more; --dry-run lists them all\n" : "")
            + "genlock: a file is left out if no clip has its name, or if another text of its language is used\n"
    }
}
