import Foundation
import Testing

@testable import TimedText

@Suite("Each format is read, written, and read again")
struct FormatTests {
    /// A made file of each format: its name, content, and the times of its items in milliseconds.
    static let samples: [(name: String, text: String, times: [[Int]], texts: [String])] = [
        (
            "a.srt",
            """
            1\r\n00:00:01,000 --> 00:00:02,500 X1:40 X2:600\r\n<i>Hello</i>\r\nthere\r\n\r\n2\r\n00:01:00.5 --> \
            00:01:02.25\r\nBye\r\n\r\nnow\r\n
            """,
            [[1000, 2500], [60_500, 62_250]], ["Hello\nthere", "Bye\n\nnow"]
        ),
        (
            "a.vtt",
            """
            WEBVTT - title\nLanguage: fr\n\nSTYLE\n::cue { color: red }\n\nNOTE not a cue\n\nid-1\n00:01.000 --> \
            00:02.000 align:start\n<v Ann>Oui &amp; <00:00:01.500>non\n\n01:00:00.000 --> 01:00:01.000\nz\n
            """,
            [[1000, 2000], [3_600_000, 3_601_000]], ["Oui & non", "z"]
        ),
        (
            "a.ass",
            """
            [Script Info]\nTitle: x\n; comment\n\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: \
            Default,Arial\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, \
            Text\nComment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,hidden\nDialogue: \
            0,0:00:01.50,0:00:03.00,Default,Ann,0,0,0,,{\\i1}One, two\\Nthree\n
            """,
            [[0, 1000], [1500, 3000]], ["hidden", "One, two\nthree"]
        ),
        (
            "a.ttml",
            """
            <?xml version=\"1.0\" encoding=\"utf-8\"?>\n<tt xmlns=\"http://www.w3.org/ns/ttml\" \
            xmlns:ttp=\"http://www.w3.org/ns/ttml#parameter\" ttp:frameRate=\"25\" ttp:tickRate=\"1000\" \
            xml:lang=\"de\">\n<body><div begin=\"10s\"><!-- x --><p begin=\"1s\" dur=\"500ms\">A &amp; B</p><p \
            begin=\"00:00:02:05\" end=\"00:00:03.5\">C<br/>D</p></div><div><p xml:id='q' begin=\"500t\" \
            end=\"25f\"><span>E</span></p></div></body></tt>\n
            """,
            [[11_000, 11_500], [12_200, 13_500], [500, 1000]], ["A & B", "C\nD", "E"]
        ),
        (
            "a.sub", "{1}{1}25\n{25}{50}{y:i}One|two\n{100}{125}Three\n", [[1000, 2000], [4000, 5000]],
            ["One\ntwo", "Three"]
        ),
        (
            "a.lrc", "[ar:Nobody]\n[offset:+100]\n[00:01.00]One\n[00:03.00][00:05.00]Two\n[00:07.00]\n",
            [[900, 2900], [2900, 4900], [4900, 6900]], ["One", "Two", "Two"]
        ),
        (
            "a.ctm", ";; remark\nclip 1 0.50 0.25 hello 0.98\nclip 1 1.00 0.5 you\n", [[500, 750], [1000, 1500]],
            ["hello", "you"]
        ),
        ("a.stm", "clip 1 ann 0.50 2.25 <o,f0,male> hello you\n", [[500, 2250]], ["hello you"]),
        ("a.rttm", "SPEAKER clip 1 6.690 0.430 <NA> <NA> ann <NA> <NA>\n", [[6690, 7120]], ["ann"]),
        (
            "a.txt", "0.500000\t1.250000\tone\n\\\t100.0\t200.0\n2.000000\t2.000000\tpoint\n",
            [[500, 1250], [2000, 2000]], ["one", "point"]
        ),
        (
            "a.TextGrid",
            """
            File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\nxmin = 0\nxmax = 3\ntiers? <exists>\nsize = \
            2\nitem []:\n    item [1]:\n        class = \"IntervalTier\"\n        name = \"words\"\n        xmin = \
            0\n        xmax = 3\n        intervals: size = 3\n        intervals [1]:\n            xmin = \
            0\n            xmax = 1\n            text = \"\"\n        intervals [2]:\n            xmin = \
            1\n            xmax = 1.5\n            text = \"say \"\"it\"\"\"\n        intervals [3]:\n            xmin \
            = 1.5\n            xmax = 3\n            text = \"\"\n    item [2]:\n        class = \"TextTier\"\n        \
            name = \"events\"\n        xmin = 0\n        xmax = 3\n        points: size = 1\n        points \
            [1]:\n            number = 1.25\n            mark = \"click\"\n
            """,
            [[0, 1000], [1000, 1500], [1500, 3000], [1250, 1250]], ["", "say \"it\"", "", "click"]
        ),
        (
            "a.eaf",
            """
            <?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ANNOTATION_DOCUMENT><HEADER \
            TIME_UNITS=\"milliseconds\"/><TIME_ORDER><TIME_SLOT TIME_SLOT_ID=\"ts1\" TIME_VALUE=\"500\"/><TIME_SLOT \
            TIME_SLOT_ID=\"ts2\"/><TIME_SLOT TIME_SLOT_ID=\"ts3\" TIME_VALUE=\"1500\"/></TIME_ORDER><TIER \
            TIER_ID=\"words\"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID=\"a1\" TIME_SLOT_REF1=\"ts1\" \
            TIME_SLOT_REF2=\"ts2\"><ANNOTATION_VALUE>one</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>\
            <ANNOTATION><ALIGNABLE_ANNOTATION \
            \
            \
            ANNOTATION_ID=\"a2\" TIME_SLOT_REF1=\"ts2\" \
            TIME_SLOT_REF2=\"ts3\"><ANNOTATION_VALUE>two</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>\
            <TIER \
            \
            \
            TIER_ID=\"gloss\"><ANNOTATION><REF_ANNOTATION ANNOTATION_ID=\"a3\" \
            ANNOTATION_REF=\"a2\"><ANNOTATION_VALUE>zwei</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION></TIER>\
            </ANNOTATION_DOCUMENT>\n
            """,
            [[500, 1000], [1000, 1500], [1000, 1500]], ["one", "two", "zwei"]
        ),
        (
            "a.align", "0 12500 sil\n12500 25000 bin\n25000 75000 sil\n", [[0, 500], [500, 1000], [1000, 3000]],
            ["", "bin", ""]
        ),
        (
            "a.json",
            """
            {\"text\": \" Hi you\", \"segments\": [{\"id\": 0, \"start\": 0.5, \"end\": 1.25, \"text\": \" Hi you\", \
            \"words\": [{\"word\": \" Hi\", \"start\": 0.5, \"end\": 0.75, \"probability\": 0.9}, {\"word\": \" \
            you\"}]}], \"language\": \"en\"}\n
            """,
            [[500, 1250], [500, 750]], ["Hi you", "Hi"]
        ),
        (
            "a.jsonl",
            """
            {\"audio_filepath\": \"clip.wav\", \"offset\": 1.5, \"duration\": 2.0, \"text\": \"hi\"}\n{\"start\": 4.0, \
            \"end\": 5.0, \"word\": \"you\"}\n
            """,
            [[1500, 3500], [4000, 5000]], ["hi", "you"]
        ),
        (
            "a.csv", "view,start_s,end_s,label\ncam01,0.5,1.25,\"take, cup\"\ncam02,1.0,2.0,pour\n",
            [[500, 1250], [1000, 2000]], ["take, cup", "pour"]
        ),
        ("b.tsv", "Onset (ms)\tOffset (ms)\tEvent\n500\t1250\tdog\n", [[500, 1250]], ["dog"]),
    ]

    @Test("times and texts come out as the format defines them", arguments: samples.indices)
    func reads(_ index: Int) throws {
        let sample = FormatTests.samples[index]
        let document = try read(sample.text, sample.name)
        #expect(milliseconds(document) == sample.times, "\(sample.name)")
        #expect(document.items.map(\.text) == sample.texts, "\(sample.name)")
        #expect(document.faults.isEmpty, "\(sample.name): \(document.faults)")
    }

    @Test("written without a move every byte is the same, in every encoding that holds it", arguments: samples.indices)
    func writesTheSame(_ index: Int) throws {
        let sample = FormatTests.samples[index]
        for bytes in [
            Array(sample.text.utf8), [0xEF, 0xBB, 0xBF] + Array(sample.text.utf8), wide(sample.text, true),
            wide(sample.text, false),
        ] {
            let document = try TimedTextReader().read(bytes, name: sample.name)
            #expect(milliseconds(document) == sample.times)
            #expect(try document.rewritten { time, _ in time }.bytes == bytes)
        }
    }

    @Test("moved by 4 s and back it is the same again, and all but the times stayed", arguments: samples.indices)
    func movesAndBack(_ index: Int) throws {
        let sample = FormatTests.samples[index]
        let document = try read(sample.text, sample.name)
        let moved = try read(try written(document) { time, _ in time + 4 }, sample.name)
        let isGrid = sample.name.hasSuffix("TextGrid")
        for (old, new) in zip(document.items, moved.items) {
            #expect(new.text == old.text && new.line == old.line)
            // The ends of the recording stay where they are.
            if !(isGrid && old.text.isEmpty) {
                #expect(
                    abs(new.start - old.start - 4) < 0.011 && abs(new.end - old.end - 4) < 0.011,
                    "\(sample.name) \(new)")
            }
        }
        #expect(moved.items.count == document.items.count)
        let back = try read(try written(moved) { time, _ in time - 4 }, sample.name)
        if !isGrid { #expect(milliseconds(back) == sample.times, "\(sample.name)") }
        func frame(_ text: String) -> String { text.filter { !$0.isNumber && $0 != "." } }
        if !isGrid { #expect(frame(try written(moved) { time, _ in time }) == frame(sample.text), "\(sample.name)") }
    }

    private func wide(_ text: String, _ isLittle: Bool) -> [UInt8] {
        ([0xFEFF] + Array(text.utf16)).flatMap { unit -> [UInt8] in
            let pair = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
            return isLittle ? pair : pair.reversed()
        }
    }
}
