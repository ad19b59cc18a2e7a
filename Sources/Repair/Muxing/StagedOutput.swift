import Files
public import Foundation
import SyncModel

/// Files that are written together: all or none.
public final class OutputSet {
    private let staged = StagedSet()
    private let isForced: Bool
    private let sources: [String]

    /// - Parameters:
    ///   - sources: files that must not be overwritten, whatever their names.
    ///   - isForced: whether existing files may be replaced.
    public init(sources: [String], isForced: Bool) {
        self.sources = sources
        self.isForced = isForced
    }

    public var isEmpty: Bool { staged.isEmpty }

    /// Adds an output file.
    ///
    /// - Parameter bytes: its approximate size, to check the free disk space.
    /// - Throws: `FixError`, also if the set already has a file with this path.
    public func place(_ path: String, bytes: Int64) throws -> StagedOutput {
        // Remains of a killed program are not an existing file.
        if isEmpty { StagedSet.recover(in: URL(fileURLWithPath: path).deletingLastPathComponent().path) }
        try StagedOutput.check(path, sources: sources, isForced: isForced, bytes: bytes)
        do throws(StagedFileError) { return StagedOutput(path, try staged.add(path), self) } catch {
            throw StagedOutput.notWritten(error)
        }
    }

    /// Adds an output file of about the size of another one.
    public func place(_ path: String, asLargeAs source: String) throws -> StagedOutput {
        let size = (try? FileManager.default.attributesOfItem(atPath: source)[.size] as? Int64) ?? 0
        return try place(path, bytes: size)
    }

    /// Moves the written files to their places when all are on disk.
    ///
    /// - Throws: `FixError`; then nothing has changed.
    public func finish() throws {
        // Without force it fails if a file was created in the meantime.
        do throws(StagedFileError) { try staged.finish(replacing: isForced) } catch {
            throw error.kind == .exists ? StagedOutput.exists(error.path) : StagedOutput.notWritten(error)
        }
    }
}

/// An atomic output file: written beside its place, and moved there at the end.
public final class StagedOutput {
    /// The final path.
    public let path: String
    /// The temporary path: the same folder and extension. The file exists and is empty.
    public var partial: String { staged.path }
    private let staged: StagedFile
    private let set: OutputSet

    fileprivate init(_ path: String, _ staged: StagedFile, _ set: OutputSet) {
        self.path = path
        self.staged = staged
        self.set = set
    }

    /// An output file that is written alone.
    public convenience init(_ path: String, sources: [String], isForced: Bool, bytes: Int64) throws {
        let set = OutputSet(sources: sources, isForced: isForced)
        let place = try set.place(path, bytes: bytes)
        self.init(path, place.staged, set)
    }

    /// Appends bytes; not to be mixed with writing by the path.
    public func write(_ bytes: some ContiguousBytes) throws {
        do throws(StagedFileError) { try staged.write(bytes) } catch { throw StagedOutput.notWritten(error) }
    }

    fileprivate static func check(_ path: String, sources: [String], isForced: Bool, bytes: Int64) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        var place = stat()
        if stat(path, &place) == 0 {
            for source in sources {
                var other = stat()
                if stat(source, &other) == 0, other.st_dev == place.st_dev, other.st_ino == place.st_ino {
                    throw FixError(
                        "in-place", "\(path.printable) is the file to be fixed",
                        remedy: "give --output another name: the original is never overwritten")
                }
            }
            if place.st_mode & S_IFMT == S_IFDIR {
                throw FixError("is-folder", "\(path.printable) is a folder", remedy: "give a file in it")
            }
            if !isForced { throw StagedOutput.exists(path) }
        }
        var room = statvfs()
        guard statvfs(folder, &room) == 0 else {
            throw FixError(
                "no-folder", "the folder \(folder.printable) cannot be used (\(String(cString: strerror(errno))))",
                remedy: "create it, or give another")
        }
        let free = Int64(clamping: UInt64(room.f_bavail) * UInt64(room.f_frsize))
        // Some space is left for others.
        let needed = bytes + bytes / 50 + (4 << 20)
        guard free >= needed else {
            throw FixError(
                "disk-full", "\(path.printable) needs about \(needed >> 20) MB, but its disk has \(free >> 20) MB free",
                remedy: "free some space, or give a folder on another disk", isRefusal: false)
        }
        guard access(folder, W_OK) == 0 else {
            throw FixError(
                "no-permission", "the folder \(folder.printable) is not writable", remedy: "give another folder",
                isRefusal: false)
        }
    }

    fileprivate static func exists(_ path: String) -> FixError {
        FixError(
            "exists", "\(path.printable) already exists",
            remedy: "give another file, or replace it with --force")
    }

    fileprivate static func notWritten(_ error: StagedFileError) -> FixError {
        FixError(
            error.kind == .twice ? "same-output" : "not-written",
            "\(error.path.printable) cannot be written (\(error.reason))", remedy: error.remedy,
            isRefusal: error.kind == .twice)
    }

    /// Moves the written files of its set to their places.
    public func finish() throws { try set.finish() }
}
