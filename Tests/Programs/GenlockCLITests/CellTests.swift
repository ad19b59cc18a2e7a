import Foundation
import Testing

/// What every verb gives up before it opens a recording, tried from inside at that moment: a library that is loaded
/// before others does what a recording that took the process over would do (`Tests/Support/Trespasser`).
@Suite("Commands that open media, tried from inside", .serialized)
struct CellTests {
    private static let library = Bundle.module.bundleURL.deletingLastPathComponent()
        .appendingPathComponent("libTrespasser.so").path

    struct Verb: Sendable, CustomTestStringConvertible {
        let name: String
        let arguments: @Sendable (_ folder: String) -> [String]
        /// Processes that open recordings, by their first word.
        var openers: Set<String> = []
        /// What it writes.
        var outputs: [String] = []
        var testDescription: String { name }

        init(
            _ name: String, openers: Set<String>? = nil, outputs: [String] = [],
            _ arguments: @escaping @Sendable (_ folder: String) -> [String]
        ) {
            (self.name, self.arguments, self.outputs) = (name, arguments, outputs)
            self.openers = openers ?? [String(name.split(separator: " ")[0])]
        }
    }

    private static let ball = Program.testMedia + "/ball-early-150ms.mp4"
    private static let silent = Program.testMedia + "/no-face.mp4"
    private static let talk = Program.testMedia + "/in-sync.mp4"

    static let verbs = [
        Verb("check") { _ in ["check", ball, "--checks", "impacts"] },
        Verb("check --tracks") { _ in ["check", ball, "--tracks"] },
        Verb("scan", openers: ["worker"]) { _ in ["scan", silent, "--checks", "container"] },
        Verb("scan --store", openers: ["worker"], outputs: ["s.sqlite"]) {
            ["scan", ball, "--checks", "impacts", "--store", $0 + "/s.sqlite"]
        },
        Verb("transcript") { ["transcript", talk, $0 + "/late.srt", "--timing-only"] },
        Verb("views") { _ in ["views", ball, ball, "--no-lips"] },
        Verb("views --export", outputs: ["t.json"]) {
            ["views", ball, ball, "--no-lips", "--export", $0 + "/t.json"]
        },
        Verb("compare") { _ in ["compare", ball, ball] },
        Verb("fix", outputs: ["fixed.mp4"]) {
            ["fix", ball, "--offset-ms", "150", "-o", $0 + "/fixed.mp4", "--checks", "impacts"]
        },
        Verb("fix into a folder", outputs: ["mended"]) {
            ["fix", ball, silent, "-o", $0 + "/mended", "--checks", "impacts", "--apply"]
        },
        Verb("report --format html", openers: ["worker"], outputs: ["page.html"]) {
            ["report", $0 + "/store.sqlite", "--format", "html", "--output", $0 + "/page.html"]
        },
    ]

    private final class Stage: Sendable {
        let scratch = Scratch()
        let victim: String
        let fifo: String
        let descriptor: Int32

        init() throws {
            victim = scratch.write("victim", Data("precious".utf8))
            fifo = scratch.path("fifo")
            try #require(mkfifo(fifo, 0o600) == 0)
            descriptor = open(fifo, O_RDWR | O_NONBLOCK)
            try #require(descriptor >= 0)
        }

        func run(_ arguments: [String], landlock: Int?) throws -> (program: Program, told: [String]) {
            var environment = [
                "LD_PRELOAD": CellTests.library, "GENLOCK_TRESPASS": fifo, "GENLOCK_TRESPASS_ON": victim,
            ]
            environment["GENLOCK_TRESPASS_LANDLOCK"] = landlock.map(String.init)
            let program = try Program(arguments, environment: environment)
            var bytes = [UInt8](repeating: 0, count: 1 << 16)
            let count = max(0, read(descriptor, &bytes, bytes.count))
            let told = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n").map(String.init)
            return (program, told)
        }

        func close() { Foundation.close(descriptor) }
    }

    /// Whether this kernel offers the filter of system calls: else nothing is promised.
    private static let isFiltered =
        (try? String(contentsOfFile: "/proc/sys/kernel/seccomp/actions_avail", encoding: .utf8))?.contains("errno")
        ?? false

    @Test(
        "nothing is let through that a command promises to be kept from, whatever Landlock knows",
        .enabled(if: isFiltered, "this kernel has no filter of system calls"), arguments: verbs, [nil, 0, 1, 2, 3])
    func trespass(verb: Verb, landlock: Int?) async throws {
        // The rest of Landlock's versions are tried where most is done: reading alone, and writing.
        guard landlock == nil || ["check", "fix", "scan"].contains(verb.name) else { return }
        try #require(FileManager.default.fileExists(atPath: Self.library), "the library is built with the tests")
        let stage = try Stage()
        defer { stage.close() }
        let folder = stage.scratch.folder
        _ = stage.scratch.write("late.srt", Data("1\n00:00:01,000 --> 00:00:02,000\nMaybe Bob\n".utf8))
        if verb.name.hasPrefix("report") {
            let clip = Program.testMedia + "/sound-late-120ms.mp4"
            _ = try await aside { try Program(["scan", clip, "--store", folder + "/store.sqlite", "--quiet"]) }
        }
        let before = Set(try FileManager.default.contentsOfDirectory(atPath: folder))
        let (program, told) = try await aside { try stage.run(verb.arguments(folder), landlock: landlock) }
        let openers = Set(told.map { $0.split(separator: ":")[0] }.map(String.init))
        #expect(openers == verb.openers, "\(told) \(program.errors)")
        for line in told { #expect(line.hasSuffix(": "), "let through: \(line)") }
        #expect(try Data(contentsOf: URL(fileURLWithPath: stage.victim)) == Data("precious".utf8))
        let made = Set(try FileManager.default.contentsOfDirectory(atPath: folder)).subtracting(before)
        #expect(
            made.filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") && !$0.hasSuffix(".lock") }
                == Set(verb.outputs), "\(program.errors)")
    }

    @Test("a recording that ends its process is named, and the status is that of a file that cannot be read")
    func death() async throws {
        let run = try await aside {
            try Program(
                ["check", Program.testMedia + "/in-sync.mp4", "--json"],
                environment: ["LD_PRELOAD": Self.library, "GENLOCK_TRESPASS_DIES": "in-sync"])
        }
        #expect(run.status == 2)
        let document = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        let error = try #require(document["error"] as? [String: Any])
        #expect(error["code"] as? String == "worker-died")
        #expect(run.errors.contains("in-sync.mp4"))
    }

    /// Three clips that are the same but for their names, of which the second ends its process.
    private static func clips(_ scratch: Scratch) throws -> [String] {
        try ["first", "deadly", "third"].map { name in
            try FileManager.default.copyItem(atPath: ball, toPath: scratch.path(name + ".mp4"))
            return scratch.path(name + ".mp4")
        }
    }

    private static let deadly = ["LD_PRELOAD": library, "GENLOCK_TRESPASS_DIES": "deadly.mp4"]

    /// What lies in a folder, hidden files too.
    private static func files(_ folder: String) throws -> [String: Data] {
        var files: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            files[name] = FileManager.default.contents(atPath: folder + "/" + name)
        }
        return files
    }

    @Test("of several clips that are mended, one that ends its process is named, and the others are mended as ever")
    func deathAmongOthers() async throws {
        let scratch = Scratch()
        let clips = try Self.clips(scratch)
        let checks = ["--checks", "impacts"]
        let alone = try await aside {
            try Program(["fix", clips[0], clips[2], "-o", scratch.path("alone"), "--apply"] + checks)
        }
        #expect(alone.status == 0, "\(alone.errors)")
        // It dies when it is measured; and, by a plan that was made before, when it is mended.
        let plan = scratch.path("plan.csv")
        let planned = scratch.path("planned")
        _ = try await aside {
            try Program(["fix"] + clips + ["-o", planned, "--plan", plan] + checks)
        }
        let measured = scratch.path("measured")
        for (folder, arguments) in [
            (measured, ["fix"] + clips + ["-o", measured, "--apply"]), (planned, ["fix", "--plan", plan, "--apply"]),
        ] {
            let run = try await aside {
                try Program(arguments + checks + ["--format", "jsonl"], environment: Self.deadly)
            }
            #expect(run.status == 2, "\(run.errors)")
            #expect(try Self.files(folder) == Self.files(scratch.path("alone")), "\(run.errors)")
            var outcomes: [String: [String]] = [:]
            for document in run.documents {
                outcomes[document["clip"] as? String ?? "", default: []].append(document["outcome"] as? String ?? "")
            }
            #expect(outcomes == [clips[0]: ["mended"], clips[1]: ["failed"], clips[2]: ["mended"]], "\(run.output)")
            #expect(run.errors.contains("deadly.mp4 ended the process that read it, by signal 11"), "\(run.errors)")
            #expect(run.errors.contains("2 of 3 fixed"), "\(run.errors)")
        }
    }

    @Test("views of one event, one of which ends the process: none is cut, all are named, other events are cut")
    func deathOfAnEvent() async throws {
        let scratch = Scratch()
        _ = try Self.clips(scratch)
        for name in ["a", "b"] {
            try FileManager.default.copyItem(atPath: Self.talk, toPath: scratch.path(name + ".mp4"))
        }
        let plan = scratch.path("plan.csv")
        let out = scratch.path("out")
        var rows: [String] = []
        for event in [["first", "deadly"], ["a", "b"]] {
            let run = try await aside {
                try Program(
                    ["fix", "--views"] + event.map { scratch.path($0 + ".mp4") } + ["-o", out, "--plan", plan])
            }
            #expect(run.status == 0, "\(run.errors)")
            let lines = try String(contentsOfFile: plan, encoding: .utf8).split(separator: "\n").map(String.init)
            rows += rows.isEmpty ? lines : Array(lines.dropFirst())
        }
        try Data((rows.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: plan))
        let run = try await aside { try Program(["fix", "--plan", plan, "--apply"], environment: Self.deadly) }
        #expect(run.status == 2, "\(run.errors)")
        #expect(try Set(Self.files(out).keys) == ["a.mp4", "b.mp4"], "\(run.errors)")
        for name in ["first.mp4", "deadly.mp4"] { #expect(run.errors.contains(name), "\(run.errors)") }
        #expect(run.errors.contains("2 of 4 fixed"), "\(run.errors)")
    }

    @Test("of recordings that are laid on one clock, those that end the process are named, and the others are laid")
    func deathOfAView() async throws {
        let scratch = Scratch()
        let clips = try Self.clips(scratch)
        for others in [[clips[1], clips[0], clips[2]], [clips[0], clips[2], clips[1]]] {
            let run = try await aside {
                try Program(["views"] + others + ["--no-lips", "--json"], environment: Self.deadly)
            }
            #expect(run.status == 2, "\(run.errors)")
            let document = try #require(
                try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any], "\(run.output)")
            let errors = document["errors"] as? [[String: Any]] ?? []
            #expect(errors.compactMap { $0["clip"] as? String } == [clips[1]], "\(run.output)")
            let findings = document["findings"] as? [[String: Any]] ?? []
            #expect(
                findings.compactMap { $0["verdict"] as? String }.sorted() == ["failed", "in-sync"], "\(run.output)")
            #expect(run.errors.contains("deadly.mp4 ended the process that read it, by signal 11"), "\(run.errors)")
        }
    }

    @Test("of several copies that are compared, one that ends its process is named, and the others are measured")
    func deathOfACopy() async throws {
        let scratch = Scratch()
        let clips = try Self.clips(scratch)
        let run = try await aside {
            try Program(["compare", Self.ball] + clips + ["--format", "jsonl"], environment: Self.deadly)
        }
        let verdicts = run.documents.map { "\($0["clip"] ?? "") \($0["verdict"] ?? "")" }
        #expect(run.status == 2, "\(run.errors)")
        #expect(
            verdicts.count == 3 && verdicts.filter { $0.hasSuffix("failed") } == [clips[1] + " failed"], "\(verdicts)")
    }
}
