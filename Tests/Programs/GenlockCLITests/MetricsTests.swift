import Foundation
import Testing

/// `scan --progress prometheus=FILE`.
struct MetricsTests {
    private let scratch = Scratch()

    private func clips(_ count: Int) -> String {
        let folder = scratch.path("clips")
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for number in 0..<count { _ = scratch.write("clips/\(number).mp4", Data("no media, but a file".utf8)) }
        return folder
    }

    private func value(_ name: String, in file: String) throws -> Double? {
        let text = try String(contentsOfFile: scratch.path(file), encoding: .utf8)
        let label = (file as NSString).deletingPathExtension
        let line = text.split(separator: "\n").first { $0.hasPrefix("genlock_\(name){scan=\"\(label)\"} ") }
        return line.flatMap { Double($0.split(separator: " ").last ?? "") }
    }

    @Test("a scan leaves a file that says that all is done, also a quiet one, and nothing beside it")
    func ofAScan() throws {
        let folder = clips(3)
        for quiet in [[], ["--quiet"]] {
            let run = try Program(
                ["scan", folder, "--progress", "prometheus=\(scratch.path("night.prom"))"] + quiet,
                environment: Program.workers("idle"))
            #expect([0, 1].contains(run.status))
            #expect(try value("scan_clips", in: "night.prom") == 3)
            #expect(try value("scan_clips_done", in: "night.prom") == 3)
            #expect(try value("scan_clips_measured_total", in: "night.prom") == 3)
            #expect(try value("scan_over", in: "night.prom") == 1)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: scratch.folder).sorted() == ["clips", "night.prom"])
        }
    }

    @Test("what a store has is done and not measured")
    func ofAStore() throws {
        let arguments = [
            "scan", clips(4), "--store", scratch.path("s.sqlite"), "--progress", "prometheus=\(scratch.path("a.prom"))",
        ]
        for _ in 0..<2 { try Program(arguments, environment: Program.workers("idle")) }
        #expect(try value("scan_clips_done", in: "a.prom") == 4)
        #expect(try value("scan_clips_measured_total", in: "a.prom") == 0)
    }

    @Test("rows that come one by one are counted, without a number in all")
    func ofAStream() throws {
        let folder = clips(2)
        let file = scratch.path("stream.prom")
        try shell(
            """
            printf '%s\\n' '\(folder)/0.mp4' '\(folder)/1.mp4' | \
            GENLOCK_WORKER='\(Program.workers()["GENLOCK_WORKER"]!)' \
            GENLOCK_TEST_WORKER=idle \(Program.quoted) scan - --stream --progress 'prometheus=\(file)' >/dev/null || [ \
            $? = 1 ]
            """)
        #expect(try value("scan_clips_measured_total", in: "stream.prom") == 2)
        #expect(try value("scan_clips", in: "stream.prom") == nil)
        #expect(try value("scan_over", in: "stream.prom") == 1)
    }

    @Test("a place that cannot be written to ends the scan before it begins, with its name")
    func unwritable() throws {
        let file = scratch.path("none/a.prom")
        let run = try Program(
            ["scan", clips(1), "--store", scratch.path("s.sqlite"), "--progress", "prometheus=\(file)"],
            environment: Program.workers("idle"))
        #expect(run.status == 2)
        #expect(run.errors.contains("\(file) cannot be written"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("s.sqlite")))
    }

    @Test("other words are no kind of progress", arguments: ["prometheus", "prometheus=", "chatty"])
    func words(word: String) throws {
        #expect(try Program(["scan", "a.mp4", "--progress", word]).status == 64)
    }
}
