import Foundation
import Sensors
import SignalCore
import SyncModel
import Testing

/// Motion that is made: bursts of speed at random times, seen at 30 frames a second and logged at 150 Hz.
@Suite("The motion of a log is found in the picture")
struct MotionMatchTests {
    /// Bursts as bells of random width and height: moment, width, height.
    private func bursts(_ seconds: Double, seed: UInt64) -> [(Double, Double, Double)] {
        var random = SplitMix64(seed: seed)
        func next() -> Double { Double(random.next() >> 11) / 9_007_199_254_740_992 }
        return (0..<Int(seconds * 1.2)).map { _ in (next() * seconds, 0.08 + 0.25 * next(), 0.3 + next()) }
    }

    private func speed(_ bursts: [(Double, Double, Double)], _ moment: Double) -> Double {
        bursts.reduce(0.02) { $0 + $1.2 * exp(-0.5 * pow((moment - $1.0) / $1.1, 2)) }
    }

    private func course(
        _ bursts: [(Double, Double, Double)], rate: Double, seconds: Double, from: Double = 0, noise: Double,
        gain: Double = 1, seed: UInt64
    ) -> MotionSignal {
        var random = SplitMix64(seed: seed)
        let times = (0..<Int(seconds * rate)).map { Double($0) / rate }
        let values = times.map { time in
            max(
                0,
                gain * speed(bursts, time + from)
                    * (1 + noise * (Double(random.next() >> 11) / 9_007_199_254_740_992 - 0.5)))
        }
        return MotionSignal(kind: .speed, source: "speed", times: times, values: values)
    }

    @Test(
        "an offset of either sign is found to some milliseconds, and its interval holds it",
        arguments: [-3.217, -0.08, 0, 0.124, 7.5])
    func found(offset: Double) throws {
        let made = bursts(75, seed: 7)
        // A log that begins `offset` after the picture needs `offset` added to its stamps.
        let picture = course(made, rate: 30, seconds: 60, from: 8, noise: 0.4, gain: 40, seed: 1)
        let log = course(made, rate: 150, seconds: 50, from: 8 + offset, noise: 0.4, seed: 2)
        let match = try #require(MotionMatch(picture: picture, log: log, frameSeconds: 1 / 30))
        #expect(match.isAnswered)
        #expect(abs(match.offset - offset) < 0.015)
        #expect(abs(match.offset - offset) < 3 * match.error)
        #expect(match.error < 0.03)
    }

    @Test("the speed of a position, and the change of speed")
    func derived() throws {
        let times = (0..<1000).map { Double($0) / 100 }
        let speed = MotionSignal.speed(
            ofPosition: [times.map { 3 * $0 }, times.map { 4 * $0 }], times: times, source: "position")
        #expect(speed.values.allSatisfy { abs($0 - 5) < 1e-9 })
        let change = MotionSignal(kind: .speed, source: "speed", times: times, values: times.map { 2 * $0 }).change
        #expect(change.values.allSatisfy { abs($0 - 2) < 1e-9 })
        #expect(change.kind == .change)
    }

    @Test("logs of other episodes are refused")
    func unrelated() {
        var answered = 0
        for seed in 0..<20 {
            let picture = course(bursts(60, seed: UInt64(100 + seed)), rate: 30, seconds: 60, noise: 0.4, seed: 1)
            let log = course(bursts(60, seed: UInt64(200 + seed)), rate: 150, seconds: 60, noise: 0.4, seed: 2)
            if MotionMatch(picture: picture, log: log, frameSeconds: 1 / 30)?.isAnswered ?? false { answered += 1 }
        }
        #expect(answered == 0)
    }

    @Test("what does not move is not matched, and the finding says so")
    func still() {
        let times = (0..<3000).map { Double($0) / 100 }
        let still = MotionSignal(kind: .speed, source: "speed", times: times, values: times.map { _ in 0 })
        #expect(MotionMatch(picture: still, log: still, frameSeconds: 0.04) == nil)
        let clock = ClockAnalyser().result(ClockFacts(stamps: times.map { $0 * ($0 > 10 ? 1000 : 1) }))
        let finding = SensorAnalyser().finding(log: "a.csv", camera: "a.mp4", match: nil, clock: clock, notes: [])
        #expect(finding.check == .sensor)
        #expect(finding.verdict == .notApplicable)
        #expect(finding.because.count == 2)
    }
}
