import SyncModel
import Testing

@testable import LabelFiles

@Suite("What tools write: names that are numbers, points and states, frames")
struct ToolTests {
    private func problems(_ corpus: LabelCorpus) -> [String] { corpus.problems.map(\.code) }

    @Test("annotators, sessions and views that are numbers are names, 1 and 0 too; truth values are none")
    func numbers() {
        let walked = """
            [{"session": 1, "view": 0, "annotator": 1, "start": 0, "end": 2, "label": "a"},
             {"session": 1, "view": 0, "annotator": 0, "start": 0, "end": 2.5, "label": "a"}]
            """
        #expect(
            Reading.shown(Reading.corpus(walked, path: "t.json")) == ["1|0|0: a 0.0 2.5", "1|0|1: a 0.0 2.0"])
        let studio = """
            [{"data": {"video": "/d/v1.mp4"}, "annotations": [
              {"completed_by": 1, "result": [{"value": {"start": 1, "end": 2, "labels": ["x"]}}]},
              {"completed_by": 0, "result": [{"value": {"start": 0, "end": 1, "labels": ["x"]}}]},
              {"completed_by": {"id": 7}, "result": [{"value": {"start": 0, "end": 1, "labels": ["x"]}}]}]}]
            """
        #expect(
            Reading.shown(Reading.corpus(studio, path: "t.json")) == [
                "v1||0: x 0.0 1.0", "v1||1: x 1.0 2.0", "v1||7: x 0.0 1.0",
            ])
        let truth = #"[{"session": "s", "annotator": true, "start": false, "end": 2, "label": "a"}]"#
        #expect(Reading.corpus(truth, path: "t.json").sessions.isEmpty)
        let table = "session,annotator,start,end,label\n0,1,0,1,a\n0,0,0,1,a\n"
        #expect(Reading.shown(Reading.corpus(table)) == ["0||0: a 0.0 1.0", "0||1: a 0.0 1.0"])
    }

    @Test("a point, or a state, inside a state is no fault of order, in BORIS' tables and projects")
    func nested() {
        let table = """
            Observation id\to1

            Time\tSubject\tBehavior\tStatus
            1.0\ts\tstir\tSTART
            2.0\ts\tsneeze\tPOINT
            2.5\ts\ttalk\tSTART
            3.0\ts\ttalk\tSTOP
            4.0\ts\tstir\tSTOP
            """
        let read = Reading.corpus(table, path: "o.tsv")
        #expect(Reading.shown(read) == ["o||: stir 1.0 4.0, sneeze 2.0 2.0, talk 2.5 3.0"])
        #expect(problems(read) == [])
        let project = """
            {"behaviors_conf":{"0":{"code":"lift","type":"State event"},"1":{"code":"nod","type":"Point event"}},
            "observations":{"o1":{"events":[[1.0,"mum","lift",""],[2.0,"mum","nod",""],[3.0,"mum","lift",""]]}}}
            """
        #expect(problems(Reading.corpus(project, path: "p.boris")) == [])
        // Rows that really are out of order are told still.
        let wrong = "Time\tBehavior\tStatus\n5\ta\tSTART\n6\ta\tSTOP\n1\tb\tSTART\n2\tb\tSTOP\n"
        #expect(problems(Reading.corpus(wrong, path: "o.tsv")) == ["rows-out-of-order"])
    }

    @Test("tools that list labels as they were made have no order to leave")
    func made() {
        let studio = """
            [{"data": {"video": "v1.mp4"}, "annotations": [{"completed_by": 1, "result": [
              {"value": {"start": 5, "end": 6, "labels": ["x"]}}, {"value": {"start": 1, "end": 2, "labels": \
            ["y"]}}]}]}]
            """
        #expect(problems(Reading.corpus(studio, path: "t.json")) == [])
        let backup = """
            [{"tags":[{"frame":50,"label":"a"},{"frame":10,"label":"b"}],"shapes":[],"tracks":[]}]
            """
        #expect(problems(Reading.corpus(backup, path: "t.json") { $0.rate = 10 }) == [])
    }

    private static let video = """
        <?xml version="1.0" encoding="utf-8"?>
        <annotations><version>1.1</version><meta><task><size>91</size></task></meta>
        <track id="0" label="take cup"><box frame="0" outside="0" keyframe="1"><attribute name="hand">left</attribute>
        <attribute name="fast">false</attribute></box>
        <box frame="20" outside="0" keyframe="1"><attribute name="hand">right</attribute>
        <attribute name="fast">true</attribute></box><box frame="60" outside="1" keyframe="1"/></track>
        <track id="1" label="pour &amp; stir"><points frame="60" outside="0"/><points frame="89" outside="0"/></track>
        </annotations>
        """

    @Test("CVAT for video: a track is a label until it is outside, an attribute a tier")
    func video() {
        let read = Reading.corpus(Self.video, path: "t.xml") { $0.rate = 10 }
        #expect(problems(read) == [])
        #expect(
            Reading.corpus(Self.video, path: "t.xml") { ($0.rate, $0.tiers) = (10, [""]) }.sessions.map { session in
                session.tracks.map { $0.segments.map { [$0.start, $0.end] } }
            } == [[[[0, 6], [6, 9]]]])
        #expect(
            Reading.shown(read) == [
                "t||: take cup 0.0 6.0, pour & stir 6.0 9.0, left 0.0 2.0, right 2.0 6.0, fast 2.0 6.0"
            ])
    }

    @Test("CVAT for video without a rate asks for it, and takes the one that it states")
    func videoRate() {
        let read = Reading.corpus(Self.video, path: "t.xml")
        #expect(problems(read) == ["no-rate"])
        #expect(read.problems.first?.remedy.contains("--rate") == true)
        let stated = Self.video.replacing("<size>91</size>", with: "<fps>20</fps>")
        #expect(
            Reading.shown(Reading.corpus(stated, path: "t.xml") { $0.tiers = [""] }) == [
                "t||: take cup 0.0 3.0, pour & stir 3.0 4.5"
            ])
    }

    @Test("CVAT for images: tags of frames that follow each other are one label")
    func images() {
        let text = """
            <annotations><image id="0" name="f0"><tag label="a"/></image><image id="1" name="f1"><tag label="a"></tag>
            </image><image id="7" name="f7"><tag label="a"/><box label="b"/></image></annotations>
            """
        #expect(
            Reading.shown(Reading.corpus(text, path: "t.xml") { $0.rate = 10 }) == [
                "t||: a 0.0 0.2, a 0.7 0.8, b 0.7 0.8"
            ])
    }

    @Test("XML that is broken, or of a kind that is not read, says which and what to do")
    func foreign() {
        let broken = Reading.corpus(String(Self.video.dropLast(400)), path: "t.xml") { $0.rate = 10 }
        #expect(problems(broken).contains("unreadable") || !broken.sessions.isEmpty)
        let other = Reading.corpus("<?xml version=\"1.0\"?><xmeml version=\"5\"><sequence/></xmeml>", path: "t.xml")
        #expect(problems(other) == ["unknown-format"])
        #expect(other.problems.first?.message.contains("Final Cut") == true)
        #expect(other.problems.first?.remedy.contains("CSV") == true)
    }

    @Test("timecodes are read by the rate that is given, and ask for one")
    func timecodes() {
        let text = "view,start,end,label\na,00:00:00:12,00:00:02:20,pour\nb,01:00:00:00,01:00:01:24,pour\n"
        #expect(
            Reading.shown(Reading.corpus(text) { $0.rate = 25 }) == [
                "take1|a|: pour 0.48 2.8", "take1|b|: pour 3600.0 3601.96",
            ])
        let without = Reading.corpus(text)
        #expect(problems(without) == ["no-rate", "no-rate"])
        #expect(without.problems.first?.message.contains("hours:minutes:seconds:frames") == true)
        #expect(problems(Reading.corpus(text) { $0.rate = 10 }).contains("bad-time"))
        let lasting = "start,duration,label,fps\n00:00:01:05,00:00:02:05,pour,10\n"
        #expect(Reading.shown(Reading.corpus(lasting)) == ["take1||: pour 1.5 4.0"])
    }

    @Test("starts, ends and texts in lists of one length are HowTo100M's")
    func lists() {
        let text = #"{"vid1": {"start": [2.55, 4.4], "end": [4.4, 6.0], "text": ["take a cup", "pour"]}}"#
        #expect(Reading.shown(Reading.corpus(text, path: "t.json")) == ["vid1||: take a cup 2.55 4.4, pour 4.4 6.0"])
        #expect(
            !Reading.corpus(#"{"v": {"start": [1, 2], "end": [2], "text": ["a"]}}"#, path: "t.json").problems.isEmpty)
    }

    static let via = #"""
        {"attribute":{"1":{"aname":"action","options":{"0":"pour","1":"stir"}},"2":{"aname":"who","options":{}}},
         "file":{"7":{"fname":"cam1.mp4"}},"view":{"1":{"fid_list":[7]}},
         "metadata":{"1_b":{"vid":"1","z":[4],"av":{"1":"1"}},
         "1_a":{"vid":"1","z":[0.5,2.25],"av":{"1":"0","2":"Ann"}}}}
        """#

    @Test("VIA: stretches of files with values of attributes, in tiers of their names")
    func stretches() {
        let read = Reading.corpus(Self.via, path: "via.json")
        #expect(problems(read) == [])
        #expect(Reading.shown(read) == ["cam1||: pour 0.5 2.25, stir 4.0 4.0, Ann 0.5 2.25"])
    }

    @Test(
        "files that are no text say which they are and what to export",
        arguments: [
            (Array("PK\u{3}\u{4}xxxx".utf8), "a.xlsx", "spreadsheet"),
            (Array("SQLite format 3\0".utf8), "a.db", "database"),
            (Array("PAR1\0".utf8), "a.parquet", "Parquet"),
        ])
    func containers(bytes: [UInt8], path: String, words: String) {
        let read = Reading.corpus([(path, bytes)])
        #expect(read.problems.first?.message.contains(words) == true)
        #expect(read.problems.first?.remedy.contains("CSV") == true)
    }

    @Test("a quote in a comment of a table swallows no row")
    func comments() {
        let text = "start,end,label\n# 3,\"unsure\n0,1,a\n1,x,b\n"
        let read = Reading.corpus(text)
        #expect(Reading.shown(read) == ["take1||: a 0.0 1.0"])
        #expect(read.problems.map(\.row) == [4])
    }

    @Test("labels of BIDS and of DCASE are known by their columns")
    func columns() {
        #expect(
            Reading.shown(Reading.corpus("onset\tduration\ttrial_type\n3\t0.5\tcue\n", path: "e.tsv")) == [
                "e||: cue 3.0 3.5"
            ])
        #expect(
            Reading.shown(Reading.corpus("filename\tonset\toffset\tevent_label\na.wav\t3\t4\tdog\n", path: "e.tsv"))
                == [
                    "a.wav||: dog 3.0 4.0"
                ])
    }
}
