import Foundation
import SyncModel
import Testing

@testable import Reporting

struct EditedTimelineTests {
    private static let media = [
        "a.mp4": TimelineMedia(
            url: "file:///takes/a.mp4", frameRate: 30_000.0 / 1001, width: 1280, height: 720, sampleRate: 48_000,
            channels: 2),
        "b.mp4": TimelineMedia(url: "file:///takes/b.mp4", frameRate: 25, width: 640, height: 480),
        "c.wav": TimelineMedia(url: "file:///takes/c.wav", sampleRate: 44_100, channels: 1),
    ]

    private static func timeline() -> EditedTimeline {
        EditedTimeline(
            ViewsReportTests.report.clock.filter { $0.group == 0 }, media: media,
            name: ViewsReportTests.report.reference)
    }

    @Test(
        "declared rates are those that editors know",
        arguments: [
            (24_000.0 / 1001, 24, true), (23.98, 24, true), (25, 25, false), (29.97, 30, true), (30, 30, false),
            (60_000.0 / 1001, 60, true), (119.88, 120, true), (12.5, 13, false), (0.2, 1, false),
        ] as [(Double, Int, Bool)])
    func rates(declared: Double, base: Int, isNTSC: Bool) {
        #expect(EditingRate(declared) == EditingRate(base: base, isNTSC: isNTSC))
    }

    @Test("each recording begins on a frame, and its own time there is exact")
    func exact() throws {
        let timeline = Self.timeline()
        #expect(timeline.rate == EditingRate(base: 30, isNTSC: true))
        #expect(timeline.items.map(\.name) == ["a.mp4", "b.mp4", "c.wav"])
        for item in timeline.items {
            let frame = 1001.0 / 30_000
            #expect(item.inSeconds >= 0 && item.inSeconds < frame)
            // The common clock at the first frame, and at the one behind the last.
            #expect(abs(item.entry.start + item.inSeconds * item.entry.rate - Double(item.start) * frame) < 1e-9)
            #expect(abs(item.entry.start + item.outSeconds * item.entry.rate - Double(item.end) * frame) < 1e-9)
            #expect(item.outSeconds <= (item.entry.duration ?? 0) + 1e-4)
        }
        // b begins at 2 s: frame 60 lies at 2.002 s.
        #expect(timeline.items[1].start == 60)
        #expect(abs(timeline.items[1].inSeconds * 1.00004125 - 0.002) < 1e-9)
        // c begins at 4 ms, its first whole frame is 1.
        #expect(timeline.items[2].start == 1)
    }

    @Test("recordings that cannot be read are left out, and without pictures there are 25 frames a second")
    func without() {
        let entries = ViewsReportTests.report.clock.filter { $0.group == 0 }
        let sound = EditedTimeline(entries, media: ["c.wav": Self.media["c.wav"]!], name: "a.mp4")
        #expect(sound.items.map(\.name) == ["c.wav"])
        #expect(sound.rate == EditingRate(base: 25))
        #expect(EditedTimeline(entries, media: [:], name: "a.mp4").length == 0)
    }

    /// Of the elements of a name their attributes.
    private func elements(_ name: String, _ text: String) -> [[String: String]] {
        text.matches(of: try! Regex("<\(name)((?: [A-Za-z]+=\"[^\"]*\")*)/?>")).map { found in
            let attributes = String(found.output[1].substring ?? "")
            return Dictionary(
                uniqueKeysWithValues: attributes.matches(of: /([A-Za-z]+)="([^"]*)"/).map {
                    (String($0.1), String($0.2))
                })
        }
    }

    /// "3/4s" in seconds.
    private func seconds(_ text: String?) throws -> Double {
        let parts = try #require(text).dropLast().split(separator: "/").compactMap { Double($0) }
        return parts.count == 2 ? parts[0] / parts[1] : try #require(parts.first)
    }

    @Test("FCPXML places each recording, and maps the time of one that drifts")
    func finalCut() throws {
        let text = ViewsExport.text(ViewsReportTests.report, as: .fcpxml, media: Self.media)
        let clips = elements("asset-clip", text)
        #expect(clips.map { $0["lane"] } == ["1", "2", "3"])
        #expect(try seconds(clips[1]["offset"]) == 60 * 1001.0 / 30_000)
        #expect(abs(try seconds(clips[2]["offset"]) - 1001.0 / 30_000) < 1e-12)
        // What of c lies before its first frame: 33.367 ms less 4.
        #expect(abs(try seconds(clips[2]["start"]) - 0.029367) < 2e-6)
        let points = elements("timept", text)
        // Only b drifts; 50 s of it last 2.06 ms longer, which is less than what is worth a map.
        #expect(points.isEmpty)
        let formats = elements("format", text)
        #expect(formats.map { $0["frameDuration"] } == ["1001/30000s", "1/25s"])
        let assets = elements("asset", text)
        #expect(assets.map { $0["src"] } == ["file:///takes/a.mp4", "file:///takes/b.mp4", "file:///takes/c.wav"])
        #expect(assets[1]["hasAudio"] == nil && assets[2]["hasVideo"] == nil && assets[2]["audioRate"] == "44100")
    }

    @Test("a drift that is heard is a time map in FCPXML")
    func drift() throws {
        let entry = ClockEntry(
            clip: "b.mp4", offset: nil, drift: Drift(ppm: 1000, interval: nil), group: 0, residualMilliseconds: nil,
            start: 0, duration: 100)
        let text = FinalCutTimeline.document(EditedTimeline([entry], media: Self.media, name: "b.mp4"))
        let points = elements("timept", text)
        #expect(try points.map { try seconds($0["time"]) } == [0, 100.1])
        #expect(try points.map { try seconds($0["value"]) } == [0, 100])
    }

    @Test("XML of Premiere has a track for each picture and each channel, linked, with starts to the tick")
    func premiere() throws {
        let text = ViewsExport.text(ViewsReportTests.report, as: .xml, media: Self.media)
        func values(_ name: String) -> [String] {
            text.matches(of: try! Regex("<\(name)>([^<]*)</\(name)>")).map { String($0.output[1].substring ?? "") }
        }
        #expect(
            elements("clipitem", text).map { $0["id"] } == [
                "video-1", "video-2", "audio-1-1", "audio-1-2", "audio-3-1",
            ])
        #expect(values("start") == ["0", "60", "0", "0", "1"])
        #expect(values("pathurl").count == 3)
        // Three parts of a name each other.
        #expect(values("linkclipref").count == 3 * 3 + 1 + 1)
        let ticks = try #require(Int(values("pproTicksIn")[4]))
        #expect(abs(Double(ticks) / 254_016_000_000 - (1001.0 / 30_000 - 0.004)) < 1e-9)
    }

    @Test("names with signs of XML stay names")
    func escaping() {
        let element = XMLElement("a", ["b": "<\"&\u{1}"], [XMLElement("c", "x < y & z")])
        #expect(element.document(type: "a").contains("<a b=\"&lt;&quot;&amp;\u{FFFD}\">\n  <c>x &lt; y &amp; z</c>"))
    }
}
