import Foundation
import MadeFiles
import Parquet
import Plan
import SyncModel
import Testing

@testable import RobotSets

@Suite("A whole set is surveyed in bulk, and what cannot be read costs nobody else")
struct SetSurveyTests {
    /// An engine that answers as DuckDB does, for tables of 90 rows in order, but for those whose name holds a word.
    private static let engine = TableQuery { sql, about throws(ClipFailure) in
        let paths = sql.split(separator: "'").map(String.init).filter { $0.hasSuffix(".parquet") }
        let unique = paths.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        if unique.contains(where: { $0.contains("episode_000001") }) {
            throw ClipFailure(code: "bad-parquet", message: "\(about): duckdb says: no magic bytes", remedy: "check it")
        }
        if sql.contains("parquet_schema") {
            return Data(
                ("file_name,names\n"
                    + unique.map {
                        "\($0),timestamp\u{1F}frame_index\u{1F}episode_index\u{1F}observation.state\u{1F}element\n"
                    }.joined()).utf8)
        }
        if sql.contains("DESCRIBE") {
            return Data(
                """
                column_name,column_type\ntimestamp,FLOAT\nframe_index,BIGINT\nepisode_index,BIGINT\nobservation.state,\
                FLOAT[]\n
                """
                .utf8)
        }
        var rows =
            "place,episode,count,stamped,first,last,least,most,numbered,firstFrame,leastFrame,mostFrame,k0,s0,k1,s1\n"
        for (place, path) in unique.enumerated() where !path.contains("episode_000002") {
            let episode = Int(path.dropLast(8).suffix(6)) ?? 0
            rows += "\(place + 1),\(episode),90,90,0,\(89.0 / 30),0.0333332,0.0333334,90,0,1,1,90,1.5,90,0\n"
        }
        return Data(rows.utf8)
    }

    private func survey(without: Set<Int> = [], frames: Int? = nil) throws -> SetSurvey {
        var info = MadeSet.info
        info["total_episodes"] = 8 - without.count
        info["total_frames"] = frames
        info["features"] = [
            "observation.state": ["dtype": "float32", "shape": [2]], "timestamp": ["dtype": "float32", "shape": [1]],
        ]
        var files = [
            "meta/episodes.jsonl": (0..<8).filter { !without.contains($0) }.map {
                "{\"episode_index\": \($0), \"length\": 90}"
            }.joined(separator: "\n")
        ]
        for index in 0..<7 where !without.contains(index) {
            files[String(format: "data/chunk-000/episode_%06d.parquet", index)] = "x"
        }
        let made = try MadeSet(info: info, files: files)
        return try SetSurvey(try RobotSet(root: made.root), query: Self.engine)
    }

    @Test("one table that cannot be read, one that is empty and one that is missing fail alone")
    func alone() throws {
        let cases = try survey().cases
        #expect(cases.map { $0.failure?.code } == [nil, "bad-table", "empty-table", nil, nil, nil, nil, "no-table"])
        #expect(cases[0].faults.isEmpty)
        #expect(cases[0].rows == 90)
        #expect(cases[1].failure?.message.contains("episode_000001.parquet") == true)
    }

    @Test("a number that never changes in any episode is the set's fault, and told once")
    func still() throws {
        let faults = try survey().faults
        #expect(faults.map(\.kind) == [.constantChannel])
        #expect(faults.first?.sentence.contains("observation.state[1]") == true)
    }

    @Test("tables are read ahead for episodes that will be measured, and for no others")
    func readAhead() throws {
        var info = MadeSet.info
        info["total_episodes"] = 8
        let made = try MadeSet(
            info: info,
            files: [
                "meta/episodes.jsonl": (0..<8).map { "{\"episode_index\": \($0), \"length\": 90}" }
                    .joined(separator: "\n")
            ])
        let video = Repository.root.path + "/TestMedia/no-audio.mp4"
        for index in 0..<8 where index != 1 && index != 2 {
            try made.put(String(format: "data/chunk-000/episode_%06d.parquet", index), "x")
            let folder = made.root + "/videos/chunk-000/observation.images.top"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: folder + String(format: "/episode_%06d.mp4", index), withDestinationPath: video)
        }
        // One thread asks.
        nonisolated(unsafe) var read: [String] = []
        let source = RobotSetSource(
            query: TableQuery { sql, about throws(ClipFailure) in
                if sql.contains("genlock_file") { read += sql.split(separator: "'").map(String.init) }
                return try Self.engine(sql, about)
            })
        var plan = ScanPlan()
        source.add(made.root, choice: .init(sample: nil, seed: 1, isThorough: true), to: &plan)
        let wanted = plan.clips.filter { $0.request.episode?.wantsContent == true }.map(\.request)
        try #require(wanted.count == 6)
        let measured = Set([wanted[0], wanted[3]].map(\.clip))
        // The survey looks at all tables; what follows is for the pictures.
        read = []
        _ = source.filled(wanted[0]) { measured.contains($0) }
        _ = source.filled(wanted[3]) { measured.contains($0) }
        let tables = Set(read.filter { $0.hasSuffix(".parquet") }.map { ($0 as NSString).lastPathComponent })
        #expect(tables == ["episode_000000.parquet", "episode_000005.parquet"])
    }

    /// A set of two episodes that can be read, and how often its engine was asked.
    private func remembered(_ made: MadeSet, _ document: Data?) throws -> (asked: Int, plan: ScanPlan, document: Data?)
    {
        nonisolated(unsafe) var asked = 0
        let source = RobotSetSource(
            query: TableQuery { sql, about throws(ClipFailure) in
                asked += 1
                return try Self.engine(sql, about)
            }, recall: { _ in document })
        var plan = ScanPlan()
        source.add(made.root, choice: .init(sample: nil, seed: 1, isThorough: true), to: &plan)
        return (asked, plan, source.documents.first?.document)
    }

    @Test("an unchanged set is not counted again, and gives the same; a changed one is")
    func unchanged() throws {
        let made = try MadeSet(
            info: MadeSet.info,
            files: [
                "meta/episodes.jsonl": "{\"episode_index\": 0, \"length\": 90}\n{\"episode_index\": 3, \"length\": 91}",
                "data/chunk-000/episode_000000.parquet": "x", "data/chunk-000/episode_000003.parquet": "x",
            ])
        let first = try remembered(made, nil)
        #expect(first.asked > 0)
        let document = try #require(first.document)
        let second = try remembered(made, document)
        #expect(second.asked == 0)
        #expect(second.document == nil)
        #expect(second.plan.clips == first.plan.clips)
        // The same length, and even the same time: it was written nevertheless.
        let table = made.root + "/data/chunk-000/episode_000003.parquet"
        let before = try FileManager.default.attributesOfItem(atPath: table)[.modificationDate] as? Date
        try made.put("data/chunk-000/episode_000003.parquet", "y")
        try FileManager.default.setAttributes([.modificationDate: try #require(before)], ofItemAtPath: table)
        #expect(try remembered(made, document).asked > 0)
        #expect(try remembered(made, Data("no document".utf8)).asked > 0)
    }

    @Test("rows of all tables that are not those of the description are told, where all could be counted")
    func total() throws {
        // Five tables of 90 rows are there and can be read.
        #expect(try survey(without: [1, 2, 7], frames: 450).faults.map(\.kind) == [.constantChannel])
        let fault = try #require(try survey(without: [1, 2, 7], frames: 540).faults.first)
        #expect(fault.kind == .count)
        #expect(fault.sentence == "meta/info.json declares 540 frames, but the tables have 450 rows")
        #expect(fault.costMilliseconds == 3000)
        #expect(try survey(frames: 9000).faults.map(\.kind) == [.constantChannel])
    }

    @Test("an engine that names other paths than it was asked about costs nothing", arguments: ["0", "", "99"])
    func misplaced(place: String) throws {
        var info = MadeSet.info
        info["total_episodes"] = 3
        info["features"] = [
            "observation.state": ["dtype": "float32", "shape": [2]], "timestamp": ["dtype": "float32", "shape": [1]],
        ]
        var files = [
            "meta/episodes.jsonl": [0, 3, 4].map { "{\"episode_index\": \($0), \"length\": 90}" }.joined(
                separator: "\n")
        ]
        for index in [0, 3, 4] { files[String(format: "data/chunk-000/episode_%06d.parquet", index)] = "x" }
        let made = try MadeSet(info: info, files: files)
        let engine = TableQuery { sql, about throws(ClipFailure) in
            let answer = String(decoding: try Self.engine(sql, about), as: UTF8.self)
            guard sql.contains("genlock_step") else {
                return Data(answer.replacing("/data/", with: "/./data/").utf8)
            }
            var lines = answer.split(separator: "\n").map(String.init)
            for index in lines.indices.dropFirst() {
                lines[index] = place + lines[index].drop { $0 != "," }
            }
            return Data((lines.joined(separator: "\n") + "\n").utf8)
        }
        let survey = try SetSurvey(try RobotSet(root: made.root), query: engine)
        #expect(survey.cases.map(\.rows) == [90, 90, 90])
        #expect(survey.cases.allSatisfy { $0.failure == nil && $0.faults.isEmpty })
    }

    @Test("without the engine the set is refused once, with what to do")
    func engineless() throws {
        let made = try MadeSet(
            info: MadeSet.info,
            files: ["meta/episodes.jsonl": MadeSet.two, "data/chunk-000/episode_000000.parquet": "x"])
        let failure = #expect(throws: ClipFailure.self) {
            let absent = TableQuery { _, _ throws(ClipFailure) in
                throw ClipFailure(code: "no-duckdb", message: "not there", remedy: "scripts/setup brings it")
            }
            _ = try SetSurvey(try RobotSet(root: made.root), query: absent)
        }
        #expect(failure?.code == "no-duckdb")
        #expect(failure?.remedy == "scripts/setup brings it")
    }
}
