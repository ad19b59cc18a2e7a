import Foundation
import Testing

@Suite("A timed text against another timed text")
struct TextAgainstTextProgramTests {
    private let scratch = Scratch()

    /// Forty cues of the licence's words, the same in every run, later by so many milliseconds.
    private static func captions(later: Int = 0, words: (String) -> String = { $0 }) throws -> Data {
        let all = try String(contentsOfFile: Program.root + "/LICENSE", encoding: .utf8).split { $0.isWhitespace }
        func stamp(_ time: Int) -> String {
            String(format: "%02d:%02d:%02d,%03d", time / 3_600_000, time / 60_000 % 60, time / 1000 % 60, time % 1000)
        }
        var (time, text) = (4000, "")
        for number in 0..<40 {
            let row = all[(number * 7)..<(number * 7 + 5 + number % 3)].map { words(String($0)) }
            let length = 900 + 300 * (number * 5 % 7)
            text += "\(number + 1)\r\n\(stamp(time + later)) --> \(stamp(time + later + length))\r\n"
            text += row.joined(separator: " ") + "\r\n\r\n"
            time += length + 150 + 400 * (number * number % 5)
        }
        return Data(text.utf8)
    }

    private func finding(_ run: Program) throws -> [String: Any] {
        try #require((run.documents.first?["findings"] as? [[String: Any]])?.first, "\(run.errors)")
    }

    @Test("a late one is written with the times of the good one, and no other byte changes")
    func fixes() throws {
        let good = scratch.write("good.srt", try Self.captions())
        let late = scratch.write("late.srt", try Self.captions(later: 1730))
        let fixed = scratch.path("fixed.srt")
        let run = try Program(["transcript", good, late, "--write", fixed, "--format", "jsonl"])
        let found = try finding(run)
        #expect(run.status == 1)
        #expect(found["reference"] as? String == "text" && found["check"] as? String == "transcript")
        #expect(try abs(#require(found["offset_ms"] as? Double) + 1730) < 1)
        #expect(try Data(contentsOf: URL(fileURLWithPath: fixed)) == Self.captions())
    }

    @Test("of another language times alone tell, and both ways agree")
    func languages() throws {
        let good = scratch.write("good.en.srt", try Self.captions())
        let other = scratch.write("late.xx.srt", try Self.captions(later: 640) { String($0.reversed()).uppercased() })
        let there = try finding(try Program(["transcript", good, other, "--format", "jsonl"]))
        let back = try finding(try Program(["transcript", other, good, "--format", "jsonl"]))
        #expect(try abs(#require(there["offset_ms"] as? Double) + 640) < 60)
        #expect(try abs(#require(back["offset_ms"] as? Double) - 640) < 60)
    }

    @Test("subtitles inside media stand on either side, by the number of their stream")
    func insideMedia() throws {
        let late = scratch.write("late.srt", try Self.captions(later: 900))
        let good = scratch.write("good.srt", try Self.captions())
        let film = scratch.path("film.mkv")
        try shell(
            """
            ffmpeg -v error -f lavfi -i color=s=64x64:r=10:d=120 -i '\(good)' -map 0 -map 1 -c:s srt '\(film)'
            """)
        let run = try finding(try Program(["transcript", film + "#1", late, "--format", "jsonl"]))
        #expect(try abs(#require(run["offset_ms"] as? Double) + 900) < 2)
        let inside = try finding(try Program(["transcript", late, film + "#1", "--format", "jsonl"]))
        #expect(inside["subject_file"] as? String == film + "#1")
        #expect(try abs(#require(inside["offset_ms"] as? Double) - 900) < 2)
        let none = try Program(["transcript", film + "#7", late])
        #expect(none.status == 2 && none.errors.contains("no subtitles"), "\(none.errors)")
    }

    @Test("two texts that share nothing are not laid on each other, and a file that is no text is named")
    func refuses() throws {
        let good = scratch.write("good.srt", try Self.captions())
        let other = scratch.write(
            "other.srt",
            Data((0..<30).map { "\($0 + 1)\n00:00:\($0 + 10),000 --> 00:00:\($0 + 10),700\nla\n\n" }.joined().utf8))
        let run = try Program(["transcript", good, other, "--format", "jsonl"])
        #expect(try finding(run)["offset_ms"] is NSNull && run.status == 0)
        let broken = try Program(["transcript", good, scratch.path("none.srt")])
        #expect(broken.status == 2 && broken.errors.contains("does not exist"))
    }
}
