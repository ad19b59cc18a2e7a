import Foundation
import MadeFiles
import Testing

@Suite("Captions in the packets of pictures, as the program reads them", .serialized)
struct PictureCaptionProgramTests {
    private let scratch = Scratch()

    /// Forty cues of the licence's words, the same in every run.
    private static let cues: [MadeCaptions.Cue] = {
        let words = ((try? String(contentsOfFile: Program.root + "/LICENSE", encoding: .utf8)) ?? "")
            .split { !($0.isASCII && $0.isLetter) }
        return (0..<40).map { number in
            let start = 60 + 120 * number + number * number * 11 % 23
            let row = words[(number * 4)..<(number * 4 + 4)].joined(separator: " ")
            return MadeCaptions.Cue(start, start + 50 + number * 5 % 7 * 3, String(row.prefix(28)))
        }
    }()

    private static func subRip(later: Int = 0) -> Data {
        func stamp(_ frame: Int) -> String {
            let ms = Int((Double(frame) * 1000 / MadeCaptions.rate).rounded()) + later
            return String(format: "%02d:%02d:%02d,%03d", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
        }
        let text = cues.enumerated().map { number, cue in
            "\(number + 1)\n\(stamp(cue.start)) --> \(stamp(cue.end))\n\(cue.rows[0])\n\n"
        }
        return Data(text.joined().utf8)
    }

    /// A film whose pictures, coded in another order than they are shown, carry the cues twice.
    private func film() throws -> String {
        var made = MadeCaptions(frames: 5000)
        made.popOn(Self.cues)
        made.windows(Self.cues)
        let (raw, film) = (scratch.path("raw.h264"), scratch.path("film.ts"))
        try shell(
            """
            ffmpeg -v error -f lavfi -i color=s=64x64:r=30000/1001 -frames:v 5000 -c:v libx264 -preset ultrafast \
            -bf 0 -x264-params aud=1 '\(raw)'
            """)
        let stream = made.inserted(into: [UInt8](try Data(contentsOf: URL(fileURLWithPath: raw))), .h264)
        try Data(stream).write(to: URL(fileURLWithPath: raw))
        try shell(
            """
            ffmpeg -v error -framerate 30000/1001 -i '\(raw)' -c:v libx264 -preset ultrafast -bf 2 -a53cc 1 '\(film)'
            """)
        return film
    }

    /// Times in seconds and texts of SubRip.
    private func parts(_ data: Data) -> (times: [Double], words: [Substring]) {
        let text = String(decoding: data, as: UTF8.self)
        let clocks = text.matches(of: /(\d\d):(\d\d):(\d\d),(\d\d\d)/).map { clock -> Double in
            let numbers = [clock.1, clock.2, clock.3, clock.4].map { Double($0) ?? 0 }
            return numbers[0] * 3600 + numbers[1] * 60 + numbers[2] + numbers[3] / 1000
        }
        return (clocks, text.split(separator: "\n").filter { !$0.contains("-->") })
    }

    private func expect(_ written: Data, _ truth: Data) {
        let (found, wanted) = (parts(written), parts(truth))
        #expect(found.words == wanted.words && found.times.count == wanted.times.count)
        #expect(zip(found.times, wanted.times).allSatisfy { abs($0 - $1) < 0.0021 })
    }

    @Test("they are judged, held against other texts on either side, and written as SubRip in time")
    func all() throws {
        let film = try film()
        func findings(_ arguments: [String]) throws -> [[String: Any]] {
            let run = try Program(arguments + ["--format", "jsonl"])
            return try #require(run.documents.first?["findings"] as? [[String: Any]], "\(run.errors)")
        }
        let both = try findings(["transcript", film])
        #expect(both.map { $0["subject_file"] as? String } == [film + "#cc1", film + "#service1"])
        let checked = try findings(["check", film]).filter { $0["check"] as? String == "transcript" }
        #expect(checked.map { $0["subject_file"] as? String } == [film + "#cc1", film + "#service1"])

        let late = scratch.write("late.srt", Self.subRip(later: 900))
        for track in ["cc1", "service1"] {
            let there = try findings(["transcript", film + "#" + track, late])
            #expect(try abs(#require(there[0]["offset_ms"] as? Double) + 900) < 2)
            let fixed = scratch.path("fixed.\(track).srt")
            let back = try findings(["transcript", late, film + "#" + track, "--write", fixed])
            #expect(try abs(#require(back[0]["offset_ms"] as? Double) - 900) < 2)
            expect(try Data(contentsOf: URL(fileURLWithPath: fixed)), Self.subRip(later: 900))
        }
        let none = try Program(["transcript", film + "#cc3", late])
        #expect(none.status == 2 && none.errors.contains("there are cc1, service1"), "\(none.errors)")

        let written = scratch.path("reviewed.srt")
        let review = try Program(["review", film + "#CC1", "--write", "--output", written])
        #expect(review.status == 0, "\(review.errors)")
        expect(try Data(contentsOf: URL(fileURLWithPath: written)), Self.subRip())
        let empty = try Program(["review", try emptyFilm(), "--write"])
        #expect(empty.status != 0 && empty.errors.contains("has no readable text"), "\(empty.errors)")
    }

    private func emptyFilm() throws -> String {
        let film = scratch.path("empty.mp4")
        try shell("ffmpeg -v error -f lavfi -i color=s=64x64:r=25:d=1 '\(film)'")
        return film
    }
}
