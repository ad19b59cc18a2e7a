import Files
import Foundation
import GRDBSQLite
import SyncModel

/// Reads the messages of a ROS 2 bag in SQLite (rosbag2_storage_sqlite3), row by row.
///
/// The file is opened as immutable: no locks, no journal, nothing is written. Only our own statements run; views and
/// triggers of the file are not trusted.
final class SQLiteBag {
    private let file: String
    private var database: OpaquePointer?
    private static let largestMessage: Int32 = 512 << 20
    private static let mostTopics = 65_535

    init(_ file: String) throws(ClipFailure) {
        self.file = file
        // The same messages as for other files if it is missing or empty.
        _ = try FileWindow(file)
        let place = FetchedFiles.place(file)
        let absolute = place.hasPrefix("/") ? place : FileManager.default.currentDirectoryPath + "/" + place
        var allowed = CharacterSet.urlPathAllowed
        allowed.remove(charactersIn: "?#%")
        guard let path = absolute.addingPercentEncoding(withAllowedCharacters: allowed) else {
            throw SQLiteBag.none(file, "its name cannot be written as a URL")
        }
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX
        guard sqlite3_open_v2("file://\(path)?immutable=1", &database, flags, nil) == SQLITE_OK else {
            throw SQLiteBag.none(file, message)
        }
        _ = sqlite3_limit(database, SQLITE_LIMIT_LENGTH, SQLiteBag.largestMessage)
        for setting in [
            "trusted_schema=OFF", "cell_size_check=ON", "query_only=ON", "mmap_size=0", "temp_store=MEMORY",
        ] {
            sqlite3_exec(database, "PRAGMA \(setting)", nil, nil, nil)
        }
    }

    deinit { sqlite3_close_v2(database) }

    private var message: String { sqlite3_errmsg(database).map { String(cString: $0) } ?? "no memory" }

    private static func none(_ file: String, _ why: String) -> ClipFailure {
        ClipFailure(
            code: "not-bag", message: "\(file.printable) cannot be read as a ROS 2 bag (\(why.printable))",
            remedy: "check it with 'ros2 bag info'; if it is damaged, run: sqlite3 FILE .recover")
    }

    private func rows(_ statement: String, _ body: (OpaquePointer) throws(ClipFailure) -> Void) throws(ClipFailure)
        -> Int32
    {
        var prepared: OpaquePointer?
        guard sqlite3_prepare_v2(database, statement, -1, &prepared, nil) == SQLITE_OK, let prepared else {
            return SQLITE_ERROR
        }
        defer { sqlite3_finalize(prepared) }
        while true {
            let code = sqlite3_step(prepared)
            guard code == SQLITE_ROW else { return code }
            try body(prepared)
        }
    }

    private static func text(_ row: OpaquePointer, _ column: Int32) -> String {
        guard let start = sqlite3_column_text(row, column) else { return "" }
        let count = min(Int(sqlite3_column_bytes(row, column)), 16 << 20)
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// Passes on every message in the order in which they were written.
    func read(_ receive: MessageReceiver) throws(ClipFailure) -> RecordingEnd {
        var end = RecordingEnd()
        var schemas: [String: (encoding: String, text: String)] = [:]
        // Newer bags include message definitions.
        _ = try rows("SELECT topic_type, encoding, encoded_message_definition FROM message_definitions") { row in
            schemas[SQLiteBag.text(row, 0)] = (SQLiteBag.text(row, 1), SQLiteBag.text(row, 2))
        }
        var topics: [Int64: RecordedTopic] = [:]
        let listed = try rows("SELECT id, name, type, serialization_format FROM topics") { row in
            guard topics.count < SQLiteBag.mostTopics else { return }
            let type = SQLiteBag.text(row, 2)
            let known = schemas[type]
            topics[sqlite3_column_int64(row, 0)] = RecordedTopic(
                name: SQLiteBag.text(row, 1), encoding: SQLiteBag.text(row, 3), schemaName: type,
                schemaEncoding: known?.encoding ?? "", schema: known.map { [UInt8]($0.text.utf8) } ?? [])
        }
        guard listed == SQLITE_DONE else { throw SQLiteBag.none(file, message) }
        let read = try rows("SELECT topic_id, timestamp, data FROM messages") { row throws(ClipFailure) in
            guard let topic = topics[sqlite3_column_int64(row, 0)], sqlite3_column_type(row, 2) == SQLITE_BLOB,
                let start = sqlite3_column_blob(row, 2)
            else { return }
            end.messages += 1
            let bytes = UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(row, 2)))
            try receive(
                RecordedMessage(
                    topic: topic, logNanoseconds: UInt64(max(0, sqlite3_column_int64(row, 1))), bytes: bytes))
        }
        if read != SQLITE_DONE {
            end.damages.append(
                Reason(
                    """
                    \(file.printable) is damaged after \(end.messages) messages (\(message.printable)): those were \
                    read; recover more with 'sqlite3 FILE .recover'
                    """))
        }
        var isFolder: ObjCBool = false
        let log = FetchedFiles.place(file) + "-wal"
        if FileManager.default.fileExists(atPath: log, isDirectory: &isFolder),
            ((try? FileManager.default.attributesOfItem(atPath: log))?[.size] as? NSNumber)?.intValue ?? 0 > 0
        {
            end.damages.append(
                Reason(
                    """
                    the last messages of \(file.printable) are still in \((file + "-wal").printable): the recorder \
                    was not stopped properly; open the bag once with 'ros2 bag info' to merge them
                    """))
        }
        return end
    }
}
