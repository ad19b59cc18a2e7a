import Fixing
import Muxing
import SyncModel
import Testing

@Suite("A plan of mending is a table that people may change")
struct MendPlanTests {
    private func row(_ why: String, _ move: SoundMove?) -> MendPlan.Row {
        MendPlan.Row(
            isMoved: move != nil, clip: "a, \"b\".mp4", move: move, output: "out/a.mp4", by: "measured", why: why)
    }

    @Test(
        "names and words with commas, quotes and every end of line come back as they were",
        arguments: ["x,y", "say \"no\"", "two\nlines", "two\r\nlines", "one\rline"])
    func roundTrip(why: String) throws {
        let segments = [
            OffsetSegment(span: TimeSpan(start: 0, end: 1.5), offset: Offset(milliseconds: -118)),
            OffsetSegment(span: TimeSpan(start: 1.5, end: 3), offset: Offset(milliseconds: 82.25)),
        ]
        let plan = MendPlan(rows: [
            row(why, SoundMove(offset: Offset(milliseconds: -118.5), drift: Drift(ppm: 104.17), segments: [])),
            row(why, SoundMove(offset: Offset(milliseconds: -118), segments: segments)), row(why, nil),
            MendPlan.Row(
                isMoved: true, clip: "b.mkv", move: nil,
                cut: MendPlan.Cut(span: TimeSpan(start: 1.25, end: 9.5), drift: Drift(ppm: -52), views: "a, \"b\".mp4"),
                output: "out/b.mp4", by: "measured", why: why),
        ])
        #expect(try MendPlan(csv: plan.csv, file: "plan.csv").rows == plan.rows)
    }

    @Test(
        "a row that cannot be used is named, with what to do",
        arguments: [
            ("move,a.mp4,,-118", "row 2"), ("jump,a.mp4,,-118,,,o.mp4,me,x", "no action"),
            ("move,,,-118,,,o.mp4,me,x", "names no clip"),
            ("move,a.mp4,,soon,,,o.mp4,me,x", "no offset_ms"), ("move,a.mp4,,-118,,1-2,o.mp4,me,x", "segments"),
            ("cut,a.mp4,,,,,o.mp4,me,x", "no start_s"),
        ])
    func bad(row: String, words: String) throws {
        let error = try #require(throws: ClipFailure.self) {
            try MendPlan(
                csv: "action,clip,audio,offset_ms,drift_ppm,segments,output,by,why\n\(row)\n", file: "plan.csv")
        }
        #expect(error.message.contains("plan.csv row 2"))
        #expect(error.message.contains(words) && !error.remedy.isEmpty)
    }
}
