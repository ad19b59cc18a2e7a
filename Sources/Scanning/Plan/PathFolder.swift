extension String {
    /// The folder of a path as it is written: `a/b` of `a/b/c.mov`, `/` of `/c.mov`, nothing of `c.mov`.
    ///
    /// That of Foundation (`deletingLastPathComponent` of `NSString`) ends the program for a path of one character on
    /// Linux (swift-corelibs-foundation of Swift 6.3).
    public var folderOfPath: String {
        var path = Substring(self)
        while path.utf8.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
        var folder = path[..<slash]
        while folder.utf8.count > 1, folder.hasSuffix("/") { folder = folder.dropLast() }
        return folder.isEmpty ? "/" : String(folder)
    }
}
