import Testing

@testable import TimedText

@Suite("What people and programs write otherwise is read as it is meant, and moved")
struct LenienceTests {
    @Test(
        "times of SubRip in other signs",
        arguments: [
            "00：00：02，550 --> 00：00：04，400", "００：００：０２，５５０ --> ００:００:０４,４００",
            "00:00:02,550.0 --> 00:00:04,399.9999999999981", "00:00:02,550 -> 00:00:04,400",
            "00:00:02,550 → 00:00:04,400", "00:00:02,550 – 00:00:04,400", "00:00:02.550—>00:00:04.400",
            "00: 00: 02,550 - -> 00: 00: 04,400", "00:00:02,550 --&gt; 00:00:04,400", "00:00:02,550 ---> 00:00:04,400",
            "0:0:2.55 => 0:0:4.4",
        ])
    func signs(_ line: String) throws {
        let text = "1\n\(line)\nOne\n\n2\n00:00:05,000 --> 00:00:06,000\nTwo\n"
        let document = try read(text, "a.srt")
        #expect(milliseconds(document) == [[2550, 4400], [5000, 6000]])
        #expect(document.items.map(\.text) == ["One", "Two"] && document.faults.isEmpty)
        #expect(try written(document) { time, _ in time } == text)
        let moved = try read(try written(document) { time, _ in time + 60 }, "a.srt")
        #expect(milliseconds(moved) == [[62_550, 64_400], [65_000, 66_000]])
    }

    @Test("times of day and spans in a text are text")
    func textWithTimes() throws {
        let text = "1\n00:00:01,000 --> 00:00:02,000\nOpen\n12:30 - 14:30\n10:00:00 - 11:00:00\n"
        let document = try read(text, "a.srt")
        #expect(document.items.map(\.text) == ["Open\n12:30 - 14:30\n10:00:00 - 11:00:00"])
    }

    @Test("negative times are read, moved with the others, and may stay negative")
    func negative() throws {
        let text = "1\n-00:00:01,950 --> -00:00:00,100\nA\n\n2\n−00:00:00,100 --> 00:00:01,590\nB\n"
        let document = try read(text, "a.srt")
        #expect(milliseconds(document) == [[-1950, -100], [-100, 1590]])
        #expect(
            try written(document) { time, _ in time + 3 }
                == "1\n00:00:01,050 --> 00:00:02,900\nA\n\n2\n00:00:02,900 --> 00:00:04,590\nB\n")
        let less = try document.rewritten { time, _ in time + 1 }
        #expect(less.clamped == 0)
        #expect(
            String(decoding: less.bytes, as: UTF8.self)
                == "1\n-00:00:00,950 --> 00:00:00,900\nA\n\n2\n00:00:00,900 --> 00:00:02,590\nB\n")
        let vtt = try read("WEBVTT\n\n-00:01.000 --> 00:01.000\nA\n", "a.vtt")
        #expect(milliseconds(vtt) == [[-1000, 1000]])
    }

    @Test("numbers of cues are no text where every line is followed by an empty one")
    func doubled() throws {
        let lines = [
            "1", "00:00:01,000 --> 00:00:02,000", "One", "two", "", "2", "00:00:03,000 --> 00:00:04,000", "3", "",
        ]
        for end in ["\n\n", "\r\n\r\n", "\r\r"] {
            let document = try read(lines.map { $0 + end }.joined(), "a.srt")
            #expect(document.items.map(\.text) == ["One\ntwo", "3"])
            #expect(document.faults.isEmpty)
        }
        let vtt = ["WEBVTT", "", "1", "00:01.000 --> 00:02.000", "One", "", "2", "00:03.000 --> 00:04.000", "Two"]
        let document = try read(vtt.map { $0 + "\n\n" }.joined(), "a.vtt")
        #expect(document.items.map(\.text) == ["One", "Two"] && document.faults.isEmpty)
    }

    @Test("SBV and SubViewer are read as SubRip with a comma for an arrow")
    func commas() throws {
        let sbv = "0:00:01.500,0:00:02.250\nOne\ntwo\n\n0:00:03.000,0:00:04.000\nThree\n"
        #expect(try read(sbv, "a.sbv").items.map(\.text) == ["One\ntwo", "Three"])
        #expect(milliseconds(try read(sbv, "a.sbv")) == [[1500, 2250], [3000, 4000]])
        let viewer = "[INFORMATION]\n[END INFORMATION]\n[SUBTITLE]\n00:00:01.50,00:00:02.25\nOne[br]two\n"
        let document = try read(viewer, "a.sub")
        #expect(milliseconds(document) == [[1500, 2250]] && document.items.map(\.text) == ["One\ntwo"])
        #expect(
            try written(document) { time, _ in time + 1 }
                == viewer.replacing("01.50", with: "02.50").replacing("02.25", with: "03.25"))
    }

    @Test("LRC with a colon before the hundredths is read so, and what moves all times is told")
    func lyrics() throws {
        let text = "[offset:-500]\n[00:02:55]one\n[00:04:75]two\n[01:00:00]\n"
        let document = try read(text, "a.lrc")
        #expect(milliseconds(document) == [[3050, 5250], [5250, 60_500]])
        #expect(document.guesses.count == 1 && document.guesses[0].contains("500 ms later"))
        #expect(
            try written(document) { time, _ in time + 1 }
                == "[offset:-500]\n[00:03:55]one\n[00:05:75]two\n[01:01:00]\n")
    }

    @Test("Audacity's labels may have decimal commas")
    func decimalCommas() throws {
        let text = "0,500000\t1,250000\tone\n"
        let document = try read(text, "a.txt")
        #expect(document.format == .audacityLabels && milliseconds(document) == [[500, 1250]])
        #expect(try written(document) { time, _ in time + 1 } == "1,500000\t2,250000\tone\n")
    }

    @Test("a cue behind the head of WebVTT without an empty line is a cue")
    func head() throws {
        let document = try read("WEBVTT\n1\n00:01,000 --> 00:02,000\nA\n\n00:03.000 --> 00:04.000\nB\n", "a.vtt")
        #expect(document.items.map(\.text) == ["A", "B"])
    }

    @Test("a file that ends within a cue says so")
    func cutOff() throws {
        for cut in [
            "3\n00:00:05,0", "3\n00:00:05,000 --", "3\n00:00:05,000 --> 00:00:0", "3\n00:00:05,000 --> 00:00:06,000",
        ] {
            let text = "1\n00:00:01,000 --> 00:00:02,000\nA\n\n2\n00:00:03,000 --> 00:00:04,000\nB\n\n" + cut
            let document = try read(text, "a.srt")
            #expect(document.items.prefix(2).map(\.text) == ["A", "B"], "\(cut)")
            #expect(document.faults.map(\.line) == [10], "\(cut)")
        }
        let event =
            "[Events]\nDialogue: 0,0:00:01.50,0:00:03.00,Default,,0,0,0,,A\nDialogue: 0,0:00:04.00,0:00:05.00,Def"
        let document = try read(event, "a.ass")
        #expect(document.faults.map(\.line) == [3])
        // What is known of its time is moved with the others.
        #expect(try written(document) { time, _ in time + 1 }.contains("0:00:05.00,0:00:06.00,Def"))
    }
}
