import Foundation
import Impacts
import SignalCore
import SyncModel
import Testing

@Suite("Impacts that are seen and heard")
struct ImpactTests {
    private let analyser = ImpactAnalyser()

    @Test("claps are found at their times, to 2 ms", arguments: [Float(0.0005), 0.01])
    func onsets(noise: Float) {
        let found = Made.claps(noise: noise).events.outstanding(share: 0.5).map(\.seconds)
        #expect(found.count == Made.times.count)
        for (one, other) in zip(found, Made.times) { #expect(abs(one - other) < 0.002) }
    }

    @Test("hands that meet give the offset to half a frame", arguments: [(25.0, 0.06), (29.97, -0.31)])
    func hands(rate: Double, late: Double) {
        let finding = analyser.finding(heard: Made.claps(late: late), seen: Made.hands(rate: rate))
        #expect(abs((finding.offset?.seconds ?? .infinity) + late) < 0.5 / rate)
    }

    @Test("a bouncing ball gives the offset to half a frame", arguments: [(24.0, 0.2), (60, -0.12)])
    func ball(rate: Double, late: Double) {
        let finding = analyser.finding(heard: Made.claps(late: late), seen: Made.ball(rate: rate))
        #expect(abs((finding.offset?.seconds ?? .infinity) + late) < 0.5 / rate)
    }

    @Test("a test pattern's flashes and beeps give the offset to 3 ms", arguments: [24.0, 29.97])
    func flashes(rate: Double) {
        let times = Made.times.map { Made.onFrame($0, rate) }
        let finding = analyser.finding(heard: Made.claps(times, late: 0.125), seen: Made.flashes(rate: rate))
        #expect(abs((finding.offset?.milliseconds ?? .infinity) + 125) < 3)
        #expect(finding.verdict == .misaligned)
        #expect(finding.interval?.contains(Offset(milliseconds: -125)) == true)
    }

    @Test("louder, softer and of opposite phase say the same")
    func gain() {
        let loud = analyser.finding(heard: Made.claps(late: 0.1, gain: 0.8), seen: SightCache.hands)
        let soft = analyser.finding(heard: Made.claps(late: 0.1, noise: 0.00005, gain: 0.05), seen: SightCache.hands)
        let turned = analyser.finding(heard: Made.claps(late: 0.1, gain: -0.5), seen: SightCache.hands)
        for finding in [loud, soft, turned] { #expect(abs((finding.offset?.milliseconds ?? .infinity) + 100) < 20) }
    }

    @Test("events of another clip never give an offset", arguments: 0..<12)
    func mismatched(seed: Int) {
        var generator = SplitMix64(seed: UInt64(seed))
        var times: [Double] = []
        var time = 0.8
        while time < Made.seconds - 0.5 {
            times.append(time)
            time += 0.6 + Double(generator.index(below: 1000)) / 1000
        }
        let finding = analyser.finding(
            heard: Made.claps(times), seen: seed % 2 == 0 ? SightCache.hands : SightCache.flashes)
        #expect(finding.verdict == .notApplicable)
        #expect(!finding.because.isEmpty)
    }

    @Test("one clap alone proves nothing, and neither do two")
    func few() {
        for times in [[2.0], [2.0, 3.3]] {
            let events = times.map { SuddenEvent(seconds: $0, strength: 20) }
            let seen = VisualOnsets(
                stops: events, flashes: events, start: 0, end: 6.5, frameSeconds: 0.04, pictures: 160)
            #expect(analyser.finding(heard: Made.claps(times), seen: seen).verdict == .notApplicable)
        }
    }

    @Test("dense sounds, as of speech or music, do not belong to a few claps")
    func dense() {
        let beats = stride(from: 0.3, to: 6.3, by: 0.17).map { $0 }
        #expect(analyser.finding(heard: Made.claps(beats), seen: SightCache.hands).verdict == .notApplicable)
    }

    @Test("cuts are no impacts, even on the beat")
    func cuts() {
        let times = Made.times
        let seen = Made.seen(rate: 25, seed: 9) { time, pixels in
            let scene = times.count { $0 <= time + 1e-6 }
            for index in pixels.indices { pixels[index] = Float(40 + (index / (3 + scene) + scene * 37) % 170) }
        }
        #expect(analyser.finding(heard: Made.claps(times), seen: seen).verdict == .notApplicable)
    }

    @Test("silence, a still picture and nothing at all are not applicable")
    func nothing() {
        let still = Made.seen(rate: 25, seed: 2) { _, _ in }
        let silence = Made.heard([Float](repeating: 0, count: 100_000))
        #expect(analyser.finding(heard: silence, seen: SightCache.hands).verdict == .notApplicable)
        #expect(analyser.finding(heard: Made.claps(), seen: still).verdict == .notApplicable)
        #expect(
            analyser.finding(heard: OnsetBuilder().finish(), seen: VisualOnsetBuilder().finish()).verdict
                == .notApplicable)
        #expect(Made.heard([.nan, .infinity] + [Float](repeating: .nan, count: 20_000)).events.isEmpty)
    }

    @Test("noise as loud as the claps makes it right or silent, never wrong", arguments: [Float(0.02), 0.05, 0.1, 0.3])
    func noise(level: Float) {
        let finding = analyser.finding(heard: Made.claps(late: -0.15, noise: level), seen: SightCache.hands)
        if let offset = finding.offset { #expect(abs(offset.milliseconds - 150) < 20) }
    }

    @Test("the densest stretch holds the sounds")
    func densest() {
        let heard = AudioOnsets(
            events: [1, 50, 51, 52.5, 53, 90].map { SuddenEvent(seconds: $0, strength: 10) }, start: 0, end: 100)
        let span = heard.densest(seconds: 12)
        #expect(span.map { $0.start <= 50 && $0.end >= 53 && $0.length == 12 } == true)
        #expect(heard.within(TimeSpan(start: 49, end: 61), margin: 1).events.count == 4)
        #expect(AudioOnsets(events: [], start: 0, end: 100).densest(seconds: 12) == nil)
    }
}

/// Pictures that several tests look at, rendered once.
private enum SightCache {
    static let hands = Made.hands()
    static let flashes = Made.flashes()
}

@Suite("Two rows of events")
struct EventMatchTests {
    private func events(_ times: [Double]) -> [SuddenEvent] { times.map { SuddenEvent(seconds: $0, strength: 1) } }

    private func match(_ heard: [Double], _ seen: [Double]) -> EventMatch? {
        EventMatch(
            heard: events(heard), seen: events(seen), range: 1.5, reach: 0.03, heardTime: 0...20, seenTime: 0...20)
    }

    @Test("a delayed copy reports its delay, and swapped it negates", arguments: [-0.73, -0.2, 0, 0.013, 0.5])
    func delayed(late: Double) throws {
        let times = Made.times
        let found = try #require(match(times.map { $0 + late }, times))
        let swapped = try #require(match(times, times.map { $0 + late }))
        #expect(abs(found.offset + late) < 1e-9)
        #expect(abs(swapped.offset - late) < 1e-9)
        #expect(found.pairs == times.count && found.spread < 1e-9 && found.chance < 1e-5)
        #expect(found.nearestRival == nil)
    }

    @Test("a regular beat has rivals a beat away, and the nearest to nothing is taken")
    func regular() throws {
        let beat = (1...10).map { Double($0) }
        let found = try #require(match(beat.map { $0 + 0.2 }, beat))
        #expect(abs(found.offset + 0.2) < 1e-9)
        #expect(abs((found.nearestRival ?? 0) - 1) < 0.05)
    }

    @Test(
        """
        the chance of a match is that of Poisson's law: unrelated rows are below a probability about as often as it says
        """
    )
    func chance() {
        var generator = SplitMix64(seed: 17)
        var low = 0
        let rounds = 300
        for _ in 0..<rounds {
            let heard = (0..<8).map { _ in Double(generator.index(below: 20_000)) / 1000 }.sorted()
            let seen = (0..<8).map { _ in Double(generator.index(below: 20_000)) / 1000 }.sorted()
            if let found = match(heard, seen), found.chance < 0.01 { low += 1 }
        }
        // The range of offsets is counted in steps that hardly overlap, so that the figure is somewhat low.
        #expect(Double(low) / Double(rounds) < 0.03)
    }
}
