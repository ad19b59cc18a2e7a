import Foundation
import Testing

/// Each call that writes fails once, or the program is killed before it: originals stay as they are, what is written
/// together is there whole or as it was before, and it is said when something went wrong.
///
/// See `Faults` for how many are tried.
@Suite("Files on a disk that fails", .serialized)
struct FaultyDiskTests {
    /// What is run, with the names of what it writes into `out`.
    struct Scene: Sendable, CustomTestStringConvertible {
        let name: String
        let outputs: [String]
        /// Whether the outputs are there before, to be replaced.
        let replaces: Bool
        let arguments: @Sendable (_ input: (String) -> String, _ output: (String) -> String) -> [String]

        var testDescription: String { name }
    }

    static let scenes = [
        Scene(name: "fix", outputs: ["fixed.mp4"], replaces: false) { input, output in
            ["fix", input("ball.mp4"), "--offset-ms", "150", "-o", output("fixed.mp4"), "--checks", "impacts"]
        },
        Scene(name: "fix with labels, replacing", outputs: ["fixed.mp4", "fixed.csv"], replaces: true) {
            input, output in
            [
                "fix", input("ball.mp4"), "--offset-ms", "150", "--labels", input("ball.csv"), "-o",
                output("fixed.mp4"), "--checks", "impacts", "--force",
            ]
        },
        Scene(name: "transcript --write of two texts, replacing", outputs: ["a.srt", "b.srt"], replaces: true) {
            input, output in
            [
                "transcript", input("talk.mp4"), input("a.srt"), input("b.srt"), "--write", output(""), "--force",
                "--quiet",
            ]
        },
        Scene(name: "fix --views --apply", outputs: ["one.wav", "two.wav"], replaces: false) { input, output in
            ["fix", "--views", input("one.wav"), input("two.wav"), "-o", output(""), "--apply"]
        },
        Scene(name: "a plan", outputs: ["plan.csv"], replaces: true) { input, output in
            [
                "fix", input("ball.mp4"), input("ball2.mp4"), "-o", output(""), "--plan", output("plan.csv"),
                "--checks", "impacts",
            ]
        },
    ]

    private static let library = Bundle.module.bundleURL.deletingLastPathComponent()
        .appendingPathComponent("libFaultyDisk.so").path

    /// A folder with what is read and what is written.
    private final class Stage {
        let scratch = Scratch()
        let scene: Scene

        init(_ scene: Scene) throws {
            self.scene = scene
            let manager = FileManager.default
            try manager.createDirectory(atPath: scratch.path("in"), withIntermediateDirectories: true)
            try manager.createDirectory(atPath: scratch.path("out"), withIntermediateDirectories: true)
            for (name, source) in [
                ("ball.mp4", "ball-early-150ms.mp4"), ("ball2.mp4", "ball-early-150ms.mp4"),
                ("talk.mp4", "in-sync.mp4"),
            ] {
                try manager.copyItem(atPath: Program.testMedia + "/" + source, toPath: input(name))
            }
            try write("start_s,end_s,label\n0.5,1.25,bounce\n", "in/ball.csv")
            for (name, late) in [("a.srt", 1.0), ("b.srt", 1.4)] {
                try write(FaultyDiskTests.captions(late), "in/" + name)
            }
            let sound = try Data(contentsOf: URL(fileURLWithPath: FaultyDiskTests.sound))
            try sound.write(to: URL(fileURLWithPath: input("one.wav")))
            // The same, begun 0.7 s later: 16-bit mono at 16 kHz behind a head of 44 bytes.
            var later = sound.prefix(44) + sound.dropFirst(44 + 22_400)
            for (place, value) in [(4, later.count - 8), (40, later.count - 44)] {
                withUnsafeBytes(of: UInt32(value).littleEndian) { later.replaceSubrange(place..<place + 4, with: $0) }
            }
            try later.write(to: URL(fileURLWithPath: input("two.wav")))
            if scene.replaces { for name in scene.outputs { try write("old \(name)", "out/" + name) } }
        }

        func input(_ name: String) -> String { scratch.path("in/" + name) }
        func output(_ name: String) -> String { scratch.path(name.isEmpty ? "out" : "out/" + name) }

        private func write(_ text: String, _ name: String) throws {
            try Data(text.utf8).write(to: URL(fileURLWithPath: scratch.path(name)))
        }

        /// Waits on a thread of its own: other tests need those that tasks run on.
        func run(_ fault: String? = nil, at call: Int = 0, file: String = "") async throws -> Program {
            var environment: [String: String] = [:]
            if let fault {
                environment = [
                    "LD_PRELOAD": FaultyDiskTests.library, "GENLOCK_FAULT_LOG": scratch.path("log"),
                    "GENLOCK_FAULT": "\(fault):\(call):\(output(""))", "GENLOCK_FAULT_FILE": output(file),
                ]
            }
            let (arguments, told) = (scene.arguments(input, output), environment)
            return try await withCheckedThrowingContinuation { continuation in
                Thread.detachNewThread {
                    continuation.resume(with: Result { try Program(arguments, environment: told) })
                }
            }
        }

        /// Everything in a folder, by name.
        func files(_ folder: String) throws -> [String: Data] {
            var files: [String: Data] = [:]
            for name in try FileManager.default.contentsOfDirectory(atPath: scratch.path(folder)) {
                let path = scratch.path(folder + "/" + name)
                // Plans name the folder that they were made in.
                files[name] =
                    name.hasSuffix(".csv")
                    ? Data(try String(contentsOfFile: path, encoding: .utf8).replacing(scratch.folder, with: "").utf8)
                    : FileManager.default.contents(atPath: path)
            }
            return files
        }

        var log: String { (try? String(contentsOfFile: scratch.path("log"), encoding: .utf8)) ?? "" }
    }

    /// The sound of a clip, as 16-bit mono at 16 kHz.
    private static let sound: String = {
        let path = NSTemporaryDirectory() + "genlock-faulty-\(UUID().uuidString).wav"
        try? shell(
            "ffmpeg -nostdin -v error -i '\(Program.testMedia)/in-sync.mp4' -vn -ac 1 -ar 16000 -bitexact '\(path)'")
        return path
    }()

    /// The sentence of `in-sync.mp4`, its words spread evenly from `start` on.
    private static func captions(_ start: Double) -> String {
        let words =
            "Maybe Bob will bring the paper boat back before evening, and we may all move to a warm place by the bay."
            .split(separator: " ")
        let letters = Double(words.reduce(0) { $0 + $1.count + 1 })
        func time(_ seconds: Double) -> String { String(format: "00:00:%06.3f", seconds).replacing(".", with: ",") }
        var (text, at) = ("", start)
        for (index, range) in [0..<7, 7..<10, 10..<16, 16..<22].enumerated() {
            let end = at + 5.9 * Double(words[range].reduce(0) { $0 + $1.count + 1 }) / letters
            text += "\(index + 1)\n\(time(at)) --> \(time(end))\n\(words[range].joined(separator: " "))\n\n"
            at = end
        }
        return text
    }

    @Test("nothing is lost and nothing is half", arguments: scenes)
    func faults(scene: Scene) async throws {
        guard Faults.tries(scene.name) else { return }
        try #require(FileManager.default.fileExists(atPath: Self.library), "the library is built with the tests")
        let reference = try Stage(scene)
        let before = try reference.files("out")
        let right = try await reference.run("none")
        let wanted = try reference.files("out")
        try #require(Set(wanted.keys) == Set(scene.outputs), "\(right.output)\(right.errors)")
        let total = try #require(reference.log.split(separator: "\n").last.flatMap { Int($0) })
        try #require(total > 3)
        let isWhole = Faults.isWhole
        let calls = isWhole ? Array(1...total) : Array(Set([1, 2, total / 2] + (max(1, total - 7)...total))).sorted()
        var fired: [String: Int] = [:]
        for kind in Faults.kinds {
            // Errors of both kinds take the same roads.
            for call in calls where isWhole || kind == "enospc" || kind == "kill" || call % 3 == 0 {
                let stage = try Stage(scene)
                let originals = try stage.files("in")
                let run = try await stage.run(kind, at: call)
                let place = "\(scene.name): \(kind) at call \(call) of \(total)"
                try #require(stage.log.contains("fired"), "\(place)")
                fired[kind, default: 0] += 1
                #expect(try stage.files("in") == originals, "\(place): an original changed")
                var found = try stage.files("out")
                if kind != "kill" {
                    #expect(!found.keys.contains { $0.hasPrefix(".") }, "\(place): left \(found.keys)")
                }
                if kind == "kill", found.keys.contains(where: { $0.hasPrefix(".genlock-set") }) {
                    // Killed while a set was moved: the next run undoes or keeps it, before anything else.
                    let again = try await stage.run()
                    found = try stage.files("out")
                    #expect(again.status == right.status || found == wanted, "\(place): \(again.errors)")
                }
                found = found.filter { !$0.key.hasPrefix(".") }
                #expect(found == before || found == wanted, "\(place): \(found.mapValues(\.count))")
                if ["enospc", "eio", "edquot"].contains(kind), found == before {
                    #expect(run.status != right.status || right.status != 0, "\(place): nothing was said")
                    #expect(!run.errors.isEmpty, "\(place)")
                }
            }
        }
        if isWhole { print("faults: \(scene.name): \(total) calls, \(fired.sorted { $0.key < $1.key })") }
    }

    @Test("a folder that may only be read: nothing changes, and it is said", arguments: scenes)
    func readOnly(scene: Scene) async throws {
        let stage = try Stage(scene)
        let (originals, before) = (try stage.files("in"), try stage.files("out"))
        let run = try await stage.run("readonly", at: 1)
        #expect(run.status != 0 && run.errors.contains(stage.output("")), "\(run.errors)")
        #expect(try stage.files("in") == originals)
        #expect(try stage.files("out") == before)
    }

    @Test("a file that somebody else makes meanwhile stays, and nothing comes beside it", arguments: scenes)
    func appears(scene: Scene) async throws {
        guard !scene.replaces else { return }
        let reference = try Stage(scene)
        _ = try await reference.run("none")
        let wanted = try reference.files("out")
        let total = try #require(reference.log.split(separator: "\n").last.flatMap { Int($0) })
        var refused = 0
        for name in scene.outputs {
            for call in Set([1, 2, total / 2] + (max(1, total - 7)...total)).sorted() {
                let stage = try Stage(scene)
                let originals = try stage.files("in")
                let run = try await stage.run("appears", at: call, file: name)
                let found = try stage.files("out").filter { !$0.key.hasPrefix(".") }
                let place = "\(scene.name): \(name) appears at call \(call) of \(total)"
                #expect(try stage.files("in") == originals, "\(place): an original changed")
                let isTheirs = found == [name: Data("theirs".utf8)]
                #expect(isTheirs || found == wanted, "\(place): \(found.mapValues(\.count)) \(run.errors)")
                if isTheirs {
                    refused += 1
                    #expect(run.status != 0 && run.errors.contains(name), "\(place): \(run.errors)")
                }
            }
        }
        #expect(refused > 0)
    }
}
