import Foundation
import GRDB
import SyncModel

/// People's edits of texts in a store: each is on the disk when the call returns.
public final class TextEditStore: Sendable {
    public let path: String
    private let queue: DatabaseQueue

    /// - Parameter isMade: create a store if there is none.
    /// - Throws: `StoreError`.
    public init(path: String, isMade: Bool = false) throws {
        self.path = path
        do {
            if !isMade { _ = try StoreFile.reader(path) }
            queue = try StoreFile.writer(path)
        } catch { throw StoreError(error, path) }
    }

    /// Revision of a text's edits: of two concurrent pages the second one detects the edits of the first.
    public struct Revision: Sendable, Hashable {
        public var last: Int64 = 0
        public var takenBack = 0

        public init(last: Int64 = 0, takenBack: Int = 0) { (self.last, self.takenBack) = (last, takenBack) }
    }

    public enum Result: Sendable {
        case kept(TextEdit, Revision)
        /// The text was edited in the meantime, by this person elsewhere or by another one.
        case overtaken
    }

    /// Stores an edit, unless the text has a newer revision than was seen.
    public func keep(_ edit: TextEdit, seen: Revision) throws -> Result {
        do {
            return try queue.write { db in
                guard try TextEditRow.revision(db, edit.subject) == seen else { return .overtaken }
                var kept = edit
                kept.at = StoreClock.now
                try db.execute(
                    sql: """
                        INSERT INTO text_edit(name, clip_key, text_file, text_identity, action, item, other, start_s, \
                        end_s, text, second_text, was_start_s, was_end_s, was_text, line, comment, made_by, made_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        kept.name, kept.subject.clip, kept.subject.file, kept.subject.identity, kept.action.rawValue,
                        kept.item, kept.other, kept.start, kept.end, kept.text, kept.second, kept.before.start,
                        kept.before.end, kept.before.text, kept.before.line, kept.comment, kept.by, kept.at,
                    ])
                kept.id = db.lastInsertedRowID
                return .kept(kept, try TextEditRow.revision(db, edit.subject))
            }
        } catch { throw StoreError(error, path) }
    }

    /// Withdraws the person's latest valid edit of one of the texts; the row is kept and marked.
    ///
    /// - Returns: the withdrawn edit; nil: none.
    public func takeBack(_ subjects: [TextEdit.Subject], by person: String) throws -> TextEdit? {
        try mark(
            subjects, person, StoreClock.now,
            """
            SELECT \(TextEditRow.columns) FROM text_edit t WHERE \(TextEditRow.areOfSubjects("t", subjects.count)) \
            AND made_by = ? AND taken_back_at IS NULL ORDER BY id DESC LIMIT 1
            """, repeats: 1)
    }

    /// Restores the edit of one of the texts that the person withdrew last, if they made no other of them since.
    public func putBack(_ subjects: [TextEdit.Subject], by person: String) throws -> TextEdit? {
        try mark(
            subjects, person, nil,
            """
            SELECT \(TextEditRow.columns) FROM text_edit t WHERE \(TextEditRow.areOfSubjects("t", subjects.count)) \
            AND made_by = ? AND taken_back_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM text_edit o WHERE \
            \(TextEditRow.areOfSubjects("o", subjects.count)) AND o.made_by = ? AND o.made_at > t.taken_back_at) \
            ORDER BY id LIMIT 1
            """, repeats: 2)
    }

    /// - Parameter repeats: how often the choice names the subjects and the person.
    private func mark(
        _ subjects: [TextEdit.Subject], _ person: String, _ time: String?, _ choice: String, repeats: Int
    ) throws -> TextEdit? {
        guard !subjects.isEmpty else { return nil }
        let named = subjects.flatMap { [$0.clip, $0.file, $0.identity] } + [person]
        let arguments = StatementArguments(Array(repeatElement(named, count: repeats).joined()))
        do {
            return try queue.write { db in
                let row = try Row.fetchOne(db, sql: choice, arguments: arguments)
                guard let edit = row.flatMap(TextEditRow.edit) else { return nil }
                try db.execute(
                    sql: "UPDATE text_edit SET taken_back_at = ? WHERE id = ?", arguments: [time, edit.id])
                return edit
            }
        } catch { throw StoreError(error, path) }
    }

    /// The valid edits of a text in order, and their revision.
    public func edits(of subject: TextEdit.Subject) throws -> ([TextEdit], Revision) {
        do {
            return try queue.read { db in
                (try TextEditRow.standing(db, of: subject), try TextEditRow.revision(db, subject))
            }
        } catch { throw StoreError(error, path) }
    }

    /// Stores a document about a text, such as where it was written.
    public func keepDocument(kind: String, name: String, body: String) throws {
        do {
            try queue.write { db in
                try db.execute(
                    sql: """
                        INSERT INTO document(kind, name, body, made_at) VALUES (?, ?, ?, ?)
                        ON CONFLICT(kind, name) DO UPDATE SET body = excluded.body, made_at = excluded.made_at
                        """, arguments: [kind, name, body, StoreClock.now])
            }
        } catch { throw StoreError(error, path) }
    }
}

extension StoreReader {
    /// The valid edits of a text, and their revision; none in a store of an earlier version without them.
    public func textEdits(of subject: TextEdit.Subject) throws -> ([TextEdit], TextEditStore.Revision) {
        do {
            return try read { db in
                guard try db.tableExists("text_edit") else { return ([], TextEditStore.Revision()) }
                return (try TextEditRow.standing(db, of: subject), try TextEditRow.revision(db, subject))
            }
        } catch { throw StoreError(error, path) }
    }

    /// All valid edits, of every text and every version of it.
    public func textEdits() throws -> [TextEdit] {
        do {
            return try read { db in
                guard try db.tableExists("text_edit") else { return [] }
                return try Row.fetchAll(
                    db,
                    sql: """
                        SELECT \(TextEditRow.columns) FROM text_edit WHERE taken_back_at IS NULL ORDER BY clip_key, \
                        text_file, id
                        """
                ).compactMap(TextEditRow.edit)
            }
        } catch { throw StoreError(error, path) }
    }
}

/// Rows of `text_edit`.
enum TextEditRow {
    static let columns = """
        id, name, clip_key, text_file, text_identity, action, item, other, start_s, end_s, text, second_text, \
        was_start_s, was_end_s, was_text, line, comment, made_by, made_at
        """
    static let isOfSubject = "clip_key = ? AND text_file = ? AND text_identity = ?"

    /// Whether a row is of one of so many subjects.
    static func areOfSubjects(_ table: String, _ count: Int) -> String {
        let one = "(\(table).clip_key = ? AND \(table).text_file = ? AND \(table).text_identity = ?)"
        return "(" + Array(repeating: one, count: count).joined(separator: " OR ") + ")"
    }

    static func edit(_ row: Row) -> TextEdit? {
        guard let action = TextEdit.Action(rawValue: row[5]) else { return nil }
        var edit = TextEdit(
            name: row[1], subject: TextEdit.Subject(clip: row[2], file: row[3], identity: row[4]), action: action,
            item: row[6], before: TextEdit.State(start: row[12], end: row[13], text: row[14], line: row[15]),
            by: row[17])
        (edit.id, edit.other, edit.start, edit.end) = (row[0], row[7], row[8], row[9])
        (edit.text, edit.second, edit.comment, edit.at) = (row[10], row[11], row[16], row[18])
        return edit
    }

    static func standing(_ db: Database, of subject: TextEdit.Subject) throws -> [TextEdit] {
        try Row.fetchAll(
            db, sql: "SELECT \(columns) FROM text_edit WHERE \(isOfSubject) AND taken_back_at IS NULL ORDER BY id",
            arguments: [subject.clip, subject.file, subject.identity]
        ).compactMap(edit)
    }

    static func revision(_ db: Database, _ subject: TextEdit.Subject) throws -> TextEditStore.Revision {
        let row = try Row.fetchOne(
            db, sql: "SELECT coalesce(max(id), 0), count(taken_back_at) FROM text_edit WHERE \(isOfSubject)",
            arguments: [subject.clip, subject.file, subject.identity])
        return TextEditStore.Revision(last: row?[0] ?? 0, takenBack: row?[1] ?? 0)
    }
}
