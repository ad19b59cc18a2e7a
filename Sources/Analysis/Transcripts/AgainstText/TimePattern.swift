import Foundation

/// Offset by the starts of two texts' cues, irrespective of words: the histogram of the differences of all starts of
/// one and all of the other has a peak at the offset, by frame-rate factor.
struct TimePattern {
    struct Peak {
        /// Seconds to add after the factor.
        let offset: Double
        let factor: Double
        let rateName: String?
        /// Height of the peak above its surroundings, in their deviations.
        let height: Double
    }

    /// The highest, of any factor.
    let best: Peak
    /// For each factor, the highest peaks.
    private let peaks: [[Peak]]

    /// Width of a bin in seconds; a peak is three bins wide.
    private static let bin = 0.05
    /// Surroundings of a bin, in seconds.
    private static let about = 10.0
    private static let kept = 24
    /// Largest number of cues; others are omitted evenly.
    private static let most = 4000

    init?(_ subject: [Double], _ reference: [Double]) {
        let subject = TimePattern.thinned(subject)
        let reference = TimePattern.thinned(reference)
        guard subject.count >= 4, reference.count >= 4 else { return nil }
        var peaks: [[Peak]] = []
        let rates: [(String?, Double)] = [(nil, 1)] + FrameRates.ratios.map { ($0.name, $0.factor) }
        for (name, factor) in rates { peaks.append(TimePattern.peaks(subject, reference, factor, name)) }
        guard let best = peaks.joined().max(by: { $0.height < $1.height }) else { return nil }
        self.peaks = peaks
        self.best = best
    }

    /// The peaks of one factor, highest first.
    func peaks(factor: Double) -> [Peak] {
        peaks.first { $0.first.map { abs($0.factor - factor) < 1e-9 } ?? false } ?? []
    }

    private static func thinned(_ times: [Double]) -> [Double] {
        guard times.count > most else { return times }
        return (0..<most).map { times[$0 * times.count / most] }
    }

    private static func peaks(_ subject: [Double], _ reference: [Double], _ factor: Double, _ name: String?) -> [Peak] {
        guard let first = subject.first, let last = subject.last, let start = reference.first, let end = reference.last
        else { return [] }
        let low = start - factor * last - 1
        let count = Int((end - factor * first + 1 - low) / bin) + 1
        guard count > 8, count < 50_000_000 else { return [] }
        var bins = [Float](repeating: 0, count: count)
        for time in subject {
            let place = -factor * time - low
            for other in reference { bins[Int((other + place) / bin)] += 1 }
        }
        var sums = [Double](repeating: 0, count: count + 1)
        for index in 0..<count { sums[index + 1] = sums[index] + Double(bins[index]) }
        let reach = Int(about / bin)
        func height(_ index: Int) -> Double {
            let pile = sums[min(count, index + 2)] - sums[max(0, index - 1)]
            let (from, to) = (max(0, index - reach), min(count, index + reach + 1))
            let (left, right) = (max(0, index - 10), min(count, index + 11))
            let others = sums[to] - sums[from] - (sums[right] - sums[left])
            let bins = (to - from) - (right - left)
            let expected = bins > 0 ? others / Double(bins) * 3 : 0
            return (pile - expected) / (expected + 1).squareRoot()
        }
        let heights = (0..<count).map(height)
        var found: [Peak] = []
        var order = heights.indices.filter { index in
            heights[index] > 3 && (index == 0 || heights[index] >= heights[index - 1])
                && (index + 1 == count || heights[index] > heights[index + 1])
        }
        order.sort { heights[$0] > heights[$1] }
        for index in order {
            let offset = low + (Double(index) + 0.5) * bin
            if found.contains(where: { abs($0.offset - offset) < 0.3 }) { continue }
            found.append(Peak(offset: offset, factor: factor, rateName: name, height: heights[index]))
            if found.count == kept { break }
        }
        return found
    }
}
