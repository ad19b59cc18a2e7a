/// Parts of a path as text, without access to the file system.
///
/// Foundation's functions (`NSString` on Linux, swift-corelibs-foundation of Swift 6.3) crash for paths of one
/// character, and for some with two slashes followed by a non-ASCII letter, such as `a//é`.
extension String {
    /// The folder: `a/b` of `a/b/c.mov`, `/` of `/c.mov`, empty for `c.mov`.
    public var folderOfPath: String {
        let path = withoutSlashesAtEnd
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "" }
        let folder = String(path[..<slash]).withoutSlashesAtEnd
        return folder.isEmpty ? "/" : folder
    }

    /// The last part: `c.mov` of `a/b/c.mov`, `b` of `a/b/`, `/` of `/`.
    public var nameOfPath: String {
        let path = withoutSlashesAtEnd
        guard path.utf8.count > 1, let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
        return String(path[path.utf8.index(after: slash)...])
    }

    /// The extension: `gz` of `a/b.tar.gz`; empty for `.hidden`.
    public var endingOfPath: String {
        let name = nameOfPath
        return name.pointOfEnding.map { String(name[name.utf8.index(after: $0)...]) } ?? ""
    }

    /// The path without its extension: `a/b.tar` of `a/b.tar.gz`.
    public var withoutEnding: String {
        let path = withoutSlashesAtEnd
        let name = nameOfPath
        guard let point = name.pointOfEnding else { return path }
        return String(decoding: path.utf8.dropLast(name.utf8[point...].count), as: UTF8.self)
    }

    private var withoutSlashesAtEnd: String {
        var bytes = Substring(self).utf8
        while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes = bytes.dropLast() }
        return String(Substring(bytes))
    }

    /// The index of the extension's dot; nil: no extension.
    private var pointOfEnding: Index? {
        guard let point = utf8.lastIndex(of: UInt8(ascii: ".")), point > startIndex, self != ".." else { return nil }
        return point
    }
}
