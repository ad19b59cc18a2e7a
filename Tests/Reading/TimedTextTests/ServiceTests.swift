import Foundation
import Testing

@testable import TimedText

@Suite("Formats of services, corpora and programs")
struct ServiceTests {
    @Test("times and texts come out as the service wrote them", arguments: ServiceSample.all)
    func reads(_ sample: ServiceSample) throws {
        let document = try read(sample.text, sample.name)
        #expect(milliseconds(document) == sample.times)
        #expect(document.items.map(\.text) == sample.texts)
        if let speakers = sample.speakers { #expect(document.items.map(\.speaker) == speakers) }
        #expect(document.faults.isEmpty, "\(document.faults)")
    }

    @Test("a mark, other ends of lines and UTF-16 change nothing", arguments: ServiceSample.all)
    func encodings(_ sample: ServiceSample) throws {
        let lines = sample.text.replacingOccurrences(of: "\r\n", with: "\n").replacingOccurrences(
            of: "\n", with: "\r\n")
        var all = [[0xEF, 0xBB, 0xBF] + Array(sample.text.utf8), Array(lines.utf8)]
        if !sample.text.contains("encoding=") {
            all.append(([0xFEFF] + Array(lines.utf16)).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
        }
        for bytes in all {
            let document = try TimedTextReader().read(bytes, name: sample.name)
            #expect(milliseconds(document) == sample.times)
            #expect(document.items.map(\.text) == sample.texts)
            #expect(try document.rewritten { time, _ in time }.bytes == bytes)
        }
    }

    @Test("moved by 1.5 s all items are, and every byte outside of times is what it was", arguments: ServiceSample.all)
    func moves(_ sample: ServiceSample) throws {
        let document = try read(sample.text, sample.name)
        #expect(try written(document) { time, _ in time } == sample.text)
        let text = try written(document) { time, _ in time + 1.5 }
        let moved = try read(text, sample.name)
        #expect(moved.format == document.format && moved.items.count == document.items.count)
        for (old, new) in zip(document.items, moved.items) {
            #expect(new.text == old.text && new.speaker == old.speaker && new.line == old.line && new.kind == old.kind)
            let tolerance = sample.grid * 0.5 + 1e-6
            #expect(abs(new.start - old.start - 1.5) <= tolerance, "\(old.start) became \(new.start)")
            #expect(abs(new.end - old.end - 1.5) <= tolerance * 2, "\(old.end) became \(new.end)")
        }
        #expect(ServiceTests.frame(document) == ServiceTests.frame(moved))
        // And back again, where the format holds a millisecond.
        if sample.grid <= 0.001 {
            #expect(milliseconds(try read(try written(moved) { time, _ in time - 1.5 }, sample.name)) == sample.times)
        }
    }

    /// All that is no time.
    static func frame(_ document: TimedTextDocument) -> [UInt8] {
        var bytes = document.source.utf8
        for field in document.fields.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
            bytes.removeSubrange(field.range)
        }
        return bytes
    }

    @Test("what is written is what the format wants, to the byte")
    func bytes() throws {
        func moved(_ name: String, _ amount: Double = 1.5) throws -> String {
            let sample = try #require(ServiceSample.all.first { $0.name == name })
            return try written(try read(sample.text, sample.name)) { time, _ in time + amount }
        }
        // A line of codes begins as much earlier as its caption needs: 45 frames later is 1.5015 s.
        #expect(try moved("pop-on.scc").contains("00:00:02;15\t9420 9420 94ae"))
        #expect(try moved("pop-on.scc").contains("00:00:07;00\t942c 942c"))
        #expect(try moved("a.smi").contains("<SYNC Start=2500><P Class=ENCC>Hello<br>"))
        #expect(try moved("a.smi").contains("<sync start='5500'><p class='ENCC'>"))
        #expect(try moved("a.sbv").hasPrefix("0:00:02.500,0:00:04.000\nHello"))
        #expect(try moved("one.sub", 2).contains("[00:00:06]\nHello|there\n[00:00:10]"))
        #expect(try moved("a.json3").contains(#""tStartMs": 0, "dDurationMs": 9000"#))
        #expect(try moved("a.json3").contains(#""tStartMs": 2700, "dDurationMs": 3000"#))
        #expect(try moved("a.json3").contains(#""tOffsetMs": 320"#))
        #expect(try moved("a.srv3").contains(#"<p t="2700" d="3000" w="1"><s ac="248">so</s><s t="320""#))
        #expect(try moved("netflix.dfxp").contains(#"begin="30000000t" end="49200000t""#))
        let amazon = try moved("transcribe.json")
        #expect(
            !amazon.contains(#""0.5""#) && !amazon.contains(#""1.75""#) && amazon.contains(#""start_time": "2.000""#))
        #expect(try moved("google.json").contains(#""resultEndTime": "3.340s""#))
        #expect(try moved("google.json").contains(#""totalBilledTime": "15s""#))
        #expect(try moved("speech.json").contains(#"{"seconds": "2", "nanos": 800000000}"#))
        #expect(try moved("assembly.json").contains(#""summary": "s", "start": 1580, "end": 1630"#))
        #expect(try moved("assembly.json").contains(#""audio_duration": 12"#))
        #expect(try moved("rev-human.json").contains(#""timestamp": "00:00:02,750""#))
        #expect(try moved("sphinx.json").contains(#"[{"b":1.700,"d":0.100,"p":1.0,"t":"T"}]"#))
        #expect(try moved("msajc003_annot.json").contains(#""sampleStart": 34000, "sampleDur": 999"#))
        #expect(try moved("a.cha").contains("\u{15}2550_3573\u{15}\n%mor"))
        #expect(try moved("00001.txt").contains("WHEN 1.65 1.80 8.6") && moved("00001.txt").contains("000001 0.425"))
        #expect(try moved("SA1.WRD") == "26260 29900 she\n29900 33600 had\n")
        #expect(try moved("a.wdseg").contains("\t   150\t  204\t -1234567\t<s>"))
    }

    @Test("a rate moves durations and distances too")
    func rates() throws {
        let text =
            #"{"events": [{"tStartMs": 1000, "dDurationMs": 2000, "segs": [{"utf8": "a"}, "#
            + #"{"utf8": " b", "tOffsetMs": 500}]}]}"#
        let slower = try written(try read(text, "a.json3")) { time, _ in time * 1.1 }
        #expect(
            slower
                == text.replacing("1000", with: "1100").replacing("2000", with: "2200").replacing("500}", with: "550}")
        )
    }

    @Test("a format is told by its content, whatever the name", arguments: ServiceSample.all)
    func recognised(_ sample: ServiceSample) throws {
        let byEnding = ["wrd", "phn", "ttml", "dfxp", "ttml2", "itt"]
        guard !byEnding.contains(String(sample.name.split(separator: ".").last ?? "").lowercased()) else { return }
        let format = try read(sample.text, sample.name).format
        #expect(try read(sample.text, "words").format == format)
        #expect(try read(sample.text, "a.txt").format == format)
    }

    @Test("labels and recordings that look like names of fragments stay what they are")
    func names() throws {
        let turns = try read("0.500\t1.250\tSPEAKER_00\n1.250\t2.000\tSPEAKER_01\n", "a.txt")
        #expect(turns.format == .audacityLabels && turns.items.allSatisfy { $0.kind == .turn })
        #expect(try read("0.500\t1.250\ts001\n1.250\t2.000\ts002\n", "a.txt").format == .audacityLabels)
        let files = try read("a001,0.500,1.250,\"dog\"\na001,2.500,3.250,\"cat\"\n", "a.csv")
        #expect(files.format == .table && files.items.allSatisfy { $0.recording == "a001" })
        #expect(try read("[00:01.00]Ann: one\n[00:03.00]Ben: two\n[00:05.00]\n", "a.txt").format == .lyrics)
        #expect(try read("1\n00:00:01,000 --> 00:00:02,000\n[00:00:01] Ann: hi\n", "a.txt").format == .subRip)
    }

    @Test("older formats are not taken for new ones", arguments: FormatTests.samples.indices)
    func others(_ index: Int) throws {
        let sample = FormatTests.samples[index]
        let new: Set<TimedTextFormat> = [
            .scenarist, .sami, .subViewer, .youTubeXML, .smil, .fragments, .lipReading, .sampleLabels, .pocketSphinx,
            .chat, .paragraphs,
        ]
        #expect(!new.contains(try read(sample.text, sample.name).format))
        if let format = TimedTextFormat.recognise(EncodedText(Array(sample.text.utf8), encoding: .utf8), name: "a") {
            #expect(!new.contains(format), "\(sample.name) was taken for \(format)")
        }
    }
}

@Suite("What is broken in a service's file is told with its line")
struct ServiceFaultTests {
    @Test(
        "a broken part is told, and the rest is read",
        arguments: [
            ("a.scc", "Scenarist_SCC V1.0\n\n00:00:01;00\t9420 zzzz 9470 c845 4c4c 4f80 942f\n", 3, 1),
            ("a.scc", "Scenarist_SCC V1.0\n\n00:00:01;31\t9420\n00:00:02;00\t9420 9470 c845 942f\n", 3, 1),
            ("a.scc", "Scenarist_SCC V1.0\n\n1 second 9420\n00:00:02;00\t9420 9470 c845 942f\n", 3, 1),
            ("a.smi", "<SAMI><BODY>\n<SYNC Start=x><P>A\n<SYNC Start=1000><P>B\n<SYNC Start=2000><P>&nbsp;\n", 2, 1),
            ("a.cha", "@Begin\n*CHI:\thi . \u{15}1_x2\u{15}\n*CHI:\tyou . \u{15}1000_2000\u{15}\n@End\n", 2, 1),
            ("a.cha", "@Begin\n*CHI:\thi . \u{15}1_2\n*CHI:\tyou . \u{15}1000_2000\u{15}\n@End\n", 2, 1),
            ("a.txt", "WORD START END ASDSCORE\nA 0.1 0.2 1\nB x 0.3 1\n", 3, 1),
            ("a.wrd", "0 100 a\n100 b\n", 2, 1),
            ("a.txt", "a b\n<s> 0.0 0.1 1.0\na 0.1 0.2 1.0\nb 0.2 1.0\n", 4, 2),
            ("a.csv", "f001,0.000,2.000,\"a\"\nf002,2.000,x,\"b\"\nf003,3.000,4.000,\"c\"\n", 2, 2),
            (
                "a.json3",
                "{\"events\": [{\"tStartMs\": 1, \"dDurationMs\": 2, \"segs\": [{\"utf8\": \"a\"}]},\n{\"segs\": []}]}",
                2, 1
            ),
            (
                "a.json",
                "{\"sampleRate\": 100, \"levels\": [{\"name\": \"w\", \"items\": ["
                    + "{\"sampleStart\": 1, \"sampleDur\": 2},\n"
                    + "{\"sampleStart\": null}]}]}", 2, 1
            ),
            (
                "a.smil",
                "<smil><par><audio clipBegin='1' clipEnd='2'/></par>\n"
                    + "<par><audio clipBegin='x' clipEnd='2'/></par></smil>",
                2, 1
            ),
            (
                "a.sub", "[TITLE]\n[BEGIN]\n[00:00:01]\na\n[00:00:02]\n\n[0x:00:03]\nb\n[00:00:05]\nc\n[00:00:06]\n", 7,
                2
            ),
        ])
    func parts(_ name: String, _ text: String, _ line: Int, _ count: Int) throws {
        let document = try read(text, name)
        #expect(document.faults.map(\.line) == [line], "\(document.faults)")
        #expect(document.items.count == count)
    }

    @Test(
        "what breaks off or is something else is refused with what to do",
        arguments: [
            ("a.json3", "{\"events\": [{\"tStartMs\": 1, \"segs\": [{\"utf8\": \"a\"}"),
            ("a.srv3", "<timedtext format=\"3\"><body><p t=\"1\" d=\"2\">a</p>"),
            ("a.smil", "<smil><body><par><audio clipBegin='1' clipEnd='2'/></par>"),
            ("a.smil", "<smil><body><video src='a.mp4'/></body></smil>"), ("a.scc", "Scenarist_SCC V1.0\n\n"),
            ("a.smi", "<SAMI><BODY></BODY></SAMI>"), ("a.cha", "@UTF8\n@Begin\n*CHI:\thi .\n@End\n"),
            ("a.txt", "Text:  A B\nConf:  3\n"), ("a.wrd", "she had\n"),
            (
                "a.json",
                "{\"annotates\": \"a.wav\", \"levels\": [{\"name\": \"w\", \"items\": [{\"sampleStart\": 1}]}]}"
            ),
            ("a.xml", "<map><fragment id=\"f1\" begin=\"x\" end=\"1\"/></map>"),
        ])
    func refused(_ name: String, _ text: String) throws {
        let error = try #require(throws: TimedTextError.self) { try read(text, name) }
        #expect(!error.remedy.isEmpty && !error.message.isEmpty)
    }

    @Test("a start that Google leaves out cannot be written, and that is said with its line; it can be read")
    func leftOut() throws {
        let text =
            "{\"results\": [{\"alternatives\": [{\"transcript\": \"a\", \"words\": [\n"
            + "{\"endTime\": \"0.500s\", \"word\": \"a\"}]}]}]}"
        let document = try read(text, "a.json")
        #expect(milliseconds(document) == [[0, 500]])
        #expect(try written(document) { time, _ in time } == text)
        let error = try #require(throws: TimedTextError.self) { try document.rewritten { time, _ in time + 1 } }
        #expect(error.message.contains("line 2") && error.remedy.contains("startTime"))
        let parts = text.replacing("\"0.500s\"", with: "{\"nanos\": 500000000}")
        #expect(milliseconds(try read(parts, "a.json")) == [[0, 500]])
    }

    @Test("frames and identifiers that are no words are said")
    func guesses() throws {
        #expect(try read("f001 0.0 1.0\n", "a.txt").guesses.contains { $0.contains("no text") })
        #expect(try read("0 100 a\n", "a.wrd").guesses.contains { $0.contains("16000 Hz") })
        let all = try #require(ServiceSample.captions.first { $0.name == "roll-up.scc" })
        #expect(try read(all.text, all.name).guesses.contains { $0.contains("3603.6") })
    }

    @Test("nests that never end and files of one kind of sign end at once")
    func hostile() {
        for (name, unit) in [
            ("a.json", "["), ("a.json", "{\"events\":["), ("a.srv3", "<timedtext><p t=\"1\">"),
            ("a.xml", "<map><fragment>"),
            ("a.smil", "<smil><par>"), ("a.smi", "<sami><sync start=1>"), ("a.smi", "<sami <"),
            ("a.scc", "Scenarist_SCC 9420 "),
            ("a.scc", "00:00:01;00 9420 9420\n"), ("a.cha", "@Begin\n*A:\t\u{15}"), ("a.cha", "@Begin\n*A:\t1_2 "),
            ("a.txt", "WORD START END ASDSCORE\n"), ("a.txt", "[00:00:01] A: "), ("a.txt", "Ann  0:01\n"),
            ("a.sub", "[BEGIN]\n[00:00:01]\n"),
            ("a.txt", "<s> 0 1 1\n"), ("a.csv", "f001,0.1,0.2,\"\n"),
        ] {
            let bytes = Array(String(repeating: unit, count: 100_000 / unit.utf8.count).utf8)
            let began = ContinuousClock.now
            _ = try? TimedTextReader().read(bytes, name: name)
            #expect(ContinuousClock.now - began < .seconds(20), "\(name) \(unit)")
        }
    }
}

@Suite("Files of services that were changed at random are read or refused")
struct ServiceMutationTests {
    @Test(
        "none ends the program, and what is read can be written: 100 of each, or as many as GENLOCK_MUTATIONS says",
        arguments: ServiceSample.all)
    func mutated(_ sample: ServiceSample) throws {
        let count = ProcessInfo.processInfo.environment["GENLOCK_MUTATIONS"].flatMap { Int($0) } ?? 100
        for seed in 1...max(1, count) {
            var generator = Mutator(seed: UInt64(seed))
            let bytes = generator.mutate(Array(sample.text.utf8))
            guard let document = try? TimedTextReader(frameRate: 25).read(bytes, name: sample.name) else { continue }
            let tiers = document.tiers.indices
            #expect(
                document.items.allSatisfy { $0.start.isFinite && $0.end.isFinite && tiers.contains($0.tier) }, "\(seed)"
            )
            #expect(try document.rewritten { time, _ in time }.bytes == bytes, "\(seed)")
            _ = try? document.rewritten { time, _ in time * 1.04 - 3 }
            try Mutator.edit(document, seed)
        }
    }
}
