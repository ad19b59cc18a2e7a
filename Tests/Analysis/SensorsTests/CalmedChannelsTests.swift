import Foundation
import SignalCore
import Testing

@testable import Sensors

@Suite("Channels are smoothed as their own noise calls for")
struct CalmedChannelsTests {
    private let times = (0..<6000).map { Double($0) / 100 }

    private func noisy(_ deviation: Double, seed: UInt64) -> [Double] {
        var random = SplitMix64(seed: seed)
        // The sum of twelve even numbers is nearly normal.
        return times.map { time in
            sin(time) + 0.3 * sin(3.1 * time)
                + deviation * ((0..<12).reduce(0.0) { sum, _ in sum + Double.random(in: -0.5...0.5, using: &random) })
        }
    }

    @Test("the noise of a channel is told whatever moves in it", arguments: [0.001, 0.01, 0.1])
    func noise(_ deviation: Double) {
        #expect(abs(CalmedChannels.noise(noisy(deviation, seed: 1)) - deviation) < 0.1 * deviation)
        #expect(CalmedChannels.noise(noisy(0, seed: 1)) < 1e-4)
    }

    @Test("a channel without noise is differentiated as it is, one with jitter over longer")
    func widths() throws {
        #expect(CalmedChannels.width(ofPosition: [noisy(0, seed: 2)], times: times, usual: 0.04) == nil)
        let some = try #require(CalmedChannels.width(ofPosition: [noisy(0.01, seed: 2)], times: times, usual: 0.04))
        let much = try #require(CalmedChannels.width(ofPosition: [noisy(0.1, seed: 2)], times: times, usual: 0.04))
        #expect(some < much)
    }

    @Test("speed of a position with jitter comes near the true one, at the true time")
    func speed() {
        let course = MotionSignal.speed(ofPosition: [noisy(0.02, seed: 3)], times: times, source: "position")
        let truth = course.times.map { abs(cos($0) + 0.93 * cos(3.1 * $0)) }
        let errors = zip(course.values, truth).map { abs($0 - $1) }
        #expect(errors.reduce(0, +) / Double(errors.count) < 0.12)
    }
}
