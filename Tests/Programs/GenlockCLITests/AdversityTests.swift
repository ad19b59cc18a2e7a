import Foundation
import Testing

/// What goes on around a scan while it works: each clip is answered once all the same, nothing is lost, and the next
/// run gives the bytes that an undisturbed one gives.
@Suite("Scans on a machine where other things happen", .serialized)
struct AdversityTests {
    private final class Stage: Sendable {
        let scratch = Scratch()
        let names: [String]
        /// Whose clips are scanned: what idle workers answer depends on where a clip lies.
        private let clips: Scratch

        init(_ names: [String]) throws {
            self.names = names
            clips = scratch
            try FileManager.default.createDirectory(atPath: scratch.path("clips"), withIntermediateDirectories: true)
            for name in names { _ = scratch.write("clips/" + name, Data(name.utf8)) }
        }

        init(_ other: Stage) {
            names = other.names
            clips = other.clips
        }

        func clip(_ name: String) -> String { clips.path("clips/" + name) }

        var arguments: [String] {
            ["scan", clips.path("clips"), "--store", scratch.path("s.sqlite"), "--format", "jsonl", "--quiet"]
        }

        func scan(
            _ more: [String] = [], kind: String = "idle", environment: [String: String] = [:]
        ) async throws -> Program {
            let told = Program.workers(kind).merging(environment) { $1 }
            return try await aside { [arguments] in try Program(arguments + more, environment: told) }
        }

        /// The same by a shell that limits what it may have.
        func scan(limited limit: String, jobs: Int) async throws -> Program {
            let words = ["-c", "\(limit) && exec \"$0\" \"$@\"", Program.path] + arguments + ["--jobs", "\(jobs)"]
            return try await aside {
                try Program(words, executable: "/bin/sh", environment: Program.workers("idle"))
            }
        }

        func report() async throws -> String {
            try await aside { [self] in try Program(["report", scratch.path("s.sqlite"), "--format", "jsonl"]).output }
        }
    }

    private static func clips(_ run: Program) -> [String] {
        run.documents.map { URL(fileURLWithPath: $0["clip"] as? String ?? "").lastPathComponent }
    }

    private static func code(_ document: [String: Any]?) -> String? {
        (document?["error"] as? [String: Any])?["code"] as? String
    }

    // MARK: Clocks

    private static let leaping = Bundle.module.bundleURL.deletingLastPathComponent()
        .appendingPathComponent("libLeapingClock.so").path

    @Test("the clock of the day leaps an hour ahead and back, again and again: the same answers, as soon")
    func clock() async throws {
        try #require(FileManager.default.fileExists(atPath: Self.leaping), "the library is built with the tests")
        let film = Program.testMedia + "/sound-late-120ms.mp4"
        let calm = try Stage((0..<6).map { "clip-\($0).mp4" })
        let reference = try await calm.scan().output
        for every in [1, 3] {
            let stage = Stage(calm)
            let leaps = [
                "LD_PRELOAD": Self.leaping, "GENLOCK_LEAP": "\(every)", "GENLOCK_LEAP_LOG": stage.scratch.path("log"),
            ]
            let started = ProcessInfo.processInfo.systemUptime
            let run = try await stage.scan(environment: leaps)
            #expect(Self.clips(run) == stage.names, "\(run.errors)")
            #expect(FileManager.default.fileExists(atPath: stage.scratch.path("log")))
            #expect(run.output == reference)
            #expect(try await stage.report() == reference)
            // The page asks a process for its stills, and waits for it.
            let page = stage.scratch.path("page.html")
            let made = try await aside {
                let store = stage.scratch.path("film.sqlite")
                _ = try Program(["scan", film, "--checks", "impacts", "--store", store], environment: leaps)
                return try Program(["report", store, "--format", "html", "--output", page], environment: leaps)
            }
            #expect(FileManager.default.fileExists(atPath: page), "\(made.errors)")
            #expect(ProcessInfo.processInfo.systemUptime - started < 600)
        }
    }

    // MARK: Clips that change

    /// A scan whose first clip keeps its only worker until `change` is made.
    private func disturbed(_ stage: Stage, _ change: @escaping @Sendable () throws -> Void) async throws -> Program {
        try await aside {
            let scan = Process()
            scan.executableURL = URL(fileURLWithPath: Program.path)
            scan.arguments = stage.arguments + ["--jobs", "1"]
            scan.environment = ProcessInfo.processInfo.environment.merging(Program.workers("faults")) { $1 }
            let output = stage.scratch.path("out")
            _ = FileManager.default.createFile(atPath: output, contents: nil)
            scan.standardOutput = FileHandle(forWritingAtPath: output)
            scan.standardError = FileHandle.nullDevice
            try scan.run()
            // The worker is started when all clips are listed.
            let children = "/proc/\(scan.processIdentifier)/task/\(scan.processIdentifier)/children"
            for _ in 0..<3000 where scan.isRunning {
                if let text = try? String(contentsOfFile: children, encoding: .utf8), !text.isEmpty { break }
                usleep(10_000)
            }
            try change()
            _ = stage.scratch.write("clips/go", Data())
            scan.waitUntilExit()
            return Program(
                status: scan.terminationStatus,
                output: String(decoding: FileManager.default.contents(atPath: output) ?? Data(), as: UTF8.self))
        }
    }

    @Test("a clip that vanishes after it was listed is named as missing, and the others are answered")
    func vanished() async throws {
        let stage = try Stage(["a.wait.mp4", "b.busy.mp4", "c.mp4"])
        try FileManager.default.removeItem(atPath: stage.clip("c.mp4"))
        try FileManager.default.createSymbolicLink(
            atPath: stage.clip("c.mp4"), withDestinationPath: Program.testMedia + "/no-audio.mp4")
        let run = try await disturbed(stage) { try FileManager.default.removeItem(atPath: stage.clip("c.mp4")) }
        #expect(Self.clips(run) == stage.names, "\(run.output)")
        #expect(Self.code(run.documents.last) == "no-such-file", "\(run.output)")
        #expect(run.status == 2 || run.status == 1 && run.output.contains("misaligned"))
        // It comes back, and is measured by the next scan alone.
        try FileManager.default.createSymbolicLink(
            atPath: stage.clip("c.mp4"), withDestinationPath: Program.testMedia + "/no-audio.mp4")
        let again = try await stage.scan(["--retry-failed"], kind: "faults")
        #expect(Self.clips(again) == stage.names && Self.code(again.documents.last) == nil, "\(again.output)")
    }

    @Test("a clip that is swapped after it was listed is answered once, and the next scan agrees with a new one")
    func swapped() async throws {
        let stage = try Stage(["a.wait.mp4", "b.busy.mp4", "c.mp4"])
        func put(_ source: String) throws {
            try? FileManager.default.removeItem(atPath: stage.clip("c.mp4"))
            try FileManager.default.copyItem(
                atPath: Program.testMedia + "/" + source, toPath: stage.clip("c.mp4"))
        }
        try put("no-audio.mp4")
        let run = try await disturbed(stage) {
            let data = try Data(contentsOf: URL(fileURLWithPath: Program.testMedia + "/audio-only.wav"))
            try data.write(to: URL(fileURLWithPath: stage.clip("c.mp4")), options: .atomic)
        }
        #expect(Self.clips(run) == stage.names, "\(run.output)")
        let next = try await stage.scan(kind: "faults")
        #expect(Self.clips(next) == stage.names)
        let kept = try await stage.report()
        let anew = try await stage.scan(["--force"], kind: "faults")
        #expect(next.output == anew.output && kept == anew.output, "\(next.output)\n\(anew.output)")
    }

    // MARK: Scarcity

    @Test("descriptors run out: it is said in words, or all is answered; nothing is lost, and the next scan goes on")
    func descriptors() async throws {
        let calm = try Stage((0..<6).map { "clip-\($0).mp4" })
        let reference = try await calm.scan().output
        var outcomes: Set<Int32> = []
        for limit in [8, 12, 16, 20, 24, 28, 32, 40, 64] {
            let stage = Stage(calm)
            let run = try await stage.scan(limited: "ulimit -n \(limit)", jobs: 6)
            outcomes.insert(run.status)
            let told = run.output
            if run.status == 0 || run.status == 1 {
                #expect(told == reference, "\(limit): \(run.errors)")
            } else {
                #expect(run.status == 2 && run.errors.contains("ulimit -n"), "\(limit): \(run.status) \(run.errors)")
                let lines = Set(reference.split(separator: "\n"))
                #expect(told.split(separator: "\n").allSatisfy(lines.contains), "\(limit): \(told)")
            }
            let again = try await stage.scan()
            #expect(again.output == reference, "\(limit): \(again.errors)")
        }
        #expect(outcomes.contains(2) && outcomes.count > 1, "both were met: \(outcomes)")
    }

    @Test("memory runs out: no answer is another one for that, nothing is lost, and the next scan goes on")
    func memory() async throws {
        let calm = try Stage((0..<6).map { "clip-\($0).mp4" })
        let reference = try await calm.scan().output
        let lines = Set(reference.split(separator: "\n"))
        var whole = 0
        for megabytes in [200, 260, 280, 290, 300, 310, 320, 360, 400, 600, 1000, 4000] {
            let stage = Stage(calm)
            let run = try await stage.scan(limited: "ulimit -v \(megabytes * 1000)", jobs: 2)
            let told = run.output.split(separator: "\n")
            for (line, document) in zip(told, run.documents) where !lines.contains(line) {
                #expect(document["verdict"] as? String == "failed", "\(megabytes): \(line)")
            }
            #expect(Set(Self.clips(run)).count == told.count, "\(megabytes): \(run.output)")
            if run.status < 2, told.count == lines.count { whole += 1 } else { #expect(!run.errors.isEmpty) }
            let again = try await stage.scan(["--retry-failed"])
            #expect(again.output == reference, "\(megabytes): \(again.errors)")
        }
        #expect(whole > 0)
    }

    // MARK: A busy machine

    @Test("an answer does not depend on what else the machine does; what hangs is given up all the same")
    func crowded() async throws {
        let stage = try Stage(["a.busy.mp4", "b.hang.mp4", "c.busy.mp4"])
        let crowd = try (0..<6).map { _ in
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["taskset", "-c", "0", "sh", "-c", "ulimit -t 60; while :; do :; done"]
            try process.run()
            return process
        }
        defer { for process in crowd { kill(process.processIdentifier, SIGKILL) } }
        let words = ["taskset", "-c", "0", Program.path] + stage.arguments + ["--clip-timeout", "3", "--jobs", "1"]
        let run = try await aside {
            try Program(words, executable: "/usr/bin/env", environment: Program.workers("faults"))
        }
        #expect(Self.clips(run) == stage.names, "\(run.errors)")
        #expect(run.documents.map { Self.code($0) } == [nil, "timed-out", nil], "\(run.output)")
    }
}
