import Foundation
import Testing

/// What `TestMedia/truth.json` says of a file.
private struct Truth: Decodable {
    let file: String
    let soundMovedMilliseconds: Double?
    let expected: String
    let alsoAccepted: [String]

    private enum CodingKeys: String, CodingKey {
        case file, expected
        case soundMovedMilliseconds = "sound_moved_ms"
        case alsoAccepted = "also_accepted"
    }
}

@Suite("The generated media, whose truth is known")
struct TestMediaTests {
    private static func truths() throws -> [Truth] {
        try JSONDecoder().decode(
            [Truth].self, from: Data(contentsOf: URL(fileURLWithPath: Program.testMedia + "/truth.json")))
    }

    @Test("every file gets the verdict that it was made for, and every offset lies within 40 ms of the truth")
    func verdicts() throws {
        let run = try Program(["scan", Program.testMedia, "--format", "jsonl", "--quiet"])
        // Misaligned on purpose: faults come before what cannot be read.
        #expect(run.status == 1)
        let documents = Dictionary(
            uniqueKeysWithValues: run.documents.map {
                (($0["clip"] as? String ?? "").split(separator: "/").last.map(String.init) ?? "", $0)
            })
        let truths = try Self.truths()
        #expect(truths.count >= 20)
        for truth in truths {
            let document = try #require(documents[truth.file], "\(truth.file) is missing from the scan")
            let verdict = document["verdict"] as? String ?? ""
            #expect(
                [truth.expected] + truth.alsoAccepted ~= verdict,
                "\(truth.file): \(verdict), made as \(truth.expected)")
            // The file's own declarations are not what was moved.
            let content = (document["findings"] as? [[String: Any]] ?? []).filter {
                $0["check"] as? String != "container"
            }
            if let offset = content.compactMap({ $0["offset_ms"] as? Double }).first,
                let moved = truth.soundMovedMilliseconds
            {
                #expect(abs(offset + moved) <= 40, "\(truth.file): \(offset) ms, made \(moved) ms late")
            }
        }
    }

    @Test("one job and two give the same bytes, and so does the same scan again")
    func sameBytes() throws {
        let clips = ["in-sync.mp4", "sound-late-120ms.mkv", "text.mp4", "silent.mp4"].map {
            Program.testMedia + "/" + $0
        }
        let one = try Program(["scan", "--format", "jsonl", "--quiet", "--jobs", "1"] + clips)
        let two = try Program(["scan", "--format", "jsonl", "--quiet", "--jobs", "2"] + clips)
        #expect(!one.output.isEmpty)
        #expect(one.output == two.output)
        // Nor does it matter which clips the worker had before.
        let turned = try Program(["scan", "--format", "jsonl", "--quiet", "--jobs", "1"] + clips.reversed())
        #expect(turned.output.split(separator: "\n").reversed() == one.output.split(separator: "\n"))
    }

    @Test("the same streams in MP4, MOV, MKV and MPEG-TS give the same offset within 3 ms")
    func containers() throws {
        let clips = ["mp4", "mov", "mkv", "ts"].map { Program.testMedia + "/sound-late-120ms.\($0)" }
        let run = try Program(["scan", "--format", "jsonl", "--quiet"] + clips)
        let offsets = run.documents.compactMap {
            (($0["findings"] as? [[String: Any]])?.first)?["offset_ms"] as? Double
        }
        #expect(offsets.count == 4)
        #expect((offsets.max() ?? 1000) - (offsets.min() ?? 0) <= 3)
    }

    @Test("sound moved by 130 ms in MP4, MOV, MKV and MPEG-TS moves the answer by as much, the other way")
    func movedInContainers() throws {
        let scratch = Scratch()
        let clip = Program.testMedia + "/in-sync.mp4"
        let moved = try ["mp4", "mov", "mkv", "ts"].map { container in
            let path = scratch.path("moved." + container)
            let ffmpeg = Process()
            ffmpeg.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            ffmpeg.arguments = [
                "ffmpeg", "-v", "error", "-i", clip, "-itsoffset", "0.13", "-i", clip, "-map", "0:v", "-map", "1:a",
                "-c", "copy", path,
            ]
            try ffmpeg.run()
            ffmpeg.waitUntilExit()
            return path
        }
        let run = try Program(["scan", "--format", "jsonl", "--quiet", "--expect", "unknown", clip] + moved)
        let offsets = run.documents.compactMap {
            (($0["findings"] as? [[String: Any]])?.first)?["offset_ms"] as? Double
        }
        try #require(offsets.count == 5)
        for (path, offset) in zip(moved, offsets.dropFirst()) {
            #expect(abs(offset - offsets[0] + 130) <= 10, "\(path): \(offset) ms, and \(offsets[0]) ms unmoved")
        }
    }

    @Test(
        "the exit code says what was found",
        arguments: [
            ("in-sync.mp4", 0), ("sound-late-120ms.mp4", 1), ("another-sentence.mp4", 1), ("no-face.mp4", 0),
            ("truncated.mp4", 2),
        ])
    func exitCodes(clip: String, status: Int) throws {
        #expect(try Program(["check", Program.testMedia + "/" + clip]).status == Int32(status))
    }

    @Test("an expected offset moves the verdict, unknown only measures")
    func expectation() throws {
        let clip = Program.testMedia + "/sound-late-120ms.mp4"
        #expect(try Program(["check", clip, "--expect", "-120"]).output.contains("in sync"))
        #expect(try Program(["check", clip, "--expect", "unknown"]).output.contains("measured"))
    }

    @Test("the sound may lie in a file of its own; made 100 ms later there, it is found 100 ms later")
    func separateSound() throws {
        let scratch = Scratch()
        let clip = Program.testMedia + "/in-sync.mp4"
        let sound = scratch.path("sound.flac")
        let ffmpeg = Process()
        ffmpeg.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        ffmpeg.arguments = ["ffmpeg", "-v", "error", "-i", clip, "-vn", "-af", "adelay=100:all=1", sound]
        try ffmpeg.run()
        ffmpeg.waitUntilExit()
        func offset(_ more: [String]) throws -> Double? {
            let document = try Program(["check", clip, "--format", "jsonl", "--expect", "unknown"] + more).documents
                .first
            return ((document?["findings"] as? [[String: Any]])?.first)?["offset_ms"] as? Double
        }
        let own = try #require(try offset([]))
        let moved = try #require(try offset(["--audio", sound]))
        #expect(abs(own - moved - 100) <= 10)
    }

    @Test("without the inference library lips cannot be told, and the remedy is named")
    func withoutInference() throws {
        let run = try Program(
            ["check", Program.testMedia + "/in-sync.mp4"], environment: ["GENLOCK_HOME": "/nonexistent"])
        #expect(run.status == 0)
        #expect(run.output.contains("inconclusive"))
        #expect(run.output.contains("scripts/setup"))
        #expect(try Program(["doctor"], environment: ["GENLOCK_HOME": "/nonexistent"]).status == 2)
    }
}

/// Whether a list holds a value, written so that a failing expectation shows both.
private func ~= (list: [String], value: String) -> Bool { list.contains(value) }
