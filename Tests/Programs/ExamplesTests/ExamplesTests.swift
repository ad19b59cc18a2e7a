import Foundation
import Testing

@Suite("The example programs")
struct ExamplesTests {
    private func run(_ name: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        // The programs lie beside the test bundle, or beside the program that runs the tests.
        let bundle = Bundle(for: Anchor.self).bundleURL
        let places = [bundle, bundle.deletingLastPathComponent()].map { $0.appendingPathComponent(name) }
        process.executableURL = places.first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? places[0]
        if name == "ffmpeg" { process.executableURL = URL(fileURLWithPath: "/usr/bin/env") }
        process.arguments = name == "ffmpeg" ? ["ffmpeg"] + arguments : arguments
        process.standardInput = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    private final class Anchor {}

    /// A flash at 1 s, and a tone that begins 200 ms after it.
    private func made() throws -> String {
        let clip = NSTemporaryDirectory() + "genlock-example-\(UUID().uuidString).mkv"
        let status = try run(
            "ffmpeg",
            [
                "-nostdin", "-v", "error", "-f", "lavfi", "-i",
                "color=black:s=160x120:r=25:d=3,drawbox=color=white:t=fill:enable='between(t,1,1.2)'", "-f", "lavfi",
                "-i", "aevalsrc='0.5*sin(2*PI*1000*t)*gte(t,1.2)':s=48000:d=3", "-c:v", "libx264", "-c:a", "flac", clip,
            ]
        ).status
        try #require(status == 0)
        return clip
    }

    @Test("a check of one's own measures the late sound, and gives a document")
    func ownCheck() throws {
        let clip = try made()
        defer { try? FileManager.default.removeItem(atPath: clip) }
        let (status, output) = try run("example-own-check", [clip])
        #expect(status == 0)
        let document = try #require(JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
        #expect(document["verdict"] as? String == "misaligned")
        let finding = try #require((document["findings"] as? [[String: Any]])?.first)
        #expect(abs((finding["offset_ms"] as? Double ?? 0) + 200) < 5)
    }

    @Test("one clip is measured; one that is not there is told")
    func measure() throws {
        let clip = try made()
        defer { try? FileManager.default.removeItem(atPath: clip) }
        let (status, output) = try run("example-measure", [clip])
        #expect(status == 0 && output.contains("container: "))
        #expect(try run("example-measure", ["no-such-file.mp4"]).status == 2)
    }
}
