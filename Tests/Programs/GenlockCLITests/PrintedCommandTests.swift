import Foundation
import Testing

/// Names that a shell or FFmpeg could take for something else.
private let names = ["take 3", "-take", "part: 1", "it's \"the\" $(one)", "tape\n2"]

@Suite("Every command that is printed works as it stands, in sh and in bash")
struct PrintedCommandTests {
    /// The commands that a run prints: lines that offer one, and sentences that end in one of FFmpeg's.
    private func commands(_ text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            if let fix = line.firstRange(of: "to fix it: ") { return String(line[fix.upperBound...]) }
            guard let start = line.firstRange(of: "ffmpeg -") else { return nil }
            let command = line[start.lowerBound...]
            return String(command.firstRange(of: " (").map { command[..<$0.lowerBound] } ?? command)
        }
    }

    /// Runs it as people do who paste it; the program is on the path.
    private func run(_ command: String, _ shell: String, in folder: String, status: Int32 = 0) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: shell)
        process.arguments = [
            "-c",
            "genlock() { \(Program.quoted) \"$@\"; }; ffmpeg() { command ffmpeg -nostdin -v error -y \"$@\"; }\n"
                + command,
        ]
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == status, "\(shell): \(command)")
    }

    private func offset(_ arguments: [String], in folder: String) throws -> Double? {
        let run = try Program([arguments[0], "--format", "jsonl"] + arguments.dropFirst(), folder: folder)
        return (run.documents.first?["findings"] as? [[String: Any]])?.first?["offset_ms"] as? Double
    }

    @Test("moving the sound", arguments: names, ["/bin/sh", "/bin/bash"])
    func sound(name: String, shell: String) throws {
        let scratch = Scratch()
        let clip = name + ".mp4"
        try FileManager.default.copyItem(
            atPath: Program.testMedia + "/sound-late-120ms.mp4", toPath: scratch.path(clip))
        let told = try Program(["check", "--checks", "lips", "--", clip], folder: scratch.folder)
        let command = try #require(commands(told.output).first)
        try run(command, shell, in: scratch.folder)
        let fixed = name + ".fixed.mp4"
        let left = try offset(["check", "--checks", "lips", "--", fixed], in: scratch.folder)
        #expect(abs(try #require(left)) < 25, "\(command)")
    }

    @Test("writing a text with its times moved", arguments: names, ["/bin/sh", "/bin/bash"])
    func text(name: String, shell: String) throws {
        let scratch = Scratch()
        let (sound, text) = (name + ".mp4", name + ".srt")
        try FileManager.default.copyItem(atPath: Program.testMedia + "/in-sync.mp4", toPath: scratch.path(sound))
        _ = scratch.write(text, SpokenSentence.captions(from: 1.6))
        let told = try Program(["transcript", "--", sound, text], folder: scratch.folder)
        let command = try #require(commands(told.output).first, "\(told.output)")
        // What was found stays found: the status tells of the text as it was.
        try run(command, shell, in: scratch.folder, status: 1)
        let left = try offset(["transcript", "--", sound, name + ".fixed.srt"], in: scratch.folder)
        #expect(abs(try #require(left)) < 60, "\(command)")
    }

    @Test(
        "what a container's faults call for",
        arguments: zip(
            [
                "-itsoffset 0.3 -i IN -i IN -map 0:v -map 1:a -c copy",
                "-i IN -itsoffset 0.3 -i IN -map 0:v -map 1:a -c copy",
                "-i IN -t 3 -i IN -map 0:v -map 1:a -c copy",
                "-i IN -vf fps=25,setpts=PTS+gt(N\\,50)*0.5/TB -fps_mode passthrough -c:a copy",
                "-i IN -af aselect=lt(t\\,1)+gt(t\\,1.7) -c:v copy",
            ],
            names))
    func container(fault: String, name: String) throws {
        let scratch = Scratch()
        let clip = name + ".mov"
        try FileManager.default.copyItem(atPath: Program.testMedia + "/in-sync.mp4", toPath: scratch.path("in.mp4"))
        let words = fault.split(separator: " ").map { $0 == "IN" ? scratch.path("in.mp4") : String($0) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["ffmpeg", "-nostdin", "-v", "error"] + words + ["file:" + clip]
        process.currentDirectoryURL = URL(fileURLWithPath: scratch.folder)
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let told = try Program(["check", "--checks", "container", "--", clip], folder: scratch.folder)
        let found = commands(told.output)
        #expect(!found.isEmpty, "\(fault): \(told.output)")
        for command in found {
            #expect(!command.contains(" IN ") && !command.hasSuffix("OUT"), "\(command)")
            for shell in ["/bin/sh", "/bin/bash"] { try run(command, shell, in: scratch.folder) }
            #expect(FileManager.default.fileExists(atPath: scratch.path(name + ".fixed.mov")), "\(command)")
        }
    }
}
