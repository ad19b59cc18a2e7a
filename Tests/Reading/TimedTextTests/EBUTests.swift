import Foundation
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

    /// Boxes of teletext about two lines, a line with a colour in it, and one of two blocks.
    static func boxed() -> [UInt8] {
        let (box, end): ([UInt8], [UInt8]) = ([0x0D, 0x0B, 0x0B], [0x0A, 0x0A])
        var bytes = made([
            ([10, 0, 1, 0], [10, 0, 2, 12], box + Array("One".utf8) + end + [0x8A] + box + Array("two".utf8) + end),
            ([10, 0, 3, 0], [10, 0, 4, 0], Array("a ".utf8) + [0x03] + Array("b".utf8)),
            ([10, 0, 5, 0], [10, 0, 6, 0], Array("long ".utf8)), ([10, 0, 5, 0], [10, 0, 6, 0], Array("text".utf8)),
        ])
        bytes[1024 + 2 * 128 + 3] = 0
        return bytes
    }

    @Test("times and text of one subtitle change, codes about its lines and every other byte stay")
    func edits() throws {
        let bytes = Self.boxed()
        let document = try TimedTextReader().read(bytes, name: "a.stl")
        #expect(document.items.map(\.text) == ["One\ntwo", "a b", "long text"])
        let part = EditedPart(start: 1.2, end: 2.4, text: "\u{C5}ngstr\u{F6}m \u{2122}\nna\u{EF}ve \u{E6}")
        let made = try document.rewritten([0: [part]])
        var wanted = bytes
        wanted.replaceSubrange(1029..<1037, with: [10, 0, 1, 5, 10, 0, 2, 10])
        let (box, end): ([UInt8], [UInt8]) = ([0x0D, 0x0B, 0x0B], [0x0A, 0x0A])
        var field = box + [0xCA, 0x41] + Array("ngstr".utf8) + [0xC8, 0x6F, 0x6D, 0x20, 0xD4] + end + [0x8A] + box
        field += Array("na".utf8) + [0xC8, 0x69] + Array("ve ".utf8) + [0xF1] + end
        field += [UInt8](repeating: 0x8F, count: 112 - field.count)
        wanted.replaceSubrange(1040..<1152, with: field)
        #expect(made == wanted)
        // All blocks of a subtitle have its times; none of them holds all of its text, nor one with a colour in it.
        let long = try document.rewritten([2: [EditedPart(start: 5.04, end: 6)]])
        for block in [2, 3] { #expect(Array(long[(1029 + block * 128)..<(1033 + block * 128)]) == [10, 0, 5, 1]) }
        for (place, text) in [(1, "a c"), (2, "short"), (0, String(repeating: "x", count: 120)), (0, "\u{4E00}")] {
            let item = document.items[place]
            #expect(throws: TimedTextError.self) {
                try document.rewritten([place: [EditedPart(start: item.start, end: item.end, text: text)]])
            }
        }
        #expect(throws: TimedTextError.self) { try document.rewritten([0: []]) }
    }

    @Test("letters of other tables are written as they are read")
    func tables() throws {
        for (table, text) in [("01", "\u{41F}\u{440}\u{438}\u{432}\u{435}\u{442}"), ("03", "\u{391}\u{3B2}")] {
            var bytes = EBUTests.made([([10, 0, 1, 0], [10, 0, 2, 0], [65])])
            bytes.replaceSubrange(12..<14, with: Array(table.utf8))
            let document = try TimedTextReader().read(bytes, name: "a.stl")
            let made = try document.rewritten([0: [EditedPart(start: 1, end: 2, text: text)]])
            #expect(try TimedTextReader().read(made, name: "a.stl").items.map(\.text) == [text])
        }
    }

    @Test("mutated files neither crash nor hang: 100, or as many as GENLOCK_MUTATIONS says")
    func mutations() throws {
        let count = ProcessInfo.processInfo.environment["GENLOCK_MUTATIONS"].flatMap { Int($0) } ?? 100
        for seed in 1...max(1, count) {
            var generator = Mutator(seed: UInt64(seed))
            var bytes = Self.boxed()
            // Half of them behind the head, which is most of the file.
            if seed % 2 == 0 {
                bytes = bytes[..<1024] + generator.mutate(Array(bytes[1024...]))
            } else {
                bytes = generator.mutate(bytes)
            }
            guard let document = try? TimedTextReader().read(bytes, name: "a.stl") else { continue }
            #expect(document.items.allSatisfy { $0.start.isFinite && $0.end.isFinite })
            #expect(try document.rewritten { time, _ in time }.bytes == bytes, "\(seed)")
            _ = try? document.rewritten { time, _ in time * 1.04 - 3 }
            try Mutator.edit(document, seed)
        }
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
