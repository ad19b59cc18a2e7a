import Foundation
import Testing

@Suite("Timed text against the sound")
struct TranscriptProgramTests {
    private static let media = Program.testMedia + "/in-sync.mp4"
    private func offset(_ run: Program) throws -> Double {
        let findings = try #require(run.documents.first?["findings"] as? [[String: Any]])
        #expect(findings.first?["check"] as? String == "transcript")
        #expect(findings.first?["subject"] as? String == "text")
        #expect(findings.first?["reference"] as? String == "audio")
        return try #require(findings.first?["offset_ms"] as? Double)
    }

    @Test(
        "captions moved by 900 ms read 900 ms later; mended ones are in sync, and nothing but their times has changed")
    func fixed() throws {
        let scratch = Scratch()
        let early = scratch.write("early.srt", SpokenSentence.captions(from: 0.3))
        let late = scratch.write("late.srt", SpokenSentence.captions(from: 1.2))
        let fixed = scratch.path("fixed é.srt")
        let before = try offset(try Program(["transcript", Self.media, early, "--format", "jsonl"]))
        let run = try Program(["transcript", Self.media, late, "--write", fixed, "--format", "jsonl"])
        #expect(run.status == 1)
        #expect(abs(try offset(run) - before + 900) < 5)
        #expect(run.errors.contains("wrote"))
        let after = try Program(["transcript", Self.media, fixed, "--format", "jsonl"])
        #expect(after.status == 0)
        #expect(abs(try offset(after)) < 5)
        func withoutTimes(_ path: String) throws -> [String] {
            try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\r\n").filter {
                !$0.contains("-->")
            }
        }
        #expect(try withoutTimes(fixed) == withoutTimes(late))
    }

    @Test("what is in time is not written again; what exists is not replaced without leave; the original never")
    func places() throws {
        let scratch = Scratch()
        let late = scratch.write("late.srt", SpokenSentence.captions(from: 1.2))
        let fixed = scratch.path("fixed.srt")
        _ = try Program(["transcript", Self.media, late, "--write", fixed])
        let again = try Program(["transcript", Self.media, fixed, "--write", scratch.path("again.srt")])
        #expect(again.status == 0 && again.errors.contains("is in sync: nothing to write"))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("again.srt")))
        let exists = try Program(["transcript", Self.media, late, "--write", fixed])
        #expect(exists.status == 1 && exists.errors.contains("already exists") && exists.errors.contains("--force"))
        #expect(try Program(["transcript", Self.media, late, "--write", fixed, "--force"]).errors.contains("wrote"))
        let original = try Data(contentsOf: URL(fileURLWithPath: late))
        let over = try Program(["transcript", Self.media, late, "--write", late, "--force"])
        #expect(over.errors.contains("never overwritten"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: late)) == original)
        // Two of one name cannot both go into one folder: neither does.
        try FileManager.default.createDirectory(atPath: scratch.path("b"), withIntermediateDirectories: true)
        let other = scratch.write("b/late.srt", SpokenSentence.captions(from: 1.4))
        let both = try Program(["transcript", Self.media, late, other, "--write", scratch.path("out")])
        #expect(both.status != 0 && both.errors.contains("two files would be written to it"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path("out")).isEmpty)
    }

    @Test("what is written is measured again as it was read: by the tier that was asked for")
    func tier() throws {
        let scratch = Scratch()
        // One tier in time, one with the same words 0.8 s later.
        func tier(_ name: String, from start: Double) -> String {
            var (intervals, at) = (["0 \(start) \"\""], start)
            let letters = Double(SpokenSentence.words.reduce(0) { $0 + $1.count + 1 })
            for word in SpokenSentence.words {
                let end = at + 5.9 * Double(word.count + 1) / letters
                intervals.append("\(at) \(end) \"\(word)\"")
                at = end
            }
            intervals.append("\(at) 9 \"\"")
            return "\"IntervalTier\"\n\"\(name)\"\n0\n9\n\(intervals.count)\n" + intervals.joined(separator: "\n")
                + "\n"
        }
        let text = "\"ooTextFile\"\n\"TextGrid\"\n0\n9\n<exists>\n2\n"
        let file = scratch.write("a.TextGrid", Data((text + tier("words", from: 0.3) + tier("late", from: 1.1)).utf8))
        let fixed = scratch.path("fixed.TextGrid")
        let run = try Program(["transcript", Self.media, file, "--tier", "late", "--write", fixed])
        #expect(run.errors.contains("wrote"), "\(run.output)\(run.errors)")
        let late = try Program(["transcript", Self.media, fixed, "--tier", "late", "--format", "jsonl"])
        #expect(abs(try offset(late)) < 5)
        let words = try Program(["transcript", Self.media, fixed, "--tier", "words", "--format", "jsonl"])
        #expect(words.status == 1)
    }

    @Test("subtitles inside the media are written back into a new file, and every other packet stays as it is")
    func inside() throws {
        let scratch = Scratch()
        let late = scratch.write("late.srt", SpokenSentence.captions(from: 1.2))
        let clip = scratch.path("clip.mkv")
        try shell("ffmpeg -nostdin -v error -i '\(Self.media)' -i '\(late)' -map 0 -map 1 -c copy -c:s srt '\(clip)'")
        let fixed = scratch.path("fixed.mkv")
        let run = try Program(["transcript", clip, "--write", fixed])
        #expect(run.errors.contains("wrote"), "\(run.errors)")
        #expect(try abs(offset(try Program(["transcript", fixed, "--format", "jsonl"]))) < 5)
        func packets(_ path: String) throws -> String {
            let list = scratch.path("list")
            try shell("ffmpeg -nostdin -v error -y -i '\(path)' -map 0:v -map 0:a -c copy -f framemd5 '\(list)'")
            return try String(contentsOfFile: list, encoding: .utf8)
        }
        #expect(try packets(fixed) == packets(clip))
    }

    @Test("several are mended into a folder; one that is missing is named, and the others are measured")
    func several() throws {
        let scratch = Scratch()
        let one = scratch.write("a.srt", SpokenSentence.captions(from: 1.2))
        let two = scratch.write("b.srt", SpokenSentence.captions(from: 1.4))
        let run = try Program([
            "transcript", Self.media, one, two, scratch.path("gone.srt"), "--write", scratch.path("out"), "--format",
            "jsonl",
        ])
        #expect(run.status == 1)
        #expect(run.errors.contains("gone.srt") && run.errors.contains("does not exist"))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.path("out")).sorted() == ["a.srt", "b.srt"])
    }

    @Test("the words of another recording are not mended")
    func otherText() throws {
        let scratch = Scratch()
        let text =
            """
            1\n00:00:00,300 --> 00:00:06,000\nYesterday sixteen letters grew cold since the street is dark, nothing \
            gave us a garden.\n
            """
        let file = scratch.write("other.srt", Data(text.utf8))
        let run = try Program([
            "transcript", Self.media, file, "--write", scratch.path("fixed.srt"), "--format", "jsonl",
        ])
        let findings = try #require(run.documents.first?["findings"] as? [[String: Any]])
        #expect(["unpaired", "inconclusive"].contains(findings.first?["verdict"] as? String))
        #expect(!FileManager.default.fileExists(atPath: scratch.path("fixed.srt")))
        #expect(run.errors.contains("nothing was written"))
    }

    @Test("a recording without sound, one that is missing, and one without subtitles end with words and a status")
    func bad() throws {
        let scratch = Scratch()
        let file = scratch.write("a.srt", SpokenSentence.captions(from: 0))
        #expect(
            try Program(["transcript", Program.testMedia + "/no-audio.mp4", file]).output.contains(
                "not applicable: nothing to measure"))
        let gone = try Program(["transcript", scratch.path("gone.mp4"), file])
        #expect(gone.status == 2 && gone.errors.contains("gone.mp4"))
        let without = try Program(["transcript", Self.media])
        #expect(without.status == 2 && without.errors.contains("has no subtitles"))
        #expect(try Program(["transcript", Self.media, file, "--encoding", "klingon"]).status == 64)
    }
}

/// What is said in `in-sync.mp4`.
enum SpokenSentence {
    static let words =
        "Maybe Bob will bring the paper boat back before evening, and we may all move to a warm place by the bay."
        .split(separator: " ")

    /// The sentence of `in-sync.mp4` as SubRip, its words spread evenly by their letters over 5.9 s from `start`, in
    /// seconds, on.
    static func captions(from start: Double) -> Data {
        func time(_ seconds: Double) -> String {
            let whole = Int((seconds * 1000).rounded())
            return String(format: "00:%02d:%02d,%03d", whole / 60_000, whole / 1000 % 60, whole % 1000)
        }
        let letters = Self.words.reduce(0) { $0 + $1.count + 1 }
        var (text, at) = ("", start)
        for (index, range) in [0..<7, 7..<10, 10..<16, 16..<22].enumerated() {
            let cue = Self.words[range]
            let end = at + 5.9 * Double(cue.reduce(0) { $0 + $1.count + 1 }) / Double(letters)
            text += "\(index + 1)\r\n\(time(at)) --> \(time(end))\r\n<i>\(cue.joined(separator: " "))</i>\r\n\r\n"
            at = end
        }
        return Data(text.utf8)
    }
}
