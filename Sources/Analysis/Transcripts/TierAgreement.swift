/// Tiers of one file that should share boundaries but nearly miss them.
public enum TierAgreement {
    public struct Disagreement: Sendable, Hashable {
        /// Seconds, in the coarser tier.
        public let time: Double
        /// Seconds from there to the nearest boundary of the finer tier.
        public let miss: Double
    }

    /// Limits in seconds: less is rounding, more is another boundary.
    private static let rounding = 0.0005
    private static let other = 0.03

    /// Boundaries of one tier that nearly miss those of a finer one, if most match.
    public static func disagreements(of coarse: [Double], with fine: [Double]) -> [Disagreement] {
        let sorted = fine.sorted()
        guard !sorted.isEmpty, !coarse.isEmpty else { return [] }
        var (missed, met): ([Disagreement], Int) = ([], 0)
        for time in Set(coarse).sorted() {
            var (low, high) = (0, sorted.count)
            while low < high {
                let middle = (low + high) / 2
                if sorted[middle] < time { low = middle + 1 } else { high = middle }
            }
            let near =
                [low - 1, low].filter(sorted.indices.contains).map { sorted[$0] - time }.min { abs($0) < abs($1) }
                ?? .infinity
            if abs(near) <= rounding {
                met += 1
            } else if abs(near) <= other {
                missed.append(Disagreement(time: time, miss: near))
            }
        }
        return met > missed.count ? missed : []
    }
}
