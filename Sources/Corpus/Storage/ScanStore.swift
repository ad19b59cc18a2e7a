public import Foundation
import GRDB
public import SyncModel

/// A store that is open for writing: one process at a time, on one thread.
public final class ScanStore {
    public let path: String
    /// nil once it is closed: then another may write.
    private var lock: StoreLock?
    private let queue: DatabaseQueue
    private let parametersID: Int64
    private let scanID: Int64
    private var waiting: [Result] = []
    private var described: [ClipRecord] = []
    private var measured = 0

    /// One clip's result on its way into the store.
    private struct Result {
        let record: ClipRecord
        let identity: String
    }

    /// Opens a store, or makes it.
    ///
    /// - Parameters:
    ///   - parameters: what clips are measured with, as JSON: results of others are not taken for this scan's.
    ///   - wait: wait until another scan lets go of the store; `onWait` is told who holds it.
    /// - Throws: `StoreError`.
    public init(path: String, parameters: String, wait: Bool = false, onWait: (String) -> Void = { _ in }) throws {
        self.path = path
        do {
            lock = try StoreLock(store: path, waiting: wait ? 0.5 : nil, onWait: onWait)
            queue = try StoreFile.writer(path)
            (parametersID, scanID) = try queue.write { db in
                try db.execute(sql: "INSERT OR IGNORE INTO parameters(document) VALUES (?)", arguments: [parameters])
                let parametersID = try Int64.fetchOne(
                    db, sql: "SELECT id FROM parameters WHERE document = ?", arguments: [parameters])
                try db.execute(
                    sql: "INSERT INTO scan(started_at, tool_version) VALUES (?, ?)",
                    arguments: [StoreClock.now, Version.tool])
                return (parametersID ?? 0, db.lastInsertedRowID)
            }
        } catch { throw StoreError(error, path) }
    }

    /// The kept result of a clip, where it was measured with these parameters and has not changed since; nil: measure
    /// it.
    public func result(key: String, identity: String) throws -> ClipRecord? {
        do {
            return try queue.read { try RecordRow.kept($0, key: key, identity: identity, parametersID) }
        } catch { throw StoreError(error, path) }
    }

    /// Adds a result; it is durable with the next `commit`.
    public func add(_ record: ClipRecord, identity: String) {
        waiting.append(Result(record: record, identity: identity))
    }

    /// Brings what is said of a kept clip up to date with the next `commit`: its group, its language and its
    /// attributes. What was measured, and when, stays.
    public func describe(_ record: ClipRecord) { described.append(record) }

    /// Writes what was added, all of it or nothing; when it returns, it is on the disk.
    public func commit() throws {
        guard !waiting.isEmpty || !described.isEmpty else { return }
        do {
            try queue.write { db in
                for result in waiting {
                    try RecordRow.insert(result.record, identity: result.identity, parametersID, db)
                }
                for record in described { try RecordRow.describe(record, db) }
            }
        } catch { throw StoreError(error, path) }
        measured += waiting.count
        waiting.removeAll(keepingCapacity: true)
        described.removeAll(keepingCapacity: true)
    }

    /// Keeps a document about more than one clip, such as one of views.
    public func keep(document body: String, kind: String, name: String) throws {
        do {
            try queue.write { db in
                try db.execute(
                    sql: "INSERT OR REPLACE INTO document(kind, name, body, made_at) VALUES (?, ?, ?, ?)",
                    arguments: [kind, name, body, StoreClock.now])
            }
        } catch { throw StoreError(error, path) }
    }

    /// A master's bytes are kept in parts of so many.
    private static let part = 16 << 20

    /// What was kept of a master whose content is still that; nil: nothing.
    public func master(identity: String, method: String) throws -> Data? {
        do {
            return try queue.read { db in
                let id = try Int64.fetchOne(
                    db, sql: "SELECT id FROM master WHERE identity = ? AND method = ?", arguments: [identity, method])
                guard let id else { return nil }
                var whole = Data()
                let parts = try Data.fetchCursor(
                    db, sql: "SELECT body FROM master_part WHERE master_id = ? ORDER BY number", arguments: [id])
                while let part = try parts.next() { whole.append(part) }
                return whole
            }
        } catch { throw StoreError(error, path) }
    }

    /// Keeps what copies are compared with of a master. What was kept of the same file in an earlier state, or by an
    /// earlier method, goes.
    public func keep(master body: Data, of file: String, identity: String, method: String) throws {
        do {
            try queue.write { db in
                try db.execute(
                    sql: "DELETE FROM master WHERE path = ? OR identity = ?", arguments: [file, identity])
                try db.execute(
                    sql: "INSERT INTO master(path, identity, method, made_at) VALUES (?, ?, ?, ?)",
                    arguments: [file, identity, method, StoreClock.now])
                let id = db.lastInsertedRowID
                for (number, first) in stride(from: 0, to: body.count, by: ScanStore.part).enumerated() {
                    try db.execute(
                        sql: "INSERT INTO master_part(master_id, number, body) VALUES (?, ?, ?)",
                        arguments: [id, number, body.subdata(in: first..<min(body.count, first + ScanStore.part))])
                }
            }
        } catch { throw StoreError(error, path) }
    }

    /// Commits, says when the scan ended, and leaves one file without a journal beside it.
    ///
    /// - Parameter unchanged: how many clips' kept results stood.
    public func close(unchanged: Int = 0) throws {
        try commit()
        do {
            try queue.write { db in
                try db.execute(
                    sql: "UPDATE scan SET ended_at = ?, measured = ?, unchanged = ? WHERE id = ?",
                    arguments: [StoreClock.now, measured, unchanged, scanID])
            }
            try? queue.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
            try queue.close()
            lock = nil
        } catch { throw StoreError(error, path) }
    }
}
