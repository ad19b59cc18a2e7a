import Foundation
import SyncModel

/// The right to write a store: one process at a time has it, and loses it when it exits, in any way.
///
/// A lock on the file `STORE-lock` next to the store, which names the holder.
final class StoreLock {
    private let path: String
    private let descriptor: Int32

    /// - Parameters:
    ///   - wait: seconds between tries; nil: one try.
    ///   - lock: locks a descriptor like `flock`; replaced only in tests.
    /// - Throws: `StoreError`: another process holds it, or the file system has no locks.
    init(
        store: String, waiting wait: Double?, lock: (Int32, Int32) -> Int32 = { flock($0, $1) },
        onWait: (String) -> Void
    ) throws {
        path = store + "-lock"
        var told = false
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
            guard descriptor >= 0 else {
                let reason = String(cString: strerror(errno))
                throw StoreError(
                    message: "\(store.printable) cannot be written: \(reason)",
                    remedy: "check that its folder exists and is writable, or name another store")
            }
            var failure: Int32
            repeat { failure = lock(descriptor, LOCK_EX | LOCK_NB) == 0 ? 0 : errno } while failure == EINTR
            if failure == 0 {
                // The previous holder may have removed the file in the meantime: then this lock is stale.
                var mine = stat()
                var there = stat()
                if fstat(descriptor, &mine) == 0, stat(path, &there) == 0, mine.st_ino == there.st_ino {
                    self.descriptor = descriptor
                    let words = "process \(getpid()) on \(ProcessInfo.processInfo.hostName), since \(StoreClock.now)"
                    ftruncate(descriptor, 0)
                    _ = words.withCString { pwrite(descriptor, $0, strlen($0), 0) }
                    return
                }
                close(descriptor)
                continue
            }
            guard failure == EWOULDBLOCK else {
                close(descriptor)
                throw StoreLock.refused(store, failure)
            }
            let holder = StoreLock.read(descriptor)
            close(descriptor)
            guard let wait else { throw StoreError.held(store, by: holder) }
            if !told { onWait(holder) }
            told = true
            usleep(UInt32(wait * 1e6))
        }
    }

    /// Not held by another process: the file system has no locks, or none left.
    private static func refused(_ store: String, _ failure: Int32) -> StoreError {
        let reason = String(cString: strerror(failure))
        let isWithoutLocks = [ENOLCK, ENOSYS, EOPNOTSUPP, EINVAL].contains(failure)
        return StoreError(
            message: isWithoutLocks
                ? """
                \(store.printable) is on a file system without file locks (\(reason)): two scans could write it at once
                """ : "\(store.printable) cannot be locked: \(reason)",
            remedy: "keep the store on a local disk, and copy it after the scan")
    }

    private static func read(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        return count > 0 ? String(decoding: bytes[0..<count], as: UTF8.self).printable : "not identified"
    }

    deinit {
        unlink(path)
        close(descriptor)
    }
}

/// The only clock of a store.
enum StoreClock {
    /// Now, in UTC to a microsecond, such as 2026-01-31T23:59:59.000001Z: later times sort later.
    static var now: String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        var parts = tm()
        gmtime_r(&time.tv_sec, &parts)
        var text = [CChar](repeating: 0, count: 32)
        strftime(&text, text.count, "%Y-%m-%dT%H:%M:%S", &parts)
        let micro = String(time.tv_nsec / 1000)
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            + "." + String(repeating: "0", count: 6 - micro.count) + micro + "Z"
    }
}
