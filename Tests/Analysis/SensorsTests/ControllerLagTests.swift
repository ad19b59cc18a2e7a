import Foundation
import Sensors
import SignalCore
import Testing

/// Commands that go from pose to pose, and a state that is a delayed copy with noise.
@Suite("The lag of a controller is a property, told apart from the clock")
struct ControllerLagTests {
    private let times = (0..<3000).map { Double($0) / 50 }

    private func pose(_ joint: Int, _ time: Double, _ seed: UInt64) -> Double {
        var random = SplitMix64(seed: seed &* 31 &+ UInt64(joint))
        return (0..<50).reduce(0.0) { sum, _ in
            let (moment, size) = (Double.random(in: 0...60, using: &random), Double.random(in: -1...1, using: &random))
            return sum + size * (1 + tanh((time - moment) / 0.15))
        }
    }

    private func noisy(_ values: [Double], _ seed: UInt64) -> [Double] {
        var random = SplitMix64(seed: seed)
        return values.map { $0 + Double.random(in: -0.01...0.01, using: &random) }
    }

    @Test("a state that follows its target, or speeds that follow theirs", arguments: [0.085, 0.24, -0.02])
    func followed(lag: Double) throws {
        let targets = (0..<3).map { joint in times.map { pose(joint, $0, 2) } }
        let states = (0..<3).map { joint in noisy(times.map { pose(joint, $0 - lag, 2) }, 9 + UInt64(joint)) }
        let found = try #require(ControllerLag(command: targets, state: states, speed: [], times: times))
        #expect(abs(found.seconds - lag) < 0.01)
        #expect(abs(found.seconds - lag) < 3 * found.error)
        #expect(found.understood == "position")
        let speeds = (0..<3).map { joint in times.map { (pose(joint, $0 + 0.01, 2) - pose(joint, $0 - 0.01, 2)) / 0.02 }
        }
        let followed = try #require(ControllerLag(command: speeds, state: states, speed: [], times: times))
        #expect(abs(followed.seconds - lag) < 0.02)
        #expect(followed.understood == "velocity")
    }

    @Test("commands of another robot get no lag, nor do those that never change")
    func unrelated() {
        let targets = (0..<3).map { joint in times.map { pose(joint, $0, 2) } }
        let others = (0..<3).map { joint in times.map { pose(joint, $0, 77) } }
        #expect(ControllerLag(command: targets, state: others, speed: [], times: times) == nil)
        #expect(
            ControllerLag(command: targets.map { $0.map { _ in 1.5 } }, state: targets, speed: [], times: times) == nil)
        #expect(
            ControllerLag(command: targets.map { $0.map { _ in Double.nan } }, state: targets, speed: [], times: times)
                == nil)
    }
}
