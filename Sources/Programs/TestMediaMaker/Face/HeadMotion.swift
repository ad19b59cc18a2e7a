import Foundation

/// A slow sway of the head: a pixel or two, below one movement in two seconds, different for each seed.
struct HeadMotion: Sendable {
    /// Offset of the head from its position in the portrait.
    struct Place: Sendable {
        /// Pixels of the frame.
        var x: Double
        var y: Double
        /// Radians, clockwise.
        var turn: Double
    }

    private struct Wave {
        var cyclesPerSecond: Double
        var phase: Double
        var height: Double

        func value(at time: Double) -> Double {
            height * sin(2 * Double.pi * cyclesPerSecond * time + phase)
        }
    }

    private let x: [Wave]
    private let y: [Wave]
    private let turn: [Wave]

    init(using generator: inout some RandomNumberGenerator) {
        func waves(_ height: Double) -> [Wave] {
            [0.13, 0.29, 0.47].map { rate in
                Wave(
                    cyclesPerSecond: rate * Double.random(in: 0.85...1.15, using: &generator),
                    phase: Double.random(in: 0..<(2 * Double.pi), using: &generator),
                    height: height * Double.random(in: 0.5...1, using: &generator) * 0.13 / rate)
            }
        }
        x = waves(1.8)
        y = waves(1.3)
        turn = waves(0.008)
    }

    func place(at time: Double) -> Place {
        func sum(_ waves: [Wave]) -> Double { waves.reduce(0) { $0 + $1.value(at: time) } }
        return Place(x: sum(x), y: sum(y), turn: sum(turn))
    }
}
