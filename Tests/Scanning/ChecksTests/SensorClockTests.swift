import Checks
import Foundation
import Sensors
import SignalCore
import Testing

/// Two cameras and two logs of one made episode: bursts of speed, seen and logged from different moments on.
@Suite("Cameras and logs of an episode stand on one clock, with closure")
struct SensorClockTests {
    private func bursts(_ seed: UInt64) -> [(Double, Double, Double)] {
        var random = SplitMix64(seed: seed)
        func next(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &random) }
        return (0..<100).map { _ in (next(0...80), next(0.08...0.33), next(0.3...1.3)) }
    }

    private func course(_ bursts: [(Double, Double, Double)], rate: Double, from: Double, seed: UInt64) -> MotionSignal
    {
        var random = SplitMix64(seed: seed)
        let times = (0..<Int(60 * rate)).map { Double($0) / rate }
        let values = times.map { time in
            bursts.reduce(0.02) { $0 + $1.2 * exp(-0.5 * pow((time + from - $1.0) / $1.1, 2)) }
                * Double.random(in: 0.7...1.3, using: &random)
        }
        return MotionSignal(kind: .speed, source: "speed", times: times, values: values)
    }

    private func camera(_ name: String, _ made: [(Double, Double, Double)], from: Double, start: Double, seed: UInt64)
        -> SensorClock.Camera
    {
        SensorClock.Camera(
            name: name, seen: SeenMotion(speed: course(made, rate: 30, from: from, seed: seed), frameSeconds: 1 / 30),
            start: start, error: 0.01)
    }

    @Test("all pairs agree, and each log is placed better than its worst pair")
    func closed() throws {
        let made = bursts(6)
        let cameras = [
            camera("a", made, from: 8, start: 0, seed: 1), camera("b", made, from: 8.4, start: 0.4, seed: 2),
        ]
        let logs = [
            SensorClock.Log(name: "x", told: LogMotion(courses: [course(made, rate: 100, from: 9.25, seed: 3)])),
            SensorClock.Log(name: "y", told: LogMotion(courses: [course(made, rate: 150, from: 6.9, seed: 4)])),
        ]
        let clock = SensorClock(cameras: cameras, logs: logs, analyser: SensorAnalyser())
        #expect(clock.pairs.count == 5)
        #expect(clock.pairs.filter(\.isUsed).count == 5)
        for (place, truth) in zip(clock.places, [1.25, -1.1]) {
            #expect(abs((place.motion?.offset ?? 9) - truth) < 0.012)
            #expect((place.residual ?? 9) < 0.015)
            #expect(place.motion?.isAnswered == true)
        }
    }

    @Test("a log of another episode stays off the clock of the rest")
    func stranger() throws {
        let made = bursts(6)
        let cameras = [
            camera("a", made, from: 8, start: 0, seed: 1), camera("b", made, from: 8.4, start: 0.4, seed: 2),
        ]
        let logs = [
            SensorClock.Log(name: "x", told: LogMotion(courses: [course(made, rate: 100, from: 9.25, seed: 3)])),
            SensorClock.Log(name: "z", told: LogMotion(courses: [course(bursts(91), rate: 150, from: 8, seed: 4)])),
        ]
        let clock = SensorClock(cameras: cameras, logs: logs, analyser: SensorAnalyser())
        #expect(clock.places[0].motion?.isAnswered == true)
        #expect(clock.places[1].motion?.isAnswered != true)
        #expect(clock.pairs.filter { $0.isUsed == ($0.log == 1) }.isEmpty)
    }
}
