import Foundation

/// Distribution of an aligner's edges relative to the stated ones over a whole transcript.
struct EdgeStatistics {
    /// Median of found minus stated, in seconds.
    let common: Double
    /// The scale of a Laplace distribution around it.
    let spread: Double
    let isLoose: Bool

    /// - Parameter loose: whether the edges are of cues, which people set.
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

/// The probability that an item is at its stated time, by the aligners' measurements of its two edges (Bayes).
///
/// If it was not moved, each edge has its aligner's Laplace error, or is lost, or the aligner loses both; if it was
/// moved, by any amount within range, the edges of all aligners that are not lost agree.
struct MoveChance {
    struct Measured {
        /// Found minus stated minus the common offset of all items, in seconds.
        let start: Double
        let end: Double
        let spread: Double
        /// Probability that this aligner is lost, given its evidence.
        let lost: Double

        /// The smaller of the edges' differences, 0 if they have opposite signs: a word that is only longer is not
        /// moved.
        var move: Double { start * end <= 0 ? 0 : abs(start) < abs(end) ? start : end }

        /// Likelihood of these edges for an item moved by a given amount.
        func likelihood(_ move: Double) -> Double {
            func edge(_ x: Double) -> Double {
                (1 - MoveChance.lostEdge) * exp(-abs(x - move) / spread) / (2 * spread) + MoveChance.lostEdge
                    * MoveChance.even
            }
            return lost * MoveChance.even * MoveChance.even + (1 - lost) * edge(start) * edge(end)
        }
    }

    let trust: Double
    /// The likeliest move, in seconds.
    let move: Double
    /// Likelihood ratio of each aligner's edges at that move to the stated time.
    let supports: [Double]

    /// Prior probability of a move.
    private static let prior = 0.05
    private static let lostEdge = 0.15
    /// Range of moves and of lost aligners, in seconds either way.
    private static let reach = 0.6
    private static let even = 1 / (2 * reach)

    /// - Parameter neighbours: likelihood ratio of the neighbours' stated times by the item's move in seconds.
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
