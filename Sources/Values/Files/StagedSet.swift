import Foundation

/// A set of files that are moved to their places together: all or none.
///
/// Each is first written beside its place. When all are on disk they are moved one by one; replaced files are kept
/// until the last move, and restored if one fails. A journal in the folder of the first file records the moves: if the
/// program is killed in between, the next set in that folder undoes them.
public final class StagedSet {
    private var files: [StagedFile] = []
    private let writesThrough: Bool

    /// - Parameter writesThrough: write directly to devices and pipes; these are not undone.
    public init(writesThrough: Bool = false) { self.writesThrough = writesThrough }

    public var isEmpty: Bool { files.isEmpty }

    /// Undoes the sets of a folder whose programs were killed while moving; `add` does this automatically.
    public static func recover(in folder: String) { SetJournal.recover(in: folder) }

    /// Starts a file; nothing is at its place before `finish`.
    ///
    /// - Throws: `StagedFileError`, also if the set already has a file with this path.
    public func add(_ target: String) throws(StagedFileError) -> StagedFile {
        let folder = URL(fileURLWithPath: target).deletingLastPathComponent().path
        if files.isEmpty { SetJournal.recover(in: folder) }
        let place = URL(fileURLWithPath: target).standardizedFileURL.path
        if files.contains(where: { URL(fileURLWithPath: $0.target).standardizedFileURL.path == place }) {
            throw StagedFileError(path: target, kind: .twice)
        }
        let file = try StagedFile(target, writesThrough: writesThrough)
        files.append(file)
        return file
    }

    /// Moves all files to their places when all of them are complete.
    ///
    /// - Parameter replacing: whether existing files may be replaced; else the error is `exists`.
    /// - Throws: `StagedFileError` of the first that failed; then nothing has changed.
    public func finish(replacing: Bool) throws(StagedFileError) {
        defer { discard() }
        for file in files { try file.prepare() }
        let moved = files.filter { !$0.isDirect }
        guard moved.count > 1 else {
            if let file = moved.first { try file.finish(replacing: replacing) }
            return
        }
        let journal = try SetJournal(moved, replacing: replacing)
        for file in moved {
            do { try file.move(replacing: replacing) } catch {
                journal.undo()
                throw error
            }
        }
        journal.finish()
    }

    /// Removes all files; does nothing after `finish`.
    public func discard() {
        for file in files { file.discard() }
        files = []
    }

    deinit { discard() }
}

/// The journal of replaced files, on disk before the first move.
private struct SetJournal {
    private struct Entry: Codable {
        let target: String
        let partial: String
        /// The inode, which identifies the file after the move.
        let inode: UInt64
        /// Another name of the replaced file; nil: none existed.
        let kept: String?
    }

    private static let prefix = ".genlock-set-"
    private let path: String
    private let entries: [Entry]
    /// Locked while its program runs.
    private let descriptor: Int32

    init(_ files: [StagedFile], replacing: Bool) throws(StagedFileError) {
        var entries: [Entry] = []
        func forget() { for entry in entries { if let kept = entry.kept { FileDoor.unlink(kept) } } }
        for file in files {
            var kept: String?
            if replacing, access(file.target, F_OK) == 0 {
                let other = file.path + ".kept"
                if let code = SetJournal.keep(file.target, as: other) {
                    forget()
                    throw StagedFileError(path: file.target, kind: .failed(code))
                }
                kept = other
            }
            var place = stat()
            stat(file.path, &place)
            entries.append(Entry(target: file.target, partial: file.path, inode: UInt64(place.st_ino), kept: kept))
        }
        self.entries = entries
        let folder = URL(fileURLWithPath: files[0].target).deletingLastPathComponent().path
        path = folder + "/" + SetJournal.prefix + String(UInt64.random(in: 0 ... .max), radix: 16)
        descriptor = FileDoor.open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        func fail(_ code: Int32) -> StagedFileError {
            forget()
            if descriptor >= 0 {
                FileDoor.unlink(path)
                close(descriptor)
            }
            return StagedFileError(path: files[0].target, kind: .failed(code))
        }
        guard descriptor >= 0, let data = try? JSONEncoder().encode(entries) else { throw fail(errno) }
        _ = flock(descriptor, LOCK_EX | LOCK_NB)
        let count = data.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
        guard count == data.count else { throw fail(count < 0 ? errno : ENOSPC) }
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw fail(errno) }
    }

    /// Gives a file a second name, or copies it if the file system has no links.
    ///
    /// - Returns: nil, or an `errno`.
    private static func keep(_ path: String, as other: String) -> Int32? {
        var place = stat()
        if stat(path, &place) == 0, place.st_mode & S_IFMT == S_IFDIR { return EISDIR }
        if FileDoor.link(path, other) == 0 { return nil }
        if errno == ENOSPC || errno == EDQUOT || errno == EIO { return errno }
        return copy(path, as: other)
    }

    private static func copy(_ path: String, as other: String) -> Int32? {
        let source = open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { return errno }
        defer { close(source) }
        let copy = FileDoor.open(other, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC)
        guard copy >= 0 else { return errno }
        defer { close(copy) }
        var bytes = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = read(source, &bytes, bytes.count)
            if count == 0 { return nil }
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            var done = 0
            while done < count {
                let written = bytes.withUnsafeBytes { write(copy, $0.baseAddress?.advanced(by: done), count - done) }
                if written > 0 { done += written } else if errno != EINTR { return errno }
            }
        }
    }

    /// Undoes the moves, the last one first.
    func undo() {
        SetJournal.undo(entries)
        FileDoor.unlink(path)
        close(descriptor)
    }

    func finish() {
        for entry in entries { if let kept = entry.kept { FileDoor.unlink(kept) } }
        FileDoor.unlink(path)
        close(descriptor)
    }

    private static func undo(_ entries: [Entry]) {
        for entry in entries.reversed() {
            var place = stat()
            // The file may have both names: a new file gets its place by a link.
            if lstat(entry.target, &place) == 0, UInt64(place.st_ino) == entry.inode {
                if let kept = entry.kept {
                    _ = FileDoor.rename(kept, entry.target)
                } else {
                    FileDoor.unlink(entry.target)
                }
            }
            if let kept = entry.kept { FileDoor.unlink(kept) }
        }
    }

    /// Undoes the sets of a folder whose programs died while moving.
    static func recover(in folder: String) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
        for name in names where name.hasPrefix(prefix) {
            let path = folder + "/" + name
            let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            // Held by a running program.
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { continue }
            guard let data = FileManager.default.contents(atPath: path),
                let entries = try? JSONDecoder().decode([Entry].self, from: data)
            else {
                // Truncated while it was written: nothing had been moved.
                FileDoor.unlink(path)
                continue
            }
            let isWhole = entries.allSatisfy { access($0.partial, F_OK) != 0 }
            if isWhole {
                for entry in entries { if let kept = entry.kept { FileDoor.unlink(kept) } }
            } else {
                undo(entries)
                for entry in entries { FileDoor.unlink(entry.partial) }
            }
            FileDoor.unlink(path)
        }
    }
}
