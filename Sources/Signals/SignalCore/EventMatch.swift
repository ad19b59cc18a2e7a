import Foundation

/// Aligns two series of events: the offset at which most of them match, and its probability by chance.
public struct EventMatch: Sendable, Hashable {
    /// Seconds to add to the audio events' times.
    public let offset: Double
    /// Visual minus audio time of each pair, in seconds, less `offset`.
    public let residuals: [Double]
    /// Events of each series within the other's time range at this offset.
    public let heard: Int
    public let seen: Int
    /// The probability of so many pairs at any offset of the range if the series are unrelated.
    public let chance: Double
    /// The most pairs at any other, clearly different offset, and that offset.
    public let rivalPairs: Int
    public let rivalOffset: Double
    /// Distance in seconds to the nearest offset with more than `rivalShare` of these pairs; nil: none.
    public let nearestRival: Double?
    /// Offsets with less than this share of the best one's pairs are not rivals.
    public static let rivalShare = 0.67

    public var pairs: Int { residuals.count }
    /// The share of all events that are paired.
    public var exclusivity: Double { Double(2 * pairs) / Double(max(1, heard + seen)) }
    /// Root mean square of the residuals, in seconds.
    public var spread: Double { (residuals.reduce(0) { $0 + $1 * $1 } / Double(max(1, residuals.count))).squareRoot() }
    /// From the earliest pair to the latest, in seconds.
    public let span: Double

    /// Search step, in seconds.
    private static let step = 0.002

    /// - Parameters:
    ///   - range: search range, plus and minus, in seconds.
    ///   - reach: maximum distance of a pair, in seconds.
    ///   - heardTime: duration searched for audio events, in seconds.
    ///   - seenTime: duration searched for visual events, in seconds.
    public init?(
        heard: [SuddenEvent], seen: [SuddenEvent], range: Double, reach: Double, heardTime: ClosedRange<Double>,
        seenTime: ClosedRange<Double>
    ) {
        guard heard.count >= 2, seen.count >= 2 else { return nil }
        let a = heard.map(\.seconds)
        let v = seen.map(\.seconds)
        // Match quality by offset: a bell around every difference.
        let half = Int((range / EventMatch.step).rounded())
        var curve = [Double](repeating: 0, count: 2 * half + 1)
        let bell = Int((reach / EventMatch.step).rounded(.up))
        for one in a {
            for other in v where abs(other - one) <= range + reach {
                let centre = (other - one) / EventMatch.step
                let middle = Int(centre.rounded())
                for index in middle - bell...middle + bell where abs(index) <= half {
                    let away = (Double(index) - centre) / Double(max(1, bell))
                    curve[index + half] += max(0, 1 - away * away)
                }
            }
        }
        // Of equal peaks, as from regular events, the one nearest to offset 0.
        guard let top = curve.max(), top > 0,
            let best = curve.indices.filter({ curve[$0] > top - 0.25 }).min(by: { abs($0 - half) < abs($1 - half) })
        else { return nil }
        var offset = Double(best - half) * EventMatch.step
        var met = EventMatch.pairs(a, v, offset, reach)
        // The centre of the pairs, then the pairs at that centre.
        for _ in 0..<2 where !met.isEmpty {
            offset = EventMatch.centre(met.map { v[$0.seen] - a[$0.heard] })
            met = EventMatch.pairs(a, v, offset, reach)
        }
        guard !met.isEmpty else { return nil }
        let differences = met.map { v[$0.seen] - a[$0.heard] }
        offset = EventMatch.centre(differences)
        self.offset = offset
        residuals = differences.map { $0 - offset }
        self.heard = a.count { seenTime.contains($0 + offset) }
        self.seen = v.count { heardTime.contains($0 - offset) }
        span = (met.map { v[$0.seen] }.max() ?? 0) - (met.map { v[$0.seen] }.min() ?? 0)

        var rival = (pairs: 0, offset: 0.0)
        var nearest: Double?
        var tried = -range
        while tried <= range {
            let away = abs(tried - offset)
            if away > 3 * reach {
                let count = EventMatch.pairs(a, v, tried, reach).count
                if count > rival.pairs { rival = (count, tried) }
                if Double(count) > EventMatch.rivalShare * Double(met.count) {
                    nearest = min(nearest ?? .infinity, away)
                }
            }
            tried += reach / 2
        }
        nearestRival = nearest
        rivalPairs = rival.pairs
        rivalOffset = rival.offset
        // Unrelated series match by Poisson's law; the number of trials is the number of distinct offsets in the range.
        let common = max(
            0.5, min(heardTime.upperBound, seenTime.upperBound) - max(heardTime.lowerBound, seenTime.lowerBound))
        let expected = Double(a.count * v.count) * 2 * reach / common
        chance = min(1, EventMatch.poissonTail(expected, met.count) * max(1, range / reach))
    }

    /// Pairs within reach, nearest first, each event in at most one.
    private static func pairs(_ a: [Double], _ v: [Double], _ offset: Double, _ reach: Double) -> [(
        heard: Int, seen: Int
    )] {
        var candidates: [(distance: Double, heard: Int, seen: Int)] = []
        var first = 0
        for (index, time) in a.enumerated() {
            while first < v.count, v[first] < time + offset - reach { first += 1 }
            var other = first
            while other < v.count, v[other] <= time + offset + reach {
                candidates.append((abs(v[other] - time - offset), index, other))
                other += 1
            }
        }
        var heard: Set<Int> = []
        var seen: Set<Int> = []
        var result: [(heard: Int, seen: Int)] = []
        for candidate in candidates.sorted(by: { $0.distance < $1.distance })
        where !heard.contains(candidate.heard) && !seen.contains(candidate.seen) {
            heard.insert(candidate.heard)
            seen.insert(candidate.seen)
            result.append((candidate.heard, candidate.seen))
        }
        return result.sorted { $0.heard < $1.heard }
    }

    /// The interquartile mean, robust against one wrong pair; of three or fewer the median.
    private static func centre(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        if sorted.count <= 3 { return sorted[sorted.count / 2] }
        let cut = sorted.count / 4
        let middle = sorted[cut..<sorted.count - cut]
        return middle.reduce(0, +) / Double(middle.count)
    }

    /// The probability of `count` or more where `expected` are expected.
    static func poissonTail(_ expected: Double, _ count: Int) -> Double {
        var term = exp(-expected)
        var below = 0.0
        for index in 0..<count {
            below += term
            term *= expected / Double(index + 1)
        }
        // For small numbers the leading term is more exact than one minus the rest.
        return expected < 1 ? min(1, term / (1 - expected / Double(count + 1))) : max(0, 1 - below)
    }
}
