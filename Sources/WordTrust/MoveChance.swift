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

/// The probability that an item is where it is stated, by what aligners measure of its move (Bayes).
///
/// Where it was not moved, each aligner is off by its own Laplace error, or lost; where it was moved, by any amount within the reach,
/// two aligners that are not lost measure the same.
struct MoveChance {
    struct Measured {
        /// Seconds.
        let move: Double
        let spread: Double
    }

    let trust: Double
    let isMoved: Bool
    /// Measured away by more than the least move, and less likely right than not by much: what one aligner alone can say.
    let isDoubtful: Bool

    /// Before looking: how many items are moved, and how often an aligner is lost.
    private static let prior = 0.05
    private static let lost = 0.1
    /// Seconds either way within which moved items and lost aligners lie.
    private static let reach = 0.6
    /// A smaller move is none that an annotator would mend.
    private static let leastMove = 0.08
    private static let leastLooseMove = 0.4
    private static let mostTrustOfMoved = 0.2
    private static let mostTrustOfDoubtful = 0.75

    init(_ measured: [Measured], loose: Bool) {
        let even = 1 / (2 * MoveChance.reach)
        func error(_ x: Double, _ spread: Double) -> Double {
            (1 - MoveChance.lost) * exp(-abs(x) / spread) / (2 * spread) + MoveChance.lost * even
        }
        let right = measured.reduce(1.0) { $0 * error($1.move, $1.spread) }
        let moves = stride(from: -MoveChance.reach, through: MoveChance.reach, by: 0.01)
        let moved = moves.reduce(0.0) { sum, move in sum + 0.01 * even * measured.reduce(1.0) { $0 * error($1.move - move, $1.spread) } }
        trust = right * (1 - MoveChance.prior) / max(1e-300, right * (1 - MoveChance.prior) + moved * MoveChance.prior)
        let least = loose ? MoveChance.leastLooseMove : MoveChance.leastMove
        let oneWay = measured.allSatisfy { $0.move > least } || measured.allSatisfy { $0.move < -least }
        isMoved = oneWay && trust < MoveChance.mostTrustOfMoved
        isDoubtful = oneWay && trust < MoveChance.mostTrustOfDoubtful
    }
}
