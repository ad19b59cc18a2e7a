import Foundation
package import Parquet
public import RobotSets
import Sensors
public import SyncModel

/// All episodes of a set with the faults of each, found in bulk; and the faults of the set.
public struct SetSurvey: Sendable {
    public struct Case: Sendable, Codable {
        public let episode: RobotEpisode
        /// The costliest first.
        public let faults: [LogFault]
        /// Why the episode cannot be used; nil: it can.
        public let failure: ClipFailure?
        public let rows: Int
        /// Columns of its table with motion.
        public let columns: [String]
        /// Cameras whose video can be examined.
        public let cameras: [RobotEpisode.Video]
        /// By how many ms the states follow the commands, the median of the joints; nil: not known.
        public let lag: Double?

        package init(
            episode: RobotEpisode, faults: [LogFault], failure: ClipFailure?, rows: Int, columns: [String],
            cameras: [RobotEpisode.Video], lag: Double? = nil
        ) {
            self.episode = episode
            self.faults = faults
            self.failure = failure
            self.rows = rows
            self.columns = columns
            self.cameras = cameras
            self.lag = lag
        }
    }

    public let set: RobotSet
    public let cases: [Case]
    /// Of the set as a whole.
    public let faults: [LogFault]
    /// Lags of states after commands, by joint.
    public let lags: [JointLag]

    /// Whether the same files would give the same: not where a video could not be opened for want of time or memory.
    let isLasting: Bool

    /// A survey of an earlier scan.
    init(set: RobotSet, cases: [Case], faults: [LogFault], lags: [JointLag]) {
        self.set = set
        self.cases = cases
        self.faults = faults
        self.lags = lags
        isLasting = true
    }

    /// - Parameters:
    ///   - videos: finds the lengths of videos.
    ///   - progress: receives the current activity.
    package init(
        _ set: RobotSet, query: TableQuery, videos facts: VideoFacts.Source = { VideoFacts.of($0) },
        progress: (String) -> Void = { _ in }
    ) throws(ClipFailure) {
        self.set = set
        let list = try EpisodeList(set, query: query)
        var faults = list.faults
        let judge = EpisodeJudge(set: set)
        let survey = TableSurvey(set, query: query)
        let tables = Array(Set(list.episodes.map(\.table))).sorted().filter {
            FileManager.default.fileExists(atPath: $0)
        }
        let videos = Array(Set(list.episodes.flatMap { $0.videos.map(\.path) })).sorted().filter {
            FileManager.default.fileExists(atPath: $0)
        }
        progress("clocks of \(list.episodes.count) episodes in \(tables.count) tables")
        let content = survey.content(of: tables) { done in
            if done < tables.count { progress("\(done) of \(tables.count) tables") }
        }
        // Without the engine no episode can be read: reported once.
        if let first = content.values.first(where: { $0.failure?.code == "no-duckdb" })?.failure {
            throw ClipFailure(
                code: first.code,
                message: "\(set.root.printable) keeps its tables as Parquet, and the 'duckdb' program is missing",
                remedy: first.remedy)
        }
        if !videos.isEmpty { progress("lengths of \(videos.count) videos") }
        let facts = facts(videos)

        // Irregular clocks are examined row by row.
        var rows: [Int: EpisodeRows] = [:]
        var askew: [(place: Int, path: String, episode: Int?)] = []
        for (place, episode) in list.episodes.enumerated() {
            guard let table = content[episode.table], table.failure == nil else { continue }
            let own =
                episode.isShared
                ? table.episodes.first { $0.episode == episode.index }
                : table.episodes.first { $0.episode == episode.index } ?? table.episodes.max { $0.count < $1.count }
            rows[place] = own
            if let own, !judge.isPlain(own), own.stamped > 0 { askew.append((place, episode.table, own.episode)) }
        }
        var clocks: [Int: [LogFault]] = [:]
        if !askew.isEmpty { progress("\(askew.count) clocks row by row") }
        for start in stride(from: 0, to: askew.count, by: 400) {
            let part = Array(askew[start..<min(askew.count, start + 400)])
            let stamps = (try? survey.stamps(of: part.map { ($0.path, $0.episode) })) ?? [:]
            for (place, path, episode) in part {
                guard let own = stamps[path]?[episode ?? -1] else { continue }
                clocks[place] = judge.clock(times: own.times, frames: own.frames)
            }
        }

        let lags = SetSurvey.lags(survey, set, list, content, progress: progress)
        let shared = SharedVideos(list.episodes, framesPerSecond: set.framesPerSecond, facts: facts)
        if let unclaimed = shared.unclaimed { faults.append(unclaimed) }
        if let total = SetSurvey.total(set, content, of: list) { faults.append(total) }
        var cases: [Case] = []
        for (place, episode) in list.episodes.enumerated() {
            let table = content[episode.table]
            let failure = SetSurvey.failure(episode, table, rows[place])
            var own: [LogFault] = []
            if failure == nil, let table, let counted = rows[place] {
                own = judge.faults(
                    clock: clocks[place] ?? [], content: judge.content(episode, table, counted, videos: facts))
                own += shared.faults[place] ?? []
                own += lags.flatMap { $0.faults[place] ?? [] }
                if counted.stamped == 0, table.columns.contains("timestamp") {
                    own.append(
                        LogFault(
                            .unknown, "column timestamp has no time in any of its \(counted.count) rows",
                            remedy: "fill it in: the time of each row in seconds since the episode's first"))
                }
            }
            own = own.enumerated().sorted {
                ($0.element.costMilliseconds ?? -1, -$0.offset) > ($1.element.costMilliseconds ?? -1, -$1.offset)
            }.map(\.element)
            let seen = episode.videos.filter { facts[$0.path].map { $0.failure == nil } ?? false }
            cases.append(
                Case(
                    episode: episode, faults: own, failure: failure, rows: rows[place]?.count ?? 0,
                    columns: set.channels.map(\.name).filter { table?.columns.contains($0) ?? false }, cameras: seen,
                    lag: lags.lazy.compactMap { $0.lags[place] }.first))
        }
        faults += SetSurvey.common(rows.values.map { $0 })
        self.cases = cases
        self.faults = faults
        self.lags = lags.flatMap(\.joints)
        isLasting = !facts.values.contains { $0.failure.map { SetSurvey.passing.contains($0.code) } ?? false }
    }

    /// Failures by circumstances.
    private static let passing: Set<String> = ["timed-out", "too-much-memory", "out-of-memory", "worker-died"]

    /// Lags of states after commands, for each column of commands.
    private static func lags(
        _ survey: TableSurvey, _ set: RobotSet, _ list: EpisodeList, _ content: [String: TableContent],
        progress: (String) -> Void
    ) -> [SetLags] {
        var places: [String: [Int: Int]] = [:]
        for (place, episode) in list.episodes.enumerated() {
            places[episode.table, default: [:]][episode.isShared ? episode.index : -1] = place
        }
        return set.commandPairs.compactMap { pair in
            let tables = content.filter { _, table in
                table.failure == nil && table.columns.contains(pair.action.name)
                    && table.columns.contains(pair.state.name)
            }.keys.sorted()
            guard !tables.isEmpty else { return nil }
            progress("lag of \(pair.state.name.printable) after \(pair.action.name.printable)")
            var found: [Int: ActionLags] = [:]
            survey.commands(of: tables, [pair]) { path, episode, rows in
                guard let place = places[path]?[episode ?? -1] ?? places[path]?[-1] else { return }
                found[place] = ActionLags(rows, framesPerSecond: set.framesPerSecond)
            }
            return SetLags(
                found, names: pair.joints.map(\.name), columns: (pair.action.name, pair.state.name),
                framesPerSecond: set.framesPerSecond)
        }
    }

    /// Compares the rows declared in meta/info.json with those of all tables; nil: they agree, or not all could be
    /// counted.
    private static func total(_ set: RobotSet, _ content: [String: TableContent], of list: EpisodeList) -> LogFault? {
        let tables = Set(list.episodes.map(\.table))
        guard let declared = set.totalFrames, tables.allSatisfy({ content[$0].map { $0.failure == nil } ?? false })
        else { return nil }
        let rows = content.values.flatMap(\.episodes).reduce(0) { $0 + $1.count }
        guard rows != declared else { return nil }
        return LogFault(
            .count, "meta/info.json declares \(declared) frames, but the tables have \(rows) rows",
            costMilliseconds: abs(Double(declared) - Double(rows)) * 1000 / set.framesPerSecond,
            remedy: "fix total_frames, or find the lost rows")
    }

    private static func failure(_ episode: RobotEpisode, _ table: TableContent?, _ rows: EpisodeRows?) -> ClipFailure? {
        guard let table else {
            return ClipFailure(
                code: "no-table",
                message: "\(episode.clip.printable) is missing: the table of episode \(episode.index)",
                remedy: "copy it from the set's source, or remove the episode from the list")
        }
        if let failure = table.failure { return failure }
        guard let rows, rows.count > 0 else {
            return ClipFailure(
                code: "empty-table", message: "\(episode.clip.printable) has no rows of episode \(episode.index)",
                remedy: "check that the recording ran; record the episode again, or remove it from the list")
        }
        return nil
    }

    /// Numbers that never change in any episode.
    private static func common(_ all: [EpisodeRows]) -> [LogFault] {
        guard all.count >= 5 else { return [] }
        var still: [String: (episodes: Int, elements: Set<Int>)] = [:]
        for rows in all {
            for channel in rows.channels {
                let own = Set(channel.span.indices.filter { channel.span[$0] == 0 || channel.span[$0] == nil })
                if let before = still[channel.name] {
                    still[channel.name] = (before.episodes + 1, before.elements.intersection(own))
                } else {
                    still[channel.name] = (1, own)
                }
            }
        }
        return still.keys.sorted().compactMap { name in
            guard let found = still[name], !found.elements.isEmpty, found.episodes >= 5 else { return nil }
            let places = found.elements.sorted().prefix(6).map(String.init).joined(separator: ", ")
            return LogFault(
                .constantChannel,
                "column \(name.printable)[\(places)] is constant in each of \(found.episodes) episodes",
                remedy: "check that this joint or sensor was read at all, or remove it from the features")
        }
    }
}
