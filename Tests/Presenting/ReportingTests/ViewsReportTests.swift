import Foundation
import SyncModel
import Testing

@testable import Reporting

@Suite("Reports of views")
struct ViewsReportTests {
    static let report: ViewsReport = {
        func finding(_ clip: String, _ verdict: Verdict, _ milliseconds: Double, _ because: [String] = []) -> Finding {
            var finding = Finding(
                check: .views, subject: .named(clip), reference: .named("a.mp4"),
                judgement: Judgement(
                    verdict, offset: verdict.carriesOffset ? Offset(milliseconds: milliseconds) : nil,
                    interval: verdict.carriesOffset
                        ? OffsetInterval(centre: Offset(milliseconds: milliseconds), halfWidthSeconds: 0.0004) : nil,
                    confidence: 0.99, tolerance: .standard), because: because.map { Reason($0) },
                evidence: [Evidence("method", .text("sound"))], method: "views-1")
            finding.clip = clip
            finding.against = "a.mp4"
            return finding
        }
        var late = finding("b.mp4", .misaligned, 2000)
        late.drift = Drift(ppm: 41.25, interval: 41...41.5)
        func entry(_ clip: String, _ start: Double, _ length: Double, _ group: Int = 0, drift: Drift? = nil)
            -> ClockEntry
        {
            ClockEntry(
                clip: clip, offset: Offset(seconds: start), drift: drift, group: group, residualMilliseconds: 0.25,
                start: start, duration: length)
        }
        var pair = PairReport(
            clip: "c.wav", against: "b.mp4", method: "picture", offset: Offset(seconds: 3), interval: nil, drift: nil,
            confidence: 0.9, use: .leftOut)
        pair.residualMilliseconds = 850
        var used = PairReport(
            clip: "b.mp4", against: "a.mp4", method: "sound", offset: Offset(seconds: 2), interval: nil, drift: nil,
            confidence: 0.99, use: .used)
        used.residualMilliseconds = 0.25
        return ViewsReport(
            reference: "a.mp4", durationSeconds: 60,
            findings: [
                late, finding("c.wav", .inSync, 4), finding("it's d.mp4", .inconclusive, 0, ["hardly anything moves"]),
            ],
            clock: [
                entry("a.mp4", 0, 60), entry("b.mp4", 2, 50, drift: late.drift), entry("c.wav", 0.004, 30),
                entry("it's d.mp4", 0, 20, 1),
            ],
            pairs: [used, pair],
            failures: [
                ("e.mp4", ClipFailure(code: "empty-file", message: "e.mp4 is empty (0 bytes)", remedy: "copy it again"))
            ],
            notes: [("b.mp4", Reason("its sound is late by 120 ms in its own recording"))])
    }()

    @Test func theTableTheTimelineAndWhatDoesNotFitReadAsIntended() throws {
        let text = ViewsText.explanation(Self.report)
        let lines = text.split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
        for wanted in [
            "a.mp4 is the reference; 3 more recordings", "recording offset 95 % drift confidence by verdict",
            "b.mp4 early by 2000 ms 0.4 ms either way slow by 41.2 ppm within 0.25 0.99 sound misaligned",
            "c.wav early by 4.0 ms 0.4 ms either way not measured 0.99 sound in sync",
            "it's d.mp4 unknown 0.99 inconclusive: cannot tell", "it's d.mp4: hardly anything moves",
            "1 pair carry the common clock; the largest residual is 0.2 ms",
            "left out: c.wav against b.mp4 by picture, which contradicts the others by 850 ms",
            "b.mp4: its sound is late by 120 ms in its own recording", "failed: e.mp4 is empty (0 bytes)",
            "what to do: copy it again",
            "not connected, on the clock of it's d.mp4:", "0.0 s 60.0 s",
        ] { #expect(lines.contains(wanted), "\(wanted)\n\(text)") }
        // b begins 2 of 60 s after a, and so does its bar: 2 of 61 columns.
        #expect(text.contains("  b.mp4    █") && text.contains("  a.mp4  █"))
    }

    @Test func noLineShowsABareSign() {
        for line in ViewsText.explanation(Self.report).split(separator: "\n") {
            #expect(line.firstMatch(of: /[-+\u{2212}][0-9]/) == nil, "\(line)")
        }
    }

    @Test func theDocumentHasFindingsClockPairsAndErrors() throws {
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(Self.report.json.compact.utf8)) as? [String: Any])
        #expect((object["findings"] as? [[String: Any]])?.count == 3)
        let clock = try #require(object["clock"] as? [[String: Any]])
        #expect(
            Set(clock[0].keys) == ["clip", "offset_ms", "drift_ppm", "group", "residual_ms", "start_s", "duration_s"])
        #expect(clock[0]["drift_ppm"] is NSNull)
        #expect(clock[1]["drift_ppm"] as? Double == 41.25)
        #expect((object["pairs"] as? [[String: Any]])?[1]["use"] as? String == "left-out")
        #expect((object["errors"] as? [[String: Any]])?[0]["code"] as? String == "empty-file")
        #expect(object["verdict"] as? String == "misaligned")
    }

    @Test func exportsHoldTheReferencesGroupAndItsCommonPart() throws {
        let csv = ViewsExport.text(Self.report, as: .csv).split(separator: "\r\n")
        #expect(csv.count == 4)
        // From 2 s, where b begins, to 30.004 s, where c ends.
        #expect(csv[1] == "a.mp4,0.000000,60.000000,,0.250,2.000000,30.004000")
        #expect(csv[3].hasPrefix("c.wav,0.004000,30.000000,,0.250,1.996000,30.000000"))
        let json = try #require(
            JSONSerialization.jsonObject(with: Data(ViewsExport.text(Self.report, as: .json).utf8)) as? [String: Any])
        #expect((json["clips"] as? [[String: Any]])?.count == 3)
        #expect((json["common"] as? [String: Double])?["start_s"] == 2)
    }

    @Test func theTimelineForEditorsBringsEachTrackToItsPlace() throws {
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(ViewsExport.text(Self.report, as: .otio).utf8)) as? [String: Any])
        let tracks = try #require((object["tracks"] as? [String: Any])?["children"] as? [[String: Any]])
        #expect(tracks.count == 3)
        let second = try #require(tracks[1]["children"] as? [[String: Any]])
        #expect(second.map { $0["OTIO_SCHEMA"] as? String } == ["Gap.1", "Clip.2"])
        let gap = (second[0]["source_range"] as? [String: Any])?["duration"] as? [String: Any]
        #expect(gap?["value"] as? Double == 2000)
        let warp = (second[1]["effects"] as? [[String: Any]])?.first
        #expect(abs((warp?["time_scalar"] as? Double ?? 0) - 1 / 1.00004125) < 1e-8)
    }

    @Test func theCommandsCutEachToTheCommonPartAndStretchWhatDrifts() {
        let lines = ViewsExport.text(Self.report, as: .sh).split(separator: "\n")
        let commands = lines.filter { $0.hasPrefix("ffmpeg") }
        #expect(commands.count == 3)
        #expect(commands[0].hasPrefix("ffmpeg -nostdin -ss 2.000000 -t 28.004000 -i a.mp4"))
        #expect(commands[2].hasSuffix("common-3-c.wav"))
    }

    @Test func recordingsThatShareNothingAreNotCut() {
        let clock = [0.0, 100].map {
            ClockEntry(
                clip: "x.mp4", offset: nil, drift: nil, group: 0, residualMilliseconds: nil, start: $0, duration: 10)
        }
        let report = ViewsReport(
            reference: "x.mp4", durationSeconds: 10, findings: [], clock: clock, pairs: [], failures: [], notes: [])
        #expect(!ViewsExport.text(report, as: .sh).contains("ffmpeg"))
        #expect(ViewsExport.text(report, as: .csv).contains("x.mp4,100.000000,10.000000,,,,"))
    }
}
