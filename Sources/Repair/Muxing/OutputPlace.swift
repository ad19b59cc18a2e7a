import Files
import Foundation
import SyncModel

/// The place of a file that is there whole or not at all: written beside it, and moved there at the end.
public final class OutputPlace {
    /// Where it will lie.
    public let path: String
    /// Where it is written meanwhile: the same folder, and the same ending. It is there, and empty.
    public var partial: String { staged.path }
    private let staged: StagedFile
    private let isForced: Bool

    /// - Parameters:
    ///   - sources: files that must not be written over, whatever their names.
    ///   - isForced: whether an existing file may be replaced.
    ///   - bytes: about how large it will be; a disk without that much room is told here.
    /// - Throws: `MendError`.
    public init(_ path: String, sources: [String], isForced: Bool, bytes: Int64) throws {
        self.path = path
        self.isForced = isForced
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
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
        do throws(StagedFileError) { staged = try StagedFile(path) } catch { throw OutputPlace.notWritten(error) }
    }

    private static func exists(_ path: String) -> MendError {
        MendError(
            "exists", "\(path.printable) exists already",
            remedy: "name another file, or allow it to be replaced with --force")
    }

    private static func notWritten(_ error: StagedFileError) -> MendError {
        MendError(
            "not-written", "\(error.path.printable) cannot be written (\(error.reason))", remedy: "check the folder",
            isRefusal: false)
    }

    /// Moves the written file to its place, when all of it is on the disk.
    public func finish() throws {
        // Without force it fails where somebody made the file meanwhile.
        do throws(StagedFileError) { try staged.finish(replacing: isForced) } catch {
            throw error.kind == .exists ? OutputPlace.exists(path) : OutputPlace.notWritten(error)
        }
    }
}
