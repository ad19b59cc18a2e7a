import Testing

@testable import TimedText

@Suite("WebVTT of an HLS stream counts by the clock of the transport stream")
struct StreamTests {
    private func read(_ text: String, start: Double?) throws -> TimedTextDocument {
        var reader = TimedTextReader()
        reader.mediaStart = { start }
        return try reader.read(Array(text.utf8), name: "a.vtt")
    }

    private func text(_ map: String) -> String {
        "WEBVTT\n\(map)\n\n1\n00:00:01.000 --> 00:00:02.000\none <00:01.500>two\n"
    }

    @Test(
        "times are moved by what the map and the media's beginning differ by, and that is said",
        arguments: [
            ("X-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000", 9.936, 64),
            ("X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000", 10, 0),
            ("X-TIMESTAMP-MAP=MPEGTS:1080000,LOCAL:00:00:10.000", 1.4, 600),
            // The clock of 33 bits began again between the media's beginning and the cue, and the other way about.
            ("X-TIMESTAMP-MAP=MPEGTS:90000,LOCAL:00:00:00.000", 95_443.0, 1718),
            ("X-TIMESTAMP-MAP=MPEGTS:8589934590,LOCAL:00:00:00.000", 1, -1000),
        ])
    func moved(_ map: String, _ start: Double, _ expected: Int) throws {
        let document = try read(text(map), start: start)
        #expect(milliseconds(document) == [[1000 + expected, 2000 + expected]])
        #expect(document.guesses.count == 1 && document.guesses[0].contains("\(expected) ms"))
        #expect(try written(document) { time, _ in time } == text(map))
        let later = try written(document) { time, _ in time + 3 }
        #expect(later.contains("00:00:04.000 --> 00:00:05.000\none <00:04.500>two") && later.contains(map))
    }

    @Test("without such a clock they are taken as they stand, and that is said; without a map nothing is")
    func noClock() throws {
        let mapped = try read(text("X-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000"), start: nil)
        #expect(milliseconds(mapped) == [[1000, 2000]] && mapped.guesses.count == 1)
        let plain = try read(text("Kind: captions"), start: 10)
        #expect(milliseconds(plain) == [[1000, 2000]] && plain.guesses.isEmpty)
        let broken = try read(text("X-TIMESTAMP-MAP=MPEGTS:x"), start: 10)
        #expect(broken.faults.map(\.line) == [2])
    }

    @Test("pieces that were joined have a map each")
    func joined() throws {
        let document = try read(
            text("X-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000") + "\n"
                + text("X-TIMESTAMP-MAP=MPEGTS:1800000,LOCAL:00:00:00.000"), start: 10)
        #expect(milliseconds(document) == [[1000, 2000], [11_000, 12_000]])
    }
}
