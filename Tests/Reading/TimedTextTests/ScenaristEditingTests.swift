import Testing

@testable import TimedText

@Suite("Captions of SCC are edited one by one")
struct ScenaristEditingTests {
    private typealias Part = ServiceSample.LinePart

    private static let rate = 30_000.0 / 1001

    /// A line of codes that begins at a frame, in drop-frame timecode below a minute.
    private static func line(_ frame: Int, _ parts: [Part]) -> String {
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "00:00:\(two(frame / 30));\(two(frame % 30))\t\(ServiceSample.lineTwentyOne(parts))"
    }

    private static func file(_ lines: String...) -> String {
        "Scenarist_SCC V1.0\r\n\r\n" + lines.map { $0 + "\r\n\r\n" }.joined()
    }

    private static let load = ServiceSample.load
    private static let (display, erase) = (ServiceSample.display, ServiceSample.erase)
    private static let bottom = Part.code(0x14, 0x70)

    /// Shown at 30 + 6 + 3 and 150 + 6 + 4, cleared at 120 and at 240.
    static let plain = file(
        line(30, load + [bottom, .text("HELLO"), display]), line(120, [erase]),
        line(150, load + [bottom, .text("BYE NOW"), display]), line(240, [erase]))

    private func frames(_ document: TimedTextDocument) -> [[Int]] {
        document.items.map { [Int(($0.start * Self.rate).rounded()), Int(($0.end * Self.rate).rounded())] }
    }

    private func part(_ start: Int, _ end: Int, _ text: String? = nil) -> EditedPart {
        EditedPart(start: Double(start) / Self.rate, end: Double(end) / Self.rate, text: text)
    }

    private func edited(_ text: String, _ changes: [Int: [EditedPart]]) throws -> String {
        String(decoding: try read(text, "a.scc").rewritten(changes), as: UTF8.self)
    }

    @Test("a start moves its line, an end the line that clears it, and nothing else changes")
    func moved() throws {
        #expect(frames(try read(Self.plain, "a.scc")) == [[39, 120], [160, 240]])
        #expect(
            try edited(Self.plain, [0: [part(45, 120)]])
                == Self.plain.replacing("00:00:01;00\t9420", with: "00:00:01;06\t9420"))
        #expect(
            try edited(Self.plain, [0: [part(39, 125)]])
                == Self.plain.replacing("00:00:04;00\t942c", with: "00:00:04;05\t942c"))
        #expect(
            try edited(Self.plain, [1: [part(170, 260)]])
                == Self.plain.replacing("00:00:05;00\t9420", with: "00:00:05;10\t9420").replacing(
                    "00:00:08;00\t942c", with: "00:00:08;20\t942c"))
        #expect(throws: TimedTextError.self) { try edited(Self.plain, [0: [part(5, 120)]]) }
        #expect(throws: TimedTextError.self) { try edited(Self.plain, [0: [part(39, 161)]]) }
    }

    @Test("a longer text begins to be sent earlier, so that it is shown when it was")
    func words() throws {
        // Three pairs of letters are five.
        #expect(
            try edited(Self.plain, [0: [part(39, 120, "HELLO YOU")]])
                == Self.plain.replacing(
                    Self.line(30, Self.load + [Self.bottom, .text("HELLO"), Self.display]),
                    with: Self.line(28, Self.load + [Self.bottom, .text("HELLO YOU"), Self.display])))
        // A second row above, with letters that need a code of their own; the row below stays as it is.
        let rows: [Part] =
            Self.load + [
                .code(0x14, 0x50), .text("CAFE"), .code(0x12, 0x21), .code(0x11, 0x37), Self.bottom, .text("HELLO"),
                Self.display,
            ]
        #expect(
            try edited(Self.plain, [0: [part(39, 120, "CAFÉ♪\nHELLO")]])
                == Self.plain.replacing(
                    Self.line(30, Self.load + [Self.bottom, .text("HELLO"), Self.display]), with: Self.line(22, rows)))
        for bad in ["日本", String(repeating: "A", count: 33), "1\n2\n3\n4\n5"] {
            #expect(throws: TimedTextError.self) { try edited(Self.plain, [0: [part(39, 120, bad)]]) }
        }
        // Two rows of letters that take two codes each, and what clears the first caption, are sent in 138 frames: from
        // 41, when the first caption was sent, to 179; no pair of codes is parted.
        let long = String(repeating: "\u{266A}", count: 32) + "\n" + String(repeating: "\u{266A}", count: 32)
        #expect(throws: Never.self) { try edited(Self.plain, [1: [part(180, 240, long)]]) }
        let error = try #require(throws: TimedTextError.self) { try edited(Self.plain, [1: [part(178, 240, long)]]) }
        #expect(error.message.contains("sent in time") && error.message.contains("line 7"))
        let early = try #require(throws: TimedTextError.self) { try edited(Self.plain, [0: [part(39, 120, long)]]) }
        #expect(early.message.contains("before the start"))
    }

    @Test("an end while the next caption is sent is sent among its codes, at its frame")
    func embedded() throws {
        let made = try edited(Self.plain, [0: [part(39, 155)]])
        let again = try read(made, "a.scc")
        #expect(frames(again) == [[39, 155], [160, 240]])
        // The line that cleared it is gone, and the next one begins two frames earlier.
        #expect(!made.contains("00:00:04;00") && made.contains("00:00:04;28\t9420"))
        // Back again, it has a line of its own.
        let back = try read(String(decoding: try again.rewritten([0: [part(39, 120)]]), as: UTF8.self), "a.scc")
        #expect(frames(back) == [[39, 120], [160, 240]])
        // To the display of the next one it needs no code.
        let last = try edited(Self.plain, [0: [part(39, 160)]])
        #expect(last == Self.plain.replacing("00:00:04;00\t942c 942c\r\n\r\n", with: ""))
        #expect(frames(try read(last, "a.scc")) == [[39, 160], [160, 240]])
        for end in 121..<160 {
            let document = try read(try edited(Self.plain, [0: [part(39, end)]]), "a.scc")
            #expect(frames(document) == [[39, end], [160, 240]], "\(end)")
            #expect(document.items.map(\.text) == ["HELLO", "BYE NOW"])
        }
    }

    @Test("the caption before gives way, to the frame")
    func pushed() throws {
        let text = Self.file(
            Self.line(30, Self.load + [Self.bottom, .text("HELLO"), Self.display]),
            Self.line(150, Self.load + [Self.bottom, .text("BYE NOW"), Self.erase, Self.display]),
            Self.line(240, [Self.erase]))
        let document = try read(text, "a.scc")
        #expect(frames(document) == [[39, 160], [162, 240]])
        for start in 150..<162 {
            let again = try TimedTextReader().read(try document.rewritten([1: [part(start, 240)]]), name: "a.scc")
            #expect(frames(again) == [[39, min(160, start)], [start, 240]], "\(start)")
        }
        for start in 163..<200 {
            let again = try TimedTextReader().read(try document.rewritten([1: [part(start, 240)]]), name: "a.scc")
            #expect(frames(again) == [[39, 160], [start, 240]], "\(start)")
        }
    }

    @Test("split in two and joined again it is what it was")
    func divided() throws {
        let document = try read(Self.plain, "a.scc")
        let parts = [part(39, 100, "HEL"), part(100, 120, "LO")]
        let two = try TimedTextReader().read(try document.rewritten([0: parts]), name: "a.scc")
        #expect(frames(two) == [[39, 100], [100, 120], [160, 240]])
        #expect(two.items.map(\.text) == ["HEL", "LO", "BYE NOW"])
        #expect(
            try two.rewritten([0: [part(39, 120, "HELLO")], 1: []]) == Array(Self.plain.utf8))
        let all = try document.rewritten([0: [part(39, 240, "HELLO\nBYE NOW")], 1: []])
        #expect(frames(try TimedTextReader().read(all, name: "a.scc")) == [[39, 240]])
        // With a gap between.
        let gap = try document.rewritten([1: [part(160, 200, "BYE"), part(220, 240, "NOW")]])
        #expect(
            frames(try TimedTextReader().read(gap, name: "a.scc")) == [[39, 120], [160, 200], [220, 240]])
    }

    @Test("rolled captions end where the next rolls; lines with codes of several captions are refused")
    func others() throws {
        let sample = try #require(ServiceSample.all.first { $0.name == "roll-up.scc" })
        let document = try read(sample.text, sample.name)
        // They begin at 66 and 126; the roll is four frames before.
        #expect(frames(document) == [[66, 122], [126, 180]])
        let moved = try TimedTextReader().read(
            try document.rewritten([1: [part(120, 180, "THREE")]]), name: sample.name)
        #expect(frames(moved) == [[66, 116], [120, 180]] && moved.items[1].text == "THREE")
        let later = try TimedTextReader().read(try document.rewritten([1: [part(140, 180)]]), name: sample.name)
        #expect(frames(later) == [[66, 122], [140, 180]])
        let joined = try TimedTextReader().read(
            try document.rewritten([0: [part(66, 180, "ONE TWO")], 1: []]), name: sample.name)
        #expect(frames(joined) == [[66, 180]] && joined.items[0].text == "ONE TWO")
        let spread = Self.file(
            Self.line(30, Self.load + [Self.bottom, .text("HELLO")]), Self.line(60, [Self.display]),
            Self.line(120, [Self.erase]))
        let other = try read(spread, "a.scc")
        #expect(other.rights(of: 0) == EditRights.none)
        let error = try #require(throws: TimedTextError.self) { try other.rewritten([0: [part(61, 120)]]) }
        #expect(error.message.contains("several lines"))
    }
}
