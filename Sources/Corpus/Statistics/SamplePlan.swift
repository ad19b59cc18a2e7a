import SignalCore

/// Plan of a manual check to estimate the share of wrong texts: a stratified sample, the estimate from those examined,
/// and how many more are needed.
public struct SamplePlan: Sendable, Hashable {
    /// One text, or another unit that is examined.
    public struct Unit: Sendable, Hashable {
        public var key: String
        /// Such as `de`, `ann`, `30 s to 2 min`.
        public var stratum: [String]
        /// Whether it was wrong; nil: not examined yet.
        public var isWrong: Bool?

        public init(key: String, stratum: [String], isWrong: Bool?) {
            (self.key, self.stratum, self.isWrong) = (key, stratum, isWrong)
        }
    }

    public struct Stratum: Sendable, Hashable {
        public var names: [String]
        public var units: Int
        public var looked: Int
        public var wrong: Int
        /// Those that are to be examined, examined or not, in the order in which they were drawn.
        public var drawn: [String]
    }

    /// By their names.
    public var strata: [Stratum]
    public var units: Int
    public var looked: Int
    /// The share of wrong units, strata weighted by size, with its 95 % interval; nil: none examined. `count` and `of`
    /// are those that were examined.
    public var rate: Share?
    /// Strata without an examined unit: the share does not cover them, and the interval accounts for this.
    public var unseen: Int
    /// How many more to examine until the interval is `goal` either way; 0: reached. nil: it cannot be determined yet.
    public var more: Int?
    public var goal: Double

    /// - Parameters:
    ///   - count: how many are drawn in total; at least one of every stratum if possible.
    ///   - seed: the same seed draws the same ones; those of a smaller count are among those of a larger.
    ///   - goal: the wanted half width of the interval.
    public init(_ units: [Unit], count: Int, seed: UInt64 = 0, goal: Double = 0.05) {
        var groups: [[String]: [Unit]] = [:]
        for unit in units { groups[unit.stratum, default: []].append(unit) }
        let ordered = groups.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        let sizes = SamplePlan.shares(ordered.map(\.value.count), of: min(count, units.count))
        strata = zip(ordered, sizes).map { group, size in
            let looked = group.value.filter { $0.isWrong != nil }
            // By a hash of the name, independent of the others.
            let drawn = group.value.map { unit in
                (SplitMix64.mix(FNV1a(of: unit.key.utf8).value &+ (seed &+ 1) &* SplitMix64.increment), unit.key)
            }.sorted { $0 < $1 }.prefix(size).map(\.1)
            return Stratum(
                names: group.key, units: group.value.count, looked: looked.count,
                wrong: looked.count { $0.isWrong == true }, drawn: drawn)
        }
        self.units = units.count
        self.goal = goal
        looked = strata.reduce(0) { $0 + $1.looked }
        unseen = strata.count { $0.looked == 0 }
        let found = SamplePlan.rate(strata)
        rate = found?.share
        let needed = SamplePlan.more(
            found?.share, design: found?.design ?? 1, units: units.count, looked: looked, goal: goal)
        more = needed.map { max($0, unseen) }
    }

    /// What is drawn and was not examined yet.
    public func open(_ looked: Set<String>) -> [String] { strata.flatMap(\.drawn).filter { !looked.contains($0) } }

    /// Proportional allocation, the largest remainders rounded up, and one of each if possible.
    static func shares(_ sizes: [Int], of count: Int) -> [Int] {
        let whole = sizes.reduce(0, +)
        guard whole > 0, count > 0 else { return sizes.map { _ in 0 } }
        var result = sizes.map { min($0, count >= sizes.count ? 1 : 0) }
        var left = count - result.reduce(0, +)
        let wanted = sizes.map { Double(count) * Double($0) / Double(whole) }
        while left > 0 {
            guard
                let next = sizes.indices.filter({ result[$0] < sizes[$0] }).max(by: {
                    let (a, b) = (wanted[$0] - Double(result[$0]), wanted[$1] - Double(result[$1]))
                    return (a, Double(sizes[$0]), Double(-$0)) < (b, Double(sizes[$1]), Double(-$1))
                })
            else { break }
            result[next] += 1
            left -= 1
        }
        return result
    }

    /// The share, and its design effect relative to simple random sampling; at least 1.
    private static func rate(_ strata: [Stratum]) -> (share: Share, design: Double)? {
        let seen = strata.filter { $0.looked > 0 }
        let (looked, wrong) = (seen.reduce(0) { $0 + $1.looked }, seen.reduce(0) { $0 + $1.wrong })
        let whole = Double(seen.reduce(0) { $0 + $1.units })
        guard looked > 0, whole > 0 else { return nil }
        var (value, variance) = (0.0, 0.0)
        for stratum in seen {
            let (weight, n) = (Double(stratum.units) / whole, Double(stratum.looked))
            value += weight * Double(stratum.wrong) / n
            // With one added of each kind: none wrong of few is weak evidence.
            let share = (Double(stratum.wrong) + 1) / (n + 2)
            let finite = stratum.units > 1 ? (Double(stratum.units) - n) / Double(stratum.units - 1) : 0
            variance += weight * weight * share * (1 - share) / n * max(0, finite)
        }
        // Effective sample size under simple random sampling.
        let centre = (value * Double(looked) + 1) / (Double(looked) + 2)
        let effective = variance > 0 ? max(1, centre * (1 - centre) / variance) : Double.infinity
        var ends = effective.isFinite ? Share.wilson(value, n: effective) : (lower: value, upper: value)
        // Unexamined strata may be all right or all wrong.
        let known = whole / Double(strata.reduce(0) { $0 + $1.units })
        ends = (known * ends.lower, known * ends.upper + 1 - known)
        return (
            Share(count: wrong, of: looked, value: value, lower: ends.lower, upper: ends.upper),
            effective.isFinite ? max(1, Double(looked) / effective) : 1
        )
    }

    /// How many more until the interval is narrow enough, for any share within the interval.
    private static func more(_ rate: Share?, design: Double, units: Int, looked: Int, goal: Double) -> Int? {
        guard let rate, looked >= 5, goal > 0 else { return nil }
        func half(_ ends: (lower: Double, upper: Double), _ share: Double) -> Double {
            max(ends.upper - share, share - ends.lower)
        }
        if half((rate.lower, rate.upper), rate.value) <= goal { return 0 }
        let share = rate.lower <= 0.5 && rate.upper >= 0.5 ? 0.5 : rate.upper < 0.5 ? rate.upper : rate.lower
        func isEnough(_ count: Int) -> Bool {
            let rest = Double(units - count) / Double(max(1, units - 1))
            guard rest > 0 else { return true }
            return half(Share.wilson(share, n: Double(count) / rest / design), share) <= goal
        }
        var (low, high) = (looked, units)
        while high - low > 1 {
            let middle = (low + high) / 2
            if isEnough(middle) { high = middle } else { low = middle }
        }
        return max(1, high - looked)
    }

    /// Of a length in seconds.
    public static func lengthClass(_ seconds: Double?) -> String {
        guard let seconds else { return "length not known" }
        return switch seconds {
        case ..<30: "under 30 s"
        case ..<120: "30 s to 2 min"
        case ..<600: "2 to 10 min"
        default: "10 min and more"
        }
    }
}
