import Foundation
import RobotSets
import SignalCore
import SyncModel
import Testing

@testable import Sensors

/// An arm of three joints whose commands are smooth courses, and whose states follow them after a known time.
struct MadeCommands {
    var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// - Parameters:
    ///   - lags: by joint, in rows.
    ///   - noise: of the states, in radians.
    ///   - still: a joint that does not move but for its noise.
    mutating func episode(
        rows: Int = 240, lags: [Double], noise: Double = 0.002, still: Int? = nil, areSpeeds: Bool = false
    ) -> CommandRows {
        var result = CommandRows(actions: [], states: [])
        for (joint, lag) in lags.enumerated() {
            let waves = (0..<5).map { _ in
                (
                    size: Double.random(in: 0.1...0.5, using: &random),
                    pace: Double.random(in: 0.02...0.2, using: &random),
                    phase: Double.random(in: 0...6.28, using: &random)
                )
            }
            func place(_ row: Double) -> Double {
                joint == still ? 0.3 : waves.reduce(0) { $0 + $1.size * sin($1.pace * row + $1.phase) }
            }
            func speed(_ row: Double) -> Double {
                waves.reduce(0) { $0 + $1.size * $1.pace * cos($1.pace * row + $1.phase) }
            }
            result.actions.append((0..<rows).map { Float(areSpeeds ? speed(Double($0)) : place(Double($0))) })
            result.states.append(
                (0..<rows).map { row in
                    // Twelve uniform ones make a nearly normal one.
                    let normal = (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0...1, using: &random) }
                    return Float(place(Double(row) - lag) + noise * normal)
                })
        }
        return result
    }

    static func set(_ episodes: [CommandRows], framesPerSecond: Double = 30) -> SetLags {
        let lags = episodes.map { ActionLags($0, framesPerSecond: framesPerSecond) }
        return SetLags(
            Dictionary(uniqueKeysWithValues: lags.enumerated().map { ($0.offset, $0.element) }),
            names: ["base", "elbow", "wrist"], columns: ("action", "observation.state"),
            framesPerSecond: framesPerSecond)
    }
}

@Suite("The lag of states after commands is found by joint, and episodes that differ from their set are named")
struct ActionLagsTests {
    @Test("an episode that lost some rows has the lag of the others", arguments: [1, 2, 4])
    func lostRows(count: Int) {
        var made = MadeCommands(seed: 17)
        let episodes = (0..<30).map { number in
            var rows = made.episode(lags: [2, 2, 2])
            rows.times = (0..<240).map { Float($0) / 30 }
            guard number % 3 == 0 else { return rows }
            let lost = 60 + number..<60 + number + count
            rows.times.removeSubrange(lost)
            for joint in rows.actions.indices {
                rows.actions[joint].removeSubrange(lost)
                rows.states[joint].removeSubrange(lost)
            }
            return rows
        }
        let set = MadeCommands.set(episodes)
        #expect(set.faults.isEmpty, "\(set.faults)")
        #expect(set.lags.values.allSatisfy { abs($0 - 2000.0 / 30) < 8 }, "\(set.lags)")
    }

    @Test("stamps that scatter are no lost rows")
    func scatteringTimes() {
        var made = MadeCommands(seed: 19)
        let episodes = (0..<20).map { number in
            var rows = made.episode(lags: [2, 2, 2])
            let scatter: Float = number % 2 == 0 ? 0.3 : 0
            rows.times = (0..<240).map { (Float($0) + scatter * Float.random(in: -2...2, using: &made.random)) / 30 }
            return rows
        }
        let set = MadeCommands.set(episodes)
        #expect(set.faults.isEmpty, "\(set.faults)")
        #expect(set.lags.values.allSatisfy { abs($0 - 2000.0 / 30) < 8 }, "\(set.lags)")
    }

    @Test("each joint's lag is that with which it was made, whole rows or not", arguments: [-2.0, 0, 1, 2.4, 7.5])
    func lag(rows: Double) throws {
        var made = MadeCommands(seed: 11)
        for rate in [10.0, 30, 50] {
            let lags = ActionLags(made.episode(lags: [rows, rows, rows]), framesPerSecond: rate)
            for joint in 0..<3 {
                let found = try #require(lags.positions[joint])
                #expect(abs(found.rows - rows) < 0.2)
            }
        }
    }

    @Test("commands of speeds are found to be such, with their lag")
    func speeds() throws {
        var made = MadeCommands(seed: 5)
        let set = MadeCommands.set((0..<12).map { _ in made.episode(lags: [3, 3, 3], areSpeeds: true) })
        try #require(set.joints.count == 3)
        for joint in set.joints {
            #expect(joint.commandIs == "velocity")
            #expect(abs(joint.median - 100) < 8)
        }
    }

    @Test("a joint that rests shows no lag, and noise shows none")
    func still() {
        var made = MadeCommands(seed: 3)
        let lags = ActionLags(made.episode(lags: [2, 2, 2], still: 1), framesPerSecond: 30)
        #expect(lags.positions[1] == nil)
        #expect(lags.positions[0] != nil)
    }

    @Test("median, spread and percentiles over the set are those of the lags that were made")
    func distribution() throws {
        var made = MadeCommands(seed: 17)
        // From 1 to 3 rows, evenly: median 2, median deviation half a row; a second joint always 4 rows late.
        let set = MadeCommands.set(
            (0..<81).map { made.episode(lags: [1 + Double($0) / 40, 4, 2], noise: 0.0005) })
        let base = try #require(set.joints.first { $0.joint == "base" })
        #expect(base.episodes == 81)
        #expect(abs(base.median - 2 * 1000 / 30) < 3)
        #expect(abs(base.spread - 1.4826 * 0.5 * 1000 / 30) < 3)
        #expect(abs(base.low - 1.1 * 1000 / 30) < 4)
        #expect(abs(base.high - 2.9 * 1000 / 30) < 4)
        let elbow = try #require(set.joints.first { $0.joint == "elbow" })
        #expect(abs(elbow.median - 4 * 1000 / 30) < 3)
        #expect(elbow.spread < 2)
    }

    @Test("episodes whose commands are a row off are named, and no others", arguments: 1...6)
    func step(seed: Int) {
        var made = MadeCommands(seed: UInt64(seed) &* 7919)
        let off = [4: 1.0, 17: -1.0, 30: 2.0]
        let set = MadeCommands.set(
            (0..<40).map { episode in
                let lag = 2 + Double.random(in: -0.1...0.1, using: &made.random) + (off[episode] ?? 0)
                return made.episode(lags: [lag, lag + 0.5, lag])
            })
        #expect(Set(set.faults.keys) == Set(off.keys))
        #expect(set.faults.values.allSatisfy { $0.map(\.kind) == [.lagDiffers] })
        #expect(abs((set.faults[4]?[0].costMilliseconds ?? 0) - 1000 / 30) < 6)
        #expect(set.faults[4]?[0].sentence.contains("later than in the set's other episodes") == true)
        #expect(set.faults[17]?[0].sentence.contains("earlier") == true)
        #expect(set.faults[30]?[0].sentence.contains("2 rows of difference") == true)
    }

    @Test("where all episodes differ by themselves none is named, nor in a small set")
    func scattered() {
        var made = MadeCommands(seed: 23)
        let wide = MadeCommands.set(
            (0..<40).map { _ in
                let lag = Double.random(in: 0...4, using: &made.random)
                return made.episode(lags: [lag, lag, lag])
            })
        #expect(wide.faults.isEmpty)
        let few = MadeCommands.set((0..<6).map { made.episode(lags: $0 == 3 ? [3, 3, 3] : [2, 2, 2]) })
        #expect(few.faults.isEmpty)
    }

    @Test("commands that equal the states of their own rows are named, in any set; those of the next row are commands")
    func copy() {
        var made = MadeCommands(seed: 29)
        func copied(by shift: Int, still: Bool = false, rows: Int = 200) -> CommandRows {
            var one = made.episode(rows: rows + 5, lags: [0, 0, 0])
            let states = still ? one.states.map { [Float](repeating: $0[0], count: rows + 5) } : one.states
            one.states = states.map { Array($0[0..<rows]) }
            one.actions = states.map { Array($0[shift..<rows + shift]) }
            return one
        }
        let set = MadeCommands.set([copied(by: 0), copied(by: 1), made.episode(lags: [2, 2, 2])])
        #expect(set.faults.mapValues { $0.map(\.kind) } == [0: [.actionIsState]])
        // An arm that never moved, and a few rows, show nothing.
        #expect(MadeCommands.set([copied(by: 0, still: true), copied(by: 0, rows: 12)]).faults.isEmpty)
    }
}
