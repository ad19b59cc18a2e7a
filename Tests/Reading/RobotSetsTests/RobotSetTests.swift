import Foundation
import MadeFiles
import Parquet
import SyncModel
import Testing

@testable import RobotSets

@Suite("A robot set is found and read as its description says")
struct RobotSetTests {
    @Test("features, channels and cameras are told apart")
    func description() throws {
        let made = try MadeSet(info: MadeSet.info)
        let set = try RobotSet(root: made.root)
        #expect(set.framesPerSecond == 30)
        #expect(set.robot == "so100")
        #expect(set.cameras == ["observation.images.top"])
        #expect(set.channels.map(\.name) == ["observation.state"])
        #expect(!set.isShared)
    }

    @Test(
        "a description that cannot be used says why and what to do",
        arguments: [
            (#"{"fps": 30, "codebase_version": "v1.6"}"#, "2.0 to 3.0"),
            (#"{"codebase_version": "v2.1"}"#, "frame rate"), (#"{"fps": -3}"#, "frame rate"),
            ("[1", "not a JSON object"),
        ])
    func refused(info: String, words: String) throws {
        let made = try MadeSet(info: [:], files: ["meta/info.json": info])
        let failure = #expect(throws: ClipFailure.self) { _ = try RobotSet(root: made.root) }
        #expect(failure?.message.contains(words) == true)
        #expect(failure?.message.contains("meta/info.json") == true)
        #expect(failure?.remedy.isEmpty == false)
    }

    @Test("sets are found in folders of sets, and other folders are none")
    func found() throws {
        let made = try MadeSet(info: MadeSet.info, files: ["data/x.parquet": "", "meta/episodes.jsonl": ""])
        let parent = (made.root as NSString).deletingLastPathComponent
        #expect(RobotSet.roots(under: made.root + "/") == [made.root])
        #expect(RobotSet.roots(under: parent).contains(made.root))
        #expect(RobotSet.roots(under: made.root + "/data").isEmpty)
    }

    @Test("commands belong to states by the names of their joints, else by their places")
    func commands() throws {
        func pairs(_ features: [String: Any]) throws -> [CommandPair] {
            var info = MadeSet.info
            info["features"] = features
            let made = try MadeSet(info: info)
            return try withExtendedLifetime(made) { try RobotSet(root: made.root).commandPairs }
        }
        func feature(_ width: Int, _ names: Any? = nil) -> [String: Any] {
            ["dtype": "float32", "shape": [width], "names": names ?? NSNull()]
        }
        let named = try #require(
            try pairs([
                "action": feature(2, ["motors": ["wrist", "base"]]),
                "observation.state": feature(3, ["base", "elbow", "wrist"]),
            ]).first)
        #expect(
            named.joints == [.init(action: 0, state: 2, name: "wrist"), .init(action: 1, state: 0, name: "base")])
        let placed = try #require(try pairs(["action": feature(2), "observation.state": feature(2)]).first)
        #expect(placed.joints.map(\.name) == ["action[0]", "action[1]"])
        #expect(placed.joints.map(\.state) == [0, 1])
        #expect(try pairs(["action": feature(7), "observation.state": feature(8)]).isEmpty)
        let split = try pairs([
            "action.arm": feature(6), "observation.state.arm": feature(6), "action.hand": feature(1),
        ])
        #expect(split.map(\.action.name) == ["action.arm"])
    }

    @Test("numbers are read from CSV as they are written; what is none is not a number")
    func numbers() {
        var rows: [[Float]] = []
        NumberRows.each(Data("a,b,c\n1,-2.5,3e-3\n,4,\n5,x,nan\n1,2\n7,8,9".utf8)) { rows.append($0) }
        #expect(rows.count == 4)
        #expect(rows[0] == [1, -2.5, 0.003])
        #expect(rows[1][0].isNaN && rows[1][1] == 4 && rows[1][2].isNaN)
        #expect(rows[2][0] == 5 && rows[2][1].isNaN && rows[2][2].isNaN)
        #expect(rows[3] == [7, 8, 9])
    }

    @Test("patterns of paths are filled as Python fills them")
    func patterns() {
        let pattern = PathPattern("videos/chunk-{episode_chunk:03d}/{video_key}/episode_{episode_index:06d}.mp4")
        #expect(
            pattern.path(["episode_chunk": .number(1), "video_key": .name("top"), "episode_index": .number(1234)])
                == "videos/chunk-001/top/episode_001234.mp4")
        #expect(PathPattern("a{b}c{").path([:]) == "a{b}c{")
    }

    @Test("episodes are those of the list and those that lie there; what is wrong with the list is told")
    func list() throws {
        let made = try MadeSet(
            info: MadeSet.info,
            files: [
                "meta/episodes.jsonl": MadeSet.two + "\nnonsense\n", "data/chunk-000/episode_000007.parquet": "",
                "videos/chunk-000/observation.images.top/episode_000044.mp4": "",
            ])
        let list = try EpisodeList(
            try RobotSet(root: made.root), query: TableQuery { _, _ throws(ClipFailure) in Data() })
        #expect(list.episodes.map(\.index) == [0, 1, 7])
        #expect(list.episodes[0].attributes == [.init("operator", "ann"), .init("day", "2026-03-01")])
        #expect(list.episodes[1].declaredRows == 120)
        #expect(
            list.episodes[0].videos.map(\.path) == [
                made.root + "/videos/chunk-000/observation.images.top/episode_000000.mp4"
            ])
        #expect(Set(list.faults.map(\.kind)) == [.badList, .count, .extraVideo, .notListed])
        #expect(list.faults.count == 4)
        #expect(list.faults.first { $0.kind == .badList }?.sentence.contains("line 3") == true)
    }

    @Test("version 3 says where in which file each episode lies")
    func shared() throws {
        var info = MadeSet.info
        info["codebase_version"] = "v3.0"
        let made = try MadeSet(info: info, files: ["meta/episodes/chunk-000/file-000.parquet": ""])
        let answer = """
            episode_index,length,data/chunk_index,data/file_index,videos/observation.images.top/chunk_index,\
            videos/observation.images.top/file_index,videos/observation.images.top/from_timestamp,\
            videos/observation.images.top/to_timestamp
            0,90,0,0,0,1,0.0,3.0
            1,120,0,0,0,1,3.0,7.0

            """
        let list = try EpisodeList(
            try RobotSet(root: made.root), query: TableQuery { _, _ throws(ClipFailure) in Data(answer.utf8) })
        #expect(
            list.episodes.map(\.clip) == [0, 1].map { made.root + "/data/chunk-000/file-000.parquet#episode=\($0)" })
        let video = try #require(list.episodes.last?.videos.first)
        #expect(video.path == made.root + "/videos/observation.images.top/chunk-000/file-001.mp4")
        #expect((video.from, video.to) == (3, 7))
    }

    @Test(
        """
        an episode whose place in its video is not said, or is none, is looked at without pictures; numbers may be \
        anything
        """,
        arguments: [
            ",", "NaN,NaN", "3.0,2.0", "-1e300,1e300", "inf,inf",
        ])
    func unplaced(stretch: String) throws {
        var info = MadeSet.info
        info["codebase_version"] = "v3.0"
        let made = try MadeSet(info: info, files: ["meta/episodes/chunk-000/file-000.parquet": ""])
        let answer = """
            episode_index,length,data/chunk_index,data/file_index,videos/observation.images.top/chunk_index,\
            videos/observation.images.top/file_index,videos/observation.images.top/from_timestamp,\
            videos/observation.images.top/to_timestamp
            0,NaN,0,0,NaN,1e300,\(stretch)
            9223372036854775807,1e300,0,0,0,1,0.0,3.0
            1,-9223372036854775808,0,0,0,1,\(stretch)

            """
        let list = try EpisodeList(
            try RobotSet(root: made.root), query: TableQuery { _, _ throws(ClipFailure) in Data(answer.utf8) })
        #expect(list.episodes.map(\.index) == [0, 1])
        #expect(list.episodes.flatMap(\.videos).isEmpty)
        let told = list.faults.filter { $0.kind == .badList }.map(\.sentence).joined()
        #expect(told.contains("2 episodes"))
    }

    @Test(
        "a set that names places outside its folder is refused",
        arguments: ["../secret.txt", "/etc/passwd", "data/../../x.parquet"])
    func outside(path: String) throws {
        var info = MadeSet.info
        info["data_path"] = path
        let made = try MadeSet(info: info, files: [:])
        let root = made.root
        #expect(throws: ClipFailure.self) { _ = try RobotSet(root: root) }
    }

    @Test("names with brackets are names, not patterns")
    func brackets() {
        #expect(SQL.files(["/a[1]/b*c?.parquet"]) == "['/a[[]1]/b[*]c[?].parquet']")
        #expect(SQL.list(["/a[1]/it's.parquet"]) == "['/a[1]/it''s.parquet']")
    }

    @Test("answers of the engine are read with quotes, commas and nothing")
    func answers() {
        let table = AnswerTable(Data("a,b,c\n\"x,\"\"y\"\"\",,\"\"\n1,2,3".utf8))
        #expect(table.names == ["a", "b", "c"])
        #expect(table.rows == [["x,\"y\"", nil, ""], ["1", "2", "3"]])
    }

    @Test(
        "an answer's rows: quotes open anywhere, CR outside them is nothing, blank lines are rows of nothing",
        arguments: [
            ("a\n\nb\n", [[nil], ["b"]]), ("a\r\n1\r\n2\r", [["1"], ["2"]]), ("a\n1\n\r", [["1"]]),
            ("a\nx\"y,\"\"\"z\n", [["xy,\"z"]]), ("a,b\n\"1\r\n2\",\n", [["1\r\n2", nil]]),
            ("a\n\"\"\n\"\"", [[""]]), ("a,b\n1,\"2\n3", [["1", "2\n3"]]), ("a,b\n1\n1,2,", [["1"], ["1", "2", nil]]),
            ("a\n\"", []), ("", []),
        ] as [(String, [[String?]])])
    func answerRows(text: String, rows: [[String?]]) {
        #expect(AnswerTable(Data(text.utf8)).rows == rows)
        #expect(AnswerTable(Data(("\u{FEFF}" + text).utf8)).names.first?.hasPrefix("\u{FEFF}") == true)
    }
}
