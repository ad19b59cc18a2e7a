import Foundation
import Sensors
import SignalCore
import SyncModel
import Testing

/// Motion of half an hour and more: bursts at random times, seen at 30 frames a second with noise of its own, logged at
/// 50 Hz by a clock that runs off.
@Suite("The drift of a log is told where minutes agree on it")
struct MotionDriftTests {
    static func courses(seconds: Double, ppm: Double, seed: UInt64, offset: Double = 1.3) -> (
        picture: MotionSignal, log: MotionSignal
    ) {
        var random = SplitMix64(seed: seed)
        func next(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &random) }
        let step = 0.02
        var speed = [Double](repeating: 0.02, count: Int((seconds + 20) / step))
        for _ in 0..<Int(seconds) {
            let (moment, width, size) = (next(0...seconds + 20), next(0.08...0.4), next(0.3...1.3))
            for index in max(0, Int((moment - 3 * width) / step))..<min(speed.count, Int((moment + 3 * width) / step)) {
                speed[index] += size * exp(-0.5 * pow((Double(index) * step - moment) / width, 2))
            }
        }
        func value(_ time: Double) -> Double {
            let place = max(0, min(Double(speed.count - 2), time / step))
            let low = Int(place)
            return speed[low] + (place - Double(low)) * (speed[low + 1] - speed[low])
        }
        let seen = (0..<Int(seconds * 30)).map { Double($0) / 30 }
        let picture = MotionSignal(
            kind: .speed, source: "picture", times: seen, values: seen.map { value($0 + 5) * next(0.3...1.7) })
        // t_picture = t_log + offset + drift * t_log.
        let stamps = (0..<Int((seconds - 10) * 50)).map { Double($0) / 50 }
        let log = MotionSignal(
            kind: .speed, source: "speed", times: stamps,
            values: stamps.map { value($0 * (1 + ppm * 1e-6) + offset + 5) * next(0.5...1.5) })
        return (picture, log)
    }

    @Test("half an hour tells 150 parts per million, and the offset at the log's beginning", arguments: [150.0, -150])
    func told(ppm: Double) throws {
        let (picture, log) = Self.courses(seconds: 1800, ppm: ppm, seed: 4)
        let match = try #require(MotionMatch(picture: picture, log: log, frameSeconds: 1 / 30))
        let drift = try #require(match.drift)
        #expect(drift.interval?.contains(ppm) == true, "\(drift)")
        #expect(abs(drift.ppm - ppm) < 20)
        #expect(match.isAnswered)
        #expect(abs(match.offset - 1.3) < 0.02)
        let finding = SensorAnalyser().finding(
            log: "a.csv", camera: "a.mp4", match: match, clock: ClockAnalyser().result(ClockFacts(stamps: log.times)),
            notes: [])
        #expect(finding.drift != nil)
        #expect(abs((finding.worst?.seconds ?? 0) - (ppm > 0 ? 1.3 + 1785 * 150e-6 : 1.3)) < 0.03)
    }

    @Test("a clock that keeps time gets no drift, nor does a recording that is too short for one")
    func untold() throws {
        let long = Self.courses(seconds: 1500, ppm: 0, seed: 11)
        let kept = try #require(MotionMatch(picture: long.picture, log: long.log, frameSeconds: 1 / 30))
        #expect(kept.drift == nil)
        let short = Self.courses(seconds: 300, ppm: 200, seed: 5)
        let brief = try #require(MotionMatch(picture: short.picture, log: short.log, frameSeconds: 1 / 30))
        #expect(brief.drift == nil)
    }
}
