import Foundation
import SignalCore

/// Signals made for tests.
enum Made {
    /// White noise, uniform in -1 ... 1.
    static func noise(_ count: Int, seed: UInt64) -> [Float] {
        var generator = SplitMix64(seed: seed)
        return (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
    }

    static func noise(frames: Int, columns: Int, seed: UInt64) -> FrameMatrix {
        FrameMatrix(columns: columns, values: noise(frames * columns, seed: seed))
    }

    /// A sum of sines at frequencies below `highest` (cycles a sample), moved later by `delay` samples, so that its
    /// values between the samples are known too.
    static func bandLimited(_ count: Int, delay: Double, highest: Double, seed: UInt64) -> [Float] {
        var generator = SplitMix64(seed: seed)
        let parts = (0..<40).map { _ in
            (
                frequency: Double.random(in: 0.01...highest, using: &generator),
                phase: Double.random(in: 0...1, using: &generator)
            )
        }
        return (0..<count).map { index in
            Float(parts.reduce(0) { $0 + sin(2 * .pi * ($1.frequency * (Double(index) - delay) + $1.phase)) })
        }
    }

    /// `x` moved later by whole samples, the same length; what comes in is zero.
    static func moved(_ x: [Float], by delay: Int) -> [Float] {
        x.indices.map { x.indices.contains($0 - delay) ? x[$0 - delay] : 0 }
    }
}

/// The largest absolute difference of two arrays; infinite where they differ in length or hold NaN.
func largestDifference(_ one: [Float], _ other: [Float]) -> Double {
    guard one.count == other.count else { return .infinity }
    return zip(one, other).reduce(0) { largest, pair in
        let difference = abs(Double(pair.0) - Double(pair.1))
        return difference.isFinite ? max(largest, difference) : .infinity
    }
}
