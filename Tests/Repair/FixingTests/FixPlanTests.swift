import Fixing
import Foundation
import Muxing
import SyncModel
import Testing

@Suite("A plan of mending is a table that people may change")
struct FixPlanTests {
    private func row(_ why: String, _ move: SoundMove?) -> FixPlan.Row {
        var row = FixPlan.Row(
            move == nil ? .skip : .move, clip: "a, \"b\".mp4", output: move == nil ? "" : "out/a.mp4", by: "measured",
            why: why)
        row.move = move
        row.measuredBy = move == nil ? nil : .impacts
        return row
    }

    @Test(
        "names and words with commas, quotes and every end of line come back as they were",
        arguments: ["x,y", "say \"no\"", "two\nlines", "two\r\nlines", "one\rline"])
    func roundTrip(why: String) throws {
        let segments = [
            OffsetSegment(span: TimeSpan(start: -0.5, end: 1.5), offset: Offset(milliseconds: -118)),
            OffsetSegment(span: TimeSpan(start: 1.5, end: 3), offset: Offset(milliseconds: 82.25)),
        ]
        var cut = FixPlan.Row(.cut, clip: "b.mkv", output: "out/b.mp4", by: "measured", why: why)
        cut.cut = FixPlan.Cut(
            span: TimeSpan(start: 1.25, end: 9.5), drift: Drift(ppm: -52), views: "a, \"b\".mp4")
        var text = row(why, SoundMove(offset: Offset(milliseconds: -700)))
        (text.subjectFile, text.measuredBy, text.by) = ("a; b.srt", .transcript, "accepted by ann")
        var sound = row(why, SoundMove(offset: Offset(milliseconds: 80)))
        (sound.audioStream, sound.texts) = (1, ["x, \"y\".srt", "z\n.vtt"])
        sound.expectation = .offset(Offset(milliseconds: -200))
        var plan = FixPlan(rows: [
            row(why, SoundMove(offset: Offset(milliseconds: -118.5), drift: Drift(ppm: 104.17), segments: [])),
            row(why, SoundMove(offset: Offset(milliseconds: -118), segments: segments)), row(why, nil), cut, text,
            sound,
        ])
        for index in plan.rows.indices { plan.rows[index].output = "out/\(index).mp4" }
        #expect(try FixPlan(csv: plan.csv, file: "plan.csv").rows == plan.rows)
    }

    @Test("the sign of a piece's times is read, however it is written")
    func signs() throws {
        let plan = try FixPlan(
            csv: "action,clip,offset_ms,segments,output\nmove,a.mp4,-118,-0.5-12:30;12--0:4;+1-2:+3.5,o.mp4\n"
                .replacingOccurrences(of: "12--0:4;", with: ""), file: "plan.csv")
        let segments = try #require(plan.rows.first?.move?.segments)
        #expect(segments.map(\.span.start) == [-0.5, 1] && segments.map(\.span.end) == [12, 2])
        #expect(segments.map(\.offset.milliseconds) == [30, 3.5])
    }

    @Test(
        "a row that cannot be used is named, with what to do",
        arguments: [
            ("move,a.mp4,,-118", "row 2"), ("jump,a.mp4,,-118,,,o.mp4,me,x", "no action"),
            ("move,,,-118,,,o.mp4,me,x", "has no clip"),
            ("move,a.mp4,,soon,,,o.mp4,me,x", "no offset_ms"), ("move,a.mp4,,-118,,1-2,o.mp4,me,x", "segments"),
            ("cut,a.mp4,,,,,o.mp4,me,x", "no start_s"),
            ("skip,a.mp4,,,,,o.mp4,me,x\nmove,a.mp4,,-118,,,o.mp4,me,x\nmove,b.mp4,,-118,,,o.mp4,me,x", "earlier row"),
        ])
    func bad(row: String, words: String) throws {
        let error = try #require(throws: ClipFailure.self) {
            try FixPlan(
                csv: "action,clip,audio,offset_ms,drift_ppm,segments,output,by,why\n\(row)\n", file: "plan.csv")
        }
        #expect(error.message.contains("plan.csv row \(row.split(separator: "\n").count + 1)"))
        #expect(error.message.contains(words) && !error.remedy.isEmpty)
    }
}

@Suite("A decision moves what it accepts, and nothing else")
struct FixPlannerTests {
    private let planner = FixPlanner(folder: "out")

    private func finding(
        _ check: Check, _ subject: Track, _ reference: Track, _ milliseconds: Double?, verdict: Verdict = .misaligned,
        confidence: Double = 0.99, expecting expectation: SyncModel.Expectation = .together, file: String? = nil
    ) -> Finding {
        var finding = Finding(
            check: check, subject: subject, reference: reference,
            judgement: Judgement(
                verdict, offset: milliseconds.map { Offset(milliseconds: $0) }, confidence: confidence,
                tolerance: .standard, expectation: expectation), method: "made-1")
        finding.subjectFile = file
        return finding
    }

    private func record(_ findings: [Finding]) -> ClipRecord {
        var record = ClipRecord(
            key: "a", clip: "take3.mp4", verdict: findings.map(\.verdict).max { $0.severity < $1.severity } ?? .inSync)
        record.findings = findings
        return record
    }

    private func rows(_ findings: [Finding], accept index: Int? = nil, seen: Double? = nil) -> [FixPlan.Row] {
        var words: [String: FixPlanner.Word] = [:]
        if let index {
            words["a"] = FixPlanner.Word(
                by: "accepted by ann", choice: .accepted(findings[index].offset), finding: findings[index].name)
        } else if let seen {
            words["a"] = FixPlanner.Word(
                by: "accepted by ann", choice: .accepted(Offset(milliseconds: seen)), finding: nil)
        }
        return planner.plan([record(findings)], words: words).rows
    }

    /// A text that is there.
    private func text(_ work: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "genlock-plan-\(UUID().uuidString).srt"
        try Data("1".utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try work(path)
    }

    @Test("clips of several folders stay in them, equal names in one folder get numbers, and no path leads out")
    func folders() {
        func outputs(_ clips: String...) -> [String] {
            let records = clips.enumerated().map { number, clip in
                var record = ClipRecord(key: "\(number)", clip: clip, verdict: .misaligned)
                record.findings = [finding(.lips, .audio, .video, -120)]
                return record
            }
            return planner.plan(records).rows.map(\.output)
        }
        #expect(
            outputs("raw/a/1.mov", "raw/b/1.mov", "raw/b/c/1.mov") == ["out/a/1.mov", "out/b/1.mov", "out/b/c/1.mov"])
        #expect(outputs("raw/a/1.mov", "raw/a/2.mov", "raw/a/2.mov") == ["out/1.mov", "out/2.mov", "out/2-2.mov"])
        #expect(outputs("raw/a/1.mov", "raw/ab/1.mov") == ["out/a/1.mov", "out/ab/1.mov"])
        #expect(outputs("1.mov", "a/../../1.mov") == ["out/1.mov", "out/1-2.mov"])
        #expect(outputs("/d/1.mov", "e/1.mov") == ["out/1.mov", "out/e/1.mov"])
    }

    @Test("events whose recordings have equal names are cut into folders of their own, and beside the clips of a scan")
    func events() {
        func event(_ number: Int) -> ClipRecord {
            var found = finding(.views, .audio, .audio, 300)
            found.clock = ["a", "b"].map {
                Finding.ClockPlace(clip: "raw/day\(number)/\($0).mts", group: 0, offset: nil)
            }
            var record = ClipRecord(key: "event \(number)", clip: "views of \(number)", verdict: .misaligned)
            record.findings = [found]
            return record
        }
        var clip = ClipRecord(key: "clip", clip: "raw/day2/a.mp4", verdict: .misaligned)
        clip.findings = [finding(.lips, .audio, .video, -120)]
        var other = clip
        (other.key, other.clip) = ("other", "raw/day1/c.mp4")
        let records = [clip, other, event(1), event(2)]
        let words = Dictionary(
            uniqueKeysWithValues: [1, 2].map {
                (
                    "event \($0)",
                    FixPlanner.Word(
                        by: "accepted by ann", choice: .accepted(Offset(milliseconds: 300)),
                        finding: event($0).findings[0].name)
                )
            })
        let plan = planner.plan(records, words: words) { clips in
            // As a cut: another container, all in one folder.
            clips.map { FixPlan.Row(.cut, clip: $0, output: "out/\($0.suffix(5).prefix(1)).mp4", by: "", why: "") }
        }
        #expect(
            plan.rows.map(\.output) == [
                "out/day2/a.mp4", "out/day1/c.mp4", "out/day1/a.mp4", "out/day1/b.mp4", "out/day2/a-2.mp4",
                "out/day2/b.mp4",
            ])
    }

    @Test("an accepted text is moved itself, never the sound, whether or not the lips are in sync")
    func textAlone() throws {
        try text { path in
            let late = finding(.transcript, .text, .audio, -800, file: path)
            for others in [[], [finding(.lips, .audio, .video, 5, verdict: .inSync)]] {
                let row = try #require(rows(others + [late], accept: others.count).first)
                #expect(row.action == .move && row.subjectFile == path && row.measuredBy == .transcript)
                #expect(row.move == SoundMove(offset: Offset(milliseconds: -800)))
                #expect(row.output == "out/" + (path as NSString).lastPathComponent)
            }
            // Turns of speakers likewise.
            let turns = try #require(rows([finding(.speakers, .labels, .audio, 300, file: path)], accept: 0).first)
            #expect(turns.subjectFile == path && turns.measuredBy == .speakers)
        }
    }

    @Test("an accepted sound is moved by what was measured of it, and its texts go along")
    func sound() throws {
        try text { path in
            let findings = [
                finding(.lips, .audio, .video, -118, confidence: 0.4),
                finding(.transcript, .text, .audio, 4, verdict: .inSync, file: path),
            ]
            let row = try #require(rows(findings, accept: 0).first)
            #expect(row.action == .move && row.subjectFile == nil && row.measuredBy == .lips)
            #expect(row.move == SoundMove(offset: Offset(milliseconds: -118)) && row.texts == [path])
            // Nobody accepted: so little confidence moves nothing.
            #expect(rows(findings).map(\.action) == [.skip])
        }
    }

    @Test("what is meant to lie apart is moved to where it is meant to lie")
    func expectation() throws {
        let meant = SyncModel.Expectation.offset(Offset(milliseconds: -200))
        let findings = [finding(.lips, .audio, .video, -100, expecting: meant)]
        for row in [rows(findings), rows(findings, accept: 0)] {
            #expect(row.first?.move == SoundMove(offset: Offset(milliseconds: 100)))
            #expect(row.first?.expectation == meant)
        }
    }

    @Test("accepting what is in sync changes nothing; accepting that two do not belong together moves nothing")
    func nothing() throws {
        #expect(rows([finding(.lips, .audio, .video, 5, verdict: .inSync)], accept: 0).isEmpty)
        let row = try #require(rows([finding(.lips, .audio, .video, nil, verdict: .unpaired)], accept: 0).first)
        #expect(
            row.action == .skip && row.why.contains("do not belong together") && !row.why.contains("could not tell"))
    }

    @Test("a decision of an earlier version counts where one finding alone has its offset")
    func earlier() throws {
        let lips = finding(.lips, .audio, .video, -118)
        #expect(rows([lips], seen: -118).first?.move == SoundMove(offset: Offset(milliseconds: -118)))
        let same = rows([lips, finding(.impacts, .audio, .video, -118)], seen: -118)
        #expect(same.map(\.action) == [.skip] && same[0].why.contains("decide it again"))
        #expect(rows([lips], seen: -300).map(\.action) == [.skip])
    }

    @Test("of a finding that is there no more nothing is moved")
    func gone() throws {
        let other = finding(.impacts, .audio, .video, -90)
        let words = [
            "a": FixPlanner.Word(
                by: "accepted by ann", choice: .accepted(Offset(milliseconds: -118)),
                finding: finding(.lips, .audio, .video, -118).name)
        ]
        let rows = planner.plan([record([other])], words: words).rows
        #expect(rows.map(\.action) == [.skip] && rows[0].why.contains("no longer exists"))
    }

    @Test("an accepted event is cut as its views are planned")
    func views() throws {
        var late = finding(.views, .named("b.mov"), .named("a.mov"), 700)
        late.clock = [
            .init(clip: "a.mov", group: 0, offset: Offset(seconds: 0)),
            .init(clip: "b.mov", group: 0, offset: Offset(seconds: 0.7)),
        ]
        let words = [
            "a": FixPlanner.Word(by: "accepted by ann", choice: .accepted(late.offset), finding: late.name)
        ]
        var asked: [String] = []
        let rows = planner.plan([record([late])], words: words) { clips in
            asked = clips
            return [FixPlan.Row(.cut, clip: "a.mov", output: "out/a.mov", by: "measured", why: "")]
        }.rows
        #expect(asked == ["a.mov", "b.mov"])
        #expect(rows.map(\.action) == [.cut] && rows[0].by == "accepted by ann")
    }
}
