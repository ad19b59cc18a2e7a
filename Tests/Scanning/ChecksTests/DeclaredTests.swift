import Foundation
import SyncModel
import Testing

@testable import Checks
@testable import Views

@Suite("What recordings declare of their time")
struct DeclaredTests {
    @Test("timecode counts frames as SMPTE ST 12-1 does")
    func timecode() throws {
        let plain = try #require(Timecode("01:00:00:12", rate: 25))
        #expect(plain.seconds == 3600.48)
        // Dropping keeps timecode within 4 ms of the clock an hour; not dropping loses 3.6 s.
        let dropped = try #require(Timecode("01:00:00;00", rate: 30000.0 / 1001))
        #expect(dropped.frames == 107_892)
        #expect(abs(dropped.seconds - 3600) < 0.004)
        let kept = try #require(Timecode("01:00:00:00", rate: 30000.0 / 1001))
        #expect(abs(kept.seconds - 3603.6) < 1e-6)
        #expect(Timecode("00:01:00;02", rate: 30000.0 / 1001)?.frames == 1800)
        #expect(Timecode("00:10:00;00", rate: 60000.0 / 1001)?.frames == 35_964)
    }

    @Test(
        "what is no timecode is none",
        arguments: ["", "10:00:00", "25:00:00:00", "00:61:00:00", "00:00:00:25", "a:b:c:d"])
    func noTimecode(text: String) { #expect(Timecode(text, rate: 25) == nil) }

    @Test("capture times are read by the usual names, by given ones, and by number of the camera")
    func captureTimes() throws {
        let table = try CaptureTimes(
            text: "sync_index,cam_id,frame_index,frame_time\n1,0,10,5.5\n2,0,11,5.75\n2,1,10,5.6\n", file: "t.csv")
        #expect(table.times(forFile: "/x/cam_0.mp4", frames: 2) == [0: 5.5, 1: 5.75])
        #expect(table.times(forFile: "cam_01.mp4", frames: nil)?[0] == 5.6)
        #expect(table.times(forFile: "cam_7.mp4", frames: 2) == nil)
        let named = try CaptureTimes(
            text: "who\tn\tt_ms\nleft.mp4\t0\t1500\n", file: "t.tsv", columns: ("who", "n", "t_ms"))
        #expect(named.times(forFile: "/y/left.mp4", frames: 1) == [0: 1.5])
    }

    @Test("a broken table names file, row and remedy")
    func brokenTable() {
        for (text, word) in [
            ("", "empty"), ("a,b,c\n1,2,3\n", "--capture-columns"), ("view,frame,time\nx,1\n", "row 2"),
            ("view,frame,time\nx,1,nan\n", "row 2"),
        ] {
            #expect { try CaptureTimes(text: text, file: "t.csv") } throws: { error in
                let said = (error as? CaptureTimes.Problem)?.description ?? ""
                return said.contains("t.csv") && said.contains(word)
            }
        }
    }

    @Test(
        "capture times of any end of line, with quotes and blanks around fields",
        arguments: [
            "view,frame,time\na,0,1\na,1,2", "view,frame,time\r\na,0,1\r\n\r\na,1,2\r\n",
            "\u{FEFF}view,frame,time\ra,0,1\r\ra,1,2\r", "\n\"view\"; \"frame\" ;time\na;\"0\"; 1\na;1.0;2,",
            "view\tframe\ttime\tx;y,z\u{2028}a\t0\t1\u{85}\"a\t1\t2\u{0B}",
        ])
    func captureTables(text: String) throws {
        let isRead = !text.hasSuffix(",")
        let table = try? CaptureTimes(text: text, file: "t.csv")
        #expect(table?.times(forFile: "a.mp4", frames: 2) == (isRead ? [0: 1, 1: 2] : nil))
    }

    @Test("rows of capture times are counted without blank lines, and quotes hide no comma")
    func captureRows() {
        for (text, words) in [
            ("view,frame,time\n\na,0,1\n\nb,\"x\",1\n", "row 3: 'b,\"x\",1'"),
            ("view,frame,time\n\"a,b\",0,1\n", "row 2: '\"a,b\",0,1'"),
        ] {
            #expect { try CaptureTimes(text: text, file: "t.csv") } throws: { error in
                (error as? CaptureTimes.Problem)?.description.contains(words) == true
            }
        }
    }

    private func views(timecodes: [Double?], offset: Double) -> ([ViewInput], PairTable) {
        let views = timecodes.enumerated().map { index, seconds -> ViewInput in
            var view = ViewInput(clip: "cam\(index).mov", durationSeconds: 60)
            view.hasPicture = true
            view.hasSound = true
            view.declared = seconds.map { DeclaredTime(timecodeSeconds: $0, timecode: "set", source: "tmcd") }
            return view
        }
        let fit = PairMeasurement.Fit(offset: offset, middle: 10, error: 0.0005)
        return (
            views,
            PairTable(rows: [
                PairTable.Row(
                    reference: 0, subject: 1,
                    measurement: PairMeasurement(method: .sound, fit: fit, confidence: 0.999, isAnswered: true))
            ])
        )
    }

    @Test("declared timecode is judged where both carry one, else each from its own start")
    func judgedAsTheyStand() throws {
        // By timecode the second starts 5 s later; by the content 5.12 s: three frames at 25.
        let (views, pairs) = views(timecodes: [36_000, 36_005], offset: 5.12)
        let finding = try #require(ViewsAnalyser().report(views, pairs: pairs).findings.first)
        #expect(abs((finding.offset?.milliseconds ?? 0) - 120) < 1e-6)
        #expect(finding.verdict == .misaligned)
        let (bare, same) = self.views(timecodes: [36_000, nil], offset: 0.01)
        let other = try #require(ViewsAnalyser().report(bare, pairs: same).findings.first)
        #expect(abs((other.offset?.milliseconds ?? 0) - 10) < 1e-6)
        #expect(other.verdict == .inSync)
    }

    @Test("timecode that passes midnight in between is no day off")
    func midnight() throws {
        let (views, pairs) = views(timecodes: [86_395, 5], offset: 10)
        let finding = try #require(ViewsAnalyser().report(views, pairs: pairs).findings.first)
        #expect(abs(finding.offset?.milliseconds ?? 99) < 1e-6)
    }
}
