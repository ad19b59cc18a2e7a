import Foundation
import SyncModel
import Testing

@testable import LabelFiles

@Suite("Tables with named columns")
struct TableTests {
    @Test(
        "views, seconds and labels as the corpus writes them, in any column order and with any delimiter",
        arguments: [",", "\t", ";", "|"])
    func delimiters(sign: String) {
        let rows = [
            ["label", "view", "end_s", "start_s"], ["pour", "cam2", "2.5", "1"], ["stir", "cam1", "3", "2"],
            ["pour", "cam1", "2", "1"],
        ]
        let corpus = Reading.corpus(rows.map { $0.joined(separator: sign) }.joined(separator: "\n"))
        #expect(Reading.shown(corpus) == ["take1|cam1|: pour 1.0 2.0, stir 2.0 3.0", "take1|cam2|: pour 1.0 2.5"])
    }

    @Test("units: milliseconds and frames from column names, frames from the option, half-open or inclusive")
    func units() {
        #expect(Reading.shown(Reading.corpus("label,start_ms,end_ms\na,500,1500")) == ["take1||: a 0.5 1.5"])
        let frames = "label,start_frame,end_frame\na,15,29"
        #expect(Reading.shown(Reading.corpus(frames) { $0.rate = 15 }) == ["take1||: a 1.0 1.933"])
        #expect(
            Reading.shown(
                Reading.corpus(frames) {
                    $0.rate = 15
                    $0.endsAreInclusive = true
                }) == ["take1||: a 1.0 2.0"])
        #expect(
            Reading.shown(
                Reading.corpus("label,start,duration\na,30,15") {
                    $0.rate = 15
                    $0.unit = .frames
                }) == ["take1||: a 2.0 3.0"])
        let rateless = Reading.corpus(frames)
        #expect(
            rateless.sessions.isEmpty
                && rateless.problems.contains { $0.code == "no-rate" && $0.row == 2 && $0.remedy.contains("--rate") })
    }

    @Test("frames that a file calls nothing are recognised, said, and read with the rate that was given")
    func unnamedFrames() {
        let text = "label,start,end\na,0,150\nb,150,400\nc,400,900\n"
        let corpus = Reading.corpus(text) { $0.rate = 30 }
        #expect(Reading.shown(corpus) == ["take1||: a 0.0 5.0, b 5.0 13.333, c 13.333 30.0"])
        #expect(corpus.problems.contains { $0.code == "frames-as-seconds" && !$0.isLoss })
        #expect(Reading.corpus(text).problems.contains { $0.code == "frames-as-seconds" && $0.isLoss })
        #expect(
            Reading.shown(Reading.corpus("label,start,end\na,0,15\nb,15,40\nc,40,90\n")) == [
                "take1||: a 0.0 15.0, b 15.0 40.0, c 40.0 90.0"
            ])
    }

    @Test("quotes, doubled quotes, line ends of all kinds, a mark at the start, decimal commas and clock times")
    func quoting() {
        let text = "\u{FEFF}label;start;end\r\n\"say \"\"hi\"\"; wave\";0,5;1,25\r\n\r\nb;00:01:02.5;1:03\r\n"
        #expect(Reading.shown(Reading.corpus(text)) == ["take1||: say \"hi\"; wave 0.5 1.25, b 62.5 63.0"])
    }

    @Test(
        "a label table's rows and the lines on which they begin",
        arguments: [
            ("a,b\n1,2\n\n,\n\"\",\n3,4", ["1: a|b", "2: 1|2", "6: 3|4"]),
            ("a,b\r1,2\r\r\n3,4\r\n", ["1: a|b", "2: 1|2", "4: 3|4"]),
            // What follows a quote is dropped, blanks before one make it text.
            ("a,b\n\"x\"y\"\",p\"q\"\n \"z\",\" w \"\n", ["1: a|b", "2: x|p\"q\"", "3: \"z\"| w "]),
            // Of ends of lines in quotes LF are counted.
            ("a,b\n\"1\r\n\"\"2\",\"\r\"\n3,4\n", ["1: a|b", "2: 1\r\n\"2|\r", "4: 3|4"]),
            ("a,b\n1\n1, 2 ,\t\n", ["1: a|b", "2: 1", "3: 1|2|"]), ("a,b\n1,\"2\n3,4\n", ["1: a|b", "2: 1|2\n3,4\n"]),
            ("#a;b,c\nd,e\n", ["1: #a;b|c", "2: d|e"]), ("a\tb,c\n1\t2\n", ["1: a|b,c", "2: 1|2"]),
            ("", []), ("\n", []),
        ])
    func rows(text: String, rows: [String]) {
        var shown: [String] = []
        LabelTable(bytes: Array(text.utf8)).forEachRow { line, row in
            shown.append("\(line): " + (0..<row.count).map { row.text($0) }.joined(separator: "|"))
        }
        #expect(shown == rows)
    }

    @Test("UTF-16 and Windows-1252 are recognised; only the doubtful one is mentioned")
    func encodings() {
        let text = "label,start,end\ncafé,0,1\n"
        let wide: [UInt8] = [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        let narrow = text.unicodeScalars.map { UInt8($0.value) }
        for bytes in [wide, narrow] {
            #expect(Reading.shown(Reading.corpus([("take1.csv", bytes)])) == ["take1||: café 0.0 1.0"])
        }
        #expect(Reading.corpus([("a.csv", narrow)]).problems.map(\.code) == ["encoding"])
        #expect(Reading.corpus([("a.csv", wide)]).problems.isEmpty)
    }

    @Test("EPIC-KITCHENS and BORIS tables are read by their own column names")
    func dialects() {
        let epic =
            """
            narration_id,participant_id,video_id,start_timestamp,stop_timestamp,start_frame,stop_frame,\
            narration\nP01_0,P01,P01_01,00:00:01.50,00:00:03,90,180,open \
            \
            \
            door\n
            """
        let corpus = Reading.corpus(epic)
        #expect(Reading.shown(corpus) == ["P01_01||: open door 1.5 3.0"])
        let boris =
            """
            Observation id,Subject,Behavior,Behavior \
            type,Time\nobs1,mum,lift,START,1.0\nobs1,mum,lift,STOP,2.5\nobs1,mum,nod,POINT,3\nobs1,mum,lift,START,9\n
            """
        let pairs = Reading.corpus(boris)
        #expect(Reading.shown(pairs) == ["obs1||: lift 1.0 2.5, nod 3.0 3.0"])
        #expect(pairs.problems.contains { $0.code == "start-without-stop" && $0.row == 5 })
    }

    @Test("numbers are read exactly: they equal what strtod makes of them")
    func numbers() {
        for text in ["0.6", "17.933333", "4113.066667", "1e3", "-0.25", "123456789.125", "0.000001"] {
            #expect(TimeNumber.parse(text) == strtod(text, nil))
        }
        for text in ["", "-", ".", "1.2.3", "nan", "inf", "0x10", "1:75", "five"] {
            #expect(TimeNumber.parse(text) == nil)
        }
    }

    @Test("a table of names that mean the same, and labels that mean nothing")
    func synonyms() {
        let corpus = Reading.corpus("label,start,end\nput,0,1\nplace,1,2\nidle,2,3\n") {
            $0.synonyms = Synonyms.table(Array("place,put,lay\n".utf8))
            $0.silence = ["idle"]
        }
        #expect(Reading.shown(corpus) == ["take1||: place 0.0 1.0, place 1.0 2.0"])
    }
}

@Suite("Tables that give frames and times")
struct FrameAgreementTests {
    /// Rows of ten actions a session, a frame being the time at a rate.
    private func table(_ sessions: [(name: String, rate: Double)], _ change: (Int, Double) -> Double = { $1 }) -> String
    {
        var text = "narration_id,video_id,start_timestamp,stop_timestamp,start_frame,stop_frame,narration\n"
        for session in sessions {
            for row in 0..<10 {
                let (start, end) = (Double(row) * 12.34 + 1, Double(row) * 12.34 + 4.5)
                func clock(_ time: Double) -> String {
                    let (minute, rest) = Int((time * 100).rounded()).quotientAndRemainder(dividingBy: 6000)
                    let parts = [String(rest / 100), String(rest % 100)].map { $0.count < 2 ? "0" + $0 : $0 }
                    return "00:0\(minute):" + parts.joined(separator: ".")
                }
                let first = Int(change(row, start * session.rate).rounded(.down))
                let last = Int((end * session.rate).rounded(.down))
                text += "\(session.name)_\(row),\(session.name),\(clock(start)),\(clock(end)),\(first),\(last),cut\n"
            }
        }
        return text
    }

    private func codes(_ text: String, rate: Double? = nil) -> [String] {
        Reading.corpus(text) { $0.rate = rate }.problems.map(\.code)
    }

    @Test("frames that are the times at the video's rate, or at each video's own, are no fault")
    func agree() {
        #expect(codes(table([("P01_01", 60_000.0 / 1001), ("P02_01", 50)])) == [])
        #expect(codes(table([("P01_01", 30_000.0 / 1001)]), rate: 29.97) == [])
        #expect(codes(table([("P01_01", 25)]), rate: 25) == [])
        #expect(codes(table([("P01_01", 17.3)])) == [])
    }

    @Test("annotated at 25, video at 29.97")
    func rates() throws {
        let corpus = Reading.corpus(table([("P01_01", 25)])) { $0.rate = 29.97 }
        let problem = try #require(corpus.problems.first)
        #expect(corpus.problems.count == 1 && problem.code == "annotated-at-another-rate" && !problem.isLoss)
        #expect(problem.message.contains("annotated at 25 fps but the video is at 29.97"))
        #expect(problem.remedy.contains("--unit frames") && problem.remedy.contains("1.1988"))
        #expect(corpus.sessions[0].tracks[0].segments.count == 10)
    }

    @Test("a row whose frame is elsewhere than its time is named")
    func rows() throws {
        let text = table([("P01_01", 50)]) { row, frame in row == 4 ? frame + 200 : frame }
        let corpus = Reading.corpus(text)
        #expect(corpus.problems.map(\.code) == ["frames-disagree"] && corpus.problems[0].row == 6)
        #expect(corpus.problems[0].message.contains("54.3") && corpus.problems[0].message.contains("50.36"))
    }

    @Test("frames and times that nothing joins are said once")
    func nothing() {
        let text = table([("P01_01", 50)]) { row, _ in Double(row * row * 977 % 5000) }
        #expect(codes(text) == ["frames-disagree"])
    }
}
