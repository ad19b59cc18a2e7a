import Testing

@testable import MediaIO

@Suite("The clock that places video frames")
struct PictureClockTests {
    private func place(_ stamps: [Double?], rate: Double? = 25) -> (clock: PictureClock, times: [Double?]) {
        var clock = PictureClock(frameRate: rate)
        let times = stamps.map { clock.place($0) }
        return (clock, times)
    }

    @Test("every slide of a slow film is placed where its timestamp says")
    func slides() {
        let stamps = (0..<40).map { Double($0) * 5 }
        #expect(place(stamps, rate: 0.2).times == stamps)
    }

    @Test("where the rate does not tell, slides cost the first leap only")
    func unknownRate() {
        let stamps = [0, 4, 9, 12, 40, 43.5, 50]
        let (clock, times) = place(stamps, rate: nil)
        #expect(times.compactMap { $0 } == [0, 9, 12, 40, 43.5, 50])
        #expect(clock.dropped == 1)
    }

    @Test("one timestamp far ahead is not believed, also after a true gap")
    func outliers() {
        #expect(place([0, 0.04, 9_000, 0.12, 0.16]).times.compactMap { $0 } == [0, 0.04, 0.12, 0.16])
        let (_, times) = place([0, 0.04, 60, 60.04, 60.08, 9_000, 60.16])
        #expect(times.compactMap { $0 } == [0, 0.04, 60.04, 60.08, 60.16])
    }

    @Test("frames before the last one are dropped and counted; one without a timestamp follows the last")
    func backwards() {
        let (clock, times) = place([0, 0.04, nil, 0.02, 0.12])
        #expect(times == [0, 0.04, 0.08, nil, 0.12])
        #expect(clock.dropped == 1 && clock.guessed == 1)
    }
}
