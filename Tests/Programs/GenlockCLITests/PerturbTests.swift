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

    @Test("what cannot be used is named, and nothing is written")
    func refuses() throws {
        let folder = scratch.path("trial")
        let none = try Program(["perturb", scratch.path("nowhere"), "-o", folder])
        #expect(none.status == 2 && none.errors.contains("nowhere"))
        #expect(try Program(["perturb", "x", "-o", folder, "--faults", "rust"]).status == 64)
        #expect(try Program(["perturb", "x"]).status == 64)
        let table = scratch.write("t.csv", Data("a,b\n1,2\n".utf8))
        let score = try Program(["perturb", "--score", table, table])
        #expect(score.status == 2 && score.errors.contains("genlock perturb"))
    }
}
