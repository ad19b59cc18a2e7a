import Foundation
import SignalCore

/// The lag of one motion signal in another: normalised correlation at all lags, in standard deviations of chance, and
/// the peak with its error.
struct LagSearch {
    /// By lag, `lags.lowerBound` first: height of the correlation above chance; minus infinity where the overlap is too
    /// short.
    let heights: [Double]
    let lags: ClosedRange<Int>
    /// The lag of the peak, and its height.
    let lag: Int
    let height: Double
    /// The highest value outside it.
    let second: Double
    /// At the peak: correlation, and overlapping samples.
    let correlation: Double
    let overlap: Int
    /// The peak to a fraction of a sample, and its standard error.
    let place: Double
    let error: Double

    /// Heights nearer than this to the peak are part of it, in seconds.
    private static let ownWidth = 0.5

    /// - Parameters:
    ///   - reference, subject: components on one grid, all of a side equally long.
    ///   - pairs: which component of the reference is compared with which of the subject.
    ///   - isSigned: whether correlations of either sign count; all pairs then count together.
    ///   - range: lags that are searched; nil: all.
    /// - Returns: nil if the overlap is too short, or nothing correlates.
    init?(
        reference a: [[Float]], subject b: [[Float]], pairs: [(Int, Int)], isSigned: Bool, leastOverlap: Int,
        range: ClosedRange<Int>? = nil
    ) {
        guard let lengthA = a.first?.count, let lengthB = b.first?.count, !pairs.isEmpty,
            min(lengthA, lengthB) >= leastOverlap
        else { return nil }
        let reach = max(lengthA, lengthB) - 1
        let curves = pairs.map {
            CrossCorrelation.normalised(b[$0.1], a[$0.0], maximumLag: reach, minimumOverlap: leastOverlap)
        }
        let perSample = pairs.map { LagSearch.redundancy(a[$0.0], b[$0.1]) }
        let lags = range ?? -reach...reach
        let searched = lags.clamped(to: -reach...reach)
        func overlap(_ lag: Int) -> Int { min(lengthB, lengthA - lag) - max(0, -lag) }
        func deviation(_ pair: Int, _ lag: Int, _ meeting: Int) -> Double {
            atanh(Double(min(0.999, max(-0.999, curves[pair][lag]))))
                * max(0.5, Double(meeting) / perSample[pair] - 3).squareRoot()
        }
        var heights = [Double](repeating: -.infinity, count: searched.count)
        var top = 0
        for (index, lag) in searched.enumerated() {
            let meeting = overlap(lag)
            guard meeting >= leastOverlap else { continue }
            if isSigned {
                let squares = pairs.indices.reduce(0.0) { $0 + pow(deviation($1, lag, meeting), 2) }
                // The root of chi square of as many degrees is nearly normal with a deviation of 0.7 (Fisher 1922); the
                // factor keeps its tail below a normal one.
                heights[index] = 1.2 * (squares.squareRoot() - (Double(pairs.count) - 0.5).squareRoot())
            } else {
                heights[index] =
                    pairs.indices.reduce(0.0) { $0 + deviation($1, lag, meeting) } / Double(pairs.count).squareRoot()
            }
            if heights[index] > heights[top] { top = index }
        }
        guard !heights.isEmpty, heights[top].isFinite, heights[top] > 0 else { return nil }
        let lag = searched.lowerBound + top
        let apart = Int(LagSearch.ownWidth * MotionGrid.rate)
        var second = 0.0
        for index in heights.indices where abs(index - top) > apart { second = max(second, heights[index]) }
        let weights = pairs.indices.map { isSigned ? curves[$0][lag] : 1 }
        guard let (place, error) = LagSearch.jackknife(a, b, pairs, weights, lag: lag) else { return nil }
        self.heights = heights
        self.lags = searched
        self.lag = lag
        height = heights[top]
        self.second = second
        correlation = Double(pairs.indices.map { isSigned ? abs(curves[$0][lag]) : curves[$0][lag] }.max() ?? 0)
        self.overlap = overlap(lag)
        self.place = place
        self.error = error
    }

    /// Samples per independent one (Bartlett 1946): 1 + 2 sum of the product of both autocorrelations, over lags up to
    /// `reach`.
    static func redundancy(_ a: [Float], _ b: [Float], reach: Int = 200) -> Double {
        let one = CrossCorrelation.normalised(a, a, maximumLag: reach, minimumOverlap: reach)
        let other = CrossCorrelation.normalised(b, b, maximumLag: reach, minimumOverlap: reach)
        return max(1, 1 + 2 * (1...reach).reduce(0.0) { $0 + max(0, Double(one[$1]) * Double(other[$1])) })
    }

    /// The peak near a lag to a fraction of a sample, and its standard error: the peak is found again with each block
    /// omitted (Künsch 1989).
    private static func jackknife(_ a: [[Float]], _ b: [[Float]], _ pairs: [(Int, Int)], _ weights: [Float], lag: Int)
        -> (lag: Double, error: Double)?
    {
        let reach = 40
        let (lengthA, lengthB) = (a[0].count, b[0].count)
        let low = max(0, -lag)
        let high = min(lengthB, lengthA - lag)
        let blocks = min(24, (high - low) / 200)
        guard blocks >= 4 else { return nil }
        let size = (high - low) / blocks
        var curves = [[Double]](repeating: [Double](repeating: 0, count: 2 * reach + 1), count: blocks)
        for ((one, other), weight) in zip(pairs, weights) {
            let (x, y) = (a[one], b[other])
            for block in 0..<blocks {
                let begin = low + block * size
                for step in -reach...reach {
                    var sum: Float = 0
                    for index in max(
                        begin, -lag - step)..<max(begin, -lag - step, min(begin + size, lengthA - lag - step))
                    { sum += y[index] * x[index + lag + step] }
                    curves[block][step + reach] += Double(sum * weight)
                }
            }
        }
        let all = (0...2 * reach).map { place in curves.reduce(0) { $0 + $1[place] } }
        func peak(_ curve: [Double]) -> Double {
            var top = 1
            for index in 1..<curve.count - 1 where curve[index] > curve[top] { top = index }
            return Double(top - reach) + Interpolation.vertex(curve[top - 1], curve[top], curve[top + 1])
        }
        let places = curves.map { left in peak(zip(all, left).map { $0 - $1 }) }
        let mean = places.reduce(0, +) / Double(blocks)
        let spread = places.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (Double(lag) + peak(all), (Double(blocks - 1) / Double(blocks) * spread).squareRoot())
    }
}
