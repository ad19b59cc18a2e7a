import SyncModel
import Testing

@Suite("Recordings and their chapters on a clock")
struct ClockEntryTests {
    private func entry(_ clip: String, _ start: Double, _ duration: Double, ppm: Double = 0) -> ClockEntry {
        ClockEntry(
            clip: clip, offset: Offset(seconds: start), drift: Drift(ppm: ppm, interval: nil), group: 0,
            residualMilliseconds: nil, start: start, duration: duration)
    }

    @Test("chapters lie one after another on their recording's clock, and share what the recording shares")
    func chapters() {
        let camera = entry("GX010001", 10, 30, ppm: 1000).chapters([
            ("GX010001", 0, 20), ("GX020001", 20, 10),
        ])
        #expect(camera.map(\.start) == [10, 10 + 20 * 1.001] && camera.map(\.duration) == [20, 10])
        #expect(camera.map(\.chapterOf) == [nil, "GX010001"])
        let common = ClockEntry.common([entry("a", 0, 35)] + camera)
        #expect(common == TimeSpan(start: 10, end: 35))
        #expect(camera[1].own(TimeSpan(start: 10, end: 35)).map { $0.start == 0 && $0.end < 5 } == true)
        #expect(camera[1].own(TimeSpan(start: 10, end: 20)) == nil)
    }
}
