import Files
import Foundation
import SignalCore
public import SyncModel

/// Cache of remote files in a folder of the user, of limited size.
///
/// Copies in use are kept; of the others, the least recently used are removed first. Several processes may share a
/// folder: a copy in use is locked.
public final class FetchCache: @unchecked Sendable {
    // Unchecked: numbers are guarded by the lock, all else is in the file system.

    /// A copy in use; it may be removed when nothing refers to this any more.
    public final class Copy: @unchecked Sendable {
        // Unchecked: nothing changes.
        public let path: String
        private let descriptor: Int32
        private let bytes: Int
        private let cache: FetchCache

        fileprivate init(_ path: String, _ descriptor: Int32, _ bytes: Int, _ cache: FetchCache) {
            (self.path, self.descriptor, self.bytes, self.cache) = (path, descriptor, bytes, cache)
        }

        deinit {
            close(descriptor)
            cache.released(bytes)
        }
    }

    public let folder: String
    /// In bytes.
    public let limit: Int
    private let condition = Monitor()
    /// Bytes in the folder, as far as this process knows, and reserved bytes.
    private var total = 0
    /// Of them, those that this process uses or will use.
    private var held = 0
    private var made = 0

    public static let standardLimit = 10 << 30
    private static let unfinished = ".part-"

    /// The user's own: `$GENLOCK_CACHE`, else below `$XDG_CACHE_HOME` or `~/.cache`.
    public static func standardFolder(_ environment: [String: String]) -> String {
        if let named = environment["GENLOCK_CACHE"], !named.isEmpty { return named }
        let base = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        return (base ?? (environment["HOME"] ?? NSHomeDirectory()) + "/.cache") + "/genlock/clips"
    }

    /// - Throws: `ClipFailure` if the folder cannot be created or written to.
    public init(folder: String, limit: Int = standardLimit) throws(ClipFailure) {
        self.folder = folder
        self.limit = limit
        let code = FileDoor.makeFolders(folder)
        guard code == 0, access(folder, W_OK | X_OK) == 0 else {
            throw ClipFailure(
                code: "no-cache",
                message:
                    "\(folder.printable) cannot be written to (\(String(cString: strerror(code == 0 ? errno : code))))",
                remedy: "set GENLOCK_CACHE to another folder for fetched clips")
        }
        // Partial files left by killed processes.
        for name in FetchCache.names(folder) where name.hasPrefix(FetchCache.unfinished) {
            removeUnlessUsed(folder + "/" + name)
        }
        total = FetchCache.entries(folder).reduce(0) { $0 + $1.size }
    }

    // MARK: Copies

    /// The name of a file's copy: the extension is kept, since it indicates the format.
    func name(_ address: String, _ version: String) -> String {
        let text = Array("\(version)\n\(address)".utf8)
        // Twice, since 64 bits are short for millions of names.
        let hash = [FNV1a(of: text), FNV1a(of: text.reversed() + text)].map { hash in
            let digits = String(hash.value, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
        let path = address.prefix { $0 != "?" && $0 != "#" }
        let ending = String(path).endingOfPath.lowercased()
        let isPlain = ending.count <= 8 && ending.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return hash + (isPlain && !ending.isEmpty ? "." + ending : "")
    }

    /// Starts using a copy; nil: it does not exist.
    func copy(_ name: String) -> Copy? {
        let path = folder + "/" + name
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard flock(descriptor, LOCK_SH) == 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            // Not removed between opening and locking.
            status.st_nlink > 0
        else {
            close(descriptor)
            return nil
        }
        // Used just now.
        futimens(descriptor, nil)
        condition.withLock { held += Int(status.st_size) }
        return Copy(path, descriptor, Int(status.st_size), self)
    }

    /// Reserves space, removes unused copies, and waits for copies in use.
    ///
    /// - Throws: `ClipFailure` if there will never be enough space, or the request was cancelled.
    func reserve(_ bytes: Int, for address: String, isWanted: () -> Bool) throws(ClipFailure) {
        guard bytes <= limit else { throw tooLarge(address, bytes) }
        var disk = statvfs()
        if statvfs(folder, &disk) == 0, Int(clamping: disk.f_bavail) &* Int(clamping: disk.f_frsize) < bytes {
            throw ClipFailure(
                code: "not-fetched",
                message: "\(address.printable) has \(bytes >> 20) MB, which do not fit in \(folder.printable)",
                remedy: "free some disk space, or set GENLOCK_CACHE to another folder")
        }
        condition.lock()
        defer { condition.unlock() }
        while true {
            if total + bytes > limit { total = makeRoom(limit - bytes - held) + held }
            // Copies used by other processes must not block this one forever.
            if total + bytes <= limit || held == 0 {
                total += bytes
                held += bytes
                return
            }
            guard isWanted() else { throw RemoteFile.givenUp }
            condition.wait(seconds: 0.1)
        }
    }

    func tooLarge(_ address: String, _ bytes: Int) -> ClipFailure {
        ClipFailure(
            code: "not-fetched",
            message: "\(address.printable) has \(bytes >> 20) MB; the limit for fetched clips is \(limit >> 20) MB",
            remedy: "raise --cache-size, or fetch it yourself and name the file")
    }

    /// Releases reserved space, or assigns it to a copy in use.
    func release(_ bytes: Int) {
        condition.withLock {
            held -= bytes
            total -= bytes
            condition.broadcast()
        }
    }

    /// A file to be filled.
    func begin() throws(ClipFailure) -> (path: String, descriptor: Int32) {
        let number = condition.withLock {
            made += 1
            return made
        }
        let path = "\(folder)/\(FetchCache.unfinished)\(getpid())-\(number)"
        let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0, flock(descriptor, LOCK_SH) == 0 else {
            throw ClipFailure(
                code: "not-fetched",
                message: "\(path.printable) cannot be created (\(String(cString: strerror(errno))))",
                remedy: "free some disk space, or set GENLOCK_CACHE to another folder")
        }
        return (path, descriptor)
    }

    /// A completed file becomes a copy in use, or is removed.
    func end(_ file: (path: String, descriptor: Int32), as name: String?) throws(ClipFailure) -> Copy? {
        guard let name else {
            unlink(file.path)
            close(file.descriptor)
            return nil
        }
        var status = stat()
        let path = folder + "/" + name
        guard fstat(file.descriptor, &status) == 0, rename(file.path, path) == 0 else {
            let code = errno
            unlink(file.path)
            close(file.descriptor)
            throw ClipFailure(
                code: "not-fetched",
                message: "\(path.printable) cannot be created (\(String(cString: strerror(code))))",
                remedy: "check \(folder.printable)")
        }
        condition.withLock {
            held += Int(status.st_size)
            total += Int(status.st_size)
        }
        return Copy(path, file.descriptor, Int(status.st_size), self)
    }

    private func released(_ bytes: Int) {
        condition.withLock {
            held -= bytes
            condition.broadcast()
        }
    }

    // MARK: The folder

    private static func names(_ folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }

    private static func entries(_ folder: String) -> [(path: String, size: Int, time: Int)] {
        names(folder).compactMap { name in
            guard !name.hasPrefix(unfinished) else { return nil }
            var status = stat()
            let path = folder + "/" + name
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
            return (path, Int(status.st_size), status.st_mtim.tv_sec)
        }
    }

    /// Removes unused copies down to a limit in bytes; a tenth more is removed, so that this is seldom needed.
    ///
    /// - Returns: the remaining bytes.
    private func makeRoom(_ bytes: Int) -> Int {
        var left = 0
        var free: [(path: String, size: Int, time: Int)] = []
        for entry in FetchCache.entries(folder) {
            if isUsed(entry.path) { continue }
            left += entry.size
            free.append(entry)
        }
        guard left > bytes else { return left }
        for entry in free.sorted(by: { ($0.time, $0.path) < ($1.time, $1.path) }) {
            guard left > max(0, bytes - limit / 10) else { break }
            if removeUnlessUsed(entry.path) { left -= entry.size }
        }
        return left
    }

    private func isUsed(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) != 0
    }

    @discardableResult
    private func removeUnlessUsed(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0 && unlink(path) == 0
    }
}
