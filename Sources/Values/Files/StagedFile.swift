public import Foundation

/// A file that is there whole or not at all: written under another name in the same folder, and moved to its place when
/// all of it is on the disk.
///
/// Without `finish` nothing is left of it: `discard`, the end of the value and that of the program take it away. It has
/// the permissions of any new file (0666 less the umask), also where it replaces one. Of a symbolic link in its place
/// the link is replaced, not what it leads to.
public final class StagedFile {
    /// Where it will lie.
    public let target: String
    /// Where it is written meanwhile: in the same folder, with the same ending, under a name that cannot be guessed.
    /// It is there, and empty.
    public let path: String
    private let folder: String
    private var descriptor: Int32
    /// Written to a device or a pipe.
    let isDirect: Bool
    private var isOver = false

    /// - Parameter writesThrough: write to a device or a pipe directly, which is then not whole or nothing; else these
    ///   are refused.
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
            // To the end: what standard output was sent to may hold something already.
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

    /// Writes a whole file to its place.
    public static func write(
        _ bytes: some ContiguousBytes, to target: String, replacing: Bool = true, writesThrough: Bool = false
    ) throws(StagedFileError) {
        let file = try StagedFile(target, writesThrough: writesThrough)
        try file.write(bytes)
        try file.finish(replacing: replacing)
    }

    /// Appends to what was written so far; not to be mixed with writing by the path.
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

    /// Moves the file to its place when all of it is on the disk. Where that fails nothing is left of it, and what lay
    /// in its place lies there still; unless only the folder could not be written to the disk, which comes last.
    ///
    /// - Parameter replacing: whether what lies there may be replaced; else the error is `exists`, also where it was
    ///   made meanwhile.
    public func finish(replacing: Bool) throws(StagedFileError) {
        precondition(!isOver, "the file is finished or discarded")
        defer { discard() }
        try prepare()
        if isDirect { return }
        try move(replacing: replacing)
    }

    /// Writes it to the disk and closes it, when nothing more is written to it. It may be done twice.
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

    /// Leaves nothing of it; after `finish` it does nothing.
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

    /// 0, or what went wrong.
    private func moved() -> Int32 { FileDoor.rename(path, target) == 0 ? 0 : errno }

    private func closed() -> Int32 {
        guard descriptor >= 0 else { return 0 }
        defer { descriptor = -1 }
        // Interrupted, it is closed all the same.
        return close(descriptor) == 0 || errno == EINTR ? 0 : errno
    }

    /// Moves the file to a place where nothing lies.
    private func put() throws(StagedFileError) {
        let exists = StagedFileError(path: target, kind: .exists)
        if FileDoor.link(path, target) == 0 {
            FileDoor.unlink(path)
            return
        }
        if errno == EEXIST { throw exists }
        // File systems without links (FAT, some network ones): the name is taken by an empty file, which is replaced.
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
        // A program that was given the path wrote another file and moved it there.
        let other = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard other >= 0 else { return errno }
        defer { close(other) }
        return StagedFile.onDisk(other)
    }

    private static func onDisk(_ descriptor: Int32) -> Int32 {
        while fsync(descriptor) != 0 {
            // Pipes, and file systems that do not know of it or cannot be written to, have nothing that could be lost.
            if [EINVAL, EROFS, ENOTSUP].contains(errno) { return 0 }
            guard errno == EINTR else { return errno }
        }
        return 0
    }

    /// The name in the folder too: else the file could be gone after a power cut.
    private static func folderOnDisk(_ folder: String) -> Int32 {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // A folder that may be written to and not read cannot be asked.
        guard descriptor >= 0 else { return errno == EACCES ? 0 : errno }
        defer { close(descriptor) }
        return onDisk(descriptor)
    }

    /// Whether a path leads to a device, a pipe or a socket, or to what a process has open, such as `/dev/stdout`.
    private static func isSpecial(_ path: String) -> Bool {
        if ["/dev/std", "/dev/fd/", "/proc/"].contains(where: path.hasPrefix) { return true }
        var place = stat()
        return stat(path, &place) == 0 && ![S_IFREG, S_IFDIR].contains(place.st_mode & S_IFMT)
    }

    /// One for all files of a program, so that their names under way are in the order of their names.
    private static let token = drawn()

    private static func drawn() -> String {
        let digits = String(UInt64.random(in: 0 ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// A name's beginning is left out where file systems would find the whole too long: more than 255 bytes.
    private static func name(of name: String, _ token: String) -> String {
        let start = ".partial-\(token)-"
        var kept = Substring(name)
        while kept.utf8.count > 255 - start.utf8.count { kept = kept.dropFirst() }
        return start + kept
    }
}
