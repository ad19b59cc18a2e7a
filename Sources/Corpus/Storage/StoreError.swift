import Foundation
import GRDB
import SyncModel

/// Why a store cannot be used, with the remedy.
public struct StoreError: Error, Sendable, CustomStringConvertible {
    /// Which store, and what is wrong.
    public let message: String
    public let remedy: String

    public var description: String { "\(message); \(remedy)" }

    static func missing(_ path: String) -> StoreError {
        StoreError(
            message: "the store \(path.printable) does not exist",
            remedy: "check the path, or create it with 'genlock scan ... --store \(path.printable)'")
    }

    static func notAStore(_ path: String) -> StoreError {
        StoreError(
            message: "\(path.printable) is not a genlock store",
            remedy: "name another file; this one is unchanged")
    }

    static func newer(_ path: String) -> StoreError {
        StoreError(
            message: "\(path.printable) was written by a newer version of genlock; this is \(Version.tool)",
            remedy: "install the newer version; the store is unchanged")
    }

    static func held(_ path: String, by holder: String) -> StoreError {
        StoreError(
            message: "\(path.printable) is being written by another scan (\(holder))",
            remedy:
                """
                wait for it with --wait, or use a separate store and combine them with 'genlock merge'
                """
        )
    }

    /// The latest results are in a journal that cannot be read in its folder.
    static func journal(_ path: String) -> StoreError {
        StoreError(
            message:
                """
                the latest results of \(path.printable) are still in \((path + "-wal").printable), which cannot be \
                read in a read-only folder
                """,
            remedy: "copy both files to a writable folder, and name the copy")
    }

    /// A SQLite error as a message for people.
    init(_ error: any Error, _ path: String) {
        if let error = error as? StoreError {
            self = error
            return
        }
        let store = path.printable
        guard let error = error as? DatabaseError else {
            self.init(
                message: "\(store) cannot be used: \(error.localizedDescription)",
                remedy: "check the path and its folder")
            return
        }
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(
                message: "the disk that holds \(store) is full",
                remedy: "free some space and run the same command again: completed work is kept")
        case .SQLITE_READONLY, .SQLITE_PERM:
            self.init(
                message: "\(store) cannot be written",
                remedy: "give yourself write permission to it and to its folder, or name another store")
        case .SQLITE_CANTOPEN:
            self.init(message: "\(store) cannot be opened", remedy: "check that its folder exists and is writable")
        case .SQLITE_NOTADB: self = .notAStore(path)
        case .SQLITE_CORRUPT:
            self.init(
                message: "\(store) is damaged",
                remedy: "recover what is left with: sqlite3 \(store) .recover | sqlite3 recovered.sqlite")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                message: "\(store) is in use by another program",
                remedy: "close it there and run the same command again")
        case .SQLITE_IOERR:
            self.init(
                message: "the disk that holds \(store) reports errors (\(error.message ?? "unknown"))",
                remedy: "check the disk or the network mount, then run the same command again: completed work is kept")
        default:
            self.init(
                message: "\(store) cannot be used: \(error.message ?? "SQLite error \(error.resultCode.rawValue)")",
                remedy: "check it with: sqlite3 \(store) 'PRAGMA integrity_check'")
        }
    }

    init(message: String, remedy: String) {
        self.message = message
        self.remedy = remedy
    }
}
