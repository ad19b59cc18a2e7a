import SyncModel
import Testing

@testable import LabelFiles

@Suite("Files of datasets and tools")
struct FormatTests {
    @Test("one label a frame, with the background left out")
    func framewise() {
        let text = (["SIL"] + Array(repeating: "take_cup", count: 15) + Array(repeating: "pour", count: 30) + ["SIL"])
            .joined(separator: "\n")
        #expect(
            Reading.shown(Reading.corpus(text, path: "P03_cam01_P03_coffee.txt") { $0.rate = 15 }) == [
                "P03_P03_coffee|cam01|: take_cup 0.067 1.067, pour 1.067 3.067"
            ])
    }

    @Test("ranges of frames: Breakfast counts from 1 with the last frame included, GTEA names them in angles")
    func ranges() {
        #expect(
            Reading.shown(Reading.corpus("1-30 SIL\n31-150 take_cup\n151-165 pour\n", path: "x.txt") { $0.rate = 15 })
                == ["x||: take_cup 2.0 10.0, pour 10.0 11.0"])
        #expect(
            Reading.shown(Reading.corpus("<take><cup> (0-14) [1]\n<pour> (15-29)\n", path: "x.txt") { $0.rate = 15 })
                == ["x||: take_cup 0.0 1.0, pour 1.0 2.0"])
    }

    @Test("Charades, and tables without a header")
    func tables() {
        let charades =
            """
            id,subject,scene,actions,length\n46GP8,HR43,Kitchen,c092 11.90 21.20;c147 0.00 \
            12.60,24.83\nN11GT,0KZ7,Stairs,,18.33\n
            """
        #expect(Reading.shown(Reading.corpus(charades)) == ["46GP8||: c147 0.0 12.6, c092 11.9 21.2"])
        #expect(
            Reading.shown(Reading.corpus("0.0\t1.5\tknock\n2\t3\tdoor opens\n", path: "a.txt")) == [
                "a||: knock 0.0 1.5, door opens 2.0 3.0"
            ])
    }

    @Test("ActivityNet, its captions, and Ego4D's moments")
    func nested() {
        let activity =
            #"""
            {"version":"1.3","database":{"v1":{"duration":82.7,"annotations":[{"segment":[1.5,20],\#
            "label":"Drinking"}]}}}
            """#
        #expect(Reading.shown(Reading.corpus(activity)) == ["v1||: Drinking 1.5 20.0"])
        let captions = #"{"v_a":{"duration":9,"timestamps":[[0,4.5],[4,9]],"sentences":["A man sits."," He waves."]}}"#
        #expect(Reading.shown(Reading.corpus(captions)) == ["v_a||: A man sits. 0.0 4.5, He waves. 4.0 9.0"])
        let ego = """
            {"videos":[{"video_uid":"u1","clips":[{"clip_uid":"c","annotations":[{"annotator_uid":"n1","labels":[
            {"start_time":1,"end_time":2,"video_start_time":31,"video_end_time":32,"label":"wash"}]},
            {"annotator_uid":"n2","labels":[{"start_time":1,"end_time":2,"video_start_time":31.5,"video_end_time":32,\
            "label":"wash"}]}]}]}]}
            """
        #expect(Reading.shown(Reading.corpus(ego)) == ["u1||n1: wash 31.0 32.0", "u1||n2: wash 31.5 32.0"])
    }

    @Test("Label Studio: sound regions in seconds, timelines in frames counted from 1")
    func labelStudio() {
        let text = """
            [{"id":7,"data":{"video":"/data/upload/take3.mp4"},"annotations":[{"completed_by":{"email":"anna@x.org"},\
            "result":[
            {"type":"timelinelabels","from_name":"t","value":{"ranges":[{"start":26,"end":50}],\
            "timelinelabels":["pour"]}},
            {"type":"labels","from_name":"t","value":{"start":3.5,"end":4,"labels":["clink"]}}]}]}]
            """
        #expect(
            Reading.shown(Reading.corpus(text, path: "e.json") { $0.rate = 25 }) == [
                "take3||anna@x.org: pour 1.0 2.0, clink 3.5 4.0"
            ])
        #expect(Reading.corpus(text, path: "e.json").problems.contains { $0.code == "no-rate" })
    }

    @Test("CVAT: tags of frames that follow each other, and tracks until they go outside; BORIS projects")
    func cvatAndBoris() {
        let backup = """
            [{"version":0,"tags":[{"frame":0,"label":"stir"},{"frame":1,"label":"stir"},{"frame":10,"label":"stir"}],\
            "shapes":[],
            "tracks":[{"frame":20,"label":"carry","shapes":[{"frame":20,"outside":false},{"frame":30,\
            "outside":true}]}]}]
            """
        #expect(
            Reading.shown(Reading.corpus(backup, path: "t.json") { $0.rate = 10 }) == [
                "t||: stir 0.0 0.2, stir 1.0 1.1, carry 2.0 3.0"
            ])
        let datumaro =
            #"""
            {"info":{},"categories":{"label":{"labels":[{"name":"a"},{"name":"b"}]}},"items":[{"id":"f0",\#
            "attr":{"frame":5},"annotations":[{"type":"label","label_id":1}]}]}
            """#
        #expect(Reading.shown(Reading.corpus(datumaro, path: "t.json") { $0.rate = 10 }) == ["t||: b 0.5 0.6"])
        let boris = """
            {"behaviors_conf":{"0":{"code":"lift","type":"State event"},"1":{"code":"nod","type":"Point event"}},
            "observations":{"o1":{"events":[[1.0,"mum","lift","",""],[2.0,"mum","nod","",""],[3.0,"mum","lift","",\
            ""]]}}}
            """
        #expect(Reading.shown(Reading.corpus(boris, path: "p.boris")) == ["o1||: lift 1.0 3.0, nod 2.0 2.0"])
    }

    @Test("clocks of views, from one document or many lines, by session and view")
    func clocks() throws {
        let text =
            #"""
            {"clock":[{"clip":"in/s1_cam1.mp4","offset_ms":0,"drift_ppm":0,"group":0},{"clip":"in/s1_cam2.mp4",\#
            "offset_ms":-120.5,"drift_ppm":12.5,"group":0}]}
            """#
        let file = try #require(SyncFile(Array(text.utf8)))
        #expect(file.entry(session: "s1", view: "cam2")?.offsetMilliseconds == -120.5)
        #expect(file.entry(session: "s1", view: "cam2")?.driftPartsPerMillion == 12.5)
        #expect(file.entry(session: "s2", view: "cam2") == nil)
        #expect(SyncFile(Array("{}".utf8)) == nil)
    }

    @Test("WebVTT as labels, and tiers of ELAN and TextGrid")
    func timedText() {
        let vtt = "WEBVTT\n\n00:01.000 --> 00:02.500\npour\n\n00:02.500 --> 00:03.000\nstir\n"
        #expect(Reading.shown(Reading.corpus(vtt, path: "t.vtt")) == ["t||: pour 1.0 2.5, stir 2.5 3.0"])
        let grid = """
            File type = "ooTextFile"
            Object class = "TextGrid"

            xmin = 0
            xmax = 3
            tiers? <exists>
            size = 1
            item []:
                item [1]:
                    class = "IntervalTier"
                    name = "actions"
                    xmin = 0
                    xmax = 3
                    intervals: size = 2
                    intervals [1]:
                        xmin = 0
                        xmax = 1
                        text = ""
                    intervals [2]:
                        xmin = 1
                        xmax = 3
                        text = "cut"
            """
        #expect(Reading.shown(Reading.corpus(grid, path: "t.TextGrid")) == ["t||: cut 1.0 3.0"])
        let eaf = """
            <?xml version="1.0" encoding="UTF-8"?>
            <ANNOTATION_DOCUMENT><HEADER TIME_UNITS="milliseconds"/><TIME_ORDER><TIME_SLOT TIME_SLOT_ID="ts1" \
            TIME_VALUE="500"/><TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="1500"/></TIME_ORDER>
            <TIER TIER_ID="hands" LINGUISTIC_TYPE_REF="d"><ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" \
            TIME_SLOT_REF1="ts1" \
            TIME_SLOT_REF2="ts2"><ANNOTATION_VALUE>reach</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
            </ANNOTATION_DOCUMENT>
            """
        #expect(Reading.shown(Reading.corpus(eaf, path: "t.eaf")) == ["t||: reach 0.5 1.5"])
    }
}
