import Foundation
import Testing

/// Files that the program of version 0.1.0 made: see `Fixtures-0.1/README.md`.
@Suite("Stores, decisions and plans of version 0.1.0 stay usable")
struct EarlierVersionTests {
    private static let fixtures = Program.root + "/Tests/Programs/GenlockCLITests/Fixtures-0.1"

    /// A folder with the store, the plan, and the clips under the names that these have.
    ///
    /// - Parameter replaced: the clip of TestMedia that is now at the path of one that was decided.
    private func folder(replaced: String = "sound-late-120ms.mp4") throws -> Scratch {
        let scratch = Scratch()
        let files = FileManager.default
        try files.createDirectory(atPath: scratch.path("takes"), withIntermediateDirectories: true)
        for name in ["clips.sqlite", "plan.csv"] {
            try files.copyItem(atPath: Self.fixtures + "/" + name, toPath: scratch.path(name))
        }
        for name in ["flash.mp4", "declared.mp4"] {
            let clip = scratch.path("takes/" + name)
            try files.copyItem(atPath: Self.fixtures + "/flash.mp4", toPath: clip)
            // The modification time is a part of a clip's identity.
            try shell("touch -d @1795608000 '\(clip)'")
        }
        let clips = [
            "accepted.mp4": "sound-late-120ms.mp4", "corrected.mp4": "sound-early-180ms.mp4",
            "measured.mov": "sound-late-120ms.mov", "replaced.mp4": replaced, "unclear.mp4": "another-sentence.mp4",
        ]
        for (name, clip) in clips {
            try files.createSymbolicLink(
                atPath: scratch.path("takes/" + name), withDestinationPath: Program.testMedia + "/" + clip)
        }
        return scratch
    }

    private func fixture(_ name: String) throws -> String {
        try String(contentsOfFile: Self.fixtures + "/" + name, encoding: .utf8)
    }

    /// The rows of the plan of 0.1.0: action, clip and offset.
    private func rows() throws -> [(action: String, clip: String, milliseconds: Double?)] {
        try fixture("plan.csv").split(separator: "\n").dropFirst().map { line in
            let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            return (fields[0], fields[1], Double(fields[3]))
        }
    }

    /// A scan into the store, and how many clips it measured.
    private func scan(_ clip: String, _ checks: String, in scratch: Scratch) throws -> (
        document: [String: Any], measured: Int
    ) {
        let run = try Program(
            [
                "scan", clip, "--store", "clips.sqlite", "--checks", checks, "--format", "jsonl", "--progress", "json",
            ], folder: scratch.folder)
        let last = run.errors.split(separator: "\n").last { $0.hasPrefix("{") } ?? ""
        let progress = try JSONSerialization.jsonObject(with: Data(last.utf8)) as? [String: Any]
        return (try #require(run.documents.first), progress?["measured"] as? Int ?? -1)
    }

    /// The rows of a plan made of the store now, by clip.
    private func planned(in scratch: Scratch) throws -> [String: [String: Any]] {
        let run = try Program(["fix", "clips.sqlite", "-o", "fixed", "--format", "jsonl"], folder: scratch.folder)
        #expect(run.status == 0, "\(run.errors)")
        return Dictionary(run.documents.map { ($0["clip"] as? String ?? "", $0) }) { first, _ in first }
    }

    @Test("a report of the store, and of one merged from it, is what 0.1.0 reported")
    func reported() throws {
        let scratch = try folder()
        let before = try fixture("report.jsonl")
        #expect(before.contains(#""tool_version":"0.1.0","method_version":"lips-1""#))
        /// The lines of a store, without the columns of the manifest, which 0.1.0 did not print.
        func lines(_ store: String) throws -> String {
            try Program(["report", store, "--format", "jsonl"], folder: scratch.folder).output
                .replacing(#/,"(audio":"[^"]*"|attributes":\{[^}]*\})(?=[,}])/#, with: "")
        }
        #expect(try lines("clips.sqlite") == before)
        let merged = try Program(["merge", "clips.sqlite", "-o", "all.sqlite"], folder: scratch.folder)
        #expect(merged.status == 0, "\(merged.errors)")
        #expect(try lines("all.sqlite") == before)
        for store in ["clips.sqlite", "all.sqlite"] {
            _ = try Program(["review", store, "--export", store + ".jsonl"], folder: scratch.folder)
            let decisions = try String(contentsOfFile: scratch.path(store + ".jsonl"), encoding: .utf8)
            #expect(decisions.split(separator: "\n").count == 4, "\(store)")
        }
    }

    @Test("a scan keeps the result of an unchanged clip and method, and re-measures one whose method changed")
    func scanned() throws {
        let scratch = try folder()
        let dry = try Program(
            ["scan", "--dry-run", "takes/flash.mp4", "--store", "clips.sqlite", "--checks", "impacts"],
            folder: scratch.folder)
        #expect(dry.output.contains("1 are already in clips.sqlite"), "\(dry.output)")
        let same = try scan("takes/flash.mp4", "impacts", in: scratch)
        #expect(same.measured == 0)
        #expect(same.document["tool_version"] as? String == "0.1.0")
        _ = scratch.write(
            "event.csv", Data("media,group\ntakes/flash.mp4,event\ntakes/declared.mp4,event\n".utf8))
        let lines = try fixture("report.jsonl").split(separator: "\n")
        let version = try Program(["--version"]).output.trimmingCharacters(in: .whitespacesAndNewlines)
        for (input, check) in [("takes/declared.mp4", "container"), ("event.csv", "views")] {
            #expect(lines.contains { $0.contains(#""method_version":"\#(check)-1""#) })
            let changed = try scan(input, check, in: scratch)
            #expect(changed.measured == 1, "\(check)")
            #expect(changed.document["method_version"] as? String != check + "-1")
            #expect(changed.document["tool_version"] as? String == version)
        }
        // The others are still there, under their names.
        let report = try Program(["report", "clips.sqlite", "--format", "jsonl"], folder: scratch.folder)
        #expect(report.documents.count == lines.count)
    }

    @Test("decisions are applied to the finding with the accepted offset, as 0.1.0 planned them")
    func decided() throws {
        let planned = try planned(in: try folder())
        let rows = try rows()
        #expect(Set(planned.keys) == Set(rows.map(\.clip)))
        for row in rows {
            let now = try #require(planned[row.clip])
            #expect(now["action"] as? String == row.action, "\(row.clip)")
            guard row.action == "move" else { continue }
            let (offset, before) = (try #require(now["offset_ms"] as? Double), try #require(row.milliseconds))
            #expect(abs(offset - before) < 0.002, "\(row.clip)")
        }
        #expect(planned["takes/accepted.mp4"]?["by"] as? String == "accepted by reviewer")
        #expect(planned["takes/corrected.mp4"]?["offset_ms"] as? Double == 175)
        #expect(planned["takes/unclear.mp4"]?["action"] as? String == "skip")
    }

    @Test("a decision whose offset no finding has any more is refused, with what to do")
    func overtaken() throws {
        // Audio that is early now, where late audio was accepted.
        let scratch = try folder(replaced: "sound-early-180ms.mp4")
        #expect(try scan("takes/replaced.mp4", "lips", in: scratch).measured == 1)
        let row = try #require(try planned(in: scratch)["takes/replaced.mp4"])
        #expect(row["action"] as? String == "skip")
        #expect((row["why"] as? String)?.contains("decide it again with 'genlock review'") == true, "\(row)")
    }

    @Test("a plan is applied as it is")
    func applied() throws {
        let scratch = try folder()
        let run = try Program(["fix", "--plan", "plan.csv", "--apply", "--format", "jsonl"], folder: scratch.folder)
        #expect(run.status == 0, "\(run.errors)")
        let moved = try rows().filter { $0.action == "move" }.map(\.clip)
        #expect(moved.contains("takes/flash.mp4") && moved.contains("takes/accepted.mp4"))
        #expect(run.documents.map { $0["clip"] as? String } == moved)
        for document in run.documents {
            #expect(document["outcome"] as? String == "mended", "\(document)")
            let written = try #require((document["written"] as? [[String: Any]])?.first)
            let output = try #require(written["output"] as? String)
            #expect(FileManager.default.fileExists(atPath: scratch.path(output)), "\(output)")
            // Beeps that were made 120 ms late.
            guard document["clip"] as? String == "takes/flash.mp4" else { continue }
            #expect(abs(try #require(written["is_ms"] as? Double)) < 5)
        }
    }
}
