import SyncModel
import Testing

@testable import Muxing

@Suite("How the times of a sound are mended")
struct SoundMoveTests {
    @Test("one offset moves every time by itself")
    func plain() {
        let move = SoundMove(offset: Offset(milliseconds: -118))
        #expect(move.isPlain)
        #expect(abs(move.time(10, anchor: 10) - 9.882) < 1e-12)
    }

    @Test("pieces that come apart leave silence, pieces that overlap keep the later one")
    func pieces() {
        func made(_ second: Double) -> [SoundMove.Piece] {
            SoundMove(
                offset: Offset(seconds: 0),
                segments: [
                    OffsetSegment(span: TimeSpan(start: 0, end: 5), offset: Offset(seconds: 0)),
                    OffsetSegment(span: TimeSpan(start: 5, end: 9), offset: Offset(seconds: second)),
                ]
            ).pieces()
        }
        let apart = made(0.4)
        #expect(apart.map(\.end).first == 5 && apart.last?.start == 5.4 && apart.last?.from == 5)
        let over = made(-0.4)
        #expect(over.first?.end == 4.6 && over.last?.start == 4.6 && over.last?.from == 5)
    }

    /// A ramp says where each sample came from.
    private func laid(_ move: SoundMove, count: Int, block: Int = 1000) -> [Float] {
        var shaper = SoundReshaper(pieces: move.pieces(), rate: 1000, channels: 1)
        var out: [Float] = []
        var at = 0
        while at < count {
            let end = min(count, at + block)
            shaper.append([(at..<end).map { Float($0) }], at: at) { out += $0[0] }
            at = end
        }
        shaper.finish { out += $0[0] }
        return out
    }

    @Test(
        "a move to later begins with silence, one to earlier loses what lies before the beginning",
        arguments: [0.25, -0.25])
    func padding(seconds: Double) {
        let out = laid(SoundMove(offset: Offset(seconds: seconds)), count: 20_000)
        let moved = Int(seconds * 1000)
        #expect(out.count == 20_000 + moved)
        for place in [300, 5_000, 15_000] { #expect(out[place] == Float(place - moved)) }
        if moved > 0 { #expect(out[0..<moved].allSatisfy { $0 == 0 }) }
    }

    @Test("drift stretches: after 20 s at 1000 ppm a sample lies 20 ms later")
    func drift() {
        let out = laid(SoundMove(offset: Offset(seconds: 0), drift: Drift(ppm: 1000)), count: 40_000)
        // Time t comes from t / 1.001; between samples of a ramp the value is the place.
        for place in [5_000, 20_020, 35_000] { #expect(abs(Double(out[place]) - Double(place) / 1.001) < 0.05) }
        #expect(abs(out.count - 40_040) < 20)
    }

    @Test("a step of the offset is cut out or filled", arguments: [0.3, -0.3])
    func step(second: Double) {
        let move = SoundMove(
            offset: Offset(seconds: 0),
            segments: [
                OffsetSegment(span: TimeSpan(start: 0, end: 10), offset: Offset(seconds: 0)),
                OffsetSegment(span: TimeSpan(start: 10, end: 20), offset: Offset(seconds: second)),
            ])
        let out = laid(move, count: 20_000)
        #expect(out[9_000] == 9_000)
        #expect(out[15_000] == Float(15_000 - Int(second * 1000)))
        if second > 0 { #expect(out[10_100] == 0) }
    }

    @Test("one move after another is one move; pieces are not joined")
    func after() throws {
        let first = SoundMove(offset: Offset(seconds: -1.5), drift: Drift(ppm: 1000))
        let second = SoundMove(offset: Offset(seconds: 0.2), drift: Drift(ppm: -500))
        let both = try #require(second.after(first))
        for time in [0, 3.25, 1800] {
            let apart = second.time(first.time(time, anchor: time), anchor: 0)
            #expect(abs(both.time(time, anchor: time) - apart) < 1e-9)
        }
        #expect(abs(try #require(second.after(.none)).time(100, anchor: 100) - second.time(100, anchor: 100)) < 1e-9)
        let piece = OffsetSegment(span: TimeSpan(start: 0, end: 9), offset: Offset(seconds: 1))
        #expect(SoundMove(offset: Offset(seconds: 1), segments: [piece]).after(first) == nil)
    }
}
