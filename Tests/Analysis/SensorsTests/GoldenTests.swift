import Foundation
import GoldenNumbers
import Sensors
import SignalCore
import SyncModel
import Testing

@Suite("Golden numbers of sensors")
struct GoldenTests {
    /// A speed of made bursts, seen from a moment of theirs on.
    private func course(rate: Double, from: Double, bursts seed: UInt64 = 7) -> MotionSignal {
        var random = SplitMix64(seed: seed)
        func next() -> Double { Double(random.next() >> 11) / 9_007_199_254_740_992 }
        let bursts = (0..<90).map { _ in (next() * 75, 0.08 + 0.25 * next(), 0.3 + next()) }
        let times = (0..<Int(50 * rate)).map { Double($0) / rate }
        let values = times.map { time in
            bursts.reduce(0.02) { $0 + $1.2 * exp(-0.5 * pow((time + from - $1.0) / $1.1, 2)) } * (1 + 0.2 * next())
        }
        return MotionSignal(kind: .speed, source: "speed", times: times, values: values)
    }

    private func finding(picture: MotionSignal, log: MotionSignal) -> Finding {
        SensorAnalyser().finding(
            log: "a.csv", camera: "a.mp4", match: MotionMatch(picture: picture, log: log, frameSeconds: 1 / 30),
            clock: ClockAnalyser().result(ClockFacts(stamps: log.times)), notes: [])
    }

    @Test("a log that is early, and one of another episode")
    func sensors() {
        let picture = course(rate: 30, from: 8)
        #expect(
            GoldenNumbers.complaints("early", finding(picture: picture, log: course(rate: 150, from: 8.124))) == [])
        let other = course(rate: 150, from: 8, bursts: 208)
        #expect(GoldenNumbers.complaints("another episode", finding(picture: picture, log: other)) == [])
    }
}
