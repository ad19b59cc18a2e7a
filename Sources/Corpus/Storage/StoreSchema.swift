import GRDB

/// The tables of a store, from the first version on; `docs/store.md` explains them.
enum StoreSchema {
    /// `PRAGMA application_id` of a store: "gnlk".
    static let applicationID = 0x676E_6C6B

    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { db in
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: version1)
        }
        migrator.registerMigration("2") { try $0.execute(sql: decisions) }
        // The finding of a decision, as JSON; empty in earlier ones.
        migrator.registerMigration("decisions name findings") {
            try $0.execute(sql: "ALTER TABLE decision ADD COLUMN finding TEXT")
        }
        migrator.registerMigration("edits of texts") { try $0.execute(sql: textEdits) }
        migrator.registerMigration("masters") { try $0.execute(sql: masters) }
        return migrator
    }()

    private static let masters = """
        -- What copies are compared with of their masters, so that each is decoded once; in parts, since an hour takes \
        some 90 MB.
        CREATE TABLE master (
            id INTEGER PRIMARY KEY,
            path TEXT NOT NULL,
            identity TEXT NOT NULL,
            method TEXT NOT NULL,
            made_at TEXT NOT NULL,
            UNIQUE (identity, method)
        );
        CREATE TABLE master_part (
            master_id INTEGER NOT NULL REFERENCES master(id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            body BLOB NOT NULL,
            UNIQUE (master_id, number)
        );
        """

    private static let textEdits = """
        -- What people decided of the cues and words of texts in `genlock review MEDIA TEXT`. Rows are added and \
        marked, \
        never changed
        -- otherwise; those that were not taken back make the corrected text, in their order.
        CREATE TABLE text_edit (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            clip_key TEXT NOT NULL,
            text_file TEXT NOT NULL,
            text_identity TEXT NOT NULL,
            action TEXT NOT NULL,
            item TEXT NOT NULL,
            other TEXT,
            start_s REAL,
            end_s REAL,
            text TEXT,
            second_text TEXT,
            was_start_s REAL NOT NULL,
            was_end_s REAL NOT NULL,
            was_text TEXT NOT NULL,
            line INTEGER NOT NULL,
            comment TEXT NOT NULL DEFAULT '',
            made_by TEXT NOT NULL,
            made_at TEXT NOT NULL,
            taken_back_at TEXT
        );
        CREATE INDEX text_edit_by_text ON text_edit(clip_key, text_file, id);
        """

    private static let decisions = """
        -- What people decided in `genlock review`. Rows are added and marked, never changed otherwise; a clip's \
        latest that was not
        -- taken back counts. The key outlives the clip's row, which every new measurement replaces.
        CREATE TABLE decision (
            id INTEGER PRIMARY KEY,
            clip_key TEXT NOT NULL,
            choice TEXT NOT NULL,
            offset_ms REAL,
            comment TEXT NOT NULL DEFAULT '',
            made_by TEXT NOT NULL,
            made_at TEXT NOT NULL,
            measured_verdict TEXT NOT NULL,
            measured_ms REAL,
            method_version TEXT,
            taken_back_at TEXT
        );
        CREATE INDEX decision_by_clip ON decision(clip_key, id);
        """

    private static let version1 = """
        -- One row a run of `genlock scan` on this store.
        CREATE TABLE scan (
            id INTEGER PRIMARY KEY,
            started_at TEXT NOT NULL,
            ended_at TEXT,
            tool_version TEXT NOT NULL,
            measured INTEGER NOT NULL DEFAULT 0,
            unchanged INTEGER NOT NULL DEFAULT 0
        );
        -- What clips were measured with: checks, their methods' versions, tolerance and the like, as JSON.
        CREATE TABLE parameters (
            id INTEGER PRIMARY KEY,
            document TEXT NOT NULL UNIQUE
        );
        -- One row a clip: its latest result.
        CREATE TABLE clip (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE,
            path TEXT NOT NULL,
            audio_file TEXT,
            transcript_file TEXT,
            labels_file TEXT,
            clip_group TEXT,
            language TEXT,
            duration_s REAL,
            verdict TEXT NOT NULL,
            offset_ms REAL,
            error_code TEXT,
            error_message TEXT,
            error_remedy TEXT,
            tool_version TEXT NOT NULL,
            method_version TEXT,
            identity TEXT NOT NULL,
            parameters_id INTEGER NOT NULL REFERENCES parameters(id),
            measured_at TEXT NOT NULL,
            document_head TEXT NOT NULL,
            document_tail TEXT NOT NULL
        );
        CREATE INDEX clip_by_verdict ON clip(verdict, offset_ms);
        CREATE TABLE finding (
            clip_id INTEGER NOT NULL REFERENCES clip(id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            check_name TEXT NOT NULL,
            subject TEXT NOT NULL,
            reference TEXT NOT NULL,
            verdict TEXT NOT NULL,
            offset_ms REAL,
            ci_low_ms REAL,
            ci_high_ms REAL,
            confidence REAL,
            worst_ms REAL,
            drift_ppm REAL,
            rate TEXT,
            because TEXT,
            method TEXT NOT NULL,
            document TEXT NOT NULL,
            curve BLOB,
            PRIMARY KEY (clip_id, number)
        ) WITHOUT ROWID;
        CREATE TABLE attribute (
            clip_id INTEGER NOT NULL REFERENCES clip(id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (clip_id, number)
        ) WITHOUT ROWID;
        -- Documents about more than one clip: views, actions, a corpus.
        CREATE TABLE document (
            id INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            body TEXT NOT NULL,
            made_at TEXT NOT NULL,
            UNIQUE (kind, name)
        );
        -- Each clip's whole JSON document on one line.
        CREATE VIEW report AS
            SELECT key, verdict, offset_ms, document_head || coalesce(
                (SELECT group_concat(document, ',') FROM (SELECT document FROM finding WHERE clip_id = clip.id ORDER \
        BY number)), ''
            ) || document_tail AS document FROM clip;
        """
}
