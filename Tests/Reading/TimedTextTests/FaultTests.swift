import Foundation
import Testing

@testable import TimedText

@Suite("What is broken is told with its line, and the rest is read")
struct FaultTests {
    @Test("a broken cue is named by its line; the others are there")
    func brokenCues() throws {
        let srt = try read(
            """
            1\n00:00:01,000 --> 00:00:02,000\nA\n\n2\n00:00:xx,000 --> 00:00:04,000\nB\n\n3\n00:00:05,000 to \
            00:00:06,000\nC\n\n4\n00:00:07,000 --> 00:00:08,000\nD\n
            """,
            "a.srt")
        #expect(srt.items.map(\.text) == ["A", "D"])
        #expect(srt.faults.map(\.line) == [6, 10])
        let vtt = try read(
            """
            WEBVTT\n\n00:01.000 --> 00:02.000\nA\n\nno times here\n\n00:90.000 --> 00:91.000\nB\n\n00:03.000 --> \
            00:04.000\nC\n
            """,
            "a.vtt")
        #expect(vtt.items.map(\.text) == ["A", "C"])
        #expect(vtt.faults.map(\.line) == [6, 8])
        let ctm = try read("clip 1 0.5 0.2 one\nclip 1 x 0.2 two\nclip 1 1.5 0.2 three\n", "a.ctm")
        #expect(ctm.items.map(\.text) == ["one", "three"])
        #expect(ctm.faults.map(\.line) == [2])
        let table = try read("start_s,end_s,text\n1,2,a\n?,3,b\n4,5,c\n", "a.csv")
        #expect(table.items.map(\.text) == ["a", "c"])
        #expect(table.faults.map(\.line) == [3])
    }

    @Test("a table's quotes hide separators and ends of lines; one that is never closed is told and hides nothing")
    func tableQuotes() throws {
        func items(_ rows: String) throws -> [String] {
            let table = try read("start_s,end_s,text\n" + rows, "a.csv")
            return table.items.map { "\($0.line): \($0.text)" } + table.faults.map { "\($0.line)!" }
        }
        #expect(
            try items("1,2,\"a, \"\"b\"\"\"\n\n# x\n3,4,\"c\r\nd\" \r\n\"5\", \"6\",e\"f\"") == [
                "2: a, \"b\"", "5: c\r\nd", "7: e\"f\"",
            ])
        #expect(try items("1,2,5\" long\n") == ["2: 5\" long"])
        #expect(try items("1,2,a\r3,4,b\r\r5,x,c\r") == ["2: a", "3: b", "5!"])
        // A quote across a hundred ends of lines is one; across more, it is not.
        let hidden = String(repeating: "3,4,b\n", count: 99)
        #expect(try items("1,2,\"a\n" + hidden + "c\"\n5,6,d\n").map { $0.prefix(4) } == ["2: a", "103:"])
        let open = try items("1,2,\"a\n" + hidden + "9,b\n\"\n5,6,d\n")
        #expect(open == ["2: \"a"] + (3...101).map { "\($0): b" } + ["104: d", "2!", "103!", "102!", "103!"])
        #expect(try items("1,2,\"a\n3,4,b\n\r5,6,c\r\n7,8,d") == ["2: \"a", "3: b", "5: c", "6: d", "2!"])
    }

    @Test("times in quotes and behind quoted fields are rewritten where they stand")
    func quotedTimes() throws {
        let text = "text,start_s,end_s\r\n\"a, \"\"b\"\"\",\"1.000\",2.000\r\n\"c\n, d\", 3.000 ,4.000"
        #expect(
            try written(try read(text, "a.csv")) { time, _ in time + 1 }
                == "text,start_s,end_s\r\n\"a, \"\"b\"\"\",\"2.000\",3.000\r\n\"c\n, d\", 4.000 ,5.000")
    }

    @Test(
        "what has to be closed and breaks off is refused with the line, and not read in part",
        arguments: ["a.TextGrid", "a.ttml", "a.eaf", "a.json"])
    func brokenOff(_ name: String) throws {
        let whole = try #require(FormatTests.samples.first { $0.name == name }?.text)
        for left in stride(from: 60, to: whole.count - 12, by: 7) {
            let cut = String(whole.prefix(left))
            let lines = cut.split(separator: "\n", omittingEmptySubsequences: false).count
            let error = try #require(throws: TimedTextError.self) { try read(cut, name) }
            let line = error.message.split { !$0.isNumber }.compactMap { Int($0) }.first
            #expect(line.map { (1...lines).contains($0) } == true, "\(left): \(error.message)")
            #expect(!error.remedy.isEmpty)
        }
    }

    @Test("XML that is not well-formed is refused with its line; a bare ampersand is read and told")
    func notWellFormed() throws {
        func text(_ line: String, after: String = "") -> String {
            "<tt xmlns='http://www.w3.org/ns/ttml'><body><div>\n<p begin='1s' end='2s'>A</p>\n\(line)\n"
                + "</div></body></tt>\n"
                + after
        }
        for line in [
            "<p begin='3s' end='4s'><noise> B</p>", "<p begin='3s' end='4s'>B</span></p>",
            "<p begin='3s end='4s'>B</p>",
            "<p begin=3s end='4s'>B</p>", "<p begin='3s' end='4s'>B</q>", "<br / >", "<!-- B", "<![CDATA[ B",
        ] {
            let error = try #require(throws: TimedTextError.self, "\(line)") { try read(text(line), "a.ttml") }
            #expect(error.message.contains("line 3"), "\(line): \(error.message)")
        }
        for after in ["B", "<tt/>"] {
            let error = try #require(throws: TimedTextError.self) { try read(text("", after: after), "a.ttml") }
            #expect(error.message.contains("line 5"), "\(error.message)")
        }
        let bare = try read(text("<p begin='3s' end='4s'>R & B &amp; C</p>"), "a.ttml")
        #expect(bare.items.map(\.text) == ["A", "R & B & C"])
        #expect(bare.guesses.contains { $0.contains("line 3") })
        let declared = try read("<!DOCTYPE tt [<!ENTITY x 'y'>]>\n" + text(""), "a.ttml")
        #expect(declared.items.map(\.text) == ["A"] && declared.guesses.isEmpty)
    }

    @Test("JSON without a comma or with one too many is refused; NaN and a comma before a bracket are let pass")
    func brokenJSON() throws {
        func text(_ between: String, _ end: String = "") -> String {
            "{\"segments\": [\n{\"start\": 1, \"end\": 2, \"p\": NaN, \"text\": \"a\"}\(between)\n"
                + "{\"start\": 3, \"end\": 4, \"text\": \"b\"}\(end)]}"
        }
        for broken in [text(""), text(",,"), text(";"), text(",") + "]"] {
            #expect(throws: TimedTextError.self, "\(broken)") { try read(broken, "a.json") }
        }
        #expect(try read(text(","), "a.json").items.count == 2)
        #expect(try read(text(",", ","), "a.json").items.count == 2)
    }

    @Test(
        "a file of which nothing could be read is an error with the first line that was not understood",
        arguments: [
            ("a.srt", "1\n00:00:xx,000 --> 00:00:02,000\nA\n", 2), ("a.srt", "no times at all\n", 1),
            ("a.ctm", "clip 1 x 0.2 one\n", 1), ("a.rttm", "SPEAKER clip 1 x y <NA> <NA> ann <NA> <NA>\n", 1),
            ("a.vtt", "WEBVTT\n\n00:90.000 --> 00:91.000\nB\n", 3), ("a.sub", "\n{x}{y}One\n", 2),
            ("a.lrc", "hello\n", 1), ("a.csv", "start_s,end_s,text\n?,?,a\n", 2), ("a.jsonl", "{\"a\": 1}\n", 1),
            ("a.ass", "[Events]\nDialogue: 0,x,y,Default,,0,0,0,,B\n", 2), ("a.align", "a b c\n", 1),
        ])
    func nothingRead(_ name: String, _ text: String, _ line: Int) throws {
        let error = try #require(throws: TimedTextError.self) { try read(text, name) }
        #expect(error.code == "nothing-read" && error.message.contains("line \(line): "), "\(error.message)")
    }

    @Test("what is no timed text is refused with a remedy")
    func refused() {
        for (bytes, name) in [
            ([UInt8](), "a.srt"), (Array("hello".utf8), "a.bin"), (Array("{\"a\": 1".utf8), "a.json"),
            ([UInt8](repeating: 7, count: 100), "x"),
        ] {
            #expect(throws: TimedTextError.self) { try TimedTextReader().read(bytes, name: name) }
        }
    }

    @Test("a frame rate that the file does not state is the media's, or a guess that is told")
    func frameRates() throws {
        let text = "{25}{50}One\n"
        #expect(milliseconds(try read(text, "a.sub", frameRate: 25)) == [[1000, 2000]])
        #expect(try read(text, "a.sub", frameRate: 25).guesses.count == 1)
        #expect(try read(text, "a.sub").guesses.first?.contains("23.976") == true)
    }

    @Test(
        """
        whole numbers without a unit are taken for milliseconds only where they are too large for seconds, and that is \
        told
        """
    )
    func units() throws {
        let large = try read("start,end,text\n500,1250,a\n2000,2600,b\n", "a.csv")
        #expect(milliseconds(large) == [[500, 1250], [2000, 2600]])
        #expect(large.guesses.count == 1)
        let small = try read("start,end,text\n5,12,a\n20,26,b\n", "a.csv")
        #expect(milliseconds(small) == [[5000, 12_000], [20_000, 26_000]])
    }

    @Test("mutated files neither crash nor hang: seeds from 1, 100 of each sample or as many as GENLOCK_MUTATIONS says")
    func mutations() throws {
        let count = ProcessInfo.processInfo.environment["GENLOCK_MUTATIONS"].flatMap { Int($0) } ?? 100
        for sample in FormatTests.samples {
            for seed in 1...max(1, count) {
                var generator = Mutator(seed: UInt64(seed))
                let bytes = generator.mutate(Array(sample.text.utf8))
                guard let document = try? TimedTextReader().read(bytes, name: sample.name) else { continue }
                #expect(document.items.allSatisfy { $0.start.isFinite && $0.end.isFinite })
                #expect(try document.rewritten { time, _ in time }.bytes == bytes, "\(sample.name) \(seed)")
                _ = try? document.rewritten { time, _ in time * 1.04 - 3 }
                try Mutator.edit(document, seed)
            }
        }
    }
}

/// Changes bytes of a file at random.
struct Mutator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    private mutating func next(_ below: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 33) % max(1, below)
    }

    /// Changes, splits and takes away an item of what could be read; where that is refused nothing is expected.
    static func edit(_ document: TimedTextDocument, _ seed: Int) throws {
        guard !document.items.isEmpty else { return }
        let place = seed % document.items.count
        let item = document.items[place]
        #expect(
            try document.refusal != nil || document.rewritten([Int: [EditedPart]]()) == document.source.bytes, "\(seed)"
        )
        let part = EditedPart(start: item.start + 0.04, end: item.end + 0.08, text: "x")
        for parts in [[part], [part, part], []] { _ = try? document.rewritten([place: parts]) }
    }

    mutating func mutate(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        for _ in 0..<1 + next(8) where !result.isEmpty {
            let place = next(result.count)
            switch next(6) {
            case 0: result[place] = UInt8(next(256))
            case 1: result.remove(at: place)
            case 2: result.insert(UInt8(next(256)), at: place)
            case 3: result = Array(result[..<place])
            case 4: result.insert(contentsOf: Array("99999999999999999999".utf8), at: place)
            default:
                let end = min(result.count, place + next(40))
                result.insert(contentsOf: result[place..<end], at: next(result.count))
            }
        }
        return result
    }
}
