import Foundation
import SyncModel
import Testing

@testable import LabelFiles

@Suite("Label files are written again with other times, and every other byte stays")
struct RewriterTests {
    private func moved(
        _ text: String, _ path: String, by seconds: Double = 1.5, _ change: (inout LabelOptions) -> Void = { _ in }
    ) throws -> String {
        var options = LabelOptions()
        change(&options)
        let result = try LabelFileRewriter(options: options).rewritten(
            LabelReader.Source(path: path, bytes: Array(text.utf8))
        ) { $0 + seconds }
        return String(decoding: result.bytes, as: UTF8.self)
    }

    private func refusal(
        _ text: String, _ path: String, by seconds: Double = 1.5, _ change: (inout LabelOptions) -> Void = { _ in }
    ) -> ClipFailure? {
        do {
            _ = try moved(text, path, by: seconds, change)
            return nil
        } catch { return error as? ClipFailure }
    }

    @Test(
        "seconds, with a point or a comma, with end or duration, quoted and with other columns between",
        arguments: [
            (
                "view,start_s,end_s,label\r\ncam1,0.5,2,\"pour, 1.5\"\r\n\r\ncam1,2,3.25,stir", "a.csv",
                "view,start_s,end_s,label\r\ncam1,2.0,3.500,\"pour, 1.5\"\r\n\r\ncam1,3.500,4.75,stir"
            ),
            (
                "\u{FEFF}label;start;duration\nä;0,5;2\nb;\"3,0625\";1,0\n", "a.csv",
                "\u{FEFF}label;start;duration\nä;2,0;2\nb;\"4,5625\";1,0\n"
            ),
            (
                "start,end,label\n00:01.5,00:03.250,a\n1:02:03.04,1:02:04,b\n", "a.csv",
                "start,end,label\n00:03.0,00:04.750,a\n1:02:04.54,1:02:05.500,b\n"
            ),
            ("0.0\t1.5\tknock\n2\t3\tdoor 2 opens\n", "a.txt", "1.5\t3.0\tknock\n3.500\t4.500\tdoor 2 opens\n"),
            ("start_ms,end_ms,label\n500,2000,a\n", "a.csv", "start_ms,end_ms,label\n2000,3500,a\n"),
        ])
    func tables(text: String, path: String, expected: String) throws {
        #expect(try Array(moved(text, path).utf8) == Array(expected.utf8))
    }

    @Test("frames and timecodes stay whole, by the rate that is given or stands in the row")
    func frames() throws {
        #expect(
            try moved("start_frame,end_frame,label\n0,30,a\n", "a.csv") { $0.rate = 15 }
                == "start_frame,end_frame,label\n22,52,a\n")
        #expect(
            try moved("start_frame,end_frame,label,fps\n0,30,a,10\n", "a.csv") { $0.endsAreInclusive = true }
                == "start_frame,end_frame,label,fps\n15,45,a,10\n")
        #expect(
            try moved("start,end,label\n00:00:01:20,00:00:03:00,a\n", "a.csv", by: 1.6) { $0.rate = 25 }
                == "start,end,label\n00:00:03:10,00:00:04:15,a\n")
        #expect(refusal("start_frame,end_frame,label\n0,30,a\n", "a.csv")?.remedy.contains("--rate") == true)
        #expect(refusal("start,end,label\n00:00:01:20,00:00:03:00,a\n", "a.csv")?.remedy.contains("--rate") == true)
    }

    @Test("seconds and frames side by side move together")
    func both() throws {
        let text = """
            narration_id,video_id,narration_timestamp,start_timestamp,stop_timestamp,start_frame,stop_frame,verb
            P01_0,P01,00:00:00.50,00:00:01.00,00:00:02.50,60,150,take cup

            """
        #expect(
            try moved(text, "epic.csv") { $0.rate = 60 } == """
                narration_id,video_id,narration_timestamp,start_timestamp,stop_timestamp,start_frame,stop_frame,verb
                P01_0,P01,00:00:02.00,00:00:02.50,00:00:04.00,150,240,take cup

                """)
        #expect(refusal(text, "epic.csv")?.remedy.contains("--rate") == true)
    }

    @Test("VIA: the times of its stretches")
    func via() throws {
        let text = ToolTests.via
        #expect(
            try moved(text, "via.json")
                == text.replacing("[0.5,2.25]", with: "[2.0,3.75]").replacing("[4]", with: "[5.500]"))
    }

    @Test("BORIS: events of a table and of a project")
    func boris() throws {
        let table = """
            Observation id\to1\nTime offset (s)\t12.5\n
            Time\tTotal length\tFPS\tSubject\tBehavior\tStatus
            1.000\t20.0\t25\ts\tstir\tSTART
            2.000\t20.0\t25\ts\tsneeze\tPOINT
            4.000\t20.0\t25\ts\tstir\tSTOP

            """
        #expect(
            try moved(table, "o.tsv")
                == table.replacing("\n1.000", with: "\n2.500").replacing("\n2.000", with: "\n3.500").replacing(
                    "\n4.000", with: "\n5.500"))
        let project = #"""
            {"behaviors_conf": {"0": {"code": "lift", "type": "State event"}},
             "observations": {"o1": {"time offset": 3, "events": [[1.0, "mum", "lift", ""],
               [3, "mum", "lift", ""]]}}}
            """#
        #expect(
            try moved(project, "p.boris")
                == project.replacing("[[1.0,", with: "[[2.5,").replacing("[3, \"mum", with: "[4.500, \"mum"))
    }

    @Test("Label Studio: seconds, ranges of frames that count from 1, and key frames")
    func labelStudio() throws {
        let text = #"""
            [{"id": 1, "data": {"video": "/v.mp4"}, "annotations": [{"completed_by": 1, "result": [
              {"value": {"start": 1.25, "end": 2, "labels": ["x"]}, "id": "r1"},
              {"value": {"ranges": [{"start": 1, "end": 10}], "timelinelabels": ["y"]}},
              {"value": {"sequence": [{"frame": 11, "enabled": true, "time": 1.1}, {"frame": 20, "enabled": false,
               "time": 2.0}], "labels": ["z"]}}]}]}]
            """#
        #expect(
            try moved(text, "t.json") { $0.rate = 10 }
                == text.replacing("1.25, \"end\": 2,", with: "2.75, \"end\": 3.500,")
                .replacing("{\"start\": 1, \"end\": 10}", with: "{\"start\": 16, \"end\": 25}")
                .replacing("\"frame\": 11", with: "\"frame\": 26").replacing("\"time\": 1.1", with: "\"time\": 2.6")
                .replacing("\"frame\": 20", with: "\"frame\": 35").replacing("\"time\": 2.0", with: "\"time\": 3.5"))
    }

    @Test("JSON of datasets: segments, pairs of seconds and frames, captions, lists, lines")
    func json() throws {
        #expect(
            try moved(
                #"{"database":{"v1":{"duration":82.7,"annotations":[{"segment":[1.5,20],"label":"Drinking"}]}}}"#,
                "a.json")
                == #"{"database":{"v1":{"duration":82.7,"annotations":[{"segment":[3.0,21.500],"label":"Drinking"}]}}}"#
        )
        #expect(
            try moved(#"{"v":{"timestamps":[[0,4.5]],"sentences":["at 4.5"]}}"#, "a.json")
                == #"{"v":{"timestamps":[[1.500,6.0]],"sentences":["at 4.5"]}}"#)
        #expect(
            try moved(#"{"v":{"start":[1,2],"end":[2,3],"text":["a","b"]}}"#, "a.json")
                == #"{"v":{"start":[2.500,3.500],"end":[3.500,4.500],"text":["a","b"]}}"#)
        #expect(
            try moved(
                #"{"fps":10,"x":[{"start_frame":5,"end_frame":10,"start_sec":0.5,"end_sec":1.0,"label":"a"}]}"#,
                "a.json")
                == #"{"fps":10,"x":[{"start_frame":20,"end_frame":25,"start_sec":2.0,"end_sec":2.5,"label":"a"}]}"#)
        #expect(
            try moved(
                "{\"start\":1,\"end\":2,\"text\":\"a\"}\n{\"start\":\"3\",\"end\":4,\"text\":\"b\"}", "a.jsonl")
                == "{\"start\":2.500,\"end\":3.500,\"text\":\"a\"}\n{\"start\":\"4.500\",\"end\":5.500,\"text\":\"b\"}")
        #expect(
            refusal(
                #"[{"start_time":1,"end_time":2,"video_start_time":31,"video_end_time":32,"label":"a"}]"#, "a.json")?
                .message.contains("two clocks") == true)
    }

    @Test("CVAT: key frames of tracks, in XML and in a task's backup")
    func cvat() throws {
        let text = """
            <annotations><meta><task><stop_frame>60</stop_frame></task></meta><track id="0" label="a"><box frame="0"
            outside="0"/><box frame="20" outside="1"/></track></annotations>
            """
        #expect(
            try moved(text, "t.xml") { $0.rate = 10 }
                == text.replacing("frame=\"0\"", with: "frame=\"15\"").replacing("frame=\"20\"", with: "frame=\"35\""))
        let backup = #"[{"tags":[{"frame":0,"label":"a"}],"shapes":[],"tracks":[]}]"#
        #expect(
            try moved(backup, "t.json") { $0.rate = 10 } == backup.replacing("\"frame\":0", with: "\"frame\":15"))
    }

    @Test("ELAN, TextGrid, WebVTT and SubRip move as timed texts do")
    func timedText() throws {
        #expect(
            try moved("WEBVTT\n\n00:01.000 --> 00:02.500\npour\n", "t.vtt")
                == "WEBVTT\n\n00:02.500 --> 00:04.000\npour\n")
        let elan = """
            <?xml version="1.0"?><ANNOTATION_DOCUMENT><TIME_ORDER><TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="1000"/>
            <TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="2500"/></TIME_ORDER><TIER TIER_ID="hand"><ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2"><ANNOTATION_VALUE>pour\
            </ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>
            """
        #expect(
            try moved(elan, "t.eaf")
                == elan.replacing("1000", with: "2500").replacing("\"2500\"/></TIME", with: "\"4000\"/></TIME"))
    }

    @Test(
        "what cannot be moved is refused with why and what to do",
        arguments: [
            ((0..<30).map { $0 < 12 ? "pour" : "stir" }.joined(separator: "\n"), "a.txt", "per frame"),
            ("1-30 SIL\n31-150 take_cup\n", "a.txt", "per frame"),
            ("id,subject,actions,length\nA,B,c092 11.90 21.20,24\n", "a.csv", "Charades"),
            (
                #"{"categories":{"label":{"labels":[{"name":"a"}]}},"items":[{"annotations":[{"label_id":0}]}]}"#,
                "a.json", "images"
            ),
            ("<annotations><image id=\"0\"><tag label=\"a\"/></image></annotations>", "a.xml", "images"),
            ("start,end,label\n1,x,a\n", "a.csv", "not numbers"), ("name;colour\n1;2\n", "a.csv", "no known columns"),
        ])
    func refused(text: String, path: String, words: String) throws {
        let failure = try #require(refusal(text, path) { $0.rate = 15 })
        #expect(failure.message.contains(words), "\(failure.message)")
        #expect(failure.message.hasPrefix(path))
        #expect(!failure.remedy.isEmpty)
    }

    @Test("a clock cannot say a time before 0, a number can")
    func beforeZero() throws {
        #expect(refusal("start,end,label\n00:01.5,00:03.2,a\n", "a.csv", by: -2)?.message.contains("before 0") == true)
        #expect(try moved("start,end,label\n1.5,3.25,a\n", "a.csv", by: -2) == "start,end,label\n-0.5,1.25,a\n")
    }

    @Test("labels that mean nothing to comparisons move like the rest")
    func silence() throws {
        #expect(
            try moved("start,end,label\n1,2,SIL\n2,3,a\n", "a.csv") { $0.silence = ["sil"] }
                == "start,end,label\n2.500,3.500,SIL\n3.500,4.500,a\n")
    }
}
