import SyncModel
import Testing

@testable import Excerpts

/// Silence with bursts at given times, a level each 10 ms.
private func sound(bursts: [Double], seconds: Double) -> [Float] {
    var levels = [Float](repeating: 0.01, count: Int(seconds * 100))
    for burst in bursts {
        let first = Int((burst * 100).rounded())
        for place in first..<min(levels.count, first + 12) { levels[place] = 0.8 }
    }
    return levels
}

/// Closed lips that open for 300 ms at given times, a value each 20 ms.
private func mouth(openings: [Double], seconds: Double) -> [Float?] {
    (0..<Int(seconds * 50)).map { place in
        let time = Double(place) * 0.02
        let open = openings.map { time < $0 || time > $0 + 0.3 ? 0 : min(1, (time - $0) / 0.08) }.max() ?? 0
        return Float(0.02 + 0.1 * open)
    }
}

@Suite("The moment that shows where a sound belongs")
struct MomentTests {
    @Test("a burst that is 200 ms late is found where it is heard, and belongs where the lips part")
    func late() throws {
        let offset = Offset(subjectLateBySeconds: 0.2)
        let moment = try #require(
            MomentFinder.moment(
                sound: sound(bursts: [0.6, 2.2], seconds: 4), soundStart: 0, seen: mouth(openings: [2.0], seconds: 4),
                span: TimeSpan(start: 0, end: 4),
                sight: .mouth, offset: offset))
        #expect(abs(moment.heard - 2.2) < 0.03)
        #expect(abs(try #require(moment.seen) - 2.0) < 0.03)
    }

    @Test("no moment is made up where no sound meets anything seen")
    func none() {
        #expect(
            MomentFinder.moment(
                sound: sound(bursts: [0.6], seconds: 4), soundStart: 0, seen: mouth(openings: [2.0], seconds: 4),
                span: TimeSpan(start: 0, end: 4),
                sight: .mouth, offset: Offset(seconds: 0)) == nil)
        #expect(
            MomentFinder.moment(
                sound: [Float](repeating: 0.2, count: 400), soundStart: 0, seen: mouth(openings: [2.0], seconds: 4),
                span: TimeSpan(start: 0, end: 4),
                sight: .mouth, offset: Offset(seconds: 0)) == nil)
    }

    @Test("without an offset nothing is said of when a sound is seen")
    func unpaired() throws {
        let moment = try #require(
            MomentFinder.moment(
                sound: sound(bursts: [1.5], seconds: 4), soundStart: 0, seen: mouth(openings: [2.0], seconds: 4),
                span: TimeSpan(start: 0, end: 4),
                sight: .mouth, offset: nil))
        #expect(moment.seen == nil)
        #expect(abs(moment.heard - 1.5) < 0.03)
    }

    @Test(
        "the pictures of a moment hold the one on the screen while it is heard and the one that should be, and are few")
    func stills() {
        let times = (0..<100).map { Double($0) * 0.04 }
        let places = StillChoice.places(of: .init(heard: 2.21, seen: 2.01, words: ""), in: times)
        #expect(places.contains(55) && places.contains(50))
        #expect(places.count <= StillChoice.most && places == places.sorted())
    }

    @Test("values are brought to even steps, and gaps stay gaps")
    func even() {
        var track = SightTrack()
        track.add(0, seconds: 0)
        track.add(1, seconds: 0.04)
        track.add(2, seconds: 1.0)
        let even = track.even(over: TimeSpan(start: 0, end: 1))
        #expect(even[0] == 0 && even[1] == 0.5)
        #expect(even[20] == nil)
        #expect(even[50] == 2)
    }
}
