import Foundation
import SignalCore

/// The draws that sampling needs, from the project's one generator.
struct SeededGenerator {
    private var generator: SplitMix64
    private var spare: Double?

    init(seed: UInt64) { generator = SplitMix64(seed: seed) }

    /// In `0 ..< count`.
    mutating func index(below count: Int) -> Int { generator.index(below: count) }

    /// In `0 ..< 1`.
    mutating func uniform() -> Double { Double(generator.next() >> 11) * 0x1p-53 }

    /// Of mean 0 and deviation 1 (Box & Muller 1958).
    mutating func normal() -> Double {
        if let value = spare {
            spare = nil
            return value
        }
        let radius = (-2 * log(1 - uniform())).squareRoot()
        let angle = 2 * Double.pi * uniform()
        spare = radius * sin(angle)
        return radius * cos(angle)
    }
}

/// Percentile intervals by drawing whole sessions with replacement (Efron 1979).
enum Bootstrap {
    static let draws = 400

    /// - Parameters:
    ///   - count: how many sessions there are.
    ///   - measure: the measure of drawn sessions, by their places; draws for which it is no number are left out.
    static func interval(
        _ count: Int, level: Double = 0.95, _ generator: inout SeededGenerator, draws: Int = Bootstrap.draws,
        _ measure: ([Int]) -> Double
    ) -> (lower: Double, upper: Double) {
        guard count > 1 else { return (.nan, .nan) }
        var values: [Double] = []
        values.reserveCapacity(draws)
        var draw = [Int](repeating: 0, count: count)
        for _ in 0..<draws {
            for index in draw.indices { draw[index] = generator.index(below: count) }
            let value = measure(draw)
            if value.isFinite { values.append(value) }
        }
        values.sort()
        let edge = (1 - level) / 2
        return (Quantile.of(sorted: values, edge), Quantile.of(sorted: values, 1 - edge))
    }
}
