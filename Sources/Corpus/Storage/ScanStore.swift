public import Foundation
import GRDB
public import SyncModel

/// A store that is open for writing: one process at a time, on one thread.
///
/// ```swift
/// let store = try ScanStore(path: "corpus.sqlite", parameters: #"{"checks":["lips"]}"#)
/// store.add(report.record(key: report.clip), identity: ContentIdentity.of(request))
/// try store.close()
/// ```
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

    /// One clip's result to be stored.
    private struct Result {
        let record: ClipRecord
        let identity: String
    }

    /// Opens a store, or creates it.
    ///
    /// - Parameters:
    ///   - parameters: what clips are measured with, as JSON: results with other parameters are not used for this scan.
    ///   - wait: whether to wait until another scan releases the store; `onWait` receives its holder.
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

    /// The stored result of a clip, if it was measured with these parameters and has not changed since; nil: measure
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

    /// Updates group, language and attributes of a stored clip with the next `commit`. Measurement and its time are
    /// unchanged.
    public func describe(_ record: ClipRecord) { described.append(record) }

    /// Writes all additions atomically; when it returns, they are on the disk.
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

    /// Stores a document about more than one clip, such as of views.
    public func keep(document body: String, kind: String, name: String) throws {
        do {
            try queue.write { db in
                try db.execute(
                    sql: "INSERT OR REPLACE INTO document(kind, name, body, made_at) VALUES (?, ?, ?, ?)",
                    arguments: [kind, name, body, StoreClock.now])
            }
        } catch { throw StoreError(error, path) }
    }

    /// Size of the parts in which a master's bytes are stored.
    private static let part = 16 << 20

    /// The stored data of a master with unchanged content; nil: none.
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

    /// Stores the data of a master that copies are compared with. Data of an earlier state of the file, or of an
    /// earlier method, is deleted.
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

    /// Commits, records the end of the scan, and leaves one file without a journal.
    ///
    /// - Parameter unchanged: number of clips with unchanged results.
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
