public import Foundation

/// An atomic file: written under another name in the same folder, and moved to its place when it is completely on disk.
///
/// Without `finish` nothing of it remains: `discard`, deinitialisation and the end of the program remove it. It has the
/// permissions of a new file (0666 less the umask), also if it replaces one. A symbolic link in its place is replaced,
/// not its target.
public final class StagedFile {
    /// The final path.
    public let target: String
    /// The temporary path: in the same folder, with the same extension and an unpredictable name. The file exists and
    /// is empty.
    public let path: String
    private let folder: String
    private var descriptor: Int32
    /// Whether it is written directly to a device or a pipe.
    let isDirect: Bool
    private var isOver = false

    /// - Parameter writesThrough: write directly to a device or a pipe, not atomically; else these are refused.
    public init(_ target: String, writesThrough: Bool = false) throws(StagedFileError) {
        func failure(_ kind: StagedFileError.Kind) -> StagedFileError { StagedFileError(path: target, kind: kind) }
        if target.isEmpty { throw failure(.failed(ENOENT)) }
        self.target = target
        let url = URL(fileURLWithPath: target)
        folder = url.deletingLastPathComponent().path
        isDirect = StagedFile.isSpecial(target)
        if isDirect {
            guard writesThrough else { throw failure(.isSpecial) }
            path = target
            // Append: the target of standard output may have content already.
            descriptor = FileDoor.open(target, O_WRONLY | O_APPEND | O_CLOEXEC)
            if descriptor < 0 { throw failure(.failed(errno)) }
            return
        }
        var place = stat()
        if stat(target, &place) == 0, place.st_mode & S_IFMT == S_IFDIR { throw failure(.isFolder) }
        var token = StagedFile.token
        for _ in 0..<100 {
            let partial = folder + "/" + StagedFile.name(of: url.lastPathComponent, token)
            descriptor = FileDoor.open(partial, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC)
            if descriptor >= 0 {
                path = partial
                UnfinishedFiles.add(partial)
                return
            }
            guard errno == EEXIST else { throw failure(.failed(errno)) }
            token = StagedFile.drawn()
        }
        throw failure(.failed(EEXIST))
    }

    /// Writes a whole file atomically.
    public static func write(
        _ bytes: some ContiguousBytes, to target: String, replacing: Bool = true, writesThrough: Bool = false
    ) throws(StagedFileError) {
        let file = try StagedFile(target, writesThrough: writesThrough)
        try file.write(bytes)
        try file.finish(replacing: replacing)
    }

    /// Appends bytes; not to be mixed with writing by the path.
    public func write(_ bytes: some ContiguousBytes) throws(StagedFileError) {
        precondition(!isOver, "the file is finished or discarded")
        let code = bytes.withUnsafeBytes { bytes -> Int32 in
            var done = 0
            while done < bytes.count {
                let count = Foundation.write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
                if count > 0 { done += count } else if count < 0, errno != EINTR { return errno }
            }
            return 0
        }
        if code != 0 { throw failure(code) }
    }

    /// Moves the file to its place when it is completely on disk. On failure nothing of it remains and the existing
    /// file is unchanged, except if only syncing the folder failed, which comes last.
    ///
    /// - Parameter replacing: whether an existing file may be replaced; else the error is `exists`, also if it was
    ///   created in the meantime.
    public func finish(replacing: Bool) throws(StagedFileError) {
        precondition(!isOver, "the file is finished or discarded")
        defer { discard() }
        try prepare()
        if isDirect { return }
        try move(replacing: replacing)
    }

    /// Syncs and closes the file after the last write. May be called twice.
    func prepare() throws(StagedFileError) {
        guard descriptor >= 0 else { return }
        try check(onDisk())
        try check(closed())
    }

    /// Moves the prepared file to its place.
    func move(replacing: Bool) throws(StagedFileError) {
        if replacing { try check(moved()) } else { try put() }
        isOver = true
        UnfinishedFiles.remove(path)
        try check(StagedFile.folderOnDisk(folder))
    }

    /// Removes the file; does nothing after `finish`.
    public func discard() {
        guard !isOver else { return }
        isOver = true
        _ = closed()
        if isDirect { return }
        FileDoor.unlink(path)
        UnfinishedFiles.remove(path)
    }

    deinit { discard() }

    private func failure(_ code: Int32) -> StagedFileError { StagedFileError(path: target, kind: .failed(code)) }

    private func check(_ code: Int32) throws(StagedFileError) { if code != 0 { throw failure(code) } }

    /// Returns 0, or an `errno`.
    private func moved() -> Int32 { FileDoor.rename(path, target) == 0 ? 0 : errno }

    private func closed() -> Int32 {
        guard descriptor >= 0 else { return 0 }
        defer { descriptor = -1 }
        // Interrupted, it is closed nevertheless.
        return close(descriptor) == 0 || errno == EINTR ? 0 : errno
    }

    /// Moves the file to a place where no file exists.
    private func put() throws(StagedFileError) {
        let exists = StagedFileError(path: target, kind: .exists)
        if FileDoor.link(path, target) == 0 {
            FileDoor.unlink(path)
            return
        }
        if errno == EEXIST { throw exists }
        // File systems without links (FAT, some network ones): an empty file takes the name, and is replaced.
        let taken = FileDoor.open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC)
        if taken < 0 { throw errno == EEXIST ? exists : failure(errno) }
        close(taken)
        let code = moved()
        if code != 0 {
            FileDoor.unlink(target)
            throw failure(code)
        }
    }

    private func onDisk() -> Int32 {
        if isDirect { return StagedFile.onDisk(descriptor) }
        var (own, there) = (stat(), stat())
        guard lstat(path, &there) == 0 else { return errno }
        guard there.st_mode & S_IFMT == S_IFREG else { return EINVAL }
        if fstat(descriptor, &own) == 0, own.st_dev == there.st_dev, own.st_ino == there.st_ino {
            return StagedFile.onDisk(descriptor)
        }
        // A program that got the path may have written another file and moved it there.
        let other = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard other >= 0 else { return errno }
        defer { close(other) }
        return StagedFile.onDisk(other)
    }

    private static func onDisk(_ descriptor: Int32) -> Int32 {
        while fsync(descriptor) != 0 {
            // Pipes, and file systems without sync or write access, have nothing that could be lost.
            if [EINVAL, EROFS, ENOTSUP].contains(errno) { return 0 }
            guard errno == EINTR else { return errno }
        }
        return 0
    }

    /// Syncs the name in the folder too: else the file could be gone after a power failure.
    private static func folderOnDisk(_ folder: String) -> Int32 {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // A folder that is writable but not readable cannot be synced.
        guard descriptor >= 0 else { return errno == EACCES ? 0 : errno }
        defer { close(descriptor) }
        return onDisk(descriptor)
    }

    /// Whether a path is a device, a pipe or a socket, or an open descriptor such as `/dev/stdout`.
    private static func isSpecial(_ path: String) -> Bool {
        if ["/dev/std", "/dev/fd/", "/proc/"].contains(where: path.hasPrefix) { return true }
        var place = stat()
        return stat(path, &place) == 0 && ![S_IFREG, S_IFDIR].contains(place.st_mode & S_IFMT)
    }

    /// One per process, so that temporary names sort like the files' names.
    private static let token = drawn()

    private static func drawn() -> String {
        let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Shortens a name from the start if the whole exceeds the 255 bytes of file systems.
    private static func name(of name: String, _ token: String) -> String {
        let start = ".partial-\(token)-"
        var kept = Substring(name)
        while kept.utf8.count > 255 - start.utf8.count { kept = kept.dropFirst() }
        return start + kept
    }
}
