import Foundation
import SyncModel
import Testing
import TimedText

@testable import LabelFiles

@Suite("Labels of a file are changed one by one, and every other byte stays")
struct SheetTests {
    private func sheet(
        _ text: String, _ path: String, _ change: (inout LabelOptions) -> Void = { _ in }
    ) throws -> LabelSheet {
        var options = LabelOptions()
        change(&options)
        return try LabelSheet(LabelReader.Source(path: path, bytes: Array(text.utf8)), options: options)
    }

    private struct Case: Sendable {
        let path: String
        let text: String
        /// The label that is changed by its name, and what becomes of the text.
        let name: String
        let start: Double
        let end: Double
        let new: String
        let wanted: String
        var rate: Double?
    }

    private static let columns =
        "narration_id,video_id,narration_timestamp,start_timestamp,stop_timestamp,start_frame,stop_frame,narration\n"

    private static let cases = [
        Case(
            path: "a.csv", text: "view,start_s,end_s,label\r\ncam1,0.5,2,\"pour, slowly\"\r\ncam1,2,3.25,stir\r\n",
            name: "pour, slowly", start: 0.75, end: 2.5, new: "pour; all",
            wanted: "view,start_s,end_s,label\r\ncam1,0.750,2.500,pour; all\r\ncam1,2,3.25,stir\r\n"),
        Case(
            path: "a.csv", text: "label;start;duration\nä;0,5;2\nb;3,0625;1,0\n", name: "b", start: 3.5, end: 5,
            new: "c;d", wanted: "label;start;duration\nä;0,5;2\n\"c;d\";3,5000;1,500\n"),
        Case(
            path: "epic.csv",
            text: columns + "P01_0,P01,00:00:00.56,00:00:01.00,00:00:02.00,60,120,take plate\n"
                + "P01_1,P01,00:00:09.56,00:00:10.00,00:00:12.00,600,720,put plate\n",
            name: "take plate", start: 1.5, end: 2, new: "take bowl",
            wanted: columns + "P01_0,P01,00:00:00.56,00:00:01.500,00:00:02.00,90,120,take bowl\n"
                + "P01_1,P01,00:00:09.56,00:00:10.00,00:00:12.00,600,720,put plate\n", rate: 60),
        Case(
            path: "a.txt", text: "1-30 SIL\n31-75 pour milk\n76-90 SIL\n", name: "pour milk", start: 3, end: 4,
            new: "pour", wanted: "1-30 SIL\n46-60 pour\n76-90 SIL\n", rate: 15),
        Case(
            path: "labels.txt", text: "0.5\t1.5\tcut\n2\t3\tpour\n", name: "pour", start: 2.125, end: 3, new: "drip",
            wanted: "0.5\t1.5\tcut\n2.125\t3\tdrip\n"),
        Case(
            path: "net.json",
            text:
                #"{"database": {"v1": {"annotations": [{"segment": [1.5, 2.5], "label": "cut"}, {"label": "#
                + #""say \"hi\"", "segment": [4, 5.25]}]}}}"#,
            name: "say \"hi\"", start: 4.5, end: 5.25, new: "say \"bye\"",
            wanted:
                #"{"database": {"v1": {"annotations": [{"segment": [1.5, 2.5], "label": "cut"}, {"label": "#
                + #""say \"bye\"", "segment": [4.500, 5.25]}]}}}"#),
        Case(
            path: "studio.json",
            text:
                #"[{"data": {"video": "/v/x.mp4"}, "annotations": [{"completed_by": 7, "result": [{"from_name": "t", "#
                + #""value": {"ranges": [{"start": 11, "end": 20}], "timelinelabels": ["cut"]}}]}]}]"#,
            name: "cut", start: 2, end: 3, new: "chop",
            wanted:
                #"[{"data": {"video": "/v/x.mp4"}, "annotations": [{"completed_by": 7, "result": [{"from_name": "t", "#
                + #""value": {"ranges": [{"start": 21, "end": 30}], "timelinelabels": ["chop"]}}]}]}]"#, rate: 10),
        Case(
            path: "via.json",
            text:
                #"{"file": {"1": {"fname": "x.mp4"}}, "view": {"1": {"fid_list": ["1"]}}, "attribute": {"1": "#
                + #"{"aname": "act"}}, "metadata": {"1_a": {"vid": "1", "z": [1, 2.5], "av": {"1": "cut"}}}}"#,
            name: "cut", start: 1, end: 3, new: "chop",
            wanted:
                #"{"file": {"1": {"fname": "x.mp4"}}, "view": {"1": {"fid_list": ["1"]}}, "attribute": {"1": "#
                + #"{"aname": "act"}}, "metadata": {"1_a": {"vid": "1", "z": [1, 3.000], "av": {"1": "chop"}}}}"#),
        Case(
            path: "a.vtt", text: "WEBVTT\n\n00:01.000 --> 00:02.000\ncut\n\n00:03.000 --> 00:04.000\npour\n",
            name: "pour", start: 3.25, end: 4, new: "drip",
            wanted: "WEBVTT\n\n00:01.000 --> 00:02.000\ncut\n\n00:03.250 --> 00:04.000\ndrip\n"),
    ]

    @Test(
        "start, end and name of one label, in tables, lists, frame ranges, JSON of tools and timed text",
        arguments: cases.indices)
    func changed(_ number: Int) throws {
        let one = Self.cases[number]
        let sheet = try sheet(one.text, one.path) { $0.rate = one.rate }
        #expect(sheet.reason == nil)
        let place = try #require(sheet.document.items.firstIndex { $0.text == one.name })
        let bytes = try sheet.document.rewritten([place: [EditedPart(start: one.start, end: one.end, text: one.new)]])
        #expect(String(decoding: bytes, as: UTF8.self) == one.wanted)
        // Nothing changed is nothing written.
        let item = sheet.document.items[place]
        let same = try sheet.document.rewritten([place: [EditedPart(start: item.start, end: item.end)]])
        #expect(same == Array(one.text.utf8))
        let again = try LabelSheet(
            LabelReader.Source(path: one.path, bytes: bytes),
            options: {
                var o = LabelOptions()
                o.rate = one.rate
                return o
            }())
        let read = again.document.items[place]
        #expect(read.text == one.new && abs(read.start - one.start) < 1e-9 && abs(read.end - one.end) < 1e-9)
    }

    @Test("view, annotator, tier and actor of each label are those that genlock actions compares")
    func lanes() throws {
        let text =
            "session,view,annotator,tier,actor,start,end,label\n"
            + "s,cam1,ann,left,ed,1,2,cut\ns,cam2,ann,left,ed,1,2,cut\n"
        let sheet = try sheet(text, "a.csv")
        #expect(
            sheet.lanes == [
                .init(session: "s", view: "cam1", annotator: "ann", tier: "left"),
                .init(session: "s", view: "cam2", annotator: "ann", tier: "left"),
            ])
        #expect(sheet.document.items.map(\.tier) == [0, 1] && sheet.document.items.map(\.speaker) == ["ed", "ed"])
    }

    @Test("a row is split into two, with its frames, and joined again")
    func split() throws {
        let text = "start_s,end_s,start_frame,end_frame,label\n1.0,2.0,25,50,cut\n"
        let sheet = try sheet(text, "a.csv") { $0.rate = 25 }
        let bytes = try sheet.document.rewritten([
            0: [EditedPart(start: 1, end: 1.4), EditedPart(start: 1.4, end: 2, text: "chop")]
        ])
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == "start_s,end_s,start_frame,end_frame,label\n1.0,1.400,25,35,cut\n1.400,2.000,35,50,chop\n")
    }

    @Test("what has no separate places is read and says so: a label per frame, CVAT, BORIS")
    func fixed() throws {
        let frames = (Array(repeating: "cut", count: 15) + Array(repeating: "pour", count: 30)).joined(separator: "\n")
        let sheet = try sheet(frames, "a.txt") { $0.rate = 15 }
        #expect(sheet.document.items.map(\.text) == ["cut", "pour"])
        #expect(sheet.document.items.map(\.end) == [1, 3])
        #expect(sheet.reason != nil && sheet.document.rights(of: 0) == .none)
        #expect(throws: TimedTextError.self) {
            try sheet.document.rewritten([0: [EditedPart(start: 0, end: 0.5)]])
        }
        #expect(throws: ClipFailure.self) { try self.sheet("start,end\n1,2\n", "a.csv") }
    }

    @Test("rows that are skipped when labels are compared are there to be mended")
    func broken() throws {
        let sheet = try sheet("start,end,label\n1,2,cut\n4,3,pour\n5,6,stir\n", "a.csv")
        #expect(sheet.document.items.map(\.text) == ["cut", "pour", "stir"] && sheet.reason == nil)
        let bytes = try sheet.document.rewritten([1: [EditedPart(start: 3, end: 4)]])
        #expect(String(decoding: bytes, as: UTF8.self) == "start,end,label\n1,2,cut\n3.000,4.000,pour\n5,6,stir\n")
    }
}
