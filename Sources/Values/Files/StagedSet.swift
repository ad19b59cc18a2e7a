import Foundation

/// Files that come to their places together: all of them, or none.
///
/// Each is written beside its place first. When all are on the disk they are moved one after the other; what was
/// replaced is kept until the last one lies, and comes back where one fails. A journal in the folder of the first file
/// says what is under way: where the program is killed in between, the next set that is begun in that folder undoes it.
public final class StagedSet {
    private var files: [StagedFile] = []
    private let writesThrough: Bool

    /// - Parameter writesThrough: write to devices and pipes directly; these are not undone.
    public init(writesThrough: Bool = false) { self.writesThrough = writesThrough }

    public var isEmpty: Bool { files.isEmpty }

    /// Undoes the sets of a folder whose programs were killed while they were moved; `add` does so by itself.
    public static func recover(in folder: String) { SetJournal.recover(in: folder) }

    /// Begins a file; nothing lies in its place before `finish`.
    ///
    /// - Throws: `StagedFileError`, also where the set has a file of that place already.
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

    /// Moves all files to their places, when all of them are on the disk.
    ///
    /// - Parameter replacing: whether what lies there may be replaced; else the error is `exists`.
    /// - Throws: `StagedFileError` of the first that failed: then nothing has changed.
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

    /// Leaves nothing of it; after `finish` it does nothing.
    public func discard() {
        for file in files { file.discard() }
        files = []
    }

    deinit { discard() }
}

/// What a set that is being moved replaces, on the disk before the first file is moved.
private struct SetJournal {
    private struct Entry: Codable {
        let target: String
        let partial: String
        /// The file's number in its file system, by which it is known after it was moved.
        let inode: UInt64
        /// Another name of what lay in its place; nil: nothing did.
        let kept: String?
    }

    private static let prefix = ".genlock-set-"
    private let path: String
    private let entries: [Entry]
    /// Locked while its program lives.
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

    /// Gives a file a second name; where the file system has none, a copy.
    ///
    /// - Returns: nil, or what went wrong.
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

    /// Takes back what was moved, the last file first.
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
            // It may lie there under both names: a new file gets its place by a link.
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

    /// Undoes the sets of a folder whose programs died while they were moved.
    static func recover(in folder: String) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return }
        for name in names where name.hasPrefix(prefix) {
            let path = folder + "/" + name
            let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            // Another program's that is at work.
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { continue }
            guard let data = FileManager.default.contents(atPath: path),
                let entries = try? JSONDecoder().decode([Entry].self, from: data)
            else {
                // It was cut off while it was written: nothing had been moved.
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
