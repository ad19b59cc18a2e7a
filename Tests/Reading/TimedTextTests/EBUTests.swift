import Testing

@testable import TimedText

@Suite("EBU-STL")
struct EBUTests {
    /// A file of 25 frames a second with the programme's start at 10:00:00:00.
    static func made(_ cues: [(start: [UInt8], end: [UInt8], text: [UInt8])]) -> [UInt8] {
        var head = [UInt8](repeating: 0x20, count: 1024)
        func put(_ text: String, _ place: Int) {
            head.replaceSubrange(place..<place + text.utf8.count, with: Array(text.utf8))
        }
        put("850STL25.010", 0)
        put("00", 12)
        put("10000000", 256)
        var bytes = head
        for (index, cue) in cues.enumerated() {
            var block: [UInt8] = [0, UInt8(index), 0, 0xFF, 0] + cue.start + cue.end + [20, 2, 0] + cue.text
            block += [UInt8](repeating: 0x8F, count: 128 - block.count)
            bytes += block
        }
        return bytes
    }

    @Test("times count from the programme's start, accents and lines are read, and a move changes times only")
    func reads() throws {
        let bytes = EBUTests.made([
            ([10, 0, 1, 0], [10, 0, 2, 12], [0x0B, 0x48, 0xC2, 0x65, 0x8A, 0x79, 0x6F]),
            ([10, 0, 5, 5], [10, 0, 6, 0], Array("Two".utf8)),
        ])
        let document = try TimedTextReader().read(bytes, name: "a.stl")
        #expect(document.format == .ebuSTL)
        #expect(milliseconds(document) == [[1000, 2480], [5200, 6000]])
        #expect(
            document.items.map { $0.text.unicodeScalars.map(\.value) }.first
                == "He\u{301}\nyo".unicodeScalars.map(\.value))
        #expect(try document.rewritten { time, _ in time }.bytes == bytes)
        let moved = try document.rewritten { time, _ in time + 0.4 }.bytes
        #expect(Array(moved[1029..<1037]) == [10, 0, 1, 10, 10, 0, 2, 22])
        #expect(moved.count == bytes.count)
    }

    @Test("a cut-off block and impossible times are told")
    func faults() throws {
        let bytes = EBUTests.made([([10, 0, 1, 0], [10, 0, 2, 0], [65]), ([10, 99, 1, 0], [10, 0, 2, 0], [66])])
        let document = try TimedTextReader().read(Array(bytes.dropLast(0)) + [1, 2, 3], name: "a.stl")
        #expect(document.items.count == 1)
        #expect(document.faults.count == 2)
    }

    @Test("times before the programme's start count from 0, and that is told")
    func beforeProgramme() throws {
        let document = try TimedTextReader().read(EBUTests.made([([0, 0, 1, 0], [0, 0, 2, 0], [65])]), name: "a.stl")
        #expect(milliseconds(document) == [[1000, 2000]])
        #expect(document.guesses.count == 1)
    }

    @Test("a file with fewer blocks than its head states is refused")
    func cutOff() throws {
        let cue: (start: [UInt8], end: [UInt8], text: [UInt8]) = ([10, 0, 1, 0], [10, 0, 2, 0], [65])
        var bytes = EBUTests.made([cue, cue])
        bytes.replaceSubrange(238..<243, with: Array("00002".utf8))
        #expect(try TimedTextReader().read(bytes, name: "a.stl").items.count == 2)
        let error = try #require(throws: TimedTextError.self) {
            try TimedTextReader().read(bytes.dropLast(40), name: "a.stl")
        }
        #expect(error.message.contains("1 of the 2 blocks"))
    }

    @Test(
        "dropped frame numbers count as SMPTE 12M says",
        arguments: [(0, 0, 59, 29), (0, 1, 0, 2), (0, 10, 0, 0), (1, 0, 0, 0), (0, 9, 59, 29)])
    func dropFrame(_ h: Int, _ m: Int, _ s: Int, _ f: Int) throws {
        let rate = 30_000.0 / 1001
        let seconds = Timecode.seconds(Double(h), Double(m), Double(s), Double(f), rate: rate, counting: .dropping)
        let back = try #require(Timecode.split(seconds, rate: rate, counting: .dropping))
        #expect(back.0 == h && back.1 == m && back.2 == s && back.3 == f)
        // An hour of drop-frame timecode is an hour to within 4 ms (SMPTE 12M).
        if h == 1 { #expect(abs(seconds - 3600) < 0.005) }
    }
}
