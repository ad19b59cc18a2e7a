import Files
import Foundation
package import Parquet
import Plan
package import RobotSets
package import SyncModel

/// Mends the stamps of a robot set in a copy of it: tables are written anew, everything else is linked.
///
/// Only what is certain is mended: stamps in another unit, and stamps that do not begin at 0. Beyond that rows are
/// moved by given offsets. All other columns, the order of rows and the types of columns stay as they are.
public struct SetFixer {
    /// Writes the rows of a query as Parquet.
    package typealias Writer = (
        _ query: String, _ output: String, _ metadata: [(key: String, value: String)]
    ) throws(ClipFailure) -> Void

    public struct Outcome: Sendable, Hashable {
        public var output: String
        public var episodes = 0
        /// Tables written anew.
        public var tables = 0
        /// Episodes whose stamps were converted to seconds, and those whose stamps were made to begin at 0.
        public var converted = 0
        public var begun = 0
        /// Episodes that were moved, by ms.
        public var moved: [Double: Int] = [:]
        /// What remains, in words.
        public var left: [String] = []

        init(output: String) { self.output = output }
    }

    /// What is done to the stamps of one episode.
    private struct Change: Hashable {
        var converts = false
        var begins = false
        /// In seconds.
        var move = 0.0

        var isNone: Bool { self == Change() }
    }

    private let query: TableQuery
    private let write: Writer

    package init(query: TableQuery, write: @escaping Writer) {
        self.query = query
        self.write = write
    }

    /// - Parameters:
    ///   - output: a folder that does not exist.
    ///   - move: by how many seconds the stamps of an episode are moved: those of `offset_ms`; nil: not.
    /// - Throws: if nothing has to be mended, or the copy is not as it should be; nothing is written then.
    package func fix(
        _ root: String, to output: String, move: (RobotEpisode) -> Double?
    ) throws(ClipFailure) -> Outcome {
        guard !FileManager.default.fileExists(atPath: output) else {
            throw ClipFailure(
                code: "exists", message: "\(output.printable) exists already",
                remedy: "name a folder that does not exist: a copy of the set is written there")
        }
        let set = try RobotSet(root: root)
        let survey = try SetSurvey(set, query: query, videos: { _ in [:] })
        var outcome = Outcome(output: output)
        var changes: [String: [Int: Change]] = [:]
        for one in survey.cases where one.failure == nil {
            let kinds = Set(one.faults.map(\.kind))
            let change = Change(
                converts: kinds.contains(.unit), begins: kinds.contains(.lateStart) || kinds.contains(.unit),
                move: move(one.episode) ?? 0)
            outcome.episodes += 1
            guard !change.isNone else { continue }
            if change.converts { outcome.converted += 1 } else if change.begins { outcome.begun += 1 }
            if change.move != 0 { outcome.moved[change.move * 1000, default: 0] += 1 }
            changes[one.episode.table, default: [:]][one.episode.index] = change
        }
        outcome.left = SetFixer.left(survey)
        guard !changes.isEmpty else {
            throw ClipFailure(
                code: "nothing-to-fix", message: "no stamps of \(root.printable) have to be mended",
                remedy: outcome.left.first ?? "give --offset-ms, or a store whose report gives the set an offset")
        }
        let parent = output.folderOfPath
        let staged: String
        do throws(StagedFileError) {
            staged = try PrivateFolder.make(".genlock-set", in: [parent.isEmpty ? "." : parent])
        } catch { throw SetFixer.notWritten(error.path, error.reason) }
        defer { try? FileManager.default.removeItem(atPath: staged) }
        let written = Set(changes.keys.map { String($0.dropFirst(root.count + 1)) })
        try SetFixer.link(root, to: staged, but: written)
        for (table, own) in changes.sorted(by: { $0.key < $1.key }) {
            try self.table(table, to: staged + table.dropFirst(root.count), own, set)
            outcome.tables += 1
        }
        let moves = changes.values.reduce(into: [Int: Double]()) { all, own in
            for (episode, change) in own where change.move != 0 { all[episode] = change.move }
        }
        try SetFixer.state(moves, of: survey.cases.count, in: staged)
        try check(staged, against: survey)
        do {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: staged)
            try FileManager.default.moveItem(atPath: staged, toPath: output)
        } catch { throw SetFixer.notWritten(output, error.localizedDescription) }
        return outcome
    }

    // MARK: Tables

    private func table(
        _ path: String, to output: String, _ changes: [Int: Change], _ set: RobotSet
    ) throws(ClipFailure) {
        let described = AnswerTable(
            try query(
                """
                SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(\(SQL.files([path]))))
                """,
                path))
        let type = described.rows.first { $0.first == "timestamp" }?.last ?? nil
        guard let type, ["FLOAT", "DOUBLE"].contains(type) else {
            throw ClipFailure(
                code: "no-stamps", message: "\(path.printable) has no column timestamp of floating-point numbers",
                remedy: "write the times of the rows in seconds into it")
        }
        let isShared = set.isShared
        let window =
            "OVER (\(isShared ? "PARTITION BY episode_index " : "")ORDER BY file_row_number ROWS BETWEEN UNBOUNDED "
            + "PRECEDING AND UNBOUNDED FOLLOWING)"
        let stamp = "\"timestamp\"::DOUBLE"
        // The power of 1000 that brings the mean step nearest to the declared one.
        let factor = """
            pow(1000.0, -round(log10(abs(last_value(\(stamp)) \(window) - first_value(\(stamp)) \(window)) / \
            greatest(1, count(*) \(window) - 1) * \(set.framesPerSecond)) / 3))
            """
        var parts: [(episodes: [Int], sql: String)] = []
        for (change, episodes) in Dictionary(grouping: changes.keys, by: { changes[$0] ?? Change() }) {
            var sql = change.begins ? "(\(stamp) - first_value(\(stamp)) \(window))" : stamp
            if change.converts { sql = "\(sql) * \(factor)" }
            if change.move != 0 { sql = "\(sql) + (\(change.move))" }
            parts.append((episodes.sorted(), sql))
        }
        parts.sort { ($0.episodes.first ?? 0) < ($1.episodes.first ?? 0) }
        let mended =
            isShared
            ? "CASE "
                + parts.map { part in
                    "WHEN episode_index IN (\(part.episodes.map(String.init).joined(separator: ", "))) THEN \(part.sql)"
                }.joined(separator: " ") + " ELSE \(stamp) END"
            : parts.first?.sql ?? stamp
        let metadata = AnswerTable(
            try query(
                """
                SELECT decode(key), decode(value) FROM parquet_kv_metadata(\(SQL.files([path]))) \
                WHERE decode(key) = 'huggingface'
                """,
                path))
        try write(
            """
            SELECT * EXCLUDE (file_row_number) REPLACE (CAST(\(mended) AS \(type)) AS "timestamp") \
            FROM read_parquet(\(SQL.files([path])), file_row_number = true) ORDER BY file_row_number
            """,
            output,
            metadata.rows.compactMap { row in
                guard row.count == 2, let key = row[0], let value = row[1] else { return nil }
                return (key, value)
            })
    }

    // MARK: The rest of the set

    /// Links all files of a set into a folder, or copies them where it is on another disk.
    private static func link(_ root: String, to folder: String, but left: Set<String>) throws(ClipFailure) {
        guard let walk = FileManager.default.enumerator(atPath: root) else {
            throw notWritten(folder, "\(root.printable) cannot be listed")
        }
        do {
            for case let name as String in walk {
                var status = stat()
                guard stat(root + "/" + name, &status) == 0 else { continue }
                let target = folder + "/" + name
                if status.st_mode & S_IFMT == S_IFDIR {
                    try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
                } else if !left.contains(name), name != StampMoves.file {
                    // What a link leads to, and not the link: it may be relative.
                    let source = URL(fileURLWithPath: root + "/" + name).resolvingSymlinksInPath().path
                    do { try FileManager.default.linkItem(atPath: source, toPath: target) } catch {
                        try FileManager.default.copyItem(atPath: source, toPath: target)
                    }
                }
            }
        } catch { throw notWritten(folder, error.localizedDescription) }
    }

    /// States in the copy by how much its rows were moved: its stamps begin there and not at 0.
    private static func state(_ moves: [Int: Double], of episodes: Int, in folder: String) throws(ClipFailure) {
        guard !moves.isEmpty else { return }
        do throws(StagedFileError) {
            try StagedFile.write(StampMoves(moves, of: episodes).document, to: folder + "/" + StampMoves.file)
        } catch { throw notWritten(error.path, error.reason) }
    }

    /// Counts the copy: it has the same episodes and rows, and none of the faults that were mended.
    private func check(_ copy: String, against survey: SetSurvey) throws(ClipFailure) {
        let again = try SetSurvey(try RobotSet(root: copy), query: query, videos: { _ in [:] })
        func wrong(_ what: String) -> ClipFailure {
            ClipFailure(
                code: "not-mended", message: "the copy of \(survey.set.root.printable) \(what)",
                remedy: "nothing was written; please report this")
        }
        guard again.cases.map(\.episode.index) == survey.cases.map(\.episode.index),
            again.cases.map(\.rows) == survey.cases.map(\.rows)
        else { throw wrong("has other episodes or rows") }
        for one in again.cases where one.faults.contains(where: { [.unit, .lateStart].contains($0.kind) }) {
            throw wrong("has stamps in another unit or with another zero in episode \(one.episode.index)")
        }
    }

    // MARK: What remains

    /// Faults of clocks that nothing can mend for certain.
    private static let lasting: [LogFault.Kind] = [
        .rate, .jitter, .dropped, .doubled, .backwards, .gap, .mixedUnits, .mixedClocks, .coarse, .stopped, .unknown,
    ]

    private static func left(_ survey: SetSurvey) -> [String] {
        var counts: [LogFault.Kind: Int] = [:]
        var unread = 0
        for one in survey.cases {
            if one.failure != nil { unread += 1 }
            for kind in Set(one.faults.map(\.kind)) { counts[kind, default: 0] += 1 }
        }
        var lines = lasting.compactMap { kind in
            counts[kind].map { "\(kind.rawValue) in \(Figures.times($0, "episode", "episodes")): not mended" }
        }
        if unread > 0 {
            lines.append(
                "\(Figures.times(unread, "episode that cannot", "episodes that cannot")) be read: as they were")
        }
        let statistics = ["meta/stats.json", "meta/episodes_stats.jsonl"].filter {
            FileManager.default.fileExists(atPath: survey.set.root + "/" + $0)
        }
        if !statistics.isEmpty {
            lines.append("\(statistics.joined(separator: " and ")) still describe the former stamps")
        }
        return lines
    }

    private static func notWritten(_ path: String, _ reason: String) -> ClipFailure {
        ClipFailure(
            code: "not-written", message: "\(path.printable) cannot be written (\(reason))",
            remedy: "name a new folder in a writable one, with room for the tables")
    }
}
