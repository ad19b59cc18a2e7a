import MadeFiles
import Testing

@testable import TimedText

@Suite("Captions of pictures")
struct PictureCaptionTests {
    private func tracks(_ made: MadeCaptions) -> [String: [PictureCaptions.Caption]] {
        var captions = PictureCaptions()
        for (frame, triplets) in made.triplets.enumerated() where !triplets.isEmpty {
            captions.take(triplets, at: Double(frame) / MadeCaptions.rate)
        }
        return Dictionary(uniqueKeysWithValues: captions.tracks.map { ($0.name, $0.captions) })
    }

    private func expect(_ found: [PictureCaptions.Caption]?, _ cues: [MadeCaptions.Cue]) {
        #expect(found?.map(\.text) == cues.map { $0.rows.joined(separator: "\n") })
        for (caption, cue) in zip(found ?? [], cues) {
            #expect(abs(caption.start - Double(cue.start) / MadeCaptions.rate) < 1e-9, "\(caption)")
            #expect(abs(caption.end - Double(cue.end) / MadeCaptions.rate) < 1e-9, "\(caption)")
        }
    }

    private static let cues = [
        MadeCaptions.Cue(40, 90, "Good evening.", "It is nine o'clock"), MadeCaptions.Cue(130, 190, "Odd"),
        MadeCaptions.Cue(190, 240, "No gap before"),
    ]

    @Test("four channels of two fields and two services are told apart, to the frame")
    func channels() {
        var made = MadeCaptions(frames: 600)
        let moved = { (by: Int, text: String) in [MadeCaptions.Cue(60 + by, 200 + by, text)] }
        made.popOn(Self.cues, channel: 1)
        made.popOn(moved(240, "Second channel"), channel: 2)
        made.popOn(moved(0, "Third"), channel: 3)
        made.popOn(moved(220, "Fourth"), channel: 4)
        made.windows(Self.cues)
        made.windows(moved(320, "Leçon ½"), service: 2)
        made.windows(moved(100, "Far service"), service: 9)
        let found = tracks(made)
        #expect(found.keys.sorted() == ["cc1", "cc2", "cc3", "cc4", "service1", "service2", "service9"])
        expect(found["cc1"], Self.cues)
        expect(found["cc2"], moved(240, "Second channel"))
        expect(found["cc3"], moved(0, "Third"))
        expect(found["cc4"], moved(220, "Fourth"))
        expect(found["service1"], Self.cues)
        expect(found["service2"], moved(320, "Leçon ½"))
        expect(found["service9"], moved(100, "Far service"))
    }

    @Test("rows that roll up are cues one after the other, of line 21 and of windows")
    func rolling() {
        var made = MadeCaptions(frames: 200)
        let roll: [(UInt8, UInt8)] = [
            (0x14, 0x25), (0x14, 0x25), (0x14, 0x2D), (0x14, 0x2D), (0x14, 0x70), (0x14, 0x70),
        ]
        made.put(roll + [(0x4F, 0x6E), (0x65, 0)], 0, from: 10)
        made.put(roll + [(0x54, 0x77), (0x6F, 0)], 0, from: 60)
        made.put([(0x14, 0x2C), (0x14, 0x2C)], 0, from: 120)
        // A window of two rows that is seen from the beginning.
        made.send([0x98, 0x38, 60, 10, 0x61, 31, 0x09], 1, at: 10)
        made.send(Array("One".utf8), 1, at: 16)
        made.send([0x0D] + Array("Two".utf8), 1, at: 62)
        made.send([0x0D] + Array("Three".utf8), 1, at: 100)
        made.send([0x8A, 0x01], 1, at: 120)
        let found = tracks(made)
        expect(found["cc1"], [MadeCaptions.Cue(16, 62, "One"), MadeCaptions.Cue(66, 120, "Two")])
        expect(
            found["service1"],
            [MadeCaptions.Cue(16, 62, "One"), MadeCaptions.Cue(62, 100, "Two"), MadeCaptions.Cue(100, 120, "Three")])
    }

    @Test(
        "windows that are shown together are one caption from the top; a delay is waited for; further letters are known"
    )
    func windows() {
        var made = MadeCaptions(frames: 200)
        made.send([0x98, 0x18, 70, 10, 0x60, 31, 0x09] + Array("low".utf8), 1, at: 5)
        made.send([0x99, 0x18, 10, 10, 0x60, 31, 0x09] + Array("high".utf8) + [0x10, 0x25], 1, at: 6)
        // Shown after half a second, hidden after two more, which the end of the delay cuts short.
        made.send([0x8D, 5, 0x89, 0x03], 1, at: 10)
        made.send([0x8D, 20, 0x8C, 0x03], 1, at: 60)
        made.send([0x8E], 1, at: 90)
        // What is typed over, and taken back.
        made.send(
            [0x98, 0x38, 70, 10, 0x60, 31, 0x09] + Array("Jax".utf8) + [0x08, 0x08] + Array("oe".utf8), 1, at: 100)
        made.send([0x88, 0x01], 1, at: 130)
        let found = tracks(made)
        #expect(found["service1"]?.map(\.text) == ["high…\nlow", "Joe"])
        let times = (found["service1"] ?? []).flatMap { [$0.start, $0.end] }
        for (time, truth) in zip(times, [10 / MadeCaptions.rate + 0.5] + [90, 100, 130].map { $0 / MadeCaptions.rate })
        {
            #expect(abs(time - truth) < 1e-9)
        }
    }

    @Test("pairs that were damaged, and services that are no captions, leave the rest as it is")
    func damage() {
        var made = MadeCaptions(frames: 300)
        made.popOn([MadeCaptions.Cue(40, 90, "Whole")])
        // Even parity, XDS in the second field, a packet that breaks off, a block that is longer than its packet.
        made.add([0xFC, 0x41, 0x42], at: 100)
        made.put([(0x01, 0x03), (0x41, 0x42), (0x0F, 0x1D)], 1, from: 100)
        made.add([0xFF, 0x1F, 0x3F], at: 110)
        made.add([0xFF, 0x02, 0x3F, 0xFE, 0x41, 0x42], at: 111)
        made.popOn([MadeCaptions.Cue(150, 190, "Again")])
        let found = tracks(made)
        #expect(found.keys.sorted() == ["cc1"])
        expect(found["cc1"], [MadeCaptions.Cue(40, 90, "Whole"), MadeCaptions.Cue(150, 190, "Again")])
    }

    @Test("bytes of any kind end")
    func noise() {
        var state: UInt64 = 7
        var captions = PictureCaptions()
        for frame in 0..<20_000 {
            let triplets = (0..<30).map { index -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let byte = UInt8(truncatingIfNeeded: state >> 40)
                return index % 3 == 0 ? byte | 0xFC : byte
            }
            captions.take(triplets, at: Double(frame) / 30)
        }
        #expect(captions.tracks.allSatisfy { $0.captions.allSatisfy { $0.start <= $0.end } })
    }
}
