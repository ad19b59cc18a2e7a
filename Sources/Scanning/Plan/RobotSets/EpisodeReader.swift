import Foundation
public import Parquet
public import RobotSets
import SensorLogs
public import Sensors
public import SyncModel

/// Reads the motion in episodes, many tables with one query.
public struct EpisodeReader: Sendable {
    private let set: RobotSet
    private let query: TableQuery

    public init(_ set: RobotSet, query: TableQuery) {
        self.set = set
        self.query = query
    }

    /// The motion signals of an episode, and the assumptions on its columns.
    public struct Content: Sendable {
        public let courses: [MotionSignal]
        public let notes: [Reason]
    }

    /// By the episode's index; failures are reported per episode.
    public func content(of cases: [SetSurvey.Case]) -> [Int: Result<Content, ClipFailure>] {
        var result: [Int: Result<Content, ClipFailure>] = [:]
        // Tables with equal columns can be queried together.
        for (columns, group) in Dictionary(grouping: cases, by: \.columns) {
            do throws(ClipFailure) {
                for (index, content) in try read(group, columns) { result[index] = content }
            } catch {
                for one in group { result[one.episode.index] = .failure(error) }
            }
        }
        for one in cases where result[one.episode.index] == nil {
            result[one.episode.index] = .failure(
                ClipFailure(
                    code: "empty-table",
                    message: "\(one.episode.clip.printable) has no rows of episode \(one.episode.index)",
                    remedy: "check that the recording ran"))
        }
        return result
    }

    private func read(_ cases: [SetSurvey.Case], _ columns: [String]) throws(ClipFailure) -> [Int: Result<
        Content, ClipFailure
    >] {
        let paths = Array(Set(cases.map(\.episode.table))).sorted()
        guard let first = paths.first else { return [:] }
        let isShared = set.isShared
        let filter =
            isShared ? "WHERE episode_index IN (\(cases.map { String($0.episode.index) }.joined(separator: ", ")))" : ""
        let names = (["timestamp"] + columns).map(SQL.name).joined(separator: ", ")
        let episode = isShared ? "episode_index" : "0"
        let sql =
            """
            SELECT list_position(\(SQL.list(paths)), filename) AS genlock_file, \(episode) AS genlock_episode, \
            \(names) FROM \(SQL.rows(paths)) \(filter) ORDER BY filename, file_row_number
            """
        let table = try LogReader.table(csv: try query(sql, first), file: first)
        guard let files = table.columns.first(where: { $0.name == "genlock_file" })?.values,
            let episodes = table.columns.first(where: { $0.name == "genlock_episode" })?.values
        else { return [:] }
        // If the engine returns a path with another spelling, each table is queried alone.
        if paths.count > 1, files.contains(where: { !(1...Double(paths.count)).contains($0) }) {
            var result: [Int: Result<Content, ClipFailure>] = [:]
            for path in paths {
                result.merge(try read(cases.filter { $0.episode.table == path }, columns)) { $1 }
            }
            return result
        }
        var ranges: [String: Range<Int>] = [:]
        var start = 0
        for row in 0...files.count
        where row == files.count || row > start && (files[row] != files[start] || episodes[row] != episodes[start]) {
            guard row > start else { break }
            if let file = paths.count == 1 ? 1 : StatedNumber.whole(files[start]),
                let episode = StatedNumber.whole(episodes[start])
            {
                ranges["\(file)-\(episode)"] = start..<row
            }
            start = row
        }
        var result: [Int: Result<Content, ClipFailure>] = [:]
        for one in cases {
            guard let place = paths.firstIndex(of: one.episode.table),
                let range = ranges["\(place + 1)-\(isShared ? one.episode.index : 0)"]
            else { continue }
            var own = table.rows(range)
            own.columns.removeAll { $0.name.hasPrefix("genlock_") }
            result[one.episode.index] = content(LogTable(file: one.episode.clip, columns: own.columns))
        }
        return result
    }

    private func content(_ table: LogTable) -> Result<Content, ClipFailure> {
        do throws(ClipFailure) {
            let log = try SensorLog(table)
            var facts = ClockFacts(stamps: log.times, column: "timestamp")
            facts.declaredRate = set.framesPerSecond
            return .success(
                Content(
                    courses: Self.courses(log, ClockAnalyser().result(facts)), notes: log.notes))
        } catch {
            return .failure(error)
        }
    }

    /// Every channel of motion, at the times of the rows. Timestamps that do not start near 0 are counted from the
    /// first.
    static func courses(_ log: SensorLog, _ clock: ClockAnalyser.Result) -> [MotionSignal] {
        let first = clock.stamps.first ?? 0
        let shift = abs(first) < 1 ? 0 : first
        let times = clock.stamps.map { $0 - shift }
        func values(_ role: ColumnRole) -> [[Double]]? {
            log.channels[role].map { columns in
                columns.filter { !$0.isConstant }.map { column in
                    clock.rows.map { $0 < column.values.count ? column.values[$0] : .nan }
                }
            }.flatMap { $0.isEmpty ? nil : $0 }
        }
        var courses: [MotionSignal] = []
        if let speed = values(.speed) { courses.append(.speed(ofSpeeds: speed, times: times, source: "speed")) }
        if let place = values(.position) { courses.append(.speed(ofPosition: place, times: times, source: "position")) }
        return courses
    }
}
