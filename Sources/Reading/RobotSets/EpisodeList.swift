import Files
import Foundation
package import Parquet
package import SyncModel

/// The episodes of a set: listed and unlisted ones.
package struct EpisodeList {
    package private(set) var episodes: [RobotEpisode] = []
    /// Faults of the list itself.
    package private(set) var faults: [LogFault] = []
    /// Videos that belong to no listed episode.
    package private(set) var strayVideos: [String] = []

    private let set: RobotSet
    /// Maximum size of an episode list, in bytes.
    private static let largestList = 512 << 20

    package init(_ set: RobotSet, query: TableQuery) throws(ClipFailure) {
        self.set = set
        if set.isShared { try shared(query) } else { try alone() }
        if let total = set.totalEpisodes, total != episodes.count {
            faults.append(
                LogFault(
                    .count, "meta/info.json declares \(total) episodes, but the set has \(episodes.count)",
                    remedy: "fix total_episodes, or restore the missing episodes"))
        }
        strayVideos = strays()
        if !strayVideos.isEmpty {
            let names = strayVideos.prefix(3).map { String($0.dropFirst(set.root.count + 1)).printable }.joined(
                separator: ", ")
            faults.append(
                LogFault(
                    .extraVideo,
                    """
                    \(strayVideos.count == 1 ? "a video belongs" : "\(strayVideos.count) videos belong") to no episode \
                    of the set, such as \(names)
                    """,
                    remedy: "delete them or add their episodes to the list"))
        }
    }

    // MARK: Version 2: a table an episode

    private mutating func alone() throws(ClipFailure) {
        let path = set.root + "/meta/episodes.jsonl"
        var listed: [Int: (rows: Int?, attributes: [ClipRecord.Attribute])] = [:]
        if let data = BoundedFile.bytes(path, most: EpisodeList.largestList),
            let text = String(data: data, encoding: .utf8)
        {
            var bad: [Int] = []
            for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            where !line.allSatisfy(\.isWhitespace) {
                guard let object = (try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: Any],
                    let index = StatedNumber.whole((object["episode_index"] as? NSNumber)?.doubleValue), index >= 0
                else {
                    bad.append(number + 1)
                    continue
                }
                listed[index] = (
                    StatedNumber.whole((object["length"] as? NSNumber)?.doubleValue),
                    EpisodeList.attributes(object.mapValues { $0 as? String ?? ($0 as? NSNumber)?.stringValue })
                )
            }
            if let first = bad.first {
                faults.append(
                    LogFault(
                        .badList,
                        """
                        meta/episodes.jsonl has no valid episode in \
                        \(bad.count == 1 ? "line \(first)" : "\(bad.count) lines, the first is line \(first)")
                        """,
                        remedy: "make each line an object with episode_index, tasks and length"))
            }
        } else {
            faults.append(
                LogFault(
                    .noList,
                    "meta/episodes.jsonl is missing or cannot be read: the tables under data are used as they are",
                    remedy: "copy it from the set's source"))
        }
        let found = EpisodeList.numbered(under: set.root + "/data", ending: ".parquet")
        for index in Set(listed.keys).union(found.keys).sorted() {
            let values: [String: PathValue] = [
                "episode_index": .number(index), "episode_chunk": .number(index / set.chunkSize),
            ]
            let table = found[index] ?? set.root + "/" + set.dataPath.path(values)
            let videos = set.cameras.map { camera in
                RobotEpisode.Video(
                    camera: camera,
                    path: set.root + "/" + set.videoPath.path(values.merging(["video_key": .name(camera)]) { $1 }))
            }
            episodes.append(
                RobotEpisode(
                    index: index, table: table, isShared: false, declaredRows: listed[index]?.rows ?? nil,
                    videos: videos, attributes: listed[index]?.attributes ?? []))
        }
        let unlisted = found.keys.filter { listed[$0] == nil }.sorted()
        if !listed.isEmpty, let first = unlisted.first {
            faults.append(
                LogFault(
                    .notListed,
                    """
                    \(unlisted.count == 1 ? "a table belongs" : "\(unlisted.count) tables belong") to no episode in \
                    meta/episodes.jsonl; the first is episode \(first)
                    """,
                    remedy: "add them to the list or delete them: software that uses the list skips them"))
        }
    }

    /// Files whose names end in a number, by that number.
    private static func numbered(under folder: String, ending: String) -> [Int: String] {
        var result: [Int: String] = [:]
        for path in files(under: folder) where path.hasSuffix(ending) {
            let name = path.dropLast(ending.count)
            let digits = String(name.reversed().prefix { $0.isNumber }.reversed())
            if let number = Int(digits) { result[number] = path }
        }
        return result
    }

    // MARK: Version 3: episodes in shared files

    private mutating func shared(_ query: TableQuery) throws(ClipFailure) {
        let lists = EpisodeList.files(under: set.root + "/meta/episodes").filter { $0.hasSuffix(".parquet") }
        guard !lists.isEmpty else {
            throw ClipFailure(
                code: "bad-set", message: "\(set.root.printable)/meta/episodes has no episode list",
                remedy: "copy the folder meta/episodes from the set's source")
        }
        let sql =
            """
            SELECT \
            COLUMNS('^(episode_index|length|data/.*|videos/.*|date|day|recorded.*|session.*|operator.*|robot.*)$') \
            FROM read_parquet(\(SQL.files(lists)), union_by_name = true) ORDER BY episode_index
            """
        let table = AnswerTable(try query(sql, lists[0]))
        guard let indexPlace = table.place("episode_index"), let chunkPlace = table.place("data/chunk_index"),
            let filePlace = table.place("data/file_index")
        else {
            throw ClipFailure(
                code: "bad-set",
                message: "\(lists[0].printable) lacks episode_index, data/chunk_index or data/file_index",
                remedy: "copy the folder meta/episodes from the set's source")
        }
        var unplaced: [Int] = []
        for row in table.rows {
            func number(_ name: String) -> Double? { table.place(name).flatMap { row[$0] }.flatMap { Double($0) } }
            func whole(_ place: Int) -> Int? { StatedNumber.whole(row[place].flatMap { Double($0) }) }
            guard let index = whole(indexPlace), let chunk = whole(chunkPlace), let file = whole(filePlace) else {
                continue
            }
            let place: [String: PathValue] = [
                "chunk_index": .number(chunk), "file_index": .number(file), "episode_chunk": .number(chunk),
            ]
            let videos = set.cameras.compactMap { camera -> RobotEpisode.Video? in
                // Without its position in the shared file an episode would be compared with another one's frames.
                guard let from = number("videos/\(camera)/from_timestamp"),
                    let to = number("videos/\(camera)/to_timestamp"), from.isFinite, to.isFinite, from >= 0, to > from,
                    to < 1e9,
                    let chunk = StatedNumber.whole(number("videos/\(camera)/chunk_index") ?? 0),
                    let file = StatedNumber.whole(number("videos/\(camera)/file_index") ?? 0)
                else {
                    unplaced.append(index)
                    return nil
                }
                let own: [String: PathValue] = [
                    "video_key": .name(camera), "chunk_index": .number(chunk), "file_index": .number(file),
                ]
                return RobotEpisode.Video(
                    camera: camera, path: set.root + "/" + set.videoPath.path(own), from: from, to: to)
            }
            var told: [String: String?] = [:]
            for (name, value) in zip(table.names, row) { told[name] = value }
            episodes.append(
                RobotEpisode(
                    index: index, table: set.root + "/" + set.dataPath.path(place), isShared: true,
                    declaredRows: StatedNumber.whole(number("length")), videos: videos,
                    attributes: EpisodeList.attributes(told)))
        }
        if let first = unplaced.min() {
            faults.append(
                LogFault(
                    .badList,
                    """
                    meta/episodes lacks the video times (from_timestamp, to_timestamp) of \(Set(unplaced).count) \
                    episodes; the first is episode \(first)
                    """,
                    remedy:
                        """
                        add each episode's start and end in its video, in seconds; until then its video is not checked
                        """
                ))
        }
    }

    /// The listed attributes of an episode that are used for comparisons in a corpus.
    private static func attributes(_ told: [String: String?]) -> [ClipRecord.Attribute] {
        var result: [ClipRecord.Attribute] = []
        for name in told.keys.sorted() {
            guard let value = told[name] ?? nil, !value.isEmpty, value.count <= 80 else { continue }
            let lower = name.lowercased()
            if ["date", "day"].contains(lower) || lower.hasPrefix("recorded") {
                if !result.contains(where: { $0.name == "day" }) {
                    result.append(ClipRecord.Attribute("day", String(value.prefix(10))))
                }
            } else if lower.hasPrefix("session") || lower.hasPrefix("operator") || lower.hasPrefix("robot") {
                result.append(ClipRecord.Attribute(lower, value))
            }
        }
        return result
    }

    // MARK: Files in the folder

    private func strays() -> [String] {
        let known = Set(episodes.flatMap { $0.videos.map(\.path) })
        return EpisodeList.files(under: set.root + "/videos").filter { $0.hasSuffix(".mp4") && !known.contains($0) }
    }

    /// All files under a folder, sorted.
    private static func files(under folder: String) -> [String] {
        guard let walk = FileManager.default.enumerator(atPath: folder) else { return [] }
        return walk.compactMap { $0 as? String }.map { folder + "/" + $0 }.sorted()
    }
}
