import Foundation
import Testing

@Suite("genlock actions, run as a user runs it")
struct ActionsProgramTests {
    private func labels(_ moved: Double, label: String = "stir") -> String {
        "view,start_s,end_s,label\ncam1,0,2,pour\ncam1,2,5,stir\ncam2,0,2,pour\ncam2,\(2 + moved),5,\(label)\n"
    }

    private func document(_ run: Program) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    }

    @Test("agreement ends with 0, a boundary beyond tolerance or another name with 1, a wider tolerance with 0 again")
    func exits() throws {
        let scratch = Scratch()
        let good = scratch.write("good.csv", Data(labels(0.05).utf8))
        let late = scratch.write("late.csv", Data(labels(0.3).utf8))
        let renamed = scratch.write("renamed.csv", Data(labels(0, label: "mix").utf8))
        #expect(try Program(["actions", good]).status == 0)
        #expect(try Program(["actions", late]).status == 1)
        #expect(try Program(["actions", renamed]).status == 1)
        #expect(try Program(["actions", late, "--tolerance", "300"]).status == 0)
        let table = scratch.write("same.txt", Data("stir,mix\n".utf8))
        #expect(try Program(["actions", renamed, "--synonyms", table]).status == 0)
    }

    @Test("the document holds the contract's summary and a finding with file, row, view, time and remedy")
    func json() throws {
        let scratch = Scratch()
        let path = scratch.write("take.csv", Data(labels(0.3).utf8))
        let report = try document(Program(["actions", path, "--json"]))
        let summary = try #require(report["summary"] as? [String: Any])
        let expected: [String: Double] = [
            "sessions": 1, "view_pairs": 1, "view_pairs_same_labels": 1, "boundaries_matched": 4,
            "boundaries_over_tolerance": 1, "median_abs_ms": 0,
            "bias_ms": -75,
        ]
        for (name, value) in expected {
            #expect((summary[name] as? Double).map { abs($0 - value) < 0.01 } == true, "\(name)")
        }
        let finding = try #require((report["findings"] as? [[String: Any]])?.first)
        #expect(
            finding["check"] as? String == "actions" && finding["subject"] as? String == "cam2"
                && finding["reference"] as? String == "cam1")
        #expect(
            finding["offset_ms"] as? Double == -300 && finding["direction"] as? String == "late"
                && finding["verdict"] as? String == "misaligned")
        let evidence = try #require(finding["evidence"] as? [String: Any])
        #expect(
            evidence["kind"] as? String == "moved-boundary" && evidence["file"] as? String == path
                && evidence["rows"] as? [Int] == [5])
        #expect(evidence["time_s"] as? Double == 2.3 && (evidence["remedy"] as? String)?.isEmpty == false)
    }

    @Test("bad input: a line that names file and row, and the rest goes on")
    func badInput() throws {
        let scratch = Scratch()
        let good = scratch.write("good.csv", Data(labels(0).utf8))
        let bad = scratch.write("bad.csv", Data("view,start_s,end_s,label\ncam1,5,2,pour\n".utf8))
        let run = try Program(["actions", good, bad, scratch.path("none.csv"), "--json"])
        #expect(run.status == 2)
        #expect(run.errors.contains("bad.csv, row 2: ends (2.0 s) before it starts (5.0 s)"))
        #expect(run.errors.contains("none.csv: does not exist"))
        #expect(try #require(document(run)["problems"] as? [Any]).count >= 2)
    }

    @Test(
        "wrong usage ends with 64",
        arguments: [
            ["actions"], ["actions", "x", "--tolerance", "-3"], ["actions", "x", "--unit", "days"],
            ["actions", "x", "--rate", "0"],
            ["actions", "x", "--column", "colour=red"], ["actions", "x", "--names", "{who}"],
        ])
    func usage(arguments: [String]) throws { #expect(try Program(arguments).status == 64) }

    @Test(
        "a file beside the labels that cannot be read ends with 2 and is named", arguments: ["--sync", "--synonyms"])
    func beside(option: String) throws {
        let scratch = Scratch()
        let path = scratch.write("s1.csv", Data("view,start_s,end_s,label\ncam1,10,12,pour\n".utf8))
        let run = try Program(["actions", path, option, scratch.path("none")])
        #expect(run.status == 2)
        #expect(run.errors.contains("\(option) \(scratch.path("none")): cannot be read; check the path"))
        #expect(try Program(["actions", path, "--consensus", scratch.path("no/such/c.csv")]).status == 2)
        let empty = scratch.write("clocks.json", Data("{}".utf8))
        #expect(try Program(["actions", path, "--sync", empty]).status == 2)
    }

    @Test("headings of scores are words of their own")
    func headings() throws {
        let scratch = Scratch()
        let path = scratch.write("s1.txt", Data("0.5\t1.5\tdog\n3\t4\tcar\n".utf8))
        let run = try Program(["actions", path, path, "--scores", "events"])
        let heads = run.output.split(separator: "\n").filter { $0.contains("precision") }
        #expect(heads.count == 2)
        for head in heads {
            #expect(
                head.split(separator: " ").map(String.init)
                    == ["F", "precision", "recall", "errors", "reference", "estimated"])
        }
    }

    @Test("a consensus is written, and clocks of views are followed")
    func consensusAndClocks() throws {
        let scratch = Scratch()
        let text =
            "view,start_s,end_s,label\ncam1,10,12,pour\ncam1,12,15,stir\ncam2,8.5,10.5,pour\ncam2,10.5,13.5,stir\n"
        let path = scratch.write("s1.csv", Data(text.utf8))
        let clocks = scratch.write(
            "clocks.json",
            Data(
                #"""
                {"clock":[{"clip":"s1_cam1.mp4","offset_ms":0,"drift_ppm":0},{"clip":"s1_cam2.mp4","offset_ms":1500,\#
                "drift_ppm":0}]}
                """#
                .utf8))
        #expect(try Program(["actions", path]).status == 1)
        #expect(try Program(["actions", path, "--sync", clocks, "--consensus", scratch.path("c.csv")]).status == 0)
        let written = try String(contentsOfFile: scratch.path("c.csv"), encoding: .utf8)
        #expect(written.contains("s1,10.000000,12.000000,pour,,,0.0,0.0,2,2,0\n"))
    }

    @Test("the corpus: pairs, equal sequences and boundaries as counted apart")
    func corpus() throws {
        let corpus = ProcessInfo.processInfo.environment["GENLOCK_CORPUS"] ?? Program.root + "/../shared/corpus"
        let folder = corpus + "/actions/breakfast"
        guard FileManager.default.fileExists(atPath: folder),
            let table = try? String(contentsOfFile: corpus + "/actions/breakfast-pairs.csv", encoding: .utf8)
        else { return print("skipped: there is no corpus at \(corpus) (set GENLOCK_CORPUS)") }
        let rows = table.split(whereSeparator: \.isNewline).dropFirst().map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let same = rows.filter { $0[3] == "1" }
        let summary = try #require(document(Program(["actions", folder, "--json"]))["summary"] as? [String: Any])
        #expect(summary["view_pairs"] as? Int == rows.count)
        #expect(summary["view_pairs_same_labels"] as? Int == same.count)
        #expect(summary["boundaries_matched"] as? Int == same.compactMap { Int($0[4]) }.reduce(0) { $0 + 2 * $1 })
        #expect(summary["boundaries_over_tolerance"] as? Int == same.compactMap { Int($0[6]) }.reduce(0, +))
    }

    @Test("scores: what lies beyond all recordings is left out and told; a side that cannot be read is not scored")
    func scoresOfOddFiles() throws {
        let scratch = Scratch()
        let good = scratch.write("good.tsv", Data("onset\toffset\tevent_label\n0\t1\ta\n1.5\t2\tb\n".utf8))
        let huge = scratch.write("huge.tsv", Data("onset\toffset\tevent_label\n0.0\t100000000\ta\n1.5\t2\tb\n".utf8))
        let run = try Program(["actions", good, huge, "--scores", "events", "--json"])
        #expect(run.status == 2 && run.errors.contains("eleven days"))
        let document = try #require((try JSONSerialization.jsonObject(with: Data(run.output.utf8))) as? [String: Any])
        #expect(document["schema_version"] != nil)
        let missing = try Program(["actions", good, scratch.path("none.tsv"), "--scores", "events", "--json"])
        #expect(missing.status == 2 && missing.output.isEmpty && missing.errors.contains("none.tsv"))
    }
}
