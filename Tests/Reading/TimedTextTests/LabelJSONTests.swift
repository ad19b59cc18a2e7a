import Testing

@testable import TimedText

@Suite("Labels in the JSON of annotation tools")
struct LabelJSONTests {
    private func moved(_ text: String) throws -> String {
        let document = try TimedTextReader().read(Array(text.utf8), name: "a.json")
        return String(decoding: try document.rewritten { time, _ in time + 0.4 }.bytes, as: UTF8.self)
    }

    @Test(
        "times move, and every other byte stays",
        arguments: [
            (
                #"""
                [{"id": 1, "data": {"audio": "a.wav"}, "annotations": [{"result": [{"value": {"start": 1.25, \#
                "end": 3.5, "labels": ["cut"]}}]}]}]
                """#,
                #"""
                [{"id": 1, "data": {"audio": "a.wav"}, "annotations": [{"result": [{"value": {"start": 1.650, \#
                "end": 3.900, "labels": ["cut"]}}]}]}]
                """#
            ),
            (
                #"""
                {"version": "1", "database": {"a": {"duration": 20, "annotations": [{"segment": [1.5, 4.0], \#
                "label": "cut"}]}}}
                """#,
                #"""
                {"version": "1", "database": {"a": {"duration": 20, "annotations": [{"segment": [1.900, 4.400], \#
                "label": "cut"}]}}}
                """#
            ),
            (
                #"""
                {"behaviors_conf": {}, "observations": {"a": {"events": [[1.5, "s", "cut", "", ""], [4, "s", "cut", \#
                "", ""]]}}}
                """#,
                #"""
                {"behaviors_conf": {}, "observations": {"a": {"events": [[1.900, "s", "cut", "", ""], [4.400, "s", \#
                "cut", "", ""]]}}}
                """#
            ),
        ])
    func moves(text: String, wanted: String) throws { #expect(try moved(text) == wanted) }

    @Test(
        "what counts video frames says so",
        arguments: [
            #"{"tags": [{"frame": 3, "label": "x"}], "shapes": [], "tracks": []}"#,
            #"""
            [{"data": {}, "annotations": [{"result": [{"value": {"ranges": [{"start": 3, "end": 9}], \#
            "timelinelabels": ["cut"]}}]}]}]
            """#,
        ])
    func frames(text: String) {
        let error = #expect(throws: TimedTextError.self) { try moved(text) }
        #expect(error?.code == "counts-frames")
    }

    @Test("a table of frame numbers counts frames; one with times beside them does not")
    func tables() throws {
        #expect(
            try TimedTextReader().read(Array("start_frame,end_frame,label\n1,9,cut\n".utf8), name: "a.csv").countsFrames
        )
        #expect(
            try !TimedTextReader().read(
                Array(
                    "start_timestamp,stop_timestamp,start_frame,stop_frame,label\n00:00:01.50,00:00:02.00,1,9,cut\n"
                        .utf8), name: "a.csv"
            ).countsFrames)
    }
}

@Suite("Tables of times that are none")
struct HugeTimeTests {
    @Test(
        "are read or refused, and nothing ends",
        arguments: ["1e300", "-1e300", "inf", "nan", "9223372036854775808", "1e17"])
    func huge(time: String) {
        let text = "onset\toffset\tevent_label\n0\t\(time)\ta\n\(time)\t2\tb\n1\t\(time)\tc\n"
        _ = try? TimedTextReader().read(Array(text.utf8), name: "a.tsv")
    }
}
