import Foundation

extension Share {
    /// A share with Wilson's interval (1927).
    ///
    /// - Parameter design: Kish's design effect; at least 1.
    init?(_ count: Int, of whole: Int, design: Double = 1) {
        guard whole > 0 else { return nil }
        let p = Double(count) / Double(whole)
        let ends = Share.wilson(p, n: Double(whole) / max(1, design))
        self.init(count: count, of: whole, value: p, lower: ends.lower, upper: ends.upper)
    }

    /// Of the normal distribution, for 95 % either way.
    static let normalQuantile = 1.959_963_985

    /// Wilson's interval of a share; the number need not be an integer.
    static func wilson(_ p: Double, n: Double) -> (lower: Double, upper: Double) {
        let z = normalQuantile
        let middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        return (max(0, middle - half), min(1, middle + half))
    }

    /// Design effect of speakers on a share: the variance by speaker over the binomial one.
    ///
    /// - Returns: at least 1; 1 where fewer than five speakers are known.
    static func design(_ hits: [Bool], speakers: [Int]) -> Double {
        guard !hits.isEmpty else { return 1 }
        var tallies: [Int: (hits: Double, clips: Double)] = [:]
        for (hit, speaker) in zip(hits, speakers) {
            let old = tallies[speaker] ?? (0, 0)
            tallies[speaker] = (old.hits + (hit ? 1 : 0), old.clips + 1)
        }
        guard tallies.count >= 5, tallies.count < hits.count else { return 1 }
        let n = Double(hits.count)
        let p = Double(hits.count { $0 }) / n
        guard p > 0, p < 1 else { return 1 }
        let parts = tallies.sorted { $0.key < $1.key }.map(\.value)
        let k = Double(parts.count)
        let scatter = parts.reduce(0) { $0 + ($1.hits - p * $1.clips) * ($1.hits - p * $1.clips) } * k / (k - 1)
        return max(1, scatter / (n * p * (1 - p)))
    }
}
