import Foundation

/// Changes the file system for a process that gave up its right to. Every call returns 0 or an `errno`.
public protocol FileKeeper: Sendable {
    /// Opens a file for writing.
    ///
    /// - Parameters:
    ///   - flags: as for `open`.
    ///   - mode: permissions of a new file, less the umask.
    func open(_ path: String, flags: Int32, mode: UInt32) -> (descriptor: Int32, code: Int32)
    func rename(_ path: String, to target: String) -> Int32
    func link(_ path: String, as target: String) -> Int32
    func remove(_ path: String) -> Int32
    func makeFolder(_ path: String) -> Int32
}

/// The only way to create, move and remove files: directly, or through the keeper.
public enum FileDoor {
    nonisolated(unsafe) private static var keeper: (any FileKeeper)?

    /// Sends changes to the keeper from now on. Call it before there are other threads.
    public static func hand(to keeper: any FileKeeper) { self.keeper = keeper }

    /// Returns a descriptor, or -1 with `errno` set.
    public static func open(_ path: String, _ flags: Int32, _ mode: UInt32 = 0o666) -> Int32 {
        guard let keeper else { return Foundation.open(path, flags, mode_t(mode)) }
        let (descriptor, code) = keeper.open(path, flags: flags, mode: mode)
        return descriptor >= 0 ? descriptor : told(code)
    }

    /// Each returns 0, or -1 with `errno` set.
    static func rename(_ path: String, _ target: String) -> Int32 {
        guard let keeper else { return Foundation.rename(path, target) }
        return told(keeper.rename(path, to: target))
    }

    static func link(_ path: String, _ target: String) -> Int32 {
        guard let keeper else { return Foundation.link(path, target) }
        return told(keeper.link(path, as: target))
    }

    @discardableResult
    static func unlink(_ path: String) -> Int32 {
        guard let keeper else { return Foundation.unlink(path) }
        return told(keeper.remove(path))
    }

    /// Creates a folder and its missing parents.
    ///
    /// - Returns: 0, or an `errno`.
    public static func makeFolders(_ path: String) -> Int32 {
        var place = stat()
        if stat(path, &place) == 0 { return place.st_mode & S_IFMT == S_IFDIR ? 0 : ENOTDIR }
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
        if parent != path, parent != "/" {
            let code = makeFolders(parent)
            if code != 0 { return code }
        }
        let code = keeper.map { $0.makeFolder(path) } ?? (mkdir(path, 0o777) == 0 ? 0 : errno)
        return code == EEXIST ? 0 : code
    }

    private static func told(_ code: Int32) -> Int32 {
        if code == 0 { return 0 }
        errno = code
        return -1
    }
}
