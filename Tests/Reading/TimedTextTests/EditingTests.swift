import Foundation
import Testing

@testable import TimedText

@Suite("One item is written otherwise, and nothing else")
struct EditingTests {
    private func edited(
        _ text: String, _ name: String, _ changes: [Int: [EditedPart]], frameRate: Double? = nil
    ) throws -> String {
        String(decoding: try read(text, name, frameRate: frameRate).rewritten(changes), as: UTF8.self)
    }

    private static let all: [(name: String, text: String)] =
        FormatTests.samples.map { ($0.name, $0.text) } + ServiceSample.all.map { ($0.name, $0.text) }

    @Test("an end moved is moved, in every format that has one", arguments: all.indices)
    func ends(_ index: Int) throws {
        let sample = Self.all[index]
        let document = try read(sample.text, sample.name)
        // Those are in `MarkSequenceTests` and `ScenaristEditingTests`.
        guard document.sequence == nil, document.codes == nil else { return }
        for (place, item) in document.items.enumerated() {
            let after = document.neighbours(of: place).after?.index
            // An adjacent one must not be empty.
            let shift = after.map { min(0.2, (document.items[$0].end - document.items[$0].start) * 0.8) } ?? 0.2
            let part = EditedPart(start: item.start, end: item.end + shift)
            guard document.rights(of: place).end else {
                #expect(throws: TimedTextError.self) { try document.rewritten([place: [part]]) }
                continue
            }
            let again = try TimedTextReader().read(try document.rewritten([place: [part]]), name: sample.name)
            #expect(ServiceTests.frame(again) == ServiceTests.frame(document))
            try #require(again.items.count == document.items.count)
            for (other, (old, new)) in zip(document.items, again.items).enumerated() {
                let wanted = old.end + (other == place ? shift : 0)
                #expect(abs(new.end - wanted) < 0.021, "\(sample.name) \(other): \(new.end)")
                let start = old.start + (other == after ? shift : 0)
                #expect(abs(new.start - start) < 1e-6, "\(sample.name) \(other)")
                #expect(new.text == old.text)
            }
        }
    }

    @Test("a text corrected is corrected, in every format that holds it in one place", arguments: all.indices)
    func texts(_ index: Int) throws {
        let sample = Self.all[index]
        let document = try read(sample.text, sample.name)
        for (place, item) in document.items.enumerated() where document.rights(of: place).text {
            let part = EditedPart(start: item.start, end: item.end, text: "Mended\u{E9}")
            let again = try TimedTextReader().read(try document.rewritten([place: [part]]), name: sample.name)
            var wanted = document.items.map(\.text)
            wanted[place] = "Mended\u{E9}"
            #expect(again.items.map(\.text) == wanted, "\(sample.name)")
            // An end that the file does not state depends on the words.
            #expect(milliseconds(again).map { $0[0] } == milliseconds(document).map { $0[0] }, "\(sample.name)")
            let isStated = document.items.indices.map { !document.isEndAssumed(of: $0) }
            for (other, isStated) in isStated.enumerated() where isStated {
                #expect(milliseconds(again)[other] == milliseconds(document)[other], "\(sample.name)")
            }
        }
    }

    @Test("what nothing was done to stays to the byte, and what cannot be changed says so", arguments: all.indices)
    func nothing(_ index: Int) throws {
        let sample = Self.all[index]
        let document = try read(sample.text, sample.name)
        #expect(try document.rewritten([Int: [EditedPart]]()) == Array(sample.text.utf8))
        for (place, item) in document.items.enumerated() where document.rights(of: place).start {
            let same = EditedPart(start: item.start, end: item.end, text: document.editableText(of: place))
            #expect(try document.rewritten([place: [same]]) == Array(sample.text.utf8))
        }
    }

    @Test("split in two and joined again it is what it was, and so is all beside it", arguments: all.indices)
    func divided(_ index: Int) throws {
        let sample = Self.all[index]
        let document = try read(sample.text, sample.name)
        guard document.sequence == nil, document.codes == nil else { return }
        for (place, item) in document.items.enumerated() where document.rights(of: place).division {
            guard item.end - item.start > 0.2 else { continue }
            let middle = item.start + 0.12
            let parts = [
                EditedPart(start: item.start, end: middle, text: "Left"),
                EditedPart(start: middle, end: item.end, text: "Right"),
            ]
            let two = try TimedTextReader().read(try document.rewritten([place: parts]), name: sample.name)
            try #require(two.items.count == document.items.count + 1, "\(sample.name)")
            var wanted = document.items.map(\.text)
            wanted.replaceSubrange(place...place, with: ["Left", "Right"])
            #expect(two.items.map(\.text) == wanted, "\(sample.name)")
            #expect(abs(two.items[place].end - middle) < 0.021 && abs(two.items[place + 1].start - middle) < 0.021)
            #expect(abs(two.items[place + 1].end - item.end) < 0.041)
            let whole = EditedPart(start: item.start, end: item.end, text: "Whole")
            let back = try TimedTextReader().read(
                try two.rewritten([place: [whole], place + 1: []]), name: sample.name)
            wanted = document.items.map(\.text)
            wanted[place] = "Whole"
            #expect(back.items.map(\.text) == wanted, "\(sample.name)")
            #expect(milliseconds(back) == milliseconds(document), "\(sample.name)")
            #expect(back.items.map(\.line) == document.items.map(\.line) || item.text.contains("\n"), "\(sample.name)")
        }
    }

    @Test("paragraphs of TTML keep their prefix, styles and indents; a name is not given to a second one")
    func paragraphs() throws {
        let text = """
            <?xml version="1.0"?>\n<tt:tt xmlns:tt="http://www.w3.org/ns/ttml"><tt:body begin="1s"><tt:div>
              <tt:p xml:id="p1" begin="0.5s" end="2s" region="low">One &amp; two<tt:br/>three</tt:p>
              <tt:p begin="3s" dur="1s"><tt:span style="i">Four</tt:span></tt:p>
            </tt:div></tt:body></tt:tt>
            """
        let document = try read(text, "a.ttml")
        #expect(document.items.map(\.text) == ["One & two\nthree", "Four"])
        #expect(milliseconds(document) == [[1500, 3000], [4000, 5000]])
        let changed = EditedPart(start: 1.6, end: 3, text: "Only <one>\nand\ntwo")
        #expect(
            try edited(text, "a.ttml", [0: [changed]])
                == text.replacing("0.5s", with: "0.600s").replacing(
                    "One &amp; two<tt:br/>three", with: "Only &lt;one&gt;<tt:br/>and<tt:br/>two"))
        let parts = [
            EditedPart(start: 1.5, end: 2.2, text: "One & two"), EditedPart(start: 2.2, end: 3, text: "three"),
        ]
        #expect(
            try edited(text, "a.ttml", [0: parts])
                == text.replacing(
                    "end=\"2s\" region=\"low\">One &amp; two<tt:br/>three</tt:p>",
                    with: """
                        end="1.200s" region="low">One &amp; two</tt:p>
                        <tt:p begin="1.200s" end="2.000s" region="low">three</tt:p>
                        """))
        // What stands in a span of its own may have another style: its times alone can be others.
        #expect(document.rights(of: 1) == EditRights(start: true, end: true, text: false, division: false))
    }

    @Test("annotations of ELAN whose slots nobody else has are moved, others only corrected")
    func slots() throws {
        let text = """
            <?xml version="1.0"?>\n<ANNOTATION_DOCUMENT><HEADER TIME_UNITS="milliseconds"/><TIME_ORDER>
            <TIME_SLOT TIME_SLOT_ID="a" TIME_VALUE="100"/><TIME_SLOT TIME_SLOT_ID="b" TIME_VALUE="900"/>
            <TIME_SLOT TIME_SLOT_ID="c" TIME_VALUE="1500"/></TIME_ORDER><TIER TIER_ID="t"><ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="x" TIME_SLOT_REF1="a" TIME_SLOT_REF2="b">\
            <ANNOTATION_VALUE>one</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION><ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="y" TIME_SLOT_REF1="b" TIME_SLOT_REF2="c">\
            <ANNOTATION_VALUE></ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>
            """
        #expect(
            try edited(text, "a.eaf", [0: [EditedPart(start: 0.15, end: 0.9, text: "a & b\nc")]])
                == text.replacing("\"100\"", with: "\"150\"").replacing(">one<", with: ">a &amp; b\nc<"))
        #expect(
            try edited(text, "a.eaf", [1: [EditedPart(start: 0.9, end: 1.6, text: "new")]])
                == text.replacing("\"1500\"", with: "\"1600\"").replacing(
                    "<ANNOTATION_VALUE></", with: "<ANNOTATION_VALUE>new</"))
        #expect(throws: TimedTextError.self) { try edited(text, "a.eaf", [0: [EditedPart(start: 0.1, end: 0.8)]]) }
    }

    @Test("moved, read and written again as it stands it is the same, in every format", arguments: all.indices)
    func again(_ index: Int) throws {
        let sample = Self.all[index]
        let document = try read(sample.text, sample.name)
        let moved = try? document.rewritten { time, _ in time + 0.4 }.bytes
        guard let moved else {
            #expect(document.refusal != nil, "\(sample.name)")
            return
        }
        let second = try TimedTextReader().read(moved, name: sample.name)
        #expect(second.items.map(\.text) == document.items.map(\.text))
        #expect(try second.rewritten { time, _ in time }.bytes == moved)
        let third = try second.rewritten([Int: [EditedPart]]())
        #expect(third == moved)
    }

    private static let cues = """
        \u{FEFF}1\r\n00:00:01,000 --> 00:00:02,500 X1:40\r\n<i>Hello</i>\r\nthere\r\n\r\n2\r\n0:01:00.5 -->  \
        00:01:02.25\r\nBye\r\n\r\n3\r\n00:02:00,000 --> 00:02:01,000\r\nEnd
        """

    @Test("captions keep their marks, numbers and ends of lines")
    func captions() throws {
        func made(_ changes: [Int: [EditedPart]]) throws -> String { try edited(Self.cues, "a.srt", changes) }
        #expect(
            try made([1: [EditedPart(start: 60.51, end: 62.25, text: "Good\nbye")]])
                == Self.cues.replacing("0:01:00.5 ", with: "0:01:00.5 ").replacing("Bye", with: "Good\r\nbye"))
        // Tenths stay tenths.
        #expect(try made([1: [EditedPart(start: 60.7, end: 62.25)]]) == Self.cues.replacing("00.5", with: "00.7"))
        let split = [
            EditedPart(start: 1, end: 1.75, text: "<i>Hello</i>"), EditedPart(start: 1.75, end: 2.5, text: "there"),
        ]
        #expect(
            try made([0: split])
                == """
                \u{FEFF}1\r\n00:00:01,000 --> 00:00:01,750 X1:40\r\n<i>Hello</i>\r\n\r\n2\r\n00:00:01,750 --> \
                00:00:02,500 X1:40\r\nthere\r\n\r\n3\r\n0:01:00.5 -->  00:01:02.25\r\nBye\r\n\r\n4\r\n00:02:00,000 --> \
                00:02:01,000\r\nEnd
                """)
        #expect(
            try made([1: [EditedPart(start: 60.5, end: 121, text: "Bye\nEnd")], 2: []])
                == """
                \u{FEFF}1\r\n00:00:01,000 --> 00:00:02,500 X1:40\r\n<i>Hello</i>\r\nthere\r\n\r\n2\r\n0:01:00.5 -->  \
                00:02:01.00\r\nBye\r\nEnd\r\n\r\n
                """)
        for bad in ["one\n\ntwo", "a --> b", "bell\u{7}"] {
            #expect(throws: TimedTextError.self) { try made([0: [EditedPart(start: 1, end: 2.5, text: bad)]]) }
        }
        #expect(throws: TimedTextError.self) { try made([0: [EditedPart(start: -1, end: 2.5)]]) }
    }

    @Test("a cue's name is not given to a second one, and a stream's clock counts on")
    func named() throws {
        let text = "WEBVTT\n\nintro\n00:01.000 --> 00:03.000 align:start\n<v Ann>One two\n\nNOTE x\n"
        #expect(
            try edited(
                text, "a.vtt",
                [
                    0: [
                        EditedPart(start: 1, end: 2, text: "<v Ann>One"),
                        EditedPart(start: 2, end: 3, text: "<v Ann>two"),
                    ]
                ])
                    == """
                    WEBVTT\n\nintro\n00:01.000 --> 00:02.000 align:start\n<v Ann>One\n\n00:02.000 --> 00:03.000 \
                    align:start\n<v Ann>two\n\nNOTE x\n
                    """)
    }

    @Test("fields of tables are quoted where they have to be, strings of JSON escaped, quotes of Praat doubled")
    func quoted() throws {
        let said = #"say "a, b" \"#
        func part(_ start: Double, _ end: Double) -> [EditedPart] { [EditedPart(start: start, end: end, text: said)] }
        #expect(
            try edited("start_s,end_s,text\n0.500,1.000,one\n1.0,2.0,two\n", "a.csv", [0: part(0.5, 1)])
                == "start_s,end_s,text\n0.500,1.000,\"say \"\"a, b\"\" \\\"\n1.0,2.0,two\n")
        #expect(
            try edited(#"{"segments": [{"start": 0.5, "end": 1.0, "text": " Hi"}]}"#, "a.json", [0: part(0.5, 1)])
                == #"{"segments": [{"start": 0.5, "end": 1.0, "text": " say \"a, b\" \\"}]}"#)
        let grid = FormatTests.samples.first { $0.name == "a.TextGrid" }?.text ?? ""
        #expect(
            try edited(grid, "a.TextGrid", [1: [EditedPart(start: 0.9, end: 1.6, text: #"a "b""#)]])
                == grid.replacing("say \"\"it\"\"", with: "a \"\"b\"\"")
                .replacing("xmax = 1\n", with: "xmax = 0.900\n").replacing("xmin = 1\n", with: "xmin = 0.900\n")
                .replacing("xmax = 1.5\n", with: "xmax = 1.600\n").replacing("xmin = 1.5\n", with: "xmin = 1.600\n"))
        // An interval may not swallow its neighbour.
        #expect(throws: TimedTextError.self) {
            try edited(grid, "a.TextGrid", [1: [EditedPart(start: 0, end: 1.5)]])
        }
    }

    @Test("a duration follows both of its ends; words stay words")
    func durations() throws {
        let text = ";; remark\nclip 1 0.50 0.25 hello 0.98\nclip 1 1.00 0.5 you\n"
        #expect(
            try edited(text, "a.ctm", [0: [EditedPart(start: 0.4, end: 0.75, text: "help")]])
                == text.replacing("0.50 0.25 hello", with: "0.40 0.35 help"))
        #expect(throws: TimedTextError.self) {
            try edited(text, "a.ctm", [0: [EditedPart(start: 0.5, end: 0.75, text: "two words")]])
        }
    }

    @Test("other characters than the file's encoding has are refused, those that it has are written in it")
    func encodings() throws {
        func written(_ text: String, _ encoding: TextEncoding) throws -> [UInt8] {
            let head = Array("1\n00:00:01,000 --> 00:00:02,000\n".utf8)
            let document = try TimedTextReader(encoding: encoding).read(head + [0xE9, 10], name: "a.srt")
            return Array(try document.rewritten([0: [EditedPart(start: 1, end: 2, text: text)]]).dropFirst(head.count))
        }
        #expect(try written("\u{E9}\u{20AC}", .windows1252) == [0xE9, 0x80, 10])
        #expect(throws: TimedTextError.self) { try written("\u{142}", .windows1252) }
        let wide = ([0xFEFF] + Array(Self.cues.dropFirst().utf16)).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let document = try TimedTextReader().read(wide, name: "a.srt")
        let made = try document.rewritten([2: [EditedPart(start: 120, end: 121, text: "\u{1F600}")]])
        #expect(made == wide.dropLast(6) + [0x3D, 0xD8, 0x00, 0xDE])
    }
}
