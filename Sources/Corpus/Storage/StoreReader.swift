import Foundation
import GRDB
public import SyncModel

/// A store that is open for reading; a scan may write it at the same time.
///
/// ```swift
/// let reader = try StoreReader(path: "corpus.sqlite")
/// for (record, measuredAt) in try reader.records(documents: false) {
///     print("\(record.clip): \(record.verdict.rawValue), \(measuredAt)")
/// }
/// ```
public final class StoreReader {
    public let path: String
    private let queue: DatabaseQueue

    /// - Throws: `StoreError`.
    public init(path: String) throws {
        self.path = path
        do { queue = try StoreFile.reader(path) } catch { throw StoreError(error, path) }
    }

    func read<T>(_ body: (Database) throws -> T) throws -> T { try queue.read(body) }

    /// All clips by key, as one snapshot.
    ///
    /// - Parameters:
    ///   - documents: also read the JSON documents; without them they are empty. Findings then have only the values of
    ///     the columns; `ClipRecord.completed` has the rest.
    ///   - curves: also read the correlation curves.
    ///   - curvesOf: checks whose findings' curves and documents are read in any case.
    public func records(documents: Bool = true, curves: Bool = false, curvesOf: Set<Check> = []) throws -> [(
        record: ClipRecord, measuredAt: String
    )] {
        do {
            return try queue.read { db in
                // Three cursors over the clips in the same order, instead of a query per clip.
                let clips = try Row.fetchCursor(
                    db,
                    sql: "SELECT \(without(RecordRow.columns, document: !documents)), measured_at FROM clip ORDER BY id"
                )
                let findings = try Row.fetchCursor(
                    db,
                    sql:
                        """
                        SELECT \(without(RecordRow.findingColumns, document: !documents, but: curvesOf)) \
                        FROM finding ORDER BY clip_id, number
                        """
                )
                let attributes = try Row.fetchCursor(
                    db, sql: "SELECT clip_id, name, value FROM attribute ORDER BY clip_id, number")
                var finding = try findings.next()
                var attribute = try attributes.next()
                var result: [(record: ClipRecord, measuredAt: String)] = []
                while let row = try clips.next() {
                    var record = try RecordRow.record(row)
                    let id: Int64 = row[0]
                    while let here = finding, (here[0] as Int64) == id {
                        let isWanted = curves || curvesOf.contains { $0.rawValue == (here[1] as String) }
                        try RecordRow.append(here, to: &record, curves: isWanted)
                        finding = try findings.next()
                    }
                    while let here = attribute, (here[0] as Int64) == id {
                        record.attributes.append(ClipRecord.Attribute(here[1], here[2]))
                        attribute = try attributes.next()
                    }
                    result.append((record, row[17]))
                }
                return result
            }
        } catch { throw StoreError(error, path) }
    }

    /// With and without documents.
    private lazy var findingsOfClip = (
        whole: "SELECT \(RecordRow.findingColumns) FROM finding WHERE clip_id = ? ORDER BY number",
        bare:
            "SELECT \(without(RecordRow.findingColumns, document: true)) FROM finding WHERE clip_id = ? ORDER BY number"
    )

    /// The findings of one clip, with their curves; nil if the store does not have it.
    func findings(of key: String, documents: Bool) throws -> (findings: [Finding], measuredAt: String)? {
        do {
            return try queue.read { db in
                let clip = try db.cachedStatement(sql: "SELECT id, measured_at FROM clip WHERE key = ?")
                guard let row = try Row.fetchOne(clip, arguments: [key]) else { return nil }
                let id: Int64 = row[0]
                let findings = try db.cachedStatement(sql: documents ? findingsOfClip.whole : findingsOfClip.bare)
                let found = try Row.fetchAll(findings, arguments: [id]).map { row in
                    var finding = try RecordRow.finding(row)
                    finding.complete(from: row[14])
                    return finding
                }
                return (found, row[1])
            }
        } catch { throw StoreError(error, path) }
    }

    /// A list of columns with empty documents, except for findings of some checks.
    private func without(_ columns: String, document isLeftOut: Bool, but checks: Set<Check> = []) -> String {
        guard isLeftOut else { return columns }
        guard checks.isEmpty else {
            let names = checks.map { "'\($0.rawValue)'" }.sorted().joined(separator: ", ")
            return columns.replacingOccurrences(
                of: "document", with: "CASE WHEN check_name IN (\(names)) THEN document ELSE '' END")
        }
        return columns.replacingOccurrences(of: "document_head", with: "''").replacingOccurrences(
            of: "document_tail", with: "''"
        )
        .replacingOccurrences(of: "document", with: "''")
    }

    /// The clips of several stores by key; if one is in several of them, its latest result counts.
    public static func records(
        of paths: [String], documents: Bool = true, curves: Bool = false, curvesOf: Set<Check> = []
    ) throws -> [ClipRecord] {
        var all = try paths.flatMap {
            try StoreReader(path: $0).records(documents: documents, curves: curves, curvesOf: curvesOf)
        }
        all.sort { ($0.record.key, $1.measuredAt) < ($1.record.key, $0.measuredAt) }
        var result: [ClipRecord] = []
        result.reserveCapacity(all.count)
        for (record, _) in all where result.last?.key != record.key { result.append(record) }
        return result
    }

    /// The result that a scan with these parameters would reuse, as `ScanStore.result`.
    public func result(key: String, identity: String, parameters: String) throws -> ClipRecord? {
        do {
            return try queue.read { db in
                guard
                    let id = try Int64.fetchOne(
                        db, sql: "SELECT id FROM parameters WHERE document = ?", arguments: [parameters])
                else { return nil }
                return try RecordRow.kept(db, key: key, identity: identity, id)
            }
        } catch { throw StoreError(error, path) }
    }

    /// The parameters of a clip's measurement; nil: the store does not have it.
    public func parameters(key: String) throws -> String? {
        do {
            return try queue.read { db in
                try String.fetchOne(
                    db,
                    sql: "SELECT document FROM parameters JOIN clip ON parameters.id = parameters_id WHERE key = ?",
                    arguments: [key])
            }
        } catch { throw StoreError(error, path) }
    }

    /// One document about more than one clip; nil: none.
    public func document(kind: String, name: String) throws -> String? {
        do {
            return try queue.read { db in
                try String.fetchOne(
                    db, sql: "SELECT body FROM document WHERE kind = ? AND name = ?", arguments: [kind, name])
            }
        } catch { throw StoreError(error, path) }
    }

    /// Documents of a kind about more than one clip, by name, and when each was made.
    public func documents(kind: String) throws -> [(name: String, body: String, madeAt: String)] {
        do {
            return try queue.read { db in
                try Row.fetchAll(
                    db, sql: "SELECT name, body, made_at FROM document WHERE kind = ? ORDER BY name", arguments: [kind]
                )
                .map { ($0[0], $0[1], $0[2]) }
            }
        } catch { throw StoreError(error, path) }
    }
}
