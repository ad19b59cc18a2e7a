import Foundation
import Testing

@Suite("Faults are planted where the table says, in copies alone")
struct PerturbTests {
    private let scratch = Scratch()

    /// The rows of a table, by its header.
    private func rows(_ path: String) throws -> [[String: String]] {
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
    }

    private func offset(_ clip: String) throws -> Double {
        let run = try Program(["check", clip, "--format", "jsonl"])
        let findings = try #require(run.documents.first?["findings"] as? [[String: Any]], "\(run.errors)")
        return try #require(findings.first { $0["check"] as? String == "lips" }?["offset_ms"] as? Double)
    }

    @Test("moved sound and moved captions read as the truth says, and a perfect tool is scored as such")
    func plants() async throws {
        let own = scratch.path("own")
        try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
        let clip = own + "/take.mp4"
        try FileManager.default.copyItem(atPath: Program.testMedia + "/in-sync.mp4", toPath: clip)
        try SpokenSentence.captions(from: 0.3).write(to: URL(fileURLWithPath: own + "/take.srt"))
        let before = try Data(contentsOf: URL(fileURLWithPath: clip))
        let folder = scratch.path("trial")
        let run = try await aside {
            try Program(["perturb", own, "-o", folder, "--faults", "sound-moved,text-moved", "--seed", "3"])
        }
        #expect(run.status == 0, "\(run.errors)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: clip)) == before)
        let truth = try rows(folder + "/truth.csv")
        #expect(truth.map { $0["fault"] } == ["none", "sound-moved", "text-moved"])
        let moved = truth[1]
        let planted = try #require(Double(moved["offset_ms"] ?? ""))
        #expect(abs(planted) >= 20)
        let media = folder + "/" + (moved["media"] ?? "")
        let (was, now) = try await aside { (try offset(clip), try offset(media)) }
        #expect(abs(now - was - planted) < 5)
        // The same seed plants the same bytes; what is there already is not replaced.
        let again = scratch.path("again")
        let arguments = ["perturb", own, "-o", again, "--faults", "sound-moved,text-moved", "--seed", "3"]
        #expect(try await aside { try Program(arguments) }.status == 0)
        for file in ["truth.csv", moved["media"] ?? "", truth[2]["transcript"] ?? ""] {
            #expect(
                try Data(contentsOf: URL(fileURLWithPath: again + "/" + file))
                    == Data(contentsOf: URL(fileURLWithPath: folder + "/" + file)), "\(file)")
        }
        #expect(try await aside { try Program(arguments) }.status == 2)
        // A tool that knows everything.
        let answers =
            "name,offset_ms,verdict\n"
            + truth.map { "\($0["name"] ?? ""),\((Double($0["offset_ms"] ?? "") ?? 0) + 12),misaligned\n" }.joined()
        let table = scratch.write("answers.csv", Data(answers.utf8))
        let score = try Program(["perturb", "--score", folder + "/truth.csv", table, "--json"])
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(score.output.utf8)) as? [String: [[String: Any]]])
        #expect(document["scores"]?.map { $0["within_20_ms"] as? Int } == [0, 1, 1])
        #expect(document["scores"]?.map { $0["median_miss_ms"] as? Double } == [nil, 0, 0])
    }

    @Test("faults of labels, logs and cameras are found by the script, and scored by their kind")
    func sets() async throws {
        // Two sessions of two recorders: noise in bursts, and the same from 1.25 s on.
        for (folder, seed, pair) in [("one", 1, ["a", "b"]), ("two", 2, ["c", "d"])] {
            let path = scratch.path("own/\(folder)")
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            let bursts = "volume='0.1+0.9*gt(sin(t*\(5 + seed))*sin(t*3.1)+sin(t*t),0)':eval=frame"
            try shell(
                """
                ffmpeg -nostdin -v error -y -f lavfi -i "anoisesrc=d=40:seed=\(seed):a=0.5:r=16000,\(bursts)" \
                '\(path)/\(pair[0]).wav' && ffmpeg -nostdin -v error -y -ss 1.25 -i '\(path)/\(pair[0]).wav' \
                '\(path)/\(pair[1]).wav'
                """)
            let log = (0..<2000).map { "\(Double($0) * 0.02),\(abs(sin(Double($0) * 0.013)))\n" }
            try Data(("time,speed\n" + log.joined()).utf8).write(
                to: URL(fileURLWithPath: "\(path)/\(pair[0])_arm.csv"))
        }
        let names = ["open", "reach", "grasp", "lift", "pour", "place", "close", "wipe"]
        let labels = (0..<24).map { "\(names[$0 % 8]),\(1 + Double($0) * 1.5),\(2.5 + Double($0) * 1.5)\n" }
        try Data(("label,start_s,end_s\n" + labels.joined()).utf8).write(
            to: URL(fileURLWithPath: scratch.path("own/one/a.csv")))
        let folder = scratch.path("trial")
        let faults = [
            "view-moved", "view-swapped", "log-moved", "log-jitter", "log-dropped", "log-swapped", "labels-moved",
            "labels-swapped", "labels-missing",
        ]
        let own = scratch.path("own")
        let run = try await aside {
            try Program([
                "perturb", own, "-o", folder, "--sets", "--seed", "3", "--faults", faults.joined(separator: ","),
            ])
        }
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("sh \(folder)/measure.sh"))
        let truth = try rows(folder + "/truth-sets.csv")
        let counts = Dictionary(grouping: truth) { $0["fault"] ?? "" }.mapValues(\.count)
        #expect(
            counts == [
                "view-none": 2, "view-moved": 2, "view-swapped": 2, "view-reference": 6, "log-none": 2, "log-moved": 2,
                "log-jitter": 2, "log-dropped": 2, "log-swapped": 2, "labels-moved": 1, "labels-swapped": 1,
                "labels-missing": 1,
            ])
        #expect(Set(truth.filter { $0["fault"] == "view-moved" }.compactMap { $0["media"] }).count == 2)
        let binary = ["GENLOCK": Program.path]
        let nothing = try Program(
            [folder + "/measure.sh"], executable: "/bin/sh", environment: ["GENLOCK": "/bin/false"])
        #expect(nothing.status == 1 && nothing.errors.contains("no answer: answers/"))
        let measured = try await aside {
            try Program([folder + "/measure.sh"], executable: "/bin/sh", environment: binary)
        }
        #expect(measured.status == 0, "\(measured.errors)")
        let score = try Program([
            "perturb", "--score", folder + "/truth-sets.csv", folder + "/answers", folder + "/sets.sqlite", "--json",
        ])
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(score.output.utf8)) as? [String: [[String: Any]]])
        func figure(_ fault: String, _ member: String) -> Int? {
            document["scores"]?.first { $0["fault"] as? String == fault }?[member] as? Int
        }
        #expect(figure("view-none", "answered") == 2 && figure("view-moved", "within_20_ms") == 2, "\(document)")
        #expect(figure("view-swapped", "unpaired") == 2 && figure("view-swapped", "answered") == 0)
        // Nothing is seen in a recording of sound, but the clock of a log is judged all the same.
        #expect(figure("log-none", "looked") == 2 && figure("log-none", "accused") == 0)
        #expect(figure("log-jitter", "named") == 2 && figure("log-dropped", "named") == 2)
        #expect(figure("labels-moved", "within_20_ms") == 1 && figure("labels-moved", "named") == 1)
        #expect(figure("labels-swapped", "named") == 1 && figure("labels-missing", "named") == 1)
        #expect(figure("view-reference", "rows") == nil)
    }

    @Test("what cannot be used is named, and nothing is written")
    func refuses() throws {
        let folder = scratch.path("trial")
        let none = try Program(["perturb", scratch.path("nowhere"), "-o", folder])
        #expect(none.status == 2 && none.errors.contains("nowhere"))
        #expect(try Program(["perturb", "x", "-o", folder, "--faults", "rust"]).status == 64)
        #expect(try Program(["perturb", "x", "-o", folder, "--faults", "view-moved"]).status == 64)
        #expect(try Program(["perturb", "x"]).status == 64)
        let table = scratch.write("t.csv", Data("a,b\n1,2\n".utf8))
        let score = try Program(["perturb", "--score", table, table])
        #expect(score.status == 2 && score.errors.contains("genlock perturb"))
    }

    @Test("audio that changes its offset midway is never in sync, and both segments are scored")
    func cuts() async throws {
        let own = scratch.path("own")
        try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
        try shell(
            "ffmpeg -nostdin -v error -stream_loop 1 -i '\(Program.testMedia)/in-sync.mp4' -c copy '\(own)/twice.mkv'"
        )
        var verdicts: [String] = []
        for seed in ["1", "3", "5"] {
            let folder = scratch.path("trial\(seed)")
            let made = try await aside {
                try Program(["perturb", own, "-o", folder, "--faults", "sound-cut", "--seed", seed])
            }
            #expect(made.status == 0, "\(made.errors)")
            let store = folder + "/answers.sqlite"
            _ = try await aside {
                try Program(["scan", folder + "/truth.csv", "--checks", "lips", "--store", store, "-q"])
            }
            let lines = try Program(["report", store, "--format", "jsonl", "-q"]).documents
            let cut = try #require(lines.first { ($0["clip"] as? String)?.contains("sound-cut") == true })
            verdicts.append(cut["verdict"] as? String ?? "")
            #expect(lines.contains { $0["verdict"] as? String == "in-sync" })
            // The row's own columns are handed on.
            #expect((cut["attributes"] as? [String: String])?["fault"] == "sound-cut")
            let scored = try Program(["perturb", "--score", folder + "/truth.csv", store, "--json"])
            let document = try #require(
                try JSONSerialization.jsonObject(with: Data(scored.output.utf8)) as? [String: [[String: Any]]])
            let row = try #require(document["scores"]?.first { $0["fault"] as? String == "sound-cut" })
            let isSegmented = (cut["findings"] as? [[String: Any]])?.first?["segments"] is [Any]
            #expect(row["named"] as? Int == (isSegmented ? 1 : 0))
            #expect(row["within_80_ms"] as? Int == (isSegmented ? 1 : 0), "\(row)")
        }
        #expect(!verdicts.contains("in-sync") && verdicts.contains("misaligned"), "\(verdicts)")
    }

    @Test("moved audio can be planted in its samples, and streams then start where they did")
    func samples() async throws {
        let own = scratch.path("own")
        try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
        let clip = own + "/take.mp4"
        try FileManager.default.copyItem(atPath: Program.testMedia + "/in-sync.mp4", toPath: clip)
        let folder = scratch.path("trial")
        let run = try await aside {
            try Program(["perturb", own, "-o", folder, "--faults", "sound-moved", "--rewrite-audio", "--seed", "3"])
        }
        #expect(run.status == 0, "\(run.errors)")
        let row = try #require(try rows(folder + "/truth.csv").last)
        let planted = try #require(Double(row["offset_ms"] ?? ""))
        let media = folder + "/" + (row["media"] ?? "")
        let (was, now) = try await aside { (try offset(clip), try offset(media)) }
        #expect(abs(now - was - planted) < 8)
        func start(_ path: String) throws -> Double? {
            let probe = try Program(
                [
                    "ffprobe", "-v", "error", "-select_streams", "a", "-show_entries", "stream=start_time", "-of",
                    "csv=p=0", path,
                ],
                executable: "/usr/bin/env")
            return Double(probe.output.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        #expect(abs(try #require(try start(media)) - #require(try start(clip))) < 0.03)
    }

    @Test("answers that cannot be scored are told: no column, no number, other names, two of a name")
    func mistakes() throws {
        let truth = scratch.write(
            "truth.csv",
            Data("name,source,fault,offset_ms\na.none,a,none,0.0\na.sound-moved,a,sound-moved,-120.0\n".utf8))
        func score(_ table: String, more: [String] = []) throws -> Program {
            try Program(["perturb", "--score", truth, scratch.write("t.csv", Data(table.utf8))] + more)
        }
        let column = try score("name,offset\na.none,0\n")
        #expect(column.status == 2 && column.errors.contains("offset_ms") && column.output.isEmpty)
        let other = try score("name,offset_ms\nx,0\ny,1\n")
        #expect(other.status == 2 && other.errors.contains("none of the names"))
        let number = try score("name,offset_ms\na.none,0\na.sound-moved,abc\n")
        #expect(number.status == 2 && number.errors.contains("'abc'") && number.output.contains("sound-moved"))
        let twice = try score("name,offset_ms\na.none,0\na.none,5\na.sound-moved,-120\n")
        #expect(twice.status == 2 && twice.errors.contains("answered already"))
        let some = try score("name,offset_ms\na.none,0\na.sound-moved,-120\nzzz,3\n")
        #expect(some.status == 2 && some.errors.contains("'zzz'"))
        let nothing = try score("name,offset_ms,verdict\na.none,0,in-sync\na.sound-moved,NaN,\n")
        #expect(nothing.status == 0 && nothing.errors.isEmpty, "\(nothing.errors)")
        let second = scratch.write("u.csv", Data("name,offset_ms\na.none,0\n".utf8))
        let files = try score("name,offset_ms\na.none,0\na.sound-moved,-120\n", more: [second])
        #expect(files.status == 2 && files.errors.contains("each tool by itself"))
    }
}
