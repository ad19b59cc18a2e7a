import Foundation

/// How an aligner's edges lie about the stated ones over a whole transcript.
struct EdgeStatistics {
    /// Median of found less stated, in seconds.
    let common: Double
    /// The scale of a Laplace distribution about it.
    let spread: Double
    let isLoose: Bool

    /// - Parameter loose: edges of cues, which people set.
    init?(_ differences: [Double], loose: Bool) {
        guard differences.count >= 4 else { return nil }
        let sorted = differences.sorted()
        let median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        common = median
        let deviations = differences.map { abs($0 - median) }.sorted()
        // The median of a Laplace distribution's deviations is its scale times ln 2.
        spread = min(loose ? 0.3 : 0.05, max(loose ? 0.1 : 0.015, deviations[deviations.count / 2] / log(2)))
        isLoose = loose
    }
}

/// The probability that an item is where it is stated, by what aligners measure of its two edges (Bayes).
///
/// Where it was not moved, each edge is off by its aligner's Laplace error, or is lost, or the aligner is lost with
/// both; where it was moved, by any amount within the reach, the edges of all aligners that are not lost measure the
/// same.
struct MoveChance {
    struct Measured {
        /// Found less stated, less what all items have in common, in seconds.
        let start: Double
        let end: Double
        let spread: Double
        /// How often this aligner is lost where its evidence is like here.
        let lost: Double

        /// The smaller of the edges' differences, 0 where they go opposite ways: a word that is only longer is not
        /// moved.
        var move: Double { start * end <= 0 ? 0 : abs(start) < abs(end) ? start : end }

        /// How likely these edges are of an item that was moved by so much.
        func likelihood(_ move: Double) -> Double {
            func edge(_ x: Double) -> Double {
                (1 - MoveChance.lostEdge) * exp(-abs(x - move) / spread) / (2 * spread) + MoveChance.lostEdge
                    * MoveChance.even
            }
            return lost * MoveChance.even * MoveChance.even + (1 - lost) * edge(start) * edge(end)
        }
    }

    let trust: Double
    /// Seconds: the likeliest move.
    let move: Double
    /// How much likelier each aligner's edges are at that move than where the item is stated.
    let supports: [Double]

    /// Before looking: how many items are moved.
    private static let prior = 0.05
    private static let lostEdge = 0.15
    /// Seconds either way within which moved items and lost aligners lie.
    private static let reach = 0.6
    private static let even = 1 / (2 * reach)

    /// - Parameter neighbours: how much likelier the neighbours' stated times are where the item was moved by so many
    ///   seconds than where it was not.
    init(_ measured: [Measured], neighbours: (Double) -> Double) {
        func together(_ move: Double) -> Double { measured.reduce(1.0) { $0 * $1.likelihood(move) } }
        let right = together(0)
        var (moved, best, at) = (0.0, -1.0, 0.0)
        for step in -60...60 {
            let x = Double(step) / 100
            let value = together(x)
            moved += 0.01 * MoveChance.even * value
            if value > best { (best, at) = (value, x) }
        }
        let odds = MoveChance.prior / (1 - MoveChance.prior) * neighbours(at)
        trust = right / max(1e-300, right + odds * moved)
        move = at
        supports = measured.map { $0.likelihood(at) / max(1e-300, $0.likelihood(0)) }
    }
}
