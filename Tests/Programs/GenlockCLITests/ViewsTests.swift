import Foundation
import MadeFiles
import Testing

@Suite("Recordings of one event")
struct ViewsTests {
    /// Noise in bursts, 16 kHz mono, from a generator of its own; 16-bit WAV with the samples from `start` on.
    ///
    /// - Parameter code: a second channel beside it.
    private func wave(
        _ scratch: Scratch, _ name: String, seed: UInt32, start: Int, count: Int, code: [Float]? = nil
    ) -> String {
        var state = seed
        func random() -> Double {
            state = state &* 1_664_525 &+ 1_013_904_223
            return Double(state >> 8) / Double(1 << 24) - 0.5
        }
        var samples: [Int16] = []
        var gain = 0.0
        for index in 0..<start + count {
            if index % 3000 == 0 { gain = abs(random()) * 2 }
            let value = random() * gain
            guard index >= start else { continue }
            samples.append(Int16(value * 30_000))
            if let code { samples.append(index - start < code.count ? Int16(code[index - start] * 30_000) : 0) }
        }
        let channels = code == nil ? 1 : 2
        var data = Data()
        func number<T: FixedWidthInteger>(_ value: T) {
            withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
        }
        data += Data("RIFF".utf8)
        number(UInt32(36 + 2 * samples.count))
        data += Data("WAVEfmt ".utf8)
        number(UInt32(16))
        number(UInt16(1))
        number(UInt16(channels))
        number(UInt32(16_000))
        number(UInt32(32_000 * channels))
        number(UInt16(2 * channels))
        number(UInt16(16))
        data += Data("data".utf8)
        number(UInt32(2 * samples.count))
        for sample in samples { number(sample) }
        return scratch.write(name, data)
    }

    /// The findings and the clock of `genlock views --json`.
    private func views(_ files: [String]) throws -> (findings: [[String: Any]], clock: [[String: Any]]) {
        let run = try Program(["views"] + files + ["--json"])
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any], "\(run.errors)")
        return (document["findings"] as? [[String: Any]] ?? [], document["clock"] as? [[String: Any]] ?? [])
    }

    @Test("chapters of one camera are one recording, each with its own place on the clock")
    func chapters() throws {
        let scratch = Scratch()
        // The camera began 3 s before the recorder, and wrote files of 8 s.
        let recorder = wave(scratch, "recorder.wav", seed: 5, start: 48_000, count: 320_000)
        for (name, start) in [("GX010042", 0), ("GX020042", 128_000), ("GX030042", 256_000)] {
            let sound = wave(scratch, "\(name).wav", seed: 5, start: start, count: 128_000)
            try shell(
                """
                ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=s=64x48:r=25:d=8 -i '\(sound)' -c:v libx264 \
                -preset ultrafast -c:a pcm_s16le '\(scratch.path("\(name).mov"))'
                """)
        }
        let chapters = ["GX020042", "GX010042", "GX030042"].map { scratch.path("\($0).mov") }
        let (findings, clock) = try views([recorder] + chapters)
        try #require(findings.count == 1 && clock.count == 4, "\(findings) \(clock)")
        #expect(findings[0]["clip"] as? String == chapters[1])
        let places = clock.dropFirst().map { $0["start_s"] as? Double ?? .nan }
        #expect(zip(places, [-3, 5, 13]).allSatisfy { abs($0 - $1) < 0.005 }, "\(places)")
        #expect(clock.map { $0["chapter_of"] as? String } == [nil, nil, chapters[1], chapters[1]])
    }

    @Test("a recording at another speed is placed and named so, its pitch moved or kept", arguments: ["moved", "kept"])
    func speed(pitch: String) throws {
        let scratch = Scratch()
        let ratio = 25 * 1001.0 / 24000
        let plain = wave(scratch, "plain.wav", seed: 9, start: 0, count: 960_000)
        let part = wave(scratch, "part.wav", seed: 9, start: 64_000, count: 720_000)
        let fast = scratch.path("fast.wav")
        let filter = pitch == "kept" ? "atempo=\(ratio)" : "asetrate=\(16_000 * ratio),aresample=16000"
        try shell("ffmpeg -nostdin -v error -y -i '\(part)' -af '\(filter)' '\(fast)'")
        for (files, start, speed) in [([plain, fast], 4, ratio), ([fast, plain], -4 / ratio, 1 / ratio)] {
            let (findings, clock) = try views(files)
            let evidence = try #require(findings.first?["evidence"] as? [String: Any])
            #expect(evidence["speed"] as? String == (speed > 1 ? "25/23.976" : "23.976/25"), "\(findings)")
            let drift = try #require(clock.last?["drift_ppm"] as? Double)
            // FFmpeg rounds the rate to whole samples a second: 20 ppm.
            #expect(abs(drift - (speed - 1) * 1e6) < (pitch == "kept" ? 400 : 40), "\(drift)")
            let place = try #require(clock.last?["start_s"] as? Double)
            #expect(abs(place - start) < (pitch == "kept" ? 0.03 : 0.003), "\(place)")
        }
    }

    @Test("timecode in a channel of sound is a clock: the finding is what the content says beyond it")
    func linearTimecode() throws {
        let scratch = Scratch()
        // The second recorder begins 2 s later, and its code says 2.04 s: it is one frame of 25 fast.
        let code = { (seconds: Int, frame: Int) in
            TimecodeWave.samples(seconds: seconds, frame: frame, count: 240, rate: 25, from: 0)
        }
        let a = wave(scratch, "a.wav", seed: 1, start: 0, count: 160_000, code: code(10, 0))
        let b = wave(scratch, "b.wav", seed: 1, start: 32_000, count: 160_000, code: code(12, 1))
        let run = try Program(["views", a, b, "--json"])
        let document = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        let finding = try #require((document["findings"] as? [[String: Any]])?.first)
        let evidence = try #require(finding["evidence"] as? [String: Any])
        #expect(abs((evidence["timecode_offset_ms"] as? Double ?? 0) - 2040) < 0.5)
        #expect(abs((finding["offset_ms"] as? Double ?? 0) + 40) < 2, "\(run.output.prefix(2000))")
        #expect((evidence["timecode"] as? String)?.hasPrefix("10:00:12:0") == true)
        #expect(run.output.contains("linear timecode"))
    }

    @Test(
        """
        a scan puts the recordings of a manifest's group on one clock, once, and measures them again when one has \
        changed
        """
    )
    func group() throws {
        let scratch = Scratch()
        _ = wave(scratch, "a.wav", seed: 1, start: 0, count: 160_000)
        _ = wave(scratch, "b.wav", seed: 1, start: 8_000, count: 160_000)
        let manifest = scratch.write("m.csv", Data("media,group\na.wav,take 1\nb.wav,take 1\nc.wav,take 2\n".utf8))
        let arguments = [
            "scan", manifest, "--checks", "views", "--store", scratch.path("s.sqlite"), "--format", "jsonl", "--quiet",
        ]
        let run = try Program(arguments)
        #expect(run.status == 1)
        let lines = run.output.split(separator: "\n")
        #expect(lines.count == 1)
        let document = try #require(try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
        let findings = try #require(document["findings"] as? [[String: Any]])
        #expect(document["clip"] as? String == "views of take 1")
        #expect(findings.count == 1)
        #expect(abs((findings[0]["offset_ms"] as? Double ?? 0) - 500) < 0.2)
        #expect(try Program(arguments).output == run.output)
        _ = wave(scratch, "b.wav", seed: 1, start: 16_000, count: 160_000)
        #expect(try Program(arguments).output.contains("\"offset_ms\":1000"))
    }

    @Test(
        """
        labels of a group's views are held against each other on the group's clock: 500 ms of it are the clock's, 300 \
        ms one label's
        """
    )
    func labels() throws {
        let scratch = Scratch()
        _ = wave(scratch, "a.wav", seed: 1, start: 0, count: 160_000)
        _ = wave(scratch, "b.wav", seed: 1, start: 8_000, count: 160_000)
        let truth = [("reach", 1.0, 2.0), ("lift", 2.0, 4.5), ("turn", 4.5, 6.0), ("put", 6.0, 8.0)]
        func table(_ shift: Double, liftLate: Double) -> Data {
            Data(
                ("label,start,end\n"
                    + truth.map { label, start, end in
                        """
                        \(label),\(start - shift + (label == "turn" ? liftLate : 0)),\
                        \(end - shift + (label == "lift" ? liftLate : 0))
                        """
                    }.joined(separator: "\n") + "\n").utf8)
        }
        _ = scratch.write("a.csv", table(0, liftLate: 0))
        let manifest = scratch.write("m.csv", Data("media,group,labels\na.wav,take,a.csv\nb.wav,take,b.csv\n".utf8))
        func findings(_ late: Double) throws -> [[String: Any]] {
            _ = scratch.write("b.csv", table(0.5, liftLate: late))
            let run = try Program(["scan", manifest, "--checks", "views,actions", "--format", "jsonl", "--quiet"])
            let all = try #require(run.documents.first?["findings"] as? [[String: Any]])
            #expect(all.filter { $0["check"] as? String == "views" }.count == 1)
            return all.filter { $0["check"] as? String == "actions" }
        }
        #expect(try findings(0).map { $0["verdict"] as? String } == ["in-sync"])
        let late = try findings(0.3)
        #expect(!late.isEmpty)
        #expect(late.allSatisfy { abs(($0["offset_ms"] as? Double ?? 0) + 300) < 1 })
    }

    @Test(
        """
        three recorders are put on the first one's clock; one of another event stays apart, one that is missing is named
        """
    )
    func clock() throws {
        let scratch = Scratch()
        let a = wave(scratch, "a.wav", seed: 1, start: 0, count: 160_000)
        let b = wave(scratch, "b.wav", seed: 1, start: 32_000, count: 160_000)
        let c = wave(scratch, "c c.wav", seed: 1, start: 8_000, count: 160_000)
        let d = wave(scratch, "d.wav", seed: 9, start: 0, count: 160_000)
        let timeline = scratch.path("t.otio")
        let cut = scratch.path("cut.sh")
        let table = scratch.path("t.csv")
        let run = try Program([
            "views", a, b, c, d, scratch.path("gone.wav"), "--json", "--export", timeline, "--export", cut, "--export",
            table,
        ])
        // Two seconds apart as they stand.
        #expect(run.status == 1)
        let document = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        let findings = try #require(document["findings"] as? [[String: Any]])
        #expect(findings.map { $0["check"] as? String } == ["views", "views", "views", "views"])
        #expect(abs((findings[0]["offset_ms"] as? Double ?? 0) - 2000) < 0.2)
        #expect(abs((findings[1]["offset_ms"] as? Double ?? 0) - 500) < 0.2)
        #expect(findings[0]["clip"] as? String == b && findings[0]["against"] as? String == a)
        #expect(findings[2]["offset_ms"] is NSNull)
        #expect(findings[3]["verdict"] as? String == "failed")
        let clock = try #require(document["clock"] as? [[String: Any]])
        #expect(clock.map { $0["group"] as? Int } == [0, 0, 0, 1])
        #expect(run.errors.contains("gone.wav"))
        #expect(try String(contentsOfFile: timeline, encoding: .utf8).contains("\"OTIO_SCHEMA\": \"Timeline.1\""))
        #expect(try String(contentsOfFile: cut, encoding: .utf8).contains("'\(c)'"))
        #expect(try String(contentsOfFile: table, encoding: .utf8).split(whereSeparator: \.isNewline).count == 4)
    }

    @Test("the same file twice is told")
    func twice() throws {
        let scratch = Scratch()
        let a = wave(scratch, "a.wav", seed: 1, start: 0, count: 80_000)
        let run = try Program(["views", a, a])
        #expect(run.status == 0)
        #expect(run.output.contains("given twice"))
        #expect(run.output.contains("in sync"))
    }

    @Test("an expected offset moves the verdict, unknown only measures")
    func expectation() throws {
        let scratch = Scratch()
        let a = wave(scratch, "a.wav", seed: 1, start: 0, count: 120_000)
        let b = wave(scratch, "b.wav", seed: 1, start: 16_000, count: 120_000)
        #expect(try Program(["views", a, b, "--expect", "1000"]).status == 0)
        #expect(try Program(["views", a, b, "--expect", "unknown"]).output.contains("measured"))
        #expect(try Program(["views", a, b]).status == 1)
    }

    @Test("nothing that can be read ends with 2 and names each")
    func unreadable() throws {
        let scratch = Scratch()
        let run = try Program(["views", scratch.path("x.wav"), scratch.write("y.wav", Data("text".utf8))])
        #expect(run.status == 2)
        #expect(run.errors.contains("x.wav") && run.errors.contains("y.wav") && run.errors.contains("what to do:"))
    }

    @Test("a log beside a recording that cannot be read ends with 2, names the file and what to do")
    func unreadableLog() throws {
        let scratch = Scratch()
        let log = scratch.write("german.csv", Data("Anfang;Ende;Was\n0;2,4;a\n2,4;6,1;b\n6,1;11,3;c\n".utf8))
        let video = Program.testMedia + "/no-face.mp4"
        for arguments in [[], ["--json"]] {
            let run = try Program(["views", video, log] + arguments)
            #expect(run.status == 2)
            #expect((run.output + run.errors).contains("german.csv"))
            #expect((run.output + run.errors).contains("--columns"))
        }
    }

    @Test("capture times that cannot be read end with 2")
    func unreadableTimes() throws {
        let scratch = Scratch()
        let videos = [Program.testMedia + "/no-face.mp4", Program.testMedia + "/silent.mp4"]
        let run = try Program(["views"] + videos + ["--capture-times", scratch.path("none.csv")])
        #expect(run.status == 2)
        #expect(run.errors.contains("none.csv: cannot be read as text; check the path"))
        let odd = scratch.write("odd.csv", Data("a,b\n1,2\n".utf8))
        #expect(try Program(["views"] + videos + ["--capture-times", odd]).status == 2)
    }
}
