import Foundation
import GRDB
import SyncModel

/// Opens the file of a store.
enum StoreFile {
    /// Connection of the writer: creates the store if there is none, and migrates its tables.
    static func writer(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        let journal = isOnNetwork(path) ? "DELETE" : "WAL"
        configuration.prepareDatabase { db in
            // Another program's database is refused before a byte of it is changed.
            try refuseForeign(db, path)
            try db.execute(sql: "PRAGMA journal_mode = \(journal)")
            // Every commit reaches the disk: a reported result survives a power failure.
            try db.execute(sql: "PRAGMA synchronous = FULL")
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try refuseNewer(queue, path)
        try StoreSchema.migrator.migrate(queue)
        return queue
    }

    /// Read-only connection. Works during writes, and on a read-only store.
    static func reader(_ path: String) throws -> DatabaseQueue {
        guard FileManager.default.fileExists(atPath: path) else { throw StoreError.missing(path) }
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        // A writable connection removes the journal when it closes last; writes are disabled nevertheless.
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let isWritable = access(path, W_OK) == 0 && access(folder, W_OK) == 0
        configuration.readonly = !isWritable
        configuration.prepareDatabase { db in
            try refuseForeign(db, path, isReader: true)
            if isWritable { try db.execute(sql: "PRAGMA query_only = ON") }
        }
        let queue: DatabaseQueue
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
        } catch let error as DatabaseError
            where error.resultCode == .SQLITE_CANTOPEN || error.resultCode == .SQLITE_READONLY
        {
            // In a read-only folder there can be no journal, and nobody else can write either.
            guard FileManager.default.isReadableFile(atPath: path) else { throw error }
            guard !hasJournal(path) else { throw StoreError.journal(path) }
            configuration.readonly = true
            let still = try DatabaseQueue(path: uri(path) + "?immutable=1", configuration: configuration)
            try refuseNewer(still, path)
            return still
        }
        try refuseNewer(queue, path)
        return queue
    }

    /// Attaches a store to another's connection under a name, for reading as with `reader`.
    static func attach(_ path: String, as name: String, to db: Database) throws {
        do {
            try db.execute(sql: "ATTACH ? AS \(name)", arguments: [uri(path) + "?mode=ro"])
            _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM \(name).sqlite_master")
        } catch let error as DatabaseError
            where error.resultCode == .SQLITE_CANTOPEN || error.resultCode == .SQLITE_READONLY
        {
            guard !hasJournal(path) else { throw StoreError.journal(path) }
            try? db.execute(sql: "DETACH \(name)")
            try db.execute(sql: "ATTACH ? AS \(name)", arguments: [uri(path) + "?immutable=1"])
        }
    }

    /// Whether its journal has data that the file does not have yet.
    private static func hasJournal(_ path: String) -> Bool {
        let size = (try? FileManager.default.attributesOfItem(atPath: path + "-wal"))?[.size] as? Int
        return (size ?? 0) > 0
    }

    private static func uri(_ path: String) -> String {
        "file://" + escaped(path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path)
    }

    private static func refuseForeign(_ db: Database, _ path: String, isReader: Bool = false) throws {
        let id = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        guard id != StoreSchema.applicationID else { return }
        // The migrator's table is created first: a store whose creation was interrupted has nothing else.
        let tables =
            try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master WHERE tbl_name <> 'grdb_migrations'") ?? 0
        if id != 0 || tables > 0 || isReader { throw StoreError.notAStore(path) }
    }

    private static func refuseNewer(_ queue: DatabaseQueue, _ path: String) throws {
        if try queue.read(StoreSchema.migrator.hasBeenSuperseded) { throw StoreError.newer(path) }
    }

    /// Whether the file is on a network file system: WAL needs shared memory of all writers.
    static func isOnNetwork(_ path: String, mounts: String? = nil) -> Bool {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().resolvingSymlinksInPath().path
        guard let table = mounts ?? (try? String(contentsOfFile: "/proc/mounts", encoding: .utf8)) else { return false }
        // Device, mount point, type; of nested ones the longest mount point counts, of equal ones the last.
        var best: (length: Int, kind: Substring) = (-1, "")
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 2 else { continue }
            let place = fields[1].replacingOccurrences(of: "\\040", with: " ")
            let isWithin = place == "/" || folder == place || folder.hasPrefix(place + "/")
            if isWithin, place.count >= best.length { best = (place.count, fields[2]) }
        }
        let kinds: Set<Substring> = [
            "nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "lustre", "9p", "afs", "glusterfs", "beegfs", "gpfs",
        ]
        return kinds.contains(best.kind) || best.kind.hasPrefix("fuse")
    }

    /// A path for a URI of SQLite's.
    static func escaped(_ path: String) -> String {
        path.utf8.map { byte in
            let isPlain = byte.isLetterOrDigit || "/._-".utf8.contains(byte)
            let hex = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (hex.count < 2 ? "0" : "") + hex
        }.joined()
    }
}

extension UInt8 {
    fileprivate var isLetterOrDigit: Bool {
        (48...57).contains(self) || (65...90).contains(self) || (97...122).contains(self)
    }
}
