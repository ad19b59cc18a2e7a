import Foundation
import Testing

@Suite("Bad input gets one clear line, and the rest goes on")
struct BadInputTests {
    @Test("each broken file is named with a remedy and ends with 2")
    func brokenFiles() throws {
        let scratch = Scratch()
        var files = [
            scratch.path("missing.mp4"), scratch.write("empty.mp4", Data()),
            scratch.write("text.mp4", Data("hello\n".utf8)),
        ]
        files.append(
            scratch.write("noise.mp4", Data((0..<50_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) })))
        files.append(Program.testMedia + "/truncated.mp4")
        for file in files {
            let run = try Program(["check", file])
            #expect(run.status == 2, "\(file)")
            #expect(run.output.isEmpty)
            #expect(run.errors.contains(file))
            #expect(run.errors.contains("what to do:"))
        }
    }

    @Test("names of one character are names: of lists, stores and what is written")
    func shortNames() async throws {
        let scratch = Scratch()
        let manager = FileManager.default
        try manager.copyItem(atPath: Program.testMedia + "/ball-early-150ms.mp4", toPath: scratch.path("b"))
        let folder = scratch.folder
        let scan = try await aside {
            try Program(["scan", "b", "x", "--store", "s", "--checks", "container", "--quiet"], folder: folder)
        }
        #expect(scan.status == 2 && scan.output.contains("failed") && scan.output.contains("x"), "\(scan.errors)")
        let report = try await aside { try Program(["report", "s", "--format", "csv"], folder: folder) }
        #expect(report.status == 2 || report.status == 0, "\(report.errors)")
        #expect(report.output.contains("container"))
        let fix = try await aside {
            try Program(["fix", "b", "--offset-ms", "150", "-o", "m.mp4", "--checks", "impacts"], folder: folder)
        }
        #expect(fix.status == 0, "\(fix.errors)")
    }

    @Test("paths with two slashes and letters beyond ASCII are paths", arguments: ["é", "ڇ@", "口型"])
    func doubledSlashes(name: String) async throws {
        let scratch = Scratch()
        let manager = FileManager.default
        try manager.createDirectory(atPath: scratch.path(name), withIntermediateDirectories: true)
        try manager.copyItem(
            atPath: Program.testMedia + "/ball-early-150ms.mp4", toPath: scratch.path(name + "/" + name))
        let folder = scratch.folder
        let list = scratch.write("list.jsonl", Data("{\"clip\": \"\(name)//\(name)\"}\n".utf8))
        for arguments in [
            ["check", "\(name)//\(name)"], ["scan", "--quiet", list], ["scan", "--quiet", ".//\(name)"],
        ] {
            let run = try await aside { try Program(arguments + ["--checks", "container"], folder: folder) }
            #expect(run.status == 0 || arguments[0] == "scan" && run.status == 2, "\(arguments) \(run.errors)")
            #expect(run.output.contains(name) || run.errors.contains(name), "\(arguments) \(run.output)")
        }
        let fix = try await aside {
            try Program(
                ["fix", "\(name)//\(name)", "--offset-ms", "150", "-o", ".//\(name).mp4", "--checks", "impacts"],
                folder: folder)
        }
        #expect(fix.status == 0, "\(fix.errors)")
        #expect(manager.fileExists(atPath: scratch.path(name + ".mp4")))
    }

    @Test("a scan names the folder without media and goes on with the rest")
    func batch() throws {
        let scratch = Scratch()
        let run = try Program([
            "scan", scratch.folder, scratch.path("missing.mp4"), Program.testMedia + "/in-sync.mp4", "--quiet",
        ])
        #expect(run.status == 2)
        let lines = run.output.split(separator: "\n")
        #expect(lines.contains { $0.hasPrefix("failed") && $0.contains("folder without media") })
        #expect(lines.contains { $0.hasPrefix("failed") && $0.contains("missing.mp4") })
        #expect(lines.contains { $0.hasPrefix("in-sync") })
    }

    @Test("names with spaces, newlines and unicode stay on one line")
    func names() throws {
        let scratch = Scratch()
        let path = scratch.path("two words\nand 口型.mp4")
        try FileManager.default.copyItem(atPath: Program.testMedia + "/no-face.mp4", toPath: path)
        let run = try Program(["scan", scratch.folder, "--quiet"])
        #expect(run.status == 0)
        #expect(run.output.contains("two words\\nand 口型.mp4"))
        let document = try #require(
            try Program(["scan", scratch.folder, "--format", "jsonl", "--quiet"]).documents.first)
        #expect(document["clip"] as? String == path)
    }

    @Test("a photo, sound alone and picture alone are not applicable")
    func notApplicable() throws {
        for name in ["audio-only.wav", "no-audio.mp4", "silent.mp4", "no-face.mp4"] {
            let run = try Program(["check", Program.testMedia + "/" + name])
            #expect(run.status == 0)
            #expect(run.output.contains("not applicable"))
            #expect(run.output.contains("because"))
        }
    }

    @Test("a closed stdout ends the program quietly")
    func closedOutput() throws {
        // The reader is gone before anything is written.
        let text = try shell("{ sleep 0.3; \(Program.quoted) check no-audio.mp4; echo \"status $?\" >&2; } | true")
        #expect(text == "status 0\n")
    }

    @Test("a full disk is told, and nothing claims to be done")
    func fullDisk() throws {
        let text = try shell("\(Program.quoted) check no-audio.mp4 >/dev/full; echo \"status $?\" >&2")
        #expect(text.contains("cannot write the results"))
        #expect(text.contains("status 2"))
    }

    /// What a shell command in TestMedia prints on stderr.
    private func shell(_ command: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = URL(fileURLWithPath: Program.testMedia)
        let pipe = Pipe()
        process.standardOutput = FileHandle.nullDevice
        process.standardError = pipe
        try process.run()
        let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        return text
    }
}
