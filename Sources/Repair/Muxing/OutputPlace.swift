import Foundation
import MediaIO
import SyncModel

/// The place of a file that is there whole or not at all: written beside it, and moved there at the end.
public final class OutputPlace {
    /// Where it will lie.
    public let path: String
    /// Where it is written meanwhile: the same folder, and the same ending.
    public let partial: String
    private let isForced: Bool
    private var isDone = false

    /// - Parameters:
    ///   - sources: files that must not be written over, whatever their names.
    ///   - isForced: whether an existing file may be replaced.
    ///   - bytes: about how large it will be; a disk without that much room is told here.
    /// - Throws: `MendError`.
    public init(_ path: String, sources: [String], isForced: Bool, bytes: Int64) throws {
        self.path = path
        self.isForced = isForced
        let url = URL(fileURLWithPath: path)
        let folder = url.deletingLastPathComponent().path
        partial = folder + "/.partial-\(getpid())-" + url.lastPathComponent
        var place = stat()
        if stat(path, &place) == 0 {
            for source in sources {
                var other = stat()
                if stat(source, &other) == 0, other.st_dev == place.st_dev, other.st_ino == place.st_ino {
                    throw MendError(
                        "in-place", "\(path.printable) is the file that is to be mended",
                        remedy: "give --output another name: the original is never written over")
                }
            }
            if place.st_mode & S_IFMT == S_IFDIR {
                throw MendError("is-folder", "\(path.printable) is a folder", remedy: "name a file in it")
            }
            if !isForced { throw OutputPlace.exists(path) }
        }
        var room = statvfs()
        guard statvfs(folder, &room) == 0 else {
            throw MendError(
                "no-folder", "the folder \(folder.printable) cannot be used (\(String(cString: strerror(errno))))",
                remedy: "make it, or name another")
        }
        let free = Int64(clamping: UInt64(room.f_bavail) * UInt64(room.f_frsize))
        // A little is left for others.
        let needed = bytes + bytes / 50 + (4 << 20)
        guard free >= needed else {
            throw MendError(
                "disk-full", "\(path.printable) needs about \(needed >> 20) MB, and its disk has \(free >> 20) MB free",
                remedy: "free some space, or name a folder on another disk", isRefusal: false)
        }
        guard access(folder, W_OK) == 0 else {
            throw MendError(
                "no-permission", "the folder \(folder.printable) may not be written to", remedy: "name another folder",
                isRefusal: false)
        }
        PartialFiles.add(partial)
    }

    private static func exists(_ path: String) -> MendError {
        MendError(
            "exists", "\(path.printable) exists already",
            remedy: "name another file, or allow it to be replaced with --force")
    }

    /// Moves the written file to its place, when all of it is on the disk.
    public func finish() throws {
        let descriptor = open(partial, O_RDONLY | O_CLOEXEC)
        if descriptor >= 0 {
            fsync(descriptor)
            close(descriptor)
        }
        if !isForced {
            // Fails where somebody made the file meanwhile; file systems without links are asked first.
            if link(partial, path) == 0 {
                unlink(partial)
                isDone = true
                PartialFiles.remove(partial)
                return
            }
            if errno == EEXIST || access(path, F_OK) == 0 { throw OutputPlace.exists(path) }
        }
        guard rename(partial, path) == 0 else {
            throw MendError(
                "not-written", "\(path.printable) cannot be written (\(String(cString: strerror(errno))))",
                remedy: "check the folder", isRefusal: false)
        }
        isDone = true
        PartialFiles.remove(partial)
    }

    deinit {
        guard !isDone else { return }
        unlink(partial)
        PartialFiles.remove(partial)
    }
}

/// Files that are under way: taken away when the program ends early.
private enum PartialFiles {
    private static let lock = NSLock()
    nonisolated(unsafe) private static var paths: Set<String> = []
    private static let isWatched: Bool = {
        atexit { PartialFiles.clear() }
        return true
    }()

    static func add(_ path: String) {
        _ = isWatched
        lock.withLock { _ = paths.insert(path) }
    }

    static func remove(_ path: String) { lock.withLock { _ = paths.remove(path) } }

    private static func clear() { lock.withLock { for path in paths { unlink(path) } } }
}
