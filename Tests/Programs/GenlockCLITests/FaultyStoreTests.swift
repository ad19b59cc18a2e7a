import Foundation
import Testing

/// What scans, merges and reports write, on a disk that fails once or a machine that goes down: nothing that was kept
/// is lost or doubled, the next run goes on where this one stopped, and the report has the same bytes then.
///
/// See `Faults` for how many are tried.
@Suite("Stores and reports on a disk that fails", .serialized)
struct FaultyStoreTests {
    struct Scene: Sendable, CustomTestStringConvertible {
        enum Kind: Sendable { case store, file, output }

        let name: String
        let kind: Kind
        /// What lies in the folder before, by its name there and its name in `FaultyStoreTests.made`.
        var before: [String: String] = [:]
        /// The file that is written.
        let output: String
        let arguments: @Sendable (_ output: (String) -> String) -> [String]

        var testDescription: String { name }
    }

    static let scenes = [
        Scene(name: "scan", kind: .store, output: "s.sqlite") {
            ["scan", clips, "--store", $0("s.sqlite"), "--format", "jsonl", "--quiet"]
        },
        Scene(name: "scan that goes on", kind: .store, before: ["s.sqlite": "first"], output: "s.sqlite") {
            ["scan", clips, "--store", $0("s.sqlite"), "--format", "jsonl", "--quiet"]
        },
        Scene(name: "scan that measures anew", kind: .store, before: ["s.sqlite": "all"], output: "s.sqlite") {
            ["scan", clips, "--store", $0("s.sqlite"), "--format", "jsonl", "--quiet", "--force"]
        },
        Scene(name: "merge", kind: .store, before: ["a.sqlite": "first", "b.sqlite": "second"], output: "m.sqlite") {
            ["merge", $0("a.sqlite"), $0("b.sqlite"), "--output", $0("m.sqlite")]
        },
        Scene(
            name: "merge into a store that is there", kind: .store,
            before: ["a.sqlite": "first", "m.sqlite": "second"], output: "m.sqlite"
        ) { ["merge", $0("a.sqlite"), "--output", $0("m.sqlite")] },
        Scene(
            name: "report --output, replacing", kind: .file, before: ["s.sqlite": "all", "r.csv": "old"],
            output: "r.csv"
        ) { ["report", $0("s.sqlite"), "--format", "csv", "--output", $0("r.csv")] },
        Scene(
            name: "report --format html", kind: .file, before: ["s.sqlite": "all"], output: "r.html"
        ) { ["report", $0("s.sqlite"), "--format", "html", "--output", $0("r.html")] },
        Scene(name: "report --handover", kind: .file, before: ["s.sqlite": "all"], output: "handover.html") {
            ["report", $0("s.sqlite"), "--handover", $0("")]
        },
        Scene(name: "report on a file as stdout", kind: .output, before: ["s.sqlite": "all"], output: "r.jsonl") {
            ["report", $0("s.sqlite"), "--format", "jsonl"]
        },
        Scene(name: "scan on a file as stdout", kind: .output, output: "r.jsonl") { _ in
            ["scan", clips, "--format", "jsonl", "--quiet"]
        },
    ]

    private static let names = (0..<6).map { "clip-\($0).mp4" }

    /// Clips that idle workers answer for, in a folder that all runs share.
    private static let scratch = Scratch()
    private static let clips: String = {
        let folder = scratch.path("clips")
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in names { _ = scratch.write("clips/" + name, Data(name.utf8)) }
        return folder
    }()

    /// Stores of the first three clips, of the last four and of all.
    private static let made: [String: Data] = {
        var made = ["old": Data("old".utf8)]
        for (name, part) in [("first", names[..<3]), ("second", names[2...]), ("all", names[...])] {
            let store = scratch.path(name + ".sqlite")
            let run = try? Program(
                ["scan"] + part.map { clips + "/" + $0 } + ["--store", store, "--quiet"],
                environment: Program.workers("idle"))
            if run?.status != 64 { made[name] = FileManager.default.contents(atPath: store) }
        }
        return made
    }()

    private static let library = Bundle.module.bundleURL.deletingLastPathComponent()
        .appendingPathComponent("libFaultyDisk.so").path

    private final class Stage: Sendable {
        let scratch = Scratch()
        let scene: Scene

        init(_ scene: Scene) throws {
            self.scene = scene
            try FileManager.default.createDirectory(atPath: scratch.path("out"), withIntermediateDirectories: true)
            for (name, what) in scene.before {
                try #require(FaultyStoreTests.made[what] != nil, "\(what)")
                _ = scratch.write("out/" + name, FaultyStoreTests.made[what] ?? Data())
            }
        }

        func output(_ name: String) -> String { scratch.path("out/" + name) }

        func run(_ fault: String? = nil, at call: Int = 0) async throws -> Program {
            var environment = Program.workers("idle")
            if let fault {
                environment["LD_PRELOAD"] = FaultyStoreTests.library
                environment["GENLOCK_FAULT_LOG"] = scratch.path("log")
                environment["GENLOCK_FAULT"] = "\(fault):\(call):\(scratch.path("out"))"
            }
            let (arguments, told) = (scene.arguments(output), environment)
            let stdout = scene.kind == .output ? output(scene.output) : nil
            return try await aside { try Program(arguments, environment: told, stdout: stdout) }
        }

        /// The lines of a store, in the report's order; nil where there is none that can be read, and what was said.
        func lines(_ store: String? = nil) async throws -> (lines: [String]?, words: String) {
            let path = output(store ?? scene.output)
            guard FileManager.default.fileExists(atPath: path) else { return (nil, "") }
            let run = try await aside { try Program(["report", path, "--format", "jsonl"]) }
            guard run.status < 2 else { return (nil, run.errors) }
            return (run.output.split(separator: "\n").map(String.init), run.errors)
        }

        func bytes(_ name: String) -> Data? { FileManager.default.contents(atPath: output(name)) }

        /// Names that are left, but for the lock and the journal of a store.
        func names() throws -> Set<String> {
            Set(
                try FileManager.default.contentsOfDirectory(atPath: scratch.path("out")).filter { name in
                    !["-lock", "-wal", "-shm", "-journal"].contains { name.hasSuffix($0) }
                })
        }

        var log: String { (try? String(contentsOfFile: scratch.path("log"), encoding: .utf8)) ?? "" }
    }

    @Test("nothing is lost, nothing doubled, and the next run gives the same bytes", arguments: scenes)
    func faults(scene: Scene) async throws {
        guard Faults.tries(scene.name) else { return }
        try #require(FileManager.default.fileExists(atPath: Self.library), "the library is built with the tests")
        let reference = try Stage(scene)
        let right = try await reference.run("none")
        try #require(right.status < 2, "\(right.errors)")
        let wanted = try await reference.lines()
        let wantedBytes = reference.bytes(scene.output)
        let names = try reference.names()
        if scene.kind == .store {
            try #require(wanted.lines?.count == Self.names.count, "\(wanted)")
        }
        let total = try #require(reference.log.split(separator: "\n").compactMap { Int($0) }.max())
        try #require(total > 0)
        let isWhole = Faults.isWhole
        let calls =
            isWhole || total < 12
            ? Array(1...total) : Array(Set([1, 2, 3, total / 3, total / 2] + (max(1, total - 5)...total))).sorted()
        var fired: [String: Int] = [:]
        for kind in Faults.kinds {
            for call in calls where isWhole || kind == "enospc" || kind == "kill" || call % 3 == 0 {
                let stage = try Stage(scene)
                let run = try await stage.run(kind, at: call)
                let place = "\(scene.name): \(kind) at call \(call) of \(total)"
                // Where threads race, a run may need a call less than another.
                guard stage.log.contains("fired") else { continue }
                fired[kind, default: 0] += 1
                switch scene.kind {
                case .store:
                    try await judgeStore(stage, run, kind, right, wanted.lines ?? [], place)
                    #expect(try stage.names() == names, "\(place)")
                case .file, .output:
                    try await judgeFile(stage, run, kind, right, wantedBytes, place)
                }
            }
        }
        for kind in Faults.kinds.prefix(2) { #expect((fired[kind] ?? 0) > 0) }
        if isWhole { print("faults: \(scene.name): \(total) calls, \(fired.sorted { $0.key < $1.key })") }
    }

    private func judgeStore(
        _ stage: Stage, _ run: Program, _ kind: String, _ right: Program, _ wanted: [String], _ place: String
    ) async throws {
        let scene = stage.scene
        // What was kept is whole, each clip once, and what lay there before is still there.
        let (kept, words) = try await stage.lines()
        if let kept {
            #expect(Set(kept).count == kept.count && Set(kept).isSubset(of: wanted), "\(place): \(kept)")
        } else if FileManager.default.fileExists(atPath: stage.output(scene.output)) {
            #expect(words.contains(scene.output), "\(place): \(words)")
        }
        func lines(of made: String) -> [String] {
            made == "all" ? wanted : made == "first" ? Array(wanted.prefix(3)) : Array(wanted.suffix(4))
        }
        if let before = scene.before[scene.output] {
            #expect(Set(lines(of: before)).isSubset(of: kept ?? []), "\(place): lost \(words)")
        }
        for (name, made) in scene.before where name != scene.output {
            #expect(try await stage.lines(name).lines == lines(of: made))
        }
        let told = run.output.split(separator: "\n").map(String.init)
        #expect(Set(told).count == told.count && Set(told).isSubset(of: wanted), "\(place): \(told)")
        if kind != "kill" {
            if run.status == right.status {
                #expect(kept == wanted, "\(place): it ended well, and not all was kept: \(run.errors)")
            } else {
                #expect(run.status == 2 && !run.errors.isEmpty, "\(place): \(run.status) \(run.errors)")
                #expect(
                    run.errors.contains(stage.scratch.path("out")) && !run.errors.contains("Fatal error"),
                    "\(place): \(run.errors)")
            }
        }
        let again = try await stage.run()
        #expect(again.status == right.status, "\(place): \(again.errors)")
        #expect(again.output == right.output, "\(place)")
        #expect(try await stage.lines().lines == wanted, "\(place)")
    }

    private func judgeFile(
        _ stage: Stage, _ run: Program, _ kind: String, _ right: Program, _ wanted: Data?, _ place: String
    ) async throws {
        let scene = stage.scene
        let found = stage.bytes(scene.output)
        let before = scene.before[scene.output].flatMap { Self.made[$0] }
        if scene.kind == .file {
            #expect(found == wanted || found == before, "\(place): \(found?.count ?? -1) bytes")
        } else if kind != "kill", run.status == right.status {
            #expect(found == wanted, "\(place): it ended well, and not all was written")
        }
        if kind != "kill" {
            let names = try stage.names()
            #expect(!names.contains { $0.hasPrefix(".") }, "\(place): \(names)")
            if found != wanted {
                // It could not be written, or the store could not be read.
                let isNamed = ["write", "written", stage.scratch.path("out")].contains { run.errors.contains($0) }
                #expect(run.status == 2 && isNamed, "\(place): \(run.errors)")
                #expect(!run.errors.contains("Fatal error"), "\(place): \(run.errors)")
            }
        }
        let again = try await stage.run()
        #expect(again.status == right.status && stage.bytes(scene.output) == wanted, "\(place): \(again.errors)")
        if scene.before["s.sqlite"] != nil {
            let lines = try await stage.lines("s.sqlite").lines
            #expect(lines?.count == Self.names.count, "\(place): the store was harmed")
        }
    }
}
