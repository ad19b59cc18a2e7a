import Foundation
package import Parquet
package import SyncModel

/// Row statistics of one episode, from DuckDB.
package struct EpisodeRows: Sendable {
    /// The episode index in its rows; nil: no such column.
    package var episode: Int?
    package var count = 0
    /// Rows with a time.
    package var stamped = 0
    package var first: Double?, last: Double?
    /// Smallest and largest step between rows.
    package var leastStep: Double?, mostStep: Double?
    package var firstFrame: Double?
    package var leastFrameStep: Double?, mostFrameStep: Double?
    package var numbered = 0
    /// By channel: for each element the rows with numbers, and whether it ever changes.
    package var channels: [ChannelRows] = []

    package struct ChannelRows: Sendable {
        package let name: String
        /// Per element: rows in which it is a number.
        package var known: [Int]
        /// Per element: range of its numbers; nil without any.
        package var span: [Double?]
    }
}

/// The content of one table.
package struct TableContent: Sendable {
    package var columns: Set<String> = []
    package var episodes: [EpisodeRows] = []
    package var failure: ClipFailure?
}

/// Analyses the rows of many tables with few queries: windows and aggregates by episode, so that only irregular ones
/// are read row by row.
package struct TableSurvey {
    private let set: RobotSet
    private let query: TableQuery
    /// Maximum number of tables per query, which DuckDB keeps open, and of bytes, which should fit into memory.
    private static let mostFiles = 500
    private static let mostBytes = 400 << 20

    package init(_ set: RobotSet, query: TableQuery) {
        self.set = set
        self.query = query
    }

    /// - Parameter paths: existing tables, without duplicates.
    package func content(of paths: [String], progress: (Int) -> Void) -> [String: TableContent] {
        var result: [String: TableContent] = [:]
        var done = 0
        for batch in TableSurvey.batches(paths) {
            ask(batch, &result)
            done += batch.count
            progress(done)
        }
        return result
    }

    package static func batches(_ paths: [String]) -> [[String]] {
        var batches: [[String]] = []
        var (batch, bytes) = ([String](), 0)
        for path in paths {
            let size = ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? NSNumber)?.intValue ?? 0
            if !batch.isEmpty, batch.count >= mostFiles || bytes + size > mostBytes {
                batches.append(batch)
                (batch, bytes) = ([], 0)
            }
            batch.append(path)
            bytes += size
        }
        return batch.isEmpty ? batches : batches + [batch]
    }

    /// An unreadable file fails its query: the tables are bisected until it is alone.
    private func ask(_ paths: [String], _ result: inout [String: TableContent]) {
        do throws(ClipFailure) {
            for (path, content) in try answer(paths) { result[path] = content }
        } catch {
            if error.code == "no-duckdb" || paths.count == 1 {
                for path in paths { result[path] = TableContent(failure: named(error, path)) }
            } else {
                ask(Array(paths[..<(paths.count / 2)]), &result)
                ask(Array(paths[(paths.count / 2)...]), &result)
            }
        }
    }

    private func named(_ failure: ClipFailure, _ path: String) -> ClipFailure {
        failure.code == "no-duckdb"
            ? failure
            : ClipFailure(
                code: "bad-table",
                message:
                    """
                    \(path.printable) cannot be read as a table \
                    (\(failure.message.replacingOccurrences(of: path.printable + ": ", with: "")))
                    """,
                remedy: "copy or record this episode again; the other episodes are not affected")
    }

    private func answer(_ paths: [String]) throws(ClipFailure) -> [String: TableContent] {
        var result: [String: TableContent] = [:]
        let names = AnswerTable(
            try query(
                """
                SELECT file_name, string_agg(name, chr(31)) FROM parquet_schema(\(SQL.files(paths))) GROUP BY file_name
                """,
                paths[0]))
        for row in names.rows {
            guard let path = try TableSurvey.path(paths.firstIndex { $0 == row[0] }, of: paths) else { continue }
            result[path] = TableContent(columns: Set((row[1] ?? "").split(separator: "\u{1F}").map(String.init)))
        }
        let described = AnswerTable(
            try query(
                """
                SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(\(SQL.files(paths)), \
                union_by_name = true))
                """,
                paths[0]))
        var types: [String: String] = [:]
        for row in described.rows { if let name = row[0] { types[name] = row[1] ?? "" } }

        let channels = set.channels.filter { types[$0.name] != nil }
        let table = AnswerTable(try query(statement(paths, types, channels), paths[0]))
        for row in table.rows {
            guard let path = try TableSurvey.path(row[0].flatMap { Int($0) }.map { $0 - 1 }, of: paths) else {
                continue
            }
            var at = 1
            func next() -> Double? {
                defer { at += 1 }
                return row[at].flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
            }
            var rows = EpisodeRows()
            rows.episode = StatedNumber.whole(next())
            rows.count = StatedNumber.whole(next()) ?? 0
            rows.stamped = StatedNumber.whole(next()) ?? 0
            (rows.first, rows.last, rows.leastStep, rows.mostStep) = (next(), next(), next(), next())
            rows.numbered = StatedNumber.whole(next()) ?? 0
            (rows.firstFrame, rows.leastFrameStep, rows.mostFrameStep) = (next(), next(), next())
            for channel in channels {
                var kept = EpisodeRows.ChannelRows(name: channel.name, known: [], span: [])
                for _ in 0..<TableSurvey.elements(channel, types).count {
                    kept.known.append(Int(next() ?? 0))
                    kept.span.append(next())
                }
                if result[path]?.columns.contains(channel.name) == true { rows.channels.append(kept) }
            }
            result[path]?.episodes.append(rows)
        }
        return result
    }

    /// The table of a result row. If DuckDB normalises a path differently, the index is null: with a single table it is
    /// unambiguous, several must be queried one by one.
    private static func path(_ place: Int?, of paths: [String]) throws(ClipFailure) -> String? {
        if let place, paths.indices.contains(place) { return paths[place] }
        guard paths.count > 1 else { return paths.first }
        throw ClipFailure(
            code: "bad-answer", message: "duckdb returned an answer for a file that was not requested",
            remedy: "give the set's real path, without symbolic links")
    }

    private static func elements(_ channel: RobotSet.Feature, _ types: [String: String]) -> [String] {
        let name = SQL.name(channel.name)
        guard types[channel.name]?.contains("[") == true else { return ["TRY_CAST(\(name) AS DOUBLE)"] }
        // Nested lists are not motion channels: their first row represents them.
        let depth = types[channel.name]?.filter { $0 == "[" }.count ?? 1
        guard depth == 1 else { return [] }
        return (1...min(channel.width, RobotSet.widestVector)).map { "\(name)[\($0)]" }
    }

    /// A time column as seconds, whatever its type.
    package static func seconds(_ type: String?) -> String {
        guard let type else { return "NULL::DOUBLE" }
        if type.hasPrefix("TIMESTAMP") { return "epoch(\"timestamp\")" }
        return type.contains("[") ? "TRY_CAST(\"timestamp\"[1] AS DOUBLE)" : "TRY_CAST(\"timestamp\" AS DOUBLE)"
    }

    package static func number(_ name: String, _ type: String?, as kind: String) -> String {
        guard let type else { return "NULL::\(kind)" }
        return "TRY_CAST(\(SQL.name(name))\(type.contains("[") ? "[1]" : "") AS \(kind))"
    }

    private func statement(_ paths: [String], _ types: [String: String], _ channels: [RobotSet.Feature]) -> String {
        var figures: [String] = []
        for channel in channels {
            for element in TableSurvey.elements(channel, types) {
                figures.append("count(*) FILTER (isfinite(\(element)::DOUBLE))")
                figures.append(
                    """
                    max(\(element)::DOUBLE) FILTER (isfinite(\(element)::DOUBLE)) - min(\(element)::DOUBLE) FILTER \
                    (isfinite(\(element)::DOUBLE))
                    """
                )
            }
        }
        let episode = TableSurvey.number("episode_index", types["episode_index"], as: "BIGINT")
        let frame = TableSurvey.number("frame_index", types["frame_index"], as: "DOUBLE")
        let columns =
            [
                "filename AS genlock_file", "file_row_number AS genlock_row", "\(episode) AS genlock_episode",
                "\(frame) AS genlock_frame", "\(TableSurvey.seconds(types["timestamp"])) AS genlock_time",
            ] + channels.map { SQL.name($0.name) }
        return """
            WITH raw AS (SELECT \(columns.joined(separator: ", ")) \
            FROM \(SQL.rows(paths))), \
            steps AS (SELECT *, genlock_time - lag(genlock_time) OVER w AS genlock_step, genlock_frame - \
            lag(genlock_frame) OVER w AS genlock_frame_step FROM raw \
            WINDOW w AS (PARTITION BY genlock_file, genlock_episode ORDER BY genlock_row)) \
            SELECT list_position(\(SQL.list(paths)), genlock_file), genlock_episode, count(*), count(*) FILTER \
            (isfinite(genlock_time)), min(genlock_time) FILTER (isfinite(genlock_time)), \
            max(genlock_time) FILTER (isfinite(genlock_time)), min(genlock_step) FILTER (isfinite(genlock_step)), \
            max(genlock_step) FILTER (isfinite(genlock_step)), \
            count(genlock_frame), min(genlock_frame), min(genlock_frame_step), \
            max(genlock_frame_step)\(figures.isEmpty ? "" : ", " + figures.joined(separator: ", ")) \
            FROM steps GROUP BY genlock_file, genlock_episode ORDER BY 1, genlock_episode
            """
    }

    /// Commands and states of all episodes in tables, one after the other. Tables that cannot be read are left out.
    ///
    /// - Parameters:
    ///   - paths: tables that have the columns, without duplicates.
    ///   - take: receives table, episode (nil: not stated) and rows.
    package func commands(
        of paths: [String], _ pairs: [CommandPair], _ take: (_ path: String, _ episode: Int?, CommandRows) -> Void
    ) {
        for batch in TableSurvey.batches(paths) { commands(batch, pairs, take) }
    }

    private func commands(
        _ paths: [String], _ pairs: [CommandPair], _ take: (String, Int?, CommandRows) -> Void
    ) {
        do throws(ClipFailure) {
            try askCommands(paths, pairs, take)
        } catch {
            guard paths.count > 1 else { return }
            commands(Array(paths[..<(paths.count / 2)]), pairs, take)
            commands(Array(paths[(paths.count / 2)...]), pairs, take)
        }
    }

    private func askCommands(
        _ paths: [String], _ pairs: [CommandPair], _ take: (String, Int?, CommandRows) -> Void
    ) throws(ClipFailure) {
        let described = AnswerTable(
            try query(
                """
                SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(\(SQL.files(paths)), \
                union_by_name = true))
                """,
                paths[0]))
        var types: [String: String] = [:]
        for row in described.rows { if let name = row[0] { types[name] = row[1] ?? "" } }
        func element(_ feature: RobotSet.Feature, _ place: Int) -> String {
            let isList = types[feature.name]?.contains("[") == true
            return "TRY_CAST(\(SQL.name(feature.name))\(isList ? "[\(place + 1)]" : "") AS FLOAT)"
        }
        let joints = pairs.flatMap { pair in pair.joints.map { (pair, $0) } }
        let columns =
            joints.map { element($0.0.action, $0.1.action) } + joints.map { element($0.0.state, $0.1.state) }
        // Named, since the header of an expression may contain commas.
        let named = columns.enumerated().map { "\($0.element) AS genlock_\($0.offset)" }
        let sql = """
            SELECT list_position(\(SQL.list(paths)), filename) AS genlock_file, \
            \(TableSurvey.number("episode_index", types["episode_index"], as: "BIGINT")) AS genlock_episode, \
            \(TableSurvey.number("timestamp", types["timestamp"], as: "FLOAT")) AS genlock_time, \
            \(named.joined(separator: ", ")) FROM \(SQL.rows(paths)) ORDER BY filename, file_row_number
            """
        let count = joints.count
        let none = CommandRows(
            actions: [[Float]](repeating: [], count: count), states: [[Float]](repeating: [], count: count))
        var (current, rows) = ((file: Float.nan, episode: Float.nan), none)
        var isMisplaced = false
        func close() {
            guard !(rows.actions.first?.isEmpty ?? true) else { return }
            let place = current.file.isFinite ? Int(current.file) - 1 : nil
            let path = place.flatMap { paths.indices.contains($0) ? paths[$0] : nil }
            if let path = path ?? (paths.count == 1 ? paths[0] : nil) {
                take(path, StatedNumber.whole(current.episode.isFinite ? Double(current.episode) : nil), rows)
            } else {
                isMisplaced = true
            }
            rows = none
        }
        NumberRows.each(try query(sql, paths[0])) { row in
            let (file, episode) = (row[0], row[1])
            let isSame =
                (file == current.file || file.isNaN && current.file.isNaN)
                && (episode == current.episode || episode.isNaN && current.episode.isNaN)
            if !isSame {
                close()
                current = (file, episode)
            }
            rows.times.append(row[2])
            for joint in 0..<count {
                rows.actions[joint].append(row[3 + joint])
                rows.states[joint].append(row[3 + count + joint])
            }
        }
        close()
        // If the engine spells paths differently, each table is queried alone.
        if isMisplaced {
            for path in paths { try askCommands([path], pairs, take) }
        }
    }

    /// Times and frame numbers of some episodes, row by row, by table and episode.
    package func stamps(of wanted: [(path: String, episode: Int?)]) throws(ClipFailure) -> [String: [Int: (
        times: [Double], frames: [Double]
    )]] {
        let paths = Array(Set(wanted.map(\.path))).sorted()
        guard let first = paths.first else { return [:] }
        let described = AnswerTable(
            try query(
                """
                SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(\(SQL.files(paths)), \
                union_by_name = true))
                """,
                first))
        var kinds: [String: String] = [:]
        for row in described.rows { if let name = row[0] { kinds[name] = row[1] ?? "" } }
        let episodes = Set(wanted.compactMap(\.episode)).sorted()
        let filter =
            kinds["episode_index"] == nil || episodes.isEmpty
            ? ""
            : """
            WHERE \(TableSurvey.number("episode_index", kinds["episode_index"], as: "BIGINT")) IN \
            (\(episodes.map(String.init).joined(separator: ", ")))
            """
        let sql = """
            SELECT list_position(\(SQL.list(paths)), filename), \
            \(TableSurvey.number("episode_index", kinds["episode_index"], as: "BIGINT")), \
            \(TableSurvey.seconds(kinds["timestamp"])), \
            \(TableSurvey.number("frame_index", kinds["frame_index"], as: "DOUBLE")) FROM \(SQL.rows(paths)) \(filter) \
            ORDER BY filename, file_row_number
            """
        var result: [String: [Int: (times: [Double], frames: [Double])]] = [:]
        for row in AnswerTable(try query(sql, first)).rows {
            let place = row[0].flatMap { Int($0) }.map { $0 - 1 }
            if paths.count > 1, !(place.map(paths.indices.contains) ?? false) {
                for path in paths { result.merge(try stamps(of: wanted.filter { $0.path == path })) { $1 } }
                return result
            }
            guard let path = try TableSurvey.path(place, of: paths) else { continue }
            let time = row[2].flatMap { Double($0) } ?? .nan
            let frame = row[3].flatMap { Double($0) } ?? .nan
            let episode = row[1].flatMap { Int($0) } ?? -1
            result[path, default: [:]][episode, default: ([], [])].times.append(time)
            result[path, default: [:]][episode, default: ([], [])].frames.append(frame)
        }
        return result
    }
}
