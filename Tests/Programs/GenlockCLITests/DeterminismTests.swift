import Foundation
import Testing

@Suite("The same bytes, wherever and however it is run")
struct DeterminismTests {
    private static let clips = [
        "ball-early-150ms.mp4", "claps-in-sync.mp4", "no-audio.mp4", "sound-late-120ms.mp4", "truncated.mp4",
        "audio-only.wav",
    ].map { Program.testMedia + "/" + $0 }

    @Test("a scan and its reports do not depend on the number of workers, locale, time zone and folder")
    func same() async throws {
        for (name, outputs) in try await aside(Self.outputs) {
            #expect(outputs[0].contains("sound-late-120ms.mp4"), "\(name): \(outputs[0])")
            #expect(Set(outputs).count == 1, "\(name) with --jobs 1, 2 and 8 is: \(outputs)")
        }
    }

    /// What is printed, by what prints it: once for each way of running.
    @Sendable private static func outputs() throws -> [String: [String]] {
        let settings: [(jobs: String, environment: [String: String], folder: String)] = [
            ("1", [:], Program.root),
            ("2", ["LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8", "TZ": "Asia/Kathmandu"], "/"),
            ("8", ["LC_ALL": "C", "TZ": "America/St_Johns"], NSTemporaryDirectory()),
        ]
        var outputs: [String: [String]] = [:]
        for (jobs, environment, folder) in settings {
            let scratch = Scratch()
            let scan = try Program(
                ["scan"] + Self.clips + ["--jobs", jobs, "--store", scratch.path("s.sqlite"), "--format", "jsonl"],
                environment: environment, folder: folder)
            outputs["scan", default: []].append(scan.output)
            for format in ["text", "jsonl", "json", "csv", "markdown", "junit"] {
                let report = try Program(
                    ["report", "s.sqlite", "--format", format], environment: environment, folder: scratch.folder)
                outputs[format, default: []].append(report.output)
            }
            // With stills and sound of the clips, looked at again.
            let page = scratch.path("page.html")
            _ = try Program(
                ["report", "s.sqlite", "--format", "html", "--output", page], environment: environment,
                folder: scratch.folder)
            outputs["html", default: []].append(try String(contentsOfFile: page, encoding: .utf8))
        }
        return outputs
    }
}
