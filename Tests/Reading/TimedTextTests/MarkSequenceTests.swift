import Testing

@testable import TimedText

@Suite("Texts that last until the next one are edited one by one")
struct MarkSequenceTests {
    private static let lyrics = "[ti:x]\n[00:01.00]One\n[00:03.00]Two\n[00:04.50]\n[00:06.00]Three\n"
    private static let all: [(name: String, text: String)] =
        ServiceSample.all.map { ($0.name, $0.text) } + [("a.lrc", lyrics)]

    private static let samples = all.filter { sample in
        ["smi", "sub", "lrc", "txt", "md"].contains { sample.name.hasSuffix("." + $0) }
            && ((try? read(sample.text, sample.name))?.sequence != nil)
    }

    private func edited(
        _ text: String, _ name: String, _ changes: [Int: [EditedPart]]
    ) throws -> String {
        String(decoding: try read(text, name).rewritten(changes), as: UTF8.self)
    }

    @Test("SAMI, SubViewer 1, LRC, Otter and Descript are such formats")
    func formats() {
        #expect(
            Set(Self.samples.map(\.name)) == ["a.smi", "one.sub", "otter.txt", "descript.txt", "descript.md", "a.lrc"])
    }

    @Test("an edge moved by a step is moved, and all else stays", arguments: samples.indices)
    func edges(_ index: Int) throws {
        let sample = Self.samples[index]
        let document = try read(sample.text, sample.name)
        let check = EditCheck(document: document, name: sample.name)
        for (place, item) in document.items.enumerated() {
            let rights = document.rights(of: place)
            #expect(rights.start && rights.text && rights.division, "\(sample.name) \(place)")
            let step = max(0.1, try #require(document.step(of: place)))
            for (start, end) in [(step, 0), (-step, 0), (0, step), (0, -step), (step, step)] {
                let part = EditedPart(start: item.start + start, end: item.end + end)
                guard part.start < part.end - 1e-9 else { continue }
                switch check.outcome([place: [part]]) {
                case .held: #expect(end == 0 || end == start || rights.end, "\(sample.name) \(place)")
                case .refused(let error):
                    #expect(
                        end != 0 && !rights.end && error.message.contains("until the next"), "\(sample.name) \(place)")
                case .differs(let why): Issue.record("\(sample.name) \(place) \(start) \(end): \(why)")
                }
            }
        }
    }

    @Test("split in two and joined again it is what it was", arguments: samples.indices)
    func divided(_ index: Int) throws {
        let sample = Self.samples[index]
        let document = try read(sample.text, sample.name)
        for (place, item) in document.items.enumerated() {
            let step = try #require(document.step(of: place))
            guard item.end - item.start > 2 * step else { continue }
            let middle = ((item.start + item.end) / 2 / step).rounded() * step
            let parts = [
                EditedPart(start: item.start, end: middle, text: "Left"),
                EditedPart(start: middle, end: item.end, text: "Right"),
            ]
            guard case .held = EditCheck(document: document, name: sample.name).outcome([place: parts]) else {
                Issue.record("\(sample.name) \(place)")
                continue
            }
            let two = try TimedTextReader().read(try document.rewritten([place: parts]), name: sample.name)
            let left = try #require(two.items.firstIndex { $0.text == "Left" })
            let right = try #require(two.items.firstIndex { $0.text == "Right" })
            let whole = EditedPart(
                start: item.start, end: two.items[right].end, text: document.editableText(of: place))
            let back = String(decoding: try two.rewritten([left: [whole], right: []]), as: UTF8.self)
            // The last one may keep the empty line that followed its first part.
            let isSame = back == sample.text || place + 1 == document.items.count && back == sample.text + "\n"
            #expect(isSame || item.text.contains("\n"), "\(sample.name) \(place): \(back)")
        }
    }

    @Test("SAMI: an end before the next text gets a mark that clears it; classes of one mark part")
    func sami() throws {
        let text = """
            <SAMI><BODY>
            <SYNC Start=1000><P Class=EN>One<BR>more
            <SYNC Start=2000><P Class=EN>Two <i>x</i></P><P Class=KR>둘</P></SYNC>
            <SYNC Start=3000><P Class=EN>&nbsp;
            <SYNC Start=3500><P Class=KR>&nbsp;
            </BODY></SAMI>\n
            """
        #expect(try read(text, "a.smi").items.map(\.text) == ["One\nmore", "Two x", "둘"])
        func made(_ changes: [Int: [EditedPart]]) throws -> String { try edited(text, "a.smi", changes) }
        #expect(
            try made([0: [EditedPart(start: 1, end: 1.8)]])
                == text.replacing("<SYNC Start=2000>", with: "<SYNC Start=1800><P Class=EN>&nbsp;\n<SYNC Start=2000>"))
        // The other class stays where it was, and the text before gives way.
        #expect(
            try made([1: [EditedPart(start: 1.9, end: 3, text: "Two <i>y</i>\nthree")]])
                == text.replacing("<P Class=EN>Two <i>x</i></P>", with: "").replacing(
                    "<SYNC Start=2000>",
                    with: "<SYNC Start=1900><P Class=EN>Two <i>y</i><br>three</P></SYNC>\n<SYNC Start=2000>"))
        #expect(
            try made([0: [EditedPart(start: 1, end: 2, text: "A\nb")]]) == text.replacing("One<BR>more", with: "A<BR>b")
        )
        // Joined, the mark in between goes with its text.
        #expect(
            try made([0: [EditedPart(start: 1, end: 3, text: "All")], 1: []])
                == text.replacing("One<BR>more", with: "All").replacing("<P Class=EN>Two <i>x</i></P>", with: ""))
        let error = try #require(throws: TimedTextError.self) {
            try made([0: [EditedPart(start: 1, end: 2.5)], 1: [EditedPart(start: 2.1, end: 3, text: "x")]])
        }
        #expect(error.message.contains("400 ms"))
        // The text before follows at most to its own start.
        #expect(throws: TimedTextError.self) { try made([1: [EditedPart(start: 0.9, end: 3)]]) }
    }

    @Test("SubViewer 1 keeps whole seconds, and what would last none is refused")
    func subViewer() throws {
        let sample = try #require(ServiceSample.all.first { $0.name == "one.sub" })
        let document = try read(sample.text, sample.name)
        #expect(
            document.held(4.01, insteadOf: 4, of: 0, isEnd: false) == 5
                && document.held(3.99, insteadOf: 4, of: 0, isEnd: false) == 3)
        #expect(document.held(6.4, insteadOf: 4, of: 0, isEnd: false) == 6)
        let split = [EditedPart(start: 4, end: 6, text: "Hello"), EditedPart(start: 7, end: 8, text: "there")]
        #expect(
            try edited(sample.text, sample.name, [0: split])
                == sample.text.replacing(
                    "[00:00:04]\nHello|there\n",
                    with: "[00:00:04]\nHello\n[00:00:06]\n\n[00:00:07]\nthere\n"))
        #expect(
            try edited(sample.text, sample.name, [0: [EditedPart(start: 4, end: 9)]])
                == sample.text.replacing("[00:00:08]", with: "[00:00:09]"))
        #expect(throws: TimedTextError.self) { try document.rewritten([0: [EditedPart(start: 7.8, end: 8)]]) }
    }

    @Test("paragraphs end where the next begins; Otter's footer stays last, and a speaker is not lost")
    func paragraphs() throws {
        let sample = try #require(ServiceSample.all.first { $0.name == "otter.txt" })
        #expect(
            try edited(sample.text, sample.name, [0: [EditedPart(start: 4, end: 12)]])
                == sample.text.replacing("0:09", with: "0:12"))
        let last = [
            EditedPart(start: 3723, end: 3725, text: "Five,"), EditedPart(start: 3725, end: 3726, text: "six."),
        ]
        #expect(
            try edited(sample.text, sample.name, [2: last])
                == sample.text.replacing("Five.\n", with: "Five,\n\nUnknown Speaker  1:02:05 \u{20}\nsix.\n"))
        let joined = try edited(sample.text, sample.name, [1: [EditedPart(start: 9, end: 3724, text: "a\nb")], 2: []])
        #expect(
            joined
                == sample.text.replacing("three four.", with: "a\nb").replacing(
                    "Unknown Speaker  1:02:03 \u{20}\nFive.\n\n", with: ""))
        let document = try read(sample.text, sample.name)
        #expect(!document.rights(of: 2).end && document.isEndAssumed(of: 2))
        let error = try #require(throws: TimedTextError.self) {
            try document.rewritten([2: [EditedPart(start: 3723, end: 3730)]])
        }
        #expect(error.message.contains("there is none"))
        let named = "Ann  0:01\nHi.\n\nBen  0:03\nYes.\n\n0:05\nNo.\n\nAnn  0:09\nSo.\n"
        let lost = try #require(throws: TimedTextError.self) {
            try edited(named, "a.txt", [0: [EditedPart(start: 1, end: 5, text: "Hi. Yes.")], 1: []])
        }
        #expect(lost.message.contains("speaker"))
        #expect(throws: TimedTextError.self) {
            try edited(named, "a.txt", [0: [EditedPart(start: 1, end: 3, text: "Hi.\n\nthere")]])
        }
    }

    @Test("EMU: a boundary is one for the segments on both sides; a point has one time; labels are escaped")
    func emu() throws {
        let sample = try #require(ServiceSample.all.first { $0.name == "msajc003_annot.json" })
        let document = try read(sample.text, sample.name)
        // 0.25 s is sample 5000; 0.26 s is 5200, and the segment before has as many more.
        let moved = sample.text.replacing(
            "\"sampleStart\": 4000, \"sampleDur\": 999", with: "\"sampleStart\": 4000, \"sampleDur\": 1199"
        ).replacing("\"sampleStart\": 5000, \"sampleDur\": 999", with: "\"sampleStart\": 5200, \"sampleDur\": 799")
        #expect(try edited(sample.text, sample.name, [0: [EditedPart(start: 0.2, end: 0.26)]]) == moved)
        #expect(try edited(sample.text, sample.name, [1: [EditedPart(start: 0.26, end: 0.3)]]) == moved)
        #expect(
            try edited(sample.text, sample.name, [2: [EditedPart(start: 0.41, end: 0.4, text: "L\"%")]])
                == sample.text.replacing("\"samplePoint\": 8000", with: "\"samplePoint\": 8200").replacing(
                    "H*", with: "L\\\"%"))
        #expect(!document.rights(of: 0).division && !document.rights(of: 2).end && document.rights(of: 0).text)
        #expect(throws: TimedTextError.self) { try document.rewritten([1: [EditedPart(start: 0.19, end: 0.3)]]) }
    }
}
