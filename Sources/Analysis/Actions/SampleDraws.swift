import Foundation
import SignalCore

/// Random draws for sampling, from the project's generator; it keeps the second of each pair of normal numbers.
struct SampleDraws {
    private var generator: SplitMix64
    private var spare: Double?

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    /// In `0 ..< count`.
    mutating func index(below count: Int) -> Int { generator.index(below: count) }

    /// Of mean 0 and deviation 1 (Box & Muller 1958).
    mutating func normal() -> Double {
        if let value = spare {
            spare = nil
            return value
        }
        let radius = (-2 * log(1 - generator.uniform())).squareRoot()
        let angle = 2 * Double.pi * generator.uniform()
        spare = radius * sin(angle)
        return radius * cos(angle)
    }
}
