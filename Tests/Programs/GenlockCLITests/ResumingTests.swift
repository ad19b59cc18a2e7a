import Foundation
import Testing

/// Workers that fail where a clip's name says so.
private let faults = Program.workers("faults")

@Suite("What a store holds is told again, described anew, or measured again, as is asked")
struct ResumingTests {
    /// Links to a recording that is answered without decoding.
    private func clips(_ names: [String], in scratch: Scratch) throws {
        for name in names {
            try FileManager.default.createSymbolicLink(
                atPath: scratch.path(name), withDestinationPath: Program.testMedia + "/no-audio.mp4")
        }
    }

    /// A scan, and how many clips it measured.
    private func scan(_ arguments: [String], environment: [String: String] = [:]) throws -> (run: Program, count: Int) {
        let run = try Program(
            ["scan", "--progress", "json", "--format", "jsonl"] + arguments, environment: environment)
        let last = run.errors.split(separator: "\n").last { $0.hasPrefix("{") } ?? ""
        let object = try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any]
        return (run, object?["measured"] as? Int ?? -1)
    }

    @Test("a column that a manifest gets later, or changes, groups kept results, and nothing is measured for it")
    func columns() throws {
        let scratch = Scratch()
        try clips(["a.mp4", "b.mp4"], in: scratch)
        let store = scratch.path("s.sqlite")
        let manifest = scratch.path("m.csv")
        func groups(_ table: String, measured: Int) throws -> [String] {
            _ = scratch.write("m.csv", Data(table.utf8))
            let scan = try scan([manifest, "--store", store])
            #expect(scan.count == measured)
            let report = try Program(["report", store, "--json", "--group-by", "camera"])
            let document = try JSONSerialization.jsonObject(with: Data(report.output.utf8)) as? [String: Any]
            let groups = (document?["corpus"] as? [String: Any])?["groups"] as? [[String: Any]]
            return (groups ?? []).filter { $0["attribute"] as? String == "camera" }
                .compactMap { $0["value"] as? String }.sorted()
        }
        #expect(try groups("media\na.mp4\nb.mp4\n", measured: 2) == [""])
        #expect(try groups("media,camera\na.mp4,Nikon\nb.mp4,Canon\n", measured: 0) == ["Canon", "Nikon"])
        #expect(try groups("media,camera\na.mp4,Nikon\nb.mp4,Sony\n", measured: 0) == ["Nikon", "Sony"])
    }

    @Test("what failed before is measured again with --retry-failed, and only that; a dry run counts by the same rule")
    func retried() throws {
        let scratch = Scratch()
        try clips(["a.mp4", "b.crash.mp4"], in: scratch)
        let store = scratch.path("s.sqlite")
        let arguments = [scratch.folder, "--store", store]
        func code(_ run: Program) -> String? {
            (run.documents.last?["error"] as? [String: Any])?["code"] as? String
        }
        let sound = Program.workers()
        #expect(code(try scan(arguments, environment: faults).run) == "worker-died")
        let again = try scan(arguments, environment: sound)
        #expect(again.count == 0 && code(again.run) == "worker-died")
        #expect(again.run.errors.contains("1 of the failures are from earlier scans; --retry-failed"))
        func kept(_ more: String...) throws -> String {
            try Program(["scan", "--dry-run"] + more + arguments, environment: sound).output
        }
        #expect(try kept().contains("2 are already in"))
        #expect(try kept("--retry-failed").contains("1 are already in"))
        #expect(try kept("--clip-timeout", "60").contains("1 are already in"))
        let retried = try scan(arguments + ["--retry-failed"], environment: sound)
        #expect(retried.count == 1 && code(retried.run) == nil)
        #expect(try scan(arguments + ["--retry-failed"], environment: sound).count == 0)
        #expect(try Program(["scan", scratch.folder, "--retry-failed"]).status == 64)
    }

    @Test("a row that could not be used is named by later reports, until it is mended")
    func problems() throws {
        let scratch = Scratch()
        try clips(["a.mp4"], in: scratch)
        let store = scratch.path("s.sqlite")
        func said(_ table: String) throws -> (scan: String, report: String, status: Int32) {
            let manifest = scratch.write("m.csv", Data(table.utf8))
            let scan = try scan([manifest, "--store", store])
            let report = try Program(["report", store, "--format", "jsonl"])
            return (scan.run.output, report.output, report.status)
        }
        func lines(_ text: String) -> [Substring] { text.split(separator: "\n").sorted() }
        let bad = try said("media\na.mp4\ns3://bucket/b.mp4\n")
        #expect(lines(bad.report) == lines(bad.scan))
        #expect(bad.report.contains("row 3"))
        #expect(bad.status == 2)
        let baseline = try Program(["report", store, "--baseline", store, "--format", "csv"])
        #expect(baseline.status != 1, "a problem of before is not new")
        let good = try said("media\na.mp4\n")
        #expect(lines(good.report) == lines(good.scan))
        #expect(good.status == 0)
    }

    @Test("texts and labels that are left out are named by a scan")
    func leftOut() throws {
        let scratch = Scratch()
        try clips(["a.mp4"], in: scratch)
        _ = scratch.write("a.notes.srt", Data("1".utf8))
        let run = try Program(["scan", scratch.folder, "--checks", "container"])
        #expect(run.errors.contains("left out: \(scratch.path("a.notes.srt"))"))
        #expect(!run.output.contains("a.notes.srt"))
    }

    @Test("answers of another program's workers are said to be that, and never stand for measurements")
    func otherWorkers() throws {
        let scratch = Scratch()
        try clips(["a.mp4"], in: scratch)
        let store = scratch.path("s.sqlite")
        let made = try scan([scratch.folder, "--store", store], environment: Program.workers("idle"))
        #expect(made.run.errors.contains("GENLOCK_WORKER is set"))
        let real = try scan([scratch.folder, "--store", store])
        #expect(real.count == 1 && real.run.documents.first?["verdict"] as? String == "not-applicable")
        // What the variable once did by itself, it does no more.
        let run = try Program(
            ["scan", scratch.folder, "--format", "jsonl"], environment: ["GENLOCK_TEST_WORKER": "idle"])
        #expect(run.documents.first?["verdict"] as? String == "not-applicable")
    }
}
