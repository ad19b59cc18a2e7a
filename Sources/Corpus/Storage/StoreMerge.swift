import Foundation
import GRDB
import SyncModel

/// Merges stores into one.
public enum StoreMerge {
    /// Adds all clips of `sources` to the store `output`, which is created if there is none. For a clip in several, the
    /// latest result counts.
    ///
    /// - Returns: the number of clips in `output` afterwards.
    public static func merge(_ sources: [String], into output: String) throws -> Int {
        do {
            let lock = try StoreLock(store: output, waiting: nil, onWait: { _ in })
            defer { withExtendedLifetime(lock) {} }
            // Each is first opened as a store, so that other files are reported before anything is written.
            for source in sources { _ = try StoreReader(path: source) }
            let queue = try StoreFile.writer(output)
            for source in sources {
                try queue.writeWithoutTransaction { db in
                    try StoreFile.attach(source, as: "source", to: db)
                    defer { try? db.execute(sql: "DETACH source") }
                    try db.inTransaction {
                        try db.execute(sql: statements)
                        try mergeDecisions(db)
                        try mergeTextEdits(db)
                        return .commit
                    }
                }
            }
            let count = try queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM clip") ?? 0 }
            try? queue.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
            try queue.close()
            return count
        } catch { throw StoreError(error, output) }
    }

    /// A decision that is in both stores stays one row with its number; it is withdrawn if it is so in either.
    private static func mergeDecisions(_ db: Database) throws {
        let theirs = Set(try columns(of: "source.decision", db))
        guard !theirs.isEmpty else { return }
        // Columns that an earlier version lacks are empty.
        let shared = try columns(of: "main.decision", db).filter { $0 != "id" && theirs.contains($0) }
        let isSame =
            "o.clip_key = d.clip_key AND o.made_by = d.made_by AND o.made_at = d.made_at AND o.choice = d.choice"
        try db.execute(
            sql: """
                INSERT INTO main.decision(\(shared.joined(separator: ", ")))
                    SELECT \(shared.joined(separator: ", ")) FROM source.decision d
                    WHERE NOT EXISTS (SELECT 1 FROM main.decision o WHERE \(isSame)) ORDER BY made_at, id;
                UPDATE main.decision AS d SET taken_back_at = (
                        SELECT min(o.taken_back_at) FROM (
                            SELECT clip_key, made_by, made_at, choice, taken_back_at FROM main.decision
                            UNION ALL SELECT clip_key, made_by, made_at, choice, taken_back_at FROM source.decision
                        ) o WHERE \(isSame))
                    WHERE taken_back_at IS NULL;
                """)
    }

    /// An edit of a text that is in both stores stays one row; it is withdrawn if it is so in either.
    private static func mergeTextEdits(_ db: Database) throws {
        let theirs = Set(try columns(of: "source.text_edit", db))
        guard !theirs.isEmpty else { return }
        let shared = try columns(of: "main.text_edit", db).filter { $0 != "id" && theirs.contains($0) }
            .joined(separator: ", ")
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO main.text_edit(\(shared)) SELECT \(shared) FROM source.text_edit ORDER BY id;
                UPDATE main.text_edit AS t SET taken_back_at =
                        (SELECT s.taken_back_at FROM source.text_edit s WHERE s.name = t.name)
                    WHERE taken_back_at IS NULL;
                """)
    }

    /// The columns of a table by its qualified name; empty if the store has no such table.
    private static func columns(of table: String, _ db: Database) throws -> [String] {
        let parts = table.split(separator: ".").map(String.init)
        return try String.fetchAll(
            db, sql: "SELECT name FROM pragma_table_info(?, ?)", arguments: [parts[1], parts[0]])
    }

    private static let own = """
        key, path, audio_file, transcript_file, labels_file, clip_group, language, duration_s, verdict, offset_ms, \
        error_code,
        error_message, error_remedy, tool_version, method_version, identity, measured_at, document_head, document_tail
        """

    private static let statements = """
        INSERT OR IGNORE INTO main.parameters(document) SELECT document FROM source.parameters;
        DELETE FROM main.scan WHERE ended_at IS NULL AND EXISTS (SELECT 1 FROM source.scan s
            WHERE s.started_at = scan.started_at AND s.tool_version = scan.tool_version AND s.ended_at IS NOT NULL);
        INSERT INTO main.scan(started_at, ended_at, tool_version, measured, unchanged)
            SELECT started_at, ended_at, tool_version, measured, unchanged FROM source.scan s
            WHERE NOT EXISTS (SELECT 1 FROM main.scan m
                WHERE m.started_at = s.started_at AND m.tool_version = s.tool_version) ORDER BY id;
        CREATE TEMP TABLE taken(source_id INTEGER PRIMARY KEY, key TEXT NOT NULL);
        INSERT INTO taken SELECT s.id, s.key FROM source.clip s LEFT JOIN main.clip m ON m.key = s.key
            WHERE m.id IS NULL OR s.measured_at > m.measured_at;
        DELETE FROM main.clip WHERE key IN (SELECT key FROM taken);
        INSERT INTO main.clip(\(own), parameters_id)
            SELECT \(own), (SELECT m.id FROM main.parameters m JOIN source.parameters p ON p.document = m.document
                WHERE p.id = s.parameters_id)
            FROM source.clip s WHERE s.id IN (SELECT source_id FROM taken) ORDER BY s.id;
        INSERT INTO main.finding(number, \(RecordRow.findingColumns))
            SELECT f.number, m.id, f.check_name, f.subject, f.reference, f.verdict, f.offset_ms, f.ci_low_ms, \
        f.ci_high_ms,
                f.confidence, f.worst_ms, f.drift_ppm, f.rate, f.because, f.method, f.document, f.curve
            FROM source.finding f JOIN taken t ON t.source_id = f.clip_id JOIN main.clip m ON m.key = t.key;
        INSERT INTO main.attribute(clip_id, number, name, value)
            SELECT m.id, a.number, a.name, a.value
            FROM source.attribute a JOIN taken t ON t.source_id = a.clip_id JOIN main.clip m ON m.key = t.key;
        INSERT OR REPLACE INTO main.document(kind, name, body, made_at) SELECT kind, name, body, made_at FROM \
        source.document s
            WHERE NOT EXISTS (SELECT 1 FROM main.document m WHERE m.kind = s.kind AND m.name = s.name AND m.made_at >= \
        s.made_at);
        DROP TABLE taken;
        """
}
