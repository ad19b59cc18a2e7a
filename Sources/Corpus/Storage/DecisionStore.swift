import Foundation
import GRDB
public import SyncModel

/// People's decisions in a store: each is on the disk when the call returns. A scan may write the same store at the
/// same time.
///
/// ```swift
/// let store = try DecisionStore(path: "corpus.sqlite")
/// let decision = Decision(key: "take3.mov", choice: .correct, offsetMilliseconds: -120, comment: "", by: "ann")
/// if case .overtaken(let other) = try store.keep(decision, seen: 0) { print("decided by \(other?.by ?? "")") }
/// ```
public final class DecisionStore: Sendable {
    public let path: String
    private let queue: DatabaseQueue

    /// - Throws: `StoreError`; the store must exist.
    public init(path: String) throws {
        self.path = path
        do {
            _ = try StoreFile.reader(path)
            queue = try StoreFile.writer(path)
        } catch { throw StoreError(error, path) }
    }

    /// The outcome of a decision.
    public enum Result: Sendable {
        case kept(Decision)
        /// Another person decided in the meantime: their decision is kept.
        case overtaken(by: Decision?)
    }

    /// Stores a decision with its finding's measurement, unless the clip's latest decision is not the one that was seen
    /// (0: none).
    public func keep(_ decision: Decision, seen: Int64) throws -> Result {
        do {
            return try queue.write { db in
                let latest = try DecisionRow.latest(db, key: decision.key)
                guard latest?.id ?? 0 == seen else { return .overtaken(by: latest) }
                var kept = decision
                kept.at = StoreClock.now
                if decision.finding == nil {
                    let clip = try Row.fetchOne(
                        db, sql: "SELECT verdict, method_version FROM clip WHERE key = ?", arguments: [decision.key])
                    kept.measuredVerdict = clip?[0] ?? ""
                    kept.methodVersion = (clip?[1] as String?).map(MethodVersion.init(rawValue:))
                }
                if kept.choice == .accept { kept.offsetMilliseconds = kept.measuredMilliseconds }
                try db.execute(
                    sql: """
                        INSERT INTO decision(clip_key, choice, offset_ms, comment, made_by, made_at, measured_verdict, \
                        measured_ms, method_version, finding)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        kept.key, kept.choice.rawValue, kept.offsetMilliseconds, kept.comment, kept.by, kept.at,
                        kept.measuredVerdict,
                        kept.measuredMilliseconds, kept.methodVersion?.rawValue, try DecisionRow.text(kept.finding),
                    ])
                kept.id = db.lastInsertedRowID
                return .kept(kept)
            }
        } catch { throw StoreError(error, path) }
    }

    /// Withdraws the person's latest valid decision; the row is kept and marked.
    ///
    /// - Returns: the withdrawn decision; nil: none.
    public func takeBack(by person: String) throws -> Decision? {
        do {
            return try queue.write { db in
                let row = try Row.fetchOne(
                    db,
                    sql:
                        """
                        SELECT \(try DecisionRow.columns(db)) FROM decision WHERE made_by = ? AND taken_back_at IS \
                        NULL ORDER \
                        BY made_at DESC, id DESC LIMIT 1
                        """,
                    arguments: [person])
                guard let decision = row.flatMap(DecisionRow.decision) else { return nil }
                try db.execute(
                    sql: "UPDATE decision SET taken_back_at = ? WHERE id = ?", arguments: [StoreClock.now, decision.id])
                return decision
            }
        } catch { throw StoreError(error, path) }
    }

    public func all() throws -> [Decision] {
        do { return try queue.read { try DecisionRow.standing($0) } } catch { throw StoreError(error, path) }
    }
}

extension StoreReader {
    /// The valid decisions, the latest of each clip, by the clips' names; none in a store of an earlier version without
    /// them.
    public func decisions() throws -> [Decision] {
        do { return try read { try DecisionRow.standing($0) } } catch { throw StoreError(error, path) }
    }

    /// The valid decision on a clip; nil: none.
    public func decision(key: String) throws -> Decision? {
        do { return try read { try $0.tableExists("decision") ? DecisionRow.latest($0, key: key) : nil } } catch {
            throw StoreError(error, path)
        }
    }

    /// One clip with its curves, and when it was measured.
    public func record(key: String) throws -> ClipRecord? {
        do {
            return try read { db in
                guard
                    let row = try Row.fetchOne(
                        db, sql: "SELECT \(RecordRow.columns) FROM clip WHERE key = ?", arguments: [key])
                else { return nil }
                return try RecordRow.record(row, db)
            }
        } catch { throw StoreError(error, path) }
    }
}

/// Rows of `decision`.
enum DecisionRow {
    /// Stores of version 0.1.0 that were not written since lack the column `finding`.
    static func columns(_ db: Database) throws -> String {
        let finding = try db.columns(in: "decision").contains { $0.name == "finding" } ? "finding" : "NULL AS finding"
        return """
            id, clip_key, choice, offset_ms, comment, made_by, made_at, measured_verdict, measured_ms, method_version, \
            \(finding)
            """
    }

    static func text(_ name: FindingName?) throws -> String? {
        guard let name else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(name), as: UTF8.self)
    }

    static func decision(_ row: Row) -> Decision? {
        guard let choice = Decision.Choice(rawValue: row[2]) else { return nil }
        var decision = Decision(key: row[1], choice: choice, offsetMilliseconds: row[3], comment: row[4], by: row[5])
        (decision.id, decision.at) = (row[0], row[6])
        (decision.measuredVerdict, decision.measuredMilliseconds) = (row[7], row[8])
        decision.finding = (row[10] as String?).flatMap {
            try? JSONDecoder().decode(FindingName.self, from: Data($0.utf8))
        }
        decision.methodVersion = (row[9] as String?).map(MethodVersion.init(rawValue:))
        return decision
    }

    static func latest(_ db: Database, key: String) throws -> Decision? {
        try Row.fetchOne(
            db,
            sql:
                """
                SELECT \(try columns(db)) FROM decision WHERE clip_key = ? AND taken_back_at IS NULL ORDER BY made_at \
                DESC, \
                id DESC LIMIT 1
                """,
            arguments: [key]
        ).flatMap(decision)
    }

    static func standing(_ db: Database) throws -> [Decision] {
        guard try db.tableExists("decision") else { return [] }
        return try Row.fetchAll(
            db,
            sql: """
                SELECT \(try columns(db)) FROM decision d WHERE taken_back_at IS NULL AND NOT EXISTS (SELECT 1 FROM \
                decision o \
                WHERE o.clip_key = d.clip_key AND o.taken_back_at IS NULL AND (o.made_at, o.id) > (d.made_at, d.id)) \
                ORDER BY clip_key
                """
        ).compactMap(decision)
    }
}
