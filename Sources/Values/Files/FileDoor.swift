import Foundation

/// Makes changes to the file system for a process that gave up its right to them. Every call answers 0, or the
/// system's number of what went wrong (`errno`).
public protocol FileKeeper: Sendable {
    /// Opens a file to be written.
    ///
    /// - Parameters:
    ///   - flags: those of `open`.
    ///   - mode: the permissions of a file that is made, less the umask.
    func open(_ path: String, flags: Int32, mode: UInt32) -> (descriptor: Int32, code: Int32)
    func rename(_ path: String, to target: String) -> Int32
    func link(_ path: String, as target: String) -> Int32
    func remove(_ path: String) -> Int32
    func makeFolder(_ path: String) -> Int32
}

/// The one way by which files are made, moved and removed: by this process, or by the keeper that does it for it.
public enum FileDoor {
    nonisolated(unsafe) private static var keeper: (any FileKeeper)?

    /// From here on changes are asked for. To be called before there are other threads.
    public static func hand(to keeper: any FileKeeper) { self.keeper = keeper }

    /// A descriptor, or -1 with `errno` set.
    public static func open(_ path: String, _ flags: Int32, _ mode: UInt32 = 0o666) -> Int32 {
        guard let keeper else { return Foundation.open(path, flags, mode_t(mode)) }
        let (descriptor, code) = keeper.open(path, flags: flags, mode: mode)
        return descriptor >= 0 ? descriptor : told(code)
    }

    /// Each answers 0, or -1 with `errno` set.
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

    /// Makes a folder and those that it lies in, as far as they are not there.
    ///
    /// - Returns: 0, or what went wrong.
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
