import Foundation

/// Temporary files, removed if the program ends early.
enum UnfinishedFiles {
    private static let lock = NSLock()
    nonisolated(unsafe) private static var paths: Set<String> = []
    private static let isWatched: Bool = {
        atexit { UnfinishedFiles.clear() }
        return true
    }()

    static func add(_ path: String) {
        _ = isWatched
        lock.withLock { _ = paths.insert(path) }
    }

    static func remove(_ path: String) { lock.withLock { _ = paths.remove(path) } }

    private static func clear() { lock.withLock { for path in paths { FileDoor.unlink(path) } } }
}
