import Foundation
import GRDB
import SyncModel

/// Puts stores together into one.
public enum StoreMerge {
    /// Adds all clips of `sources` to the store `output`, which is made where there is none. Of a clip in more than
    /// one, the latest result counts.
    ///
    /// - Returns: the number of clips in `output` afterwards.
    public static func merge(_ sources: [String], into output: String) throws -> Int {
        do {
            let lock = try StoreLock(store: output, waiting: nil, onWait: { _ in })
            defer { withExtendedLifetime(lock) {} }
            // Each is opened once as a store, so that what is none is told before anything is written.
            for source in sources { _ = try StoreReader(path: source) }
            let queue = try StoreFile.writer(output)
            for source in sources {
                let name = source.hasPrefix("/") ? source : FileManager.default.currentDirectoryPath + "/" + source
                let still =
                    FileManager.default.isWritableFile(atPath: (name as NSString).deletingLastPathComponent)
                    ? "" : "&immutable=1"
                try queue.writeWithoutTransaction { db in
                    try db.execute(
                        sql: "ATTACH ? AS source", arguments: ["file://\(StoreFile.escaped(name))?mode=ro\(still)"])
                    defer { try? db.execute(sql: "DETACH source") }
                    try db.inTransaction {
                        try db.execute(sql: statements)
                        if try Int.fetchOne(
                            db, sql: "SELECT count(*) FROM source.sqlite_master WHERE name = 'decision'") ?? 0 > 0
                        {
                            try db.execute(sql: decisions)
                        }
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

    private static let decisionColumns = """
        clip_key, choice, offset_ms, comment, made_by, made_at, measured_verdict, measured_ms, method_version, \
        taken_back_at
        """

    /// In the order in which they were made, so that the latest counts.
    private static let decisions = """
        CREATE TEMP TABLE decided AS SELECT \(decisionColumns) FROM main.decision
            UNION SELECT \(decisionColumns) FROM source.decision;
        DELETE FROM main.decision;
        INSERT INTO main.decision(\(decisionColumns)) SELECT \(decisionColumns) FROM temp.decided ORDER BY made_at;
        DROP TABLE temp.decided;
        """

    private static let own = """
        key, path, audio_file, transcript_file, labels_file, clip_group, language, duration_s, verdict, offset_ms, \
        error_code,
        error_message, error_remedy, tool_version, method_version, identity, measured_at, document_head, document_tail
        """

    private static let statements = """
        INSERT OR IGNORE INTO main.parameters(document) SELECT document FROM source.parameters;
        INSERT INTO main.scan(started_at, ended_at, tool_version, measured, unchanged)
            SELECT started_at, ended_at, tool_version, measured, unchanged FROM source.scan ORDER BY id;
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
