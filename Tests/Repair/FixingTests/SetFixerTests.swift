import Foundation
import MadeFiles
import Parquet
import SyncModel
import Testing

@testable import Fixing
@testable import RobotSets

/// The engine that reads and writes tables; nil: it is not installed.
private let duckdb: String? = {
    let own = NSHomeDirectory() + "/.local/share/genlock/duckdb/duckdb"
    let places = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/duckdb" }
    return ([own] + places).first { FileManager.default.isExecutableFile(atPath: $0) }
}()

@Suite("A robot set is copied with mended stamps, and with nothing else changed", .enabled(if: duckdb != nil))
struct SetFixerTests {
    private static let query = TableQuery { sql, about throws(ClipFailure) in
        try ParquetTable.rows(of: sql, about: about, duckdb: duckdb)
    }

    private static var fixer: SetFixer {
        SetFixer(query: query) { query, file, metadata throws(ClipFailure) in
            try ParquetTable.write(rows: query, metadata: metadata, about: file, to: file, duckdb: duckdb)
        }
    }

    /// Rows of an episode; `stamp` is SQL of the row number `i`.
    private static func rows(_ episode: Int, _ stamp: String, count: Int = 90) -> String {
        """
        SELECT [sin(i * 0.1), cos(i * 0.2)]::FLOAT[] AS "observation.state", (\(stamp))::FLOAT AS timestamp, i AS \
        frame_index, \(episode)::BIGINT AS episode_index, 'é,"' || i AS note FROM range(\(count)) AS r(i)
        """
    }

    private static func made(_ tables: [String: String], version: String = "v2.1") throws -> MadeSet {
        var info = MadeSet.info
        info["codebase_version"] = version
        info["features"] = [
            "observation.state": ["dtype": "float32", "shape": [2]], "timestamp": ["dtype": "float32", "shape": [1]],
        ]
        let made = try MadeSet(
            info: info,
            files: [
                "data/chunk-000/x.txt": "", "videos/v.txt": "a video",
                "meta/episodes.jsonl": """
                {"episode_index": 0, "length": 90}
                {"episode_index": 1, "length": 90}
                {"episode_index": 2, "length": 90}
                """,
            ])
        for (path, sql) in tables {
            try FileManager.default.createDirectory(
                atPath: made.root + "/" + path.split(separator: "/").dropLast().joined(separator: "/"),
                withIntermediateDirectories: true)
            try ParquetTable.write(
                rows: sql, metadata: [("huggingface", #"{"info": 1}"#)], about: path, to: made.root + "/" + path,
                duckdb: duckdb)
        }
        return made
    }

    private func answer(_ sql: String) throws -> [[String?]] { AnswerTable(try Self.query(sql, "x")).rows }

    @Test("stamps in ms become seconds, late ones begin at 0, and all move; every other column is as it was")
    func alone() throws {
        let paths = (0..<3).map { "data/chunk-000/episode_00000\($0).parquet" }
        let set = try Self.made([
            paths[0]: Self.rows(0, "i / 30.0"), paths[1]: Self.rows(1, "i / 30.0 * 1000"),
            paths[2]: Self.rows(2, "i / 30.0 + 5"),
        ])
        let before = try paths.map { try Data(contentsOf: URL(fileURLWithPath: set.root + "/" + $0)) }
        let copy = set.root + "-copy"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        let outcome = try Self.fixer.fix(set.root, to: copy) { _ in -0.08 }
        #expect(outcome.tables == 3)
        #expect(outcome.converted == 1)
        #expect(outcome.begun == 1)
        #expect(outcome.moved == [-80: 3])
        for (path, old) in zip(paths, before) {
            let (here, there) = (set.root + "/" + path, copy + "/" + path)
            #expect(try Data(contentsOf: URL(fileURLWithPath: here)) == old)
            let off = try answer(
                """
                SELECT max(abs(timestamp - (file_row_number / 30.0 - 0.08))), max(abs(frame_index - file_row_number)), \
                count(*), any_value(typeof(timestamp)) FROM read_parquet('\(there)', file_row_number = true)
                """)[0]
            #expect(Double(off[0] ?? "") ?? 1 < 1e-4)
            #expect(off[1] == "0" && off[2] == "90" && off[3] == "FLOAT")
            let others = try answer(
                """
                SELECT count(*) FROM ((SELECT * EXCLUDE (timestamp) FROM '\(here)') EXCEPT ALL (SELECT * EXCLUDE \
                (timestamp) FROM '\(there)'))
                """)
            #expect(others == [["0"]])
            #expect(
                try answer(
                    "SELECT decode(value) FROM parquet_kv_metadata('\(there)') WHERE decode(key) = 'huggingface'")
                    == [[#"{"info": 1}"#]])
        }
        #expect(try String(contentsOfFile: copy + "/videos/v.txt", encoding: .utf8) == "a video")
        let again = try RobotSet(root: copy)
        #expect(again.moves?.move(of: 1) == -0.08)
        // What was moved on purpose is no fault of the copy.
        let failure = #expect(throws: ClipFailure.self) { try Self.fixer.fix(copy, to: copy + "2") { _ in nil } }
        #expect(failure?.code == "nothing-to-fix")
    }

    @Test("in a table of several episodes only those are changed that have to be")
    func shared() throws {
        let table = "data/chunk-000/file-000.parquet"
        let episodes = "meta/episodes/chunk-000/file-000.parquet"
        let set = try Self.made(
            [
                table: (0..<3).map { Self.rows($0, $0 == 1 ? "i / 30.0 * 1000000" : "i / 30.0") }.joined(
                    separator: " UNION ALL "),
                episodes: """
                SELECT i AS episode_index, 90 AS length, 0 AS "data/chunk_index", 0 AS "data/file_index" FROM \
                range(3) AS r(i)
                """,
            ], version: "v3.0")
        let copy = set.root + "-copy"
        defer { try? FileManager.default.removeItem(atPath: copy) }
        let outcome = try Self.fixer.fix(set.root, to: copy) { $0.index == 2 ? 0.05 : nil }
        #expect(outcome.converted == 1)
        #expect(outcome.moved == [50: 1])
        let off = try answer(
            """
            SELECT episode_index, max(abs(timestamp - frame_index / 30.0 - CASE WHEN episode_index = 2 THEN 0.05 ELSE \
            0 END)) FROM '\(copy)/\(table)' GROUP BY 1 ORDER BY 1
            """)
        #expect(off.count == 3)
        for row in off { #expect(Double(row[1] ?? "") ?? 1 < 1e-4) }
        #expect(try RobotSet(root: copy).moves?.move(of: 0) == 0)
    }

    @Test("commands and states are read from tables as they are written, by joint")
    func commands() throws {
        let tables = (0..<3).map { "data/chunk-000/episode_00000\($0).parquet" }
        let set = try Self.made(
            Dictionary(
                uniqueKeysWithValues: tables.enumerated().map {
                    (
                        $0.element,
                        """
                        SELECT [i + 100 * \($0.offset), -i]::FLOAT[] AS "observation.state", [i + 0.5, NULL]::FLOAT[] \
                        AS action, \($0.offset)::BIGINT AS episode_index FROM range(40) AS r(i)
                        """
                    )
                }))
        let feature: [String: Any] = ["dtype": "float32", "shape": [2]]
        var info = MadeSet.info
        info["features"] = ["action": feature, "observation.state": feature]
        try set.put("meta/info.json", String(decoding: JSONSerialization.data(withJSONObject: info), as: UTF8.self))
        let read = try RobotSet(root: set.root)
        var found: [Int: CommandRows] = [:]
        TableSurvey(read, query: Self.query).commands(of: tables.map { set.root + "/" + $0 }, read.commandPairs) {
            path, episode, rows in
            #expect(path == set.root + "/" + tables[episode ?? 0])
            found[episode ?? -1] = rows
        }
        #expect(found.keys.sorted() == [0, 1, 2])
        for (episode, rows) in found {
            #expect(rows.states[0] == (0..<40).map { Float($0 + 100 * episode) })
            #expect(rows.states[1] == (0..<40).map { -Float($0) })
            #expect(rows.actions[0] == (0..<40).map { Float($0) + 0.5 })
            #expect(rows.actions[1].count == 40 && rows.actions[1].allSatisfy(\.isNaN))
        }
    }

    @Test("nothing is written where nothing has to be mended, and an existing folder is left alone")
    func nothing() throws {
        let set = try Self.made([
            "data/chunk-000/episode_000000.parquet": Self.rows(0, "i / 30.0")
        ])
        let failure = #expect(throws: ClipFailure.self) {
            try Self.fixer.fix(set.root, to: set.root + "-copy") { _ in nil }
        }
        #expect(failure?.code == "nothing-to-fix")
        #expect(!FileManager.default.fileExists(atPath: set.root + "-copy"))
        let exists = #expect(throws: ClipFailure.self) { try Self.fixer.fix(set.root, to: set.root) { _ in 0.1 } }
        #expect(exists?.code == "exists")
    }
}
