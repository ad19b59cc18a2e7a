import Container
import Foundation
import MediaIO
import SyncModel
import Testing

/// A temporary folder of this test run, removed when the run ends.
private enum Scratch {
    static let folder: String = {
        let path = NSTemporaryDirectory() + "genlock-container-\(getpid())"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        atexit { try? FileManager.default.removeItem(atPath: Scratch.folder) }
        return path
    }()
}

/// Runs the `ffmpeg` program; the last argument is the file to make, by name. Returns its path.
private func ffmpeg(_ arguments: [String]) throws -> String {
    let output = Scratch.folder + "/" + (arguments.last ?? "")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["ffmpeg", "-nostdin", "-v", "error", "-y", "-threads", "1"] + arguments.dropLast() + [output]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "ffmpeg \(arguments.joined(separator: " "))")
    return output
}

private let source = [
    "-f", "lavfi", "-i", "testsrc2=s=64x64:r=25:d=6", "-f", "lavfi", "-i", "anoisesrc=r=48000:a=0.1:d=6:seed=1",
]
private let base = Result {
    try ffmpeg(source + ["-c:v", "libx264", "-preset", "veryfast", "-g", "25", "-c:a", "aac", "base.mp4"])
}

private func facts(_ path: String) throws -> ContainerFacts {
    let file = try MediaFile(path: path)
    return try file.survey(video: file.videoStream?.index, audio: file.audioStream(number: nil)?.index)
}

@Suite("Packets of real files")
struct SurveyTests {
    private let analyser = ContainerAnalyser()

    @Test(
        "fresh files are in sync, with nothing to tell",
        arguments: [
            ("x.mp4", ["-c:v", "libx264", "-c:a", "aac"]), ("x.mov", ["-c:v", "libx264", "-c:a", "aac"]),
            ("x.mkv", ["-c:v", "libx264", "-c:a", "aac"]),
            ("x.ts", ["-c:v", "libx264", "-c:a", "aac"]),
            ("x.webm", ["-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus"]),
            ("v.webm", ["-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libvorbis"]),
            ("x.mpg", ["-c:v", "mpeg2video", "-c:a", "mp2"]), ("x.avi", ["-c:v", "mpeg4", "-c:a", "libmp3lame"]),
        ])
    func fresh(name: String, coders: [String]) throws {
        let finding = analyser.finding(try facts(try ffmpeg(source + coders + [name])))
        #expect(finding.verdict == .inSync)
        #expect(finding.because.map(\.description) == [])
    }

    @Test("sound put 300 ms later starts later in every container", arguments: ["late.mp4", "late.mkv", "late.ts"])
    func startsLate(name: String) throws {
        let file = try base.get()
        let late = try ffmpeg([
            "-i", file, "-itsoffset", "0.3", "-i", file, "-map", "0:v", "-map", "1:a", "-c", "copy", name,
        ])
        // 300 ms, of which the encoder's delay of 21 ms is sound too.
        #expect(abs(analyser.cost(.startsApart, try facts(late)) - 289) <= 12)
    }

    @Test("raw AAC put into an MP4 has lost its delay")
    func encoderDelay() throws {
        let raw = try ffmpeg(["-i", try base.get(), "-vn", "-c", "copy", "raw.aac"])
        let file = try ffmpeg([
            "-i", try base.get(), "-i", raw, "-map", "0:v", "-map", "1:a", "-c", "copy", "delay.mp4",
        ])
        #expect(analyser.kinds(try facts(file)) == [.encoderDelay])
    }

    @Test("a frame rate in the coded stream is seen beside the timestamps")
    func tag() throws {
        let file = try ffmpeg(["-i", try base.get(), "-c", "copy", "-bsf:v", "h264_metadata=tick_rate=48", "tag.mp4"])
        #expect(analyser.kinds(try facts(file)) == [.rateTag])
        // 150 pictures counted at 24 take 6.25 s.
        #expect(abs(analyser.cost(.rateTag, try facts(file)) - 250) < 5)
    }

    @Test("edit lists are read from the file's own boxes")
    func edits() throws {
        let file = try base.get()
        let held = try facts(
            try ffmpeg([
                "-i", file, "-itsoffset", "0.5", "-i", file, "-map", "0:v", "-map", "1:a", "-c", "copy", "held.mp4",
            ]))
        let first = try #require(held.audio?.edits?.first)
        #expect(first.mediaSeconds == nil)
        #expect(abs(first.seconds - 0.479) < 0.002)
        #expect(analyser.kinds(held).contains(.editList))
    }

    @Test("damaged files never end the program: cut anywhere, or with bytes turned over")
    func damage() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: try base.get())))
        let transport = [UInt8](
            try Data(contentsOf: URL(fileURLWithPath: try ffmpeg(["-i", try base.get(), "-c", "copy", "base.ts"]))))
        var state: UInt64 = 11
        func next(_ below: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % below
        }
        for round in 0..<60 {
            var damaged = round % 2 == 0 ? bytes : transport
            // The index of an MP4 lies at its end.
            let region = round % 4 == 0 ? damaged.count * 9 / 10..<damaged.count : 0..<damaged.count
            for _ in 0..<(1 + round * 2) { damaged[region.lowerBound + next(region.count)] = UInt8(next(256)) }
            if round % 3 == 0 { damaged = Array(damaged.prefix(1 + next(damaged.count))) }
            let path = Scratch.folder + "/damaged-\(round)"
            try Data(damaged).write(to: URL(fileURLWithPath: path))
            if let facts = try? facts(path) { _ = analyser.finding(facts) }
            try FileManager.default.removeItem(atPath: path)
        }
    }
}
