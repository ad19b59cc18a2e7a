import Foundation

/// Robust location of weighted numbers: Tukey's biweight around the densest value, with an interval that accounts for
/// correlated errors of one speaker's clips.
///
/// Beaton & Tukey 1974 (the weight function), Huber & Ronchetti, Robust Statistics (the variance of an M-estimator),
/// Liang & Zeger 1986 (clusters). The largest population is used, even with hardly more than half of the clips.
struct Location {
    /// ms.
    let value: Double
    /// Scatter of the main body, one standard deviation in ms.
    let spread: Double
    /// One standard error in ms.
    let standardError: Double
    /// Half the width of the 95 % interval over the standard error.
    let quantile: Double
    /// Degrees of freedom of the standard error; large where it is known a priori.
    let degrees: Double
    /// Effective number of speakers.
    let clusters: Double
    /// The between-speaker part of the variance, in ms²: more clips of the same speakers do not reduce it.
    let habitVariance: Double
    /// Final weight of each number: 0 for outliers.
    let weights: [Double]

    /// Half the width of the 95 % interval, in ms.
    var halfWidth: Double { standardError * quantile }
    var estimate: Estimate {
        Estimate(milliseconds: value, lower: value - halfWidth, upper: value + halfWidth, standardError: standardError)
    }

    /// Tukey's constant: 95 % of the efficiency of the mean where all is normal.
    private static let reach = 4.685
    /// Least width of the main body, in ms.
    private static let leastSpread = 3.0
    /// If speakers are unknown: assumed clips per speaker, and assumed largest number of speakers.
    static let clipsPerSpeaker = 8.0
    static let mostSpeakersAssumed = 30.0
    /// Degrees of freedom of a-priori values.
    private static let manyDegrees = 1e7

    /// - Parameters:
    ///   - speakersKnown: `habit` applies per speaker; else only the scatter of the numbers counts.
    /// - Returns: nil for fewer than three.
    init?(offsets: [Double], errors: [Double], speakers: [Int], habit: Double, speakersKnown: Bool) {
        guard offsets.count >= 3 else { return nil }
        var center = Location.densest(offsets)
        var spread = Location.spread(offsets, around: center, share: 0.3, quantile: 0.3853)
        for _ in 0..<6 {
            let near = offsets.filter { abs($0 - center) <= 3 * spread }
            guard near.count >= 3 else { break }
            center = Location.median(near)
            // Of a distribution truncated at three deviations, half is within 0.6715 of one.
            let next = max(Location.leastSpread, Location.median(near.map { abs($0 - center) }) / 0.6715)
            if abs(next - spread) < 0.01 * spread { break }
            spread = next
        }
        spread = max(spread, Location.leastSpread)
        var sizes: [Int: Int] = [:]
        for speaker in speakers { sizes[speaker, default: 0] += 1 }
        let people = speakersKnown ? Speakers(offsets, errors, speakers) : nil
        // Speakers with a larger spread between than within them are still one main body.
        if let people, people.spread > spread { (center, spread) = (people.middle, people.spread) }

        let typical = Location.median(errors)
        let between = max(spread * spread - typical * typical, max(habit * habit, 9))
        let among = people.map { max(habit * habit, $0.variance) } ?? 0
        let together = min(0.9, among / (between + typical * typical))
        let prior = offsets.indices.map { index -> Double in
            let size = Double(sizes[speakers[index]] ?? 1)
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

        // Influence of each number, summed by speaker.
        var slope = 0.0
        var own = 0.0
        var influence: [Int: (sum: Double, weight: Double)] = [:]
        for index in offsets.indices where weights[index] > 0 {
            let u = (offsets[index] - center) / limit
            slope += prior[index] * (1 - u * u) * (1 - 5 * u * u)
            let part = weights[index] * (offsets[index] - center)
            own += part * part
            let old = influence[speakers[index]] ?? (0, 0)
            influence[speakers[index]] = (old.sum + part, old.weight + weights[index])
        }
        // Summed in one order, so that the same corpus gives the same bytes.
        let parts = influence.sorted { $0.key < $1.key }.map(\.value)
        let total = parts.reduce(0) { $0 + $1.weight }
        let squares = parts.reduce(0) { $0 + $1.weight * $1.weight }
        guard slope > 0, total > 0, squares > 0 else { return nil }
        clusters = total * total / squares
        let assumed = min(Location.mostSpeakersAssumed, max(1, Double(offsets.count) / Location.clipsPerSpeaker))
        let alone = (own / (slope * slope)).squareRoot()
        let habits = habit * habit / (speakersKnown ? clusters : assumed)
        let withHabit = (alone * alone + habits).squareRoot()
        // As for the mean of a random-effects model: the scatter of the speakers' means, with Student's quantile for
        // their number (Hartung & Knapp 2001); at least the a-priori value.
        let seen = max(1, clusters - 1)
        let student = StudentT.quantile95(degrees: seen)
        var scattered = speakersKnown ? 0 : alone
        if clusters > 1 + 1e-9 {
            let among = parts.reduce(0) { $0 + $1.sum * $1.sum } * clusters / (clusters - 1)
            scattered = max(scattered, among.squareRoot() / slope)
        }
        if student * scattered > 1.96 * withHabit {
            (standardError, quantile, degrees) = (scattered, student, seen)
        } else {
            (standardError, quantile, degrees) = (withHabit, 1.96, Location.manyDegrees)
        }
        habitVariance = speakersKnown ? max(habits, standardError * standardError - alone * alone) : habits
        value = center
        self.spread = spread
        self.weights = weights
    }

    /// Differences between known speakers: the location and scatter of their medians.
    private struct Speakers {
        let middle: Double
        /// One standard deviation in ms.
        let spread: Double
        /// Minus the scatter within each speaker's clips, in ms².
        let variance: Double

        /// - Returns: nil for one speaker.
        init?(_ offsets: [Double], _ errors: [Double], _ speakers: [Int]) {
            let clips = Dictionary(grouping: offsets.indices) { speakers[$0] }
            guard clips.count > 1 else { return nil }
            let medians = clips.values.map { Location.median($0.map { offsets[$0] }) }
            middle = Location.median(medians)
            let (middle, count) = (middle, medians.count)
            // For few, half may be close by chance: nearly all are used; for many, half of them.
            let distances = medians.map { abs($0 - middle) }.sorted()
            let place = min(count - 1, count / 2 + 3)
            spread = distances[place] / Location.normalQuantile((Double(place) + 0.5) / Double(count))
            let own = Location.median(
                clips.values.map { clip in
                    let error = Location.median(clip.map { errors[$0] })
                    return error * error * .pi / 2 / Double(clip.count)
                })
            variance = max(0, spread * spread - own)
        }
    }

    /// The middle of the shortest segment that contains two fifths of all numbers (the shorth of Andrews et al. 1972,
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

    /// A standard deviation from the distance of the nearest `share` of all numbers, `quantile` deviations for a normal
    /// distribution.
    private static func spread(_ numbers: [Double], around center: Double, share: Double, quantile: Double) -> Double {
        let distances = numbers.map { abs($0 - center) }.sorted()
        let place = min(distances.count - 1, Int(share * Double(distances.count)))
        return max(leastSpread, distances[place] / quantile)
    }

    /// The quantile of absolute normal deviations, in standard deviations.
    private static func normalQuantile(_ share: Double) -> Double {
        var (low, high) = (0.0, 6.0)
        for _ in 0..<40 {
            let middle = (low + high) / 2
            if erf(middle / 2.0.squareRoot()) < share { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    static func median(_ numbers: [Double]) -> Double { median(sorted: numbers.sorted()) }

    static func median(sorted: [Double]) -> Double {
        guard !sorted.isEmpty else { return 0 }
        let half = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
    }
}
