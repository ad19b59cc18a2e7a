import Foundation
import Testing

@Suite("A stream that cannot be decoded is failed, and the others are answered")
struct UndecodableTests {
    private func text(_ command: String) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(command)")
        return String(decoding: data, as: UTF8.self)
    }

    /// A copy of `in-sync.mp4` as Matroska in which each packet of a stream is noise.
    private func damaged(_ stream: String, with noise: UInt8 = 0xFF, in scratch: Scratch) throws -> String {
        let clip = scratch.path("take.mkv")
        try shell("ffmpeg -nostdin -v error -i '\(Program.testMedia)/in-sync.mp4' -c copy '\(clip)'")
        let places = try text(
            "ffprobe -v error -select_streams \(stream) -show_entries packet=pos,size -of csv=p=0 '\(clip)'")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: clip))
        for line in places.split(separator: "\n") {
            let numbers = line.split(separator: ",").compactMap { Int($0) }
            // As ffprobe tells them: the size, then the place of its block, whose head is a few bytes.
            try #require(numbers.count == 2 && numbers[0] + numbers[1] + 16 < bytes.count)
            let start = numbers[1] + 12
            bytes.replaceSubrange(
                start..<numbers[1] + numbers[0], with: Data(repeating: noise, count: max(0, numbers[0] - 12)))
        }
        try bytes.write(to: URL(fileURLWithPath: clip))
        return clip
    }

    private func findings(_ run: Program) throws -> [String: [String: Any]] {
        let all = try #require(run.documents.first?["findings"] as? [[String: Any]])
        return Dictionary(all.map { ($0["check"] as? String ?? "", $0) }) { first, _ in first }
    }

    @Test(
        "damaged picture, sound intact: the lips are failed, the text is answered, the status says so",
        arguments: [0, 0xFF] as [UInt8])
    func picture(noise: UInt8) throws {
        let scratch = Scratch()
        let clip = try damaged("v", with: noise, in: scratch)
        _ = scratch.write("take.srt", SpokenSentence.captions(from: 0.3))
        let run = try Program(["check", clip, "--format", "jsonl"])
        #expect(run.status == 2, "\(run.output)")
        let found = try findings(run)
        #expect(found["lips"]?["verdict"] as? String == "failed", "\(run.output)")
        #expect((found["lips"]?["because"] as? [String])?.joined().contains("take.mkv") == true, "\(run.output)")
        #expect(found["transcript"]?["offset_ms"] is Double, "\(run.output)")
    }

    @Test("damaged sound: nothing that hears is answered, and none is called not applicable")
    func sound() throws {
        let scratch = Scratch()
        let clip = try damaged("a", in: scratch)
        let run = try Program(["check", clip, "--checks", "lips", "--format", "jsonl"])
        #expect(run.status == 2)
        #expect(try findings(run)["lips"]?["verdict"] as? String == "failed", "\(run.output)")
        let text = scratch.write("take.srt", SpokenSentence.captions(from: 0.3))
        #expect(try Program(["transcript", clip, text]).status == 2)
    }

    @Test("subtitles inside that cannot be decoded do not take a good text's answer")
    func subtitles() throws {
        let scratch = Scratch()
        let text = scratch.write("good.srt", SpokenSentence.captions(from: 0.9))
        let clip = scratch.path("take.mkv")
        try shell(
            """
            ffmpeg -nostdin -v error -i '\(Program.testMedia)/in-sync.mp4' -i '\(text)' -map 0 -map 1 -c copy \
            -c:s srt '\(clip)'
            """
        )
        var bytes = try Data(contentsOf: URL(fileURLWithPath: clip))
        let name = try #require(bytes.range(of: Data("S_TEXT/UTF8".utf8)))
        bytes.replaceSubrange(name, with: Data("S_TEXT/UTFX".utf8))
        try bytes.write(to: URL(fileURLWithPath: clip))
        let good = try Program(["transcript", clip, text, "--format", "jsonl"])
        #expect(good.status == 0, "\(good.errors)")
        #expect(try findings(good)["transcript"]?["verdict"] as? String == "in-sync", "\(good.output)")
        _ = scratch.write("take.srt", SpokenSentence.captions(from: 0.9))
        let run = try Program(["check", clip, "--checks", "transcript", "--format", "jsonl"])
        let all = try #require(run.documents.first?["findings"] as? [[String: Any]])
        #expect(all.contains { $0["verdict"] as? String == "in-sync" }, "\(run.output)")
        #expect(run.status == 2 || all.count == 1, "\(run.output)")
    }
}
