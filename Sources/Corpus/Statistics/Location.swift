import Foundation

/// Where the main body of weighted numbers lies, whatever the others do: Tukey's biweight around the densest place,
/// with an interval that knows that the clips of one talker err together.
///
/// Beaton & Tukey 1974 (the weight function), Huber & Ronchetti, Robust Statistics (the variance of an M-estimator),
/// Liang & Zeger 1986 (clusters). The largest population is taken, also where it has hardly more than half of the
/// clips.
struct Location {
    /// ms.
    let value: Double
    /// Scatter of the main body, one standard deviation in ms.
    let spread: Double
    /// What the interval is of: half its width at 95 %.
    let halfWidth: Double
    /// `halfWidth` over this is the standard error.
    let quantile: Double
    let degrees: Double
    /// Effective number of talkers.
    let clusters: Double
    /// The part of the variance that the talkers' habits are, in ms²: more clips of the same talkers do not lessen it.
    let habitVariance: Double
    /// What each number counts for in the end: 0 for those far off.
    let weights: [Double]

    var standardError: Double { halfWidth / quantile }
    var estimate: Estimate {
        Estimate(milliseconds: value, lower: value - halfWidth, upper: value + halfWidth, standardError: standardError)
    }

    /// Tukey's constant: 95 % of the efficiency of the mean where all is normal.
    private static let reach = 4.685
    /// No main body is taken to be narrower than this, in ms.
    private static let leastSpread = 3.0
    /// Where talkers are not known, this many clips are taken to be one's, and the corpus not to hold more talkers than
    /// these.
    static let clipsATalker = 8.0
    static let mostTalkersAssumed = 30.0
    /// From so many talkers on, their own scatter tells what they differ by.
    private static let fewTalkers = 5.0

    /// - Parameters:
    ///   - talkersKnown: `habit` is each talker's; else only the numbers' own scatter counts.
    /// - Returns: nil for fewer than three.
    init?(offsets: [Double], errors: [Double], talkers: [Int], habit: Double, talkersKnown: Bool) {
        guard offsets.count >= 3 else { return nil }
        var center = Location.densest(offsets)
        var spread = Location.spread(offsets, around: center, share: 0.3, quantile: 0.3853)
        for _ in 0..<6 {
            let near = offsets.filter { abs($0 - center) <= 3 * spread }
            guard near.count >= 3 else { break }
            center = Location.median(near)
            // Of what lies within three deviations, as far as that is cut off, half lies within 0.6715 of one.
            let next = max(Location.leastSpread, Location.median(near.map { abs($0 - center) }) / 0.6715)
            if abs(next - spread) < 0.01 * spread { break }
            spread = next
        }
        spread = max(spread, Location.leastSpread)

        let typical = Location.median(errors)
        let between = max(spread * spread - typical * typical, max(habit * habit, 9))
        var sizes: [Int: Int] = [:]
        for talker in talkers { sizes[talker, default: 0] += 1 }
        let together = talkersKnown && habit > 0 ? min(0.9, habit * habit / (between + typical * typical)) : 0
        let prior = offsets.indices.map { index -> Double in
            let size = Double(sizes[talkers[index]] ?? 1)
            return 1 / ((errors[index] * errors[index] + between) * (1 + (size - 1) * together))
        }

        let limit = Location.reach * spread
        var weights = prior
        for _ in 0..<50 {
            var (sum, total) = (0.0, 0.0)
            for index in offsets.indices {
                let u = (offsets[index] - center) / limit
                let factor = abs(u) < 1 ? (1 - u * u) * (1 - u * u) : 0
                weights[index] = prior[index] * factor
                sum += weights[index] * offsets[index]
                total += weights[index]
            }
            guard total > 0 else { return nil }
            let next = sum / total
            let change = abs(next - center)
            center = next
            if change < 1e-4 { break }
        }

        // Influence of each number, summed by talker.
        var slope = 0.0
        var own = 0.0
        var influence: [Int: (sum: Double, weight: Double)] = [:]
        for index in offsets.indices where weights[index] > 0 {
            let u = (offsets[index] - center) / limit
            slope += prior[index] * (1 - u * u) * (1 - 5 * u * u)
            let part = weights[index] * (offsets[index] - center)
            own += part * part
            let old = influence[talkers[index]] ?? (0, 0)
            influence[talkers[index]] = (old.sum + part, old.weight + weights[index])
        }
        // Summed in one order, so that the same corpus gives the same bytes.
        let parts = influence.sorted { $0.key < $1.key }.map(\.value)
        let total = parts.reduce(0) { $0 + $1.weight }
        let squares = parts.reduce(0) { $0 + $1.weight * $1.weight }
        guard slope > 0, total > 0, squares > 0 else { return nil }
        clusters = total * total / squares
        let assumed = min(Location.mostTalkersAssumed, max(1, Double(offsets.count) / Location.clipsATalker))
        habitVariance = habit * habit / (talkersKnown ? clusters : assumed)
        let alone = (own / (slope * slope)).squareRoot()
        let withHabit = (alone * alone + habitVariance).squareRoot()
        degrees = max(1, clusters - 1)
        let student = StudentT.quantile95(degrees: degrees)
        var half = max(1.96 * withHabit, talkersKnown ? 0 : student * alone)
        if clusters >= Location.fewTalkers {
            let among = parts.reduce(0) { $0 + $1.sum * $1.sum } * clusters / (clusters - 1)
            half = max(half, student * among.squareRoot() / slope)
        }
        quantile = clusters >= Location.fewTalkers || !talkersKnown ? student : 1.96
        halfWidth = half
        value = center
        self.spread = spread
        self.weights = weights
    }

    /// The middle of the shortest stretch that holds two fifths of all numbers (the shorth of Andrews et al. 1972,
    /// narrower).
    static func densest(_ numbers: [Double]) -> Double {
        let sorted = numbers.sorted()
        let held = max(2, (sorted.count * 2 + 4) / 5)
        if sorted.count < 20 { return median(sorted: sorted) }
        var best = (width: Double.infinity, at: 0)
        for start in 0...(sorted.count - held) {
            let width = sorted[start + held - 1] - sorted[start]
            if width < best.width { best = (width, start) }
        }
        return median(sorted: Array(sorted[best.at..<best.at + held]))
    }

    /// A standard deviation from how near the nearest `share` of all numbers lie, `quantile` deviations where all is
    /// normal.
    private static func spread(_ numbers: [Double], around center: Double, share: Double, quantile: Double) -> Double {
        let distances = numbers.map { abs($0 - center) }.sorted()
        let place = min(distances.count - 1, Int(share * Double(distances.count)))
        return max(leastSpread, distances[place] / quantile)
    }

    static func median(_ numbers: [Double]) -> Double { median(sorted: numbers.sorted()) }

    static func median(sorted: [Double]) -> Double {
        guard !sorted.isEmpty else { return 0 }
        let half = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
    }
}
