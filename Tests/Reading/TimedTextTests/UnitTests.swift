import Testing

@testable import TimedText

@Suite("Units, frames and names that a file does not state are told apart, and what was guessed is said")
struct UnitTests {
    @Test("frames in tables and in SubRip are frames of the media, or of a rate that is said")
    func frames() throws {
        let table = "Speaker Name,Start Time,End Time,Text\nA,00:00:02:12,00:00:04:10,\"one, two\"\n"
        let guessed = try read(table, "a.csv")
        #expect(milliseconds(guessed) == [[2480, 4400]])
        #expect(guessed.guesses.count == 1 && guessed.guesses[0].contains("25.0 fps"))
        let known = try read(table, "a.csv", frameRate: 24)
        #expect(milliseconds(known) == [[2500, 4417]])
        #expect(known.guesses[0].contains("24.0 fps"))
        #expect(
            try written(guessed) { time, _ in time + 1 }
                == "Speaker Name,Start Time,End Time,Text\nA,00:00:03:12,00:00:05:10,\"one, two\"\n")
        // Frame 29 is none of 25 a second.
        let thirty = try read("1\n00:00:02:15 --> 00:00:04:29\nA\n", "a.srt", frameRate: 25)
        #expect(milliseconds(thirty) == [[2500, 4967]])
        #expect(thirty.guesses[0].contains("30.0 fps"))
        // At 29.97 a second of the timecode lasts 1.001 s.
        let slow = try read("start,end,text\n01:00:00:00,01:00:01:00,a\n", "a.csv", frameRate: 30_000.0 / 1001)
        #expect(milliseconds(slow) == [[3_603_600, 3_604_601]])
    }

    @Test("columns of frame numbers are counted at the media's rate, or at one that is said")
    func frameNumbers() throws {
        let table = "start_frame,end_frame,label\n50,75,cut\n"
        let guessed = try read(table, "a.csv")
        #expect(milliseconds(guessed) == [[2000, 3000]] && guessed.guesses.contains { $0.contains("25.0 fps") })
        let known = try read(table, "a.csv", frameRate: 50)
        #expect(milliseconds(known) == [[1000, 1500]] && known.guesses.contains { $0.contains("50.0 fps") })
        #expect(try read("start_s,end_s,label\n1,2,cut\n", "a.csv").guesses.isEmpty)
    }

    @Test("frame numbers that are dropped keep pace with the clock")
    func dropFrame() throws {
        let table = "start,end,text\n01:00:00;00,01:00:01;00,a\n"
        let document = try read(table, "a.csv")
        #expect(milliseconds(document) == [[3_599_996, 3_600_997]])
        #expect(document.guesses[0].contains("29.97 fps"))
        #expect(try written(document) { time, _ in time } == table)
        #expect(
            try written(document) { time, _ in time - 3599.9964 } == "start,end,text\n00:00:00;00,00:00:01;00,a\n")
    }

    @Test("three digits behind a colon are milliseconds, and two that no rate reaches hundredths")
    func noFrames() throws {
        #expect(milliseconds(try read("start,end,text\n00:00:02:550,00:00:04:400,a\n", "a.csv")) == [[2550, 4400]])
        #expect(milliseconds(try read("start,end,text\n00:00:02:75,00:00:04:40,a\n", "a.csv")) == [[2750, 4400]])
    }

    @Test("timecode of TTML counts every frame, or drops numbers, where it says so")
    func smpte() throws {
        func document(_ attributes: String) throws -> TimedTextDocument {
            try read(
                "<tt xmlns='http://www.w3.org/ns/ttml' xmlns:ttp='http://www.w3.org/ns/ttml#parameter' \(attributes)>"
                    + "<body><div><p begin='01:00:00:00' end='01:00:01:06'>A</p></div></body></tt>", "a.ttml")
        }
        let rate = "ttp:frameRate='24' ttp:frameRateMultiplier='1000 1001'"
        #expect(milliseconds(try document(rate)) == [[3_600_000, 3_601_250]])
        let all = try document(rate + " ttp:timeBase='smpte' ttp:dropMode='nonDrop'")
        #expect(milliseconds(all) == [[3_603_600, 3_604_851]])
        #expect(try written(all) { time, _ in time - 3603.6 }.contains("begin='00:00:00:00' end='00:00:01:06'"))
        let dropping = try document(
            "ttp:frameRate='30' ttp:frameRateMultiplier='1000 1001' ttp:timeBase='smpte' ttp:dropMode='dropNTSC'")
        #expect(milliseconds(dropping) == [[3_599_996, 3_601_198]])
    }

    @Test("decimals may follow a comma, and two quotes are one beside a separator too")
    func dialects() throws {
        let text = "start;end;text\n2,55;4,4;\"he said \"\"hi\"\"; well\"\n\"5,5\";6;b\n"
        let document = try read(text, "a.csv")
        #expect(milliseconds(document) == [[2550, 4400], [5500, 6000]])
        #expect(document.items.map(\.text) == ["he said \"hi\"; well", "b"])
        #expect(
            try written(document) { time, _ in time + 1 }
                == "start;end;text\n3,550;5,400;\"he said \"\"hi\"\"; well\"\n\"6,500\";7.000;b\n")
        let commas = try read("start,end,text\n1,2,\"\"\"Hi\"\", she said, \"\"you\"\"\"\n", "a.csv")
        #expect(commas.items.map(\.text) == ["\"Hi\", she said, \"you\""])
    }

    @Test("milliseconds of recognisers are told from seconds by how long words and cues last, or by their names")
    func recogniserUnits() throws {
        let words =
            "{\"words\": [{\"text\": \"a\", \"start\": 2550, \"end\": 2700},"
            + " {\"text\": \"b\", \"start\": 2700, \"end\": 2840}]}"
        let document = try read(words, "a.json")
        #expect(milliseconds(document) == [[2550, 2700], [2700, 2840]])
        #expect(document.guesses.count == 1)
        #expect(
            try written(document) { time, _ in time + 1 }
                == words.replacing("2700", with: "3700").replacing("2550", with: "3550").replacing("2840", with: "3840")
        )
        let seconds = try read(
            "[{\"text\": \"a b\", \"start\": 2, \"end\": 4}, {\"text\": \"c\", \"start\": 4, \"end\": 9}]", "a.json")
        #expect(milliseconds(seconds) == [[2000, 4000], [4000, 9000]] && seconds.guesses.isEmpty)
        let named = try read(
            "{\"start_ms\": 20, \"end_ms\": 40, \"text\": \"a\"}\n"
                + "{\"start_ms\": 50, \"duration_ms\": 5, \"text\": \"b\"}\n",
            "a.jsonl")
        #expect(milliseconds(named) == [[20, 40], [50, 55]] && named.guesses.isEmpty)
        let lines = try read(
            "{\"word\": \"a\", \"start\": 2550, \"end\": 2700}\n{\"word\": \"b\", \"start\": 2700, \"end\": 2800}\n",
            "a.jsonl")
        #expect(milliseconds(lines) == [[2550, 2700], [2700, 2800]] && lines.guesses.count == 1)
    }

    @Test(
        "lists of recognisers are found wherever they lie",
        arguments: [
            """
            {"results": {"transcripts": [{"transcript": "one two"}], "items": [
            {"start_time": "0.5", "end_time": "1.0", "alternatives": [{"confidence": "0.9", "content": "one"}]},
            {"start_time": "1.0", "end_time": "1.5", "alternatives": [{"content": "two"}]},
            {"alternatives": [{"content": "."}], "type": "punctuation"}]}}
            """,
            """
            {"results": [{"alternatives": [{"transcript": "one two", "words": [
            {"startTime": "0.500s", "endTime": "1s", "word": "one"}, {"startTime": "1s", "endTime": "1.500s", "word": \
            "two"}]},
            {"transcript": "on to", "words": [{"startTime": "0.500s", "endTime": "1.500s", "word": "on"}]}]}]}
            """,
            """
            {"metadata": {}, "results": {"channels": [{"alternatives": [{"transcript": "one two", "words": [
            {"word": "one", "start": 0.5, "end": 1.0, "punctuated_word": "One"},
            {"word": "two", "start": 1.0, "end": 1.5}]}]}]}}
            """,
            """
            {"fragments": [{"begin": "0.500", "end": "1.000", "lines": ["one"], "children": []},
            {"begin": "1.000", "end": "1.500", "lines": ["two"]}]}
            """,
        ])
    func recognisers(_ text: String) throws {
        let document = try read(text, "a.json")
        #expect(milliseconds(document) == [[500, 1000], [1000, 1500]])
        #expect(document.items.map(\.text) == ["one", "two"] && document.faults.isEmpty)
        #expect(try written(document) { time, _ in time } == text)
        let moved = try written(document) { time, _ in time + 1 }
        #expect(milliseconds(try read(moved, "a.json")) == [[1500, 2000], [2000, 2500]])
        #expect(!moved.contains("0.5"))
    }

    @Test("a recording's name with blanks, and a speaker's, are read as names")
    func namesWithBlanks() throws {
        for (name, text) in [
            ("a.rttm", "SPEAKER my take 1 6.690 0.430 <NA> <NA> ann lee <NA> <NA>\n"),
            ("a.rttm", "SPEAKER\tmy take\t1\t6.690\t0.430\t<NA>\t<NA>\tann lee\t<NA>\t<NA>\n"),
            ("a.rttm", "SPEAKER my take 1 6.690 0.430 <NA> <NA> ann lee 0.9\n"),
            ("a.ctm", "my take 1 6.690 0.430 word 0.98\n"), ("a.ctm", "my take A 6.690 0.430 word\n"),
            ("a.ctm", "my take\t1\t6.690\t0.430\tword\n"), ("a.stm", "my take 1 ann 6.690 7.120 <o> some words\n"),
        ] {
            let document = try read(text, name)
            #expect(milliseconds(document) == [[6690, 7120]], "\(text)")
            #expect(document.items[0].recording == "my take", "\(text)")
            if name == "a.rttm" { #expect(document.items[0].speaker == "ann lee", "\(text)") }
            #expect(try written(document) { time, _ in time } == text)
        }
        let plain = try read("clip 1 0.5 0.2 5 0.98\nclip 1 1.5 0.2 7\n", "a.ctm")
        #expect(plain.items.map(\.text) == ["5", "7"])
        let numbered = try read("SPEAKER clip 1 0.5 0.2 <NA> <NA> 3 <NA> <NA>\n", "a.rttm")
        #expect(numbered.items.map(\.text) == ["3"])
    }
}
