import Foundation
import SignalCore

/// Coarse candidates of the offset of two recordings: all offsets at once, by correlating their fingerprints.
///
/// n log n in the length of the recordings, whatever their offset, one band in memory at a time. A clock that drifts
/// spreads its peak over many lags, so sums over widening runs of lags are examined as well.
struct CoarseSearch {
    /// A candidate offset.
    struct Candidate: Hashable {
        /// Seconds to add to the subject's times.
        let offset: Double
        /// Range of the true offset around it, in seconds either way.
        let reach: Double
        /// Height in standard deviations of unrelated lags.
        let score: Double
    }

    /// The least overlap searched, in seconds.
    var shortest = 2.0
    /// The largest drift whose spread peak is searched, in parts per million.
    var fastestDrift = 300.0

    func candidates(reference: SoundFingerprint, subject: SoundFingerprint, limit: Int = 8) -> [Candidate] {
        let (n, m) = (reference.frames, subject.frames)
        let least = Int(shortest * Double(SoundFingerprint.rate))
        guard n >= least, m >= least else { return [] }
        let fft = RealFFT.of(length: RealFFT.paddedLength(n + m))
        var cross = [Float](repeating: 0, count: 2 * fft.bins)
        var variance = 0.0
        for band in 0..<SoundFingerprint.bands {
            let (u, v) = (subject.band(band), reference.band(band))
            variance += CoarseSearch.power(u) * CoarseSearch.power(v)
            Spectrum.addConjugateProduct(fft.forward(u), fft.forward(v), to: &cross)
        }
        guard variance > 0 else { return [] }
        let circular = fft.inverse(cross)
        // Lag l: subject frame t corresponds to reference frame t + l.
        let first = -(m - least)
        let last = n - least
        var heights = [Float](repeating: 0, count: last - first + 1)
        for lag in first...last {
            let overlap = min(n, m + lag) - max(0, lag)
            let value = circular[lag >= 0 ? lag : fft.length + lag]
            heights[lag - first] = value / Float((Double(overlap) * variance).squareRoot())
        }
        let shift = reference.startSeconds - subject.startSeconds
        return peaks(heights, longest: Double(min(n, m)), limit: limit).map { peak in
            Candidate(
                offset: shift + (Double(first) + peak.lag) / Double(SoundFingerprint.rate),
                reach: (peak.width / 2 + 2) / Double(SoundFingerprint.rate), score: peak.score)
        }
    }

    private static func power(_ x: [Float]) -> Double {
        x.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, x.count))
    }

    /// The highest peaks of the curve and of its sums over 2, 4, 8, ... lags, each in its deviations.
    private func peaks(_ heights: [Float], longest: Double, limit: Int) -> [(lag: Double, width: Double, score: Double)]
    {
        var running = [0.0]
        running.reserveCapacity(heights.count + 1)
        for value in heights { running.append(running[running.count - 1] + Double(value)) }
        var found: [(lag: Double, width: Double, score: Double)] = []
        var width = 1
        let widest = max(2, longest * fastestDrift * 1e-6)
        while Double(width) <= 2 * widest, width < heights.count / 4 {
            let sums = (0...heights.count - width).map { Float(running[$0 + width] - running[$0]) }
            let spread = CoarseSearch.deviation(sums)
            if spread > 0 {
                found += CoarseSearch.maxima(sums, apart: max(5, width), limit: limit).map { index in
                    (Double(index) + Double(width - 1) / 2, Double(width), Double(sums[index]) / spread)
                }
            }
            width *= 2
        }
        var kept: [(lag: Double, width: Double, score: Double)] = []
        for peak in found.sorted(by: { $0.score > $1.score }) where kept.count < limit {
            if !kept.contains(where: { abs($0.lag - peak.lag) < max($0.width, peak.width) / 2 + 5 }) {
                kept.append(peak)
            }
        }
        return kept
    }

    /// A deviation robust to peaks: from the median of a sample of absolute values.
    private static func deviation(_ x: [Float]) -> Double {
        let step = max(1, x.count / 20_000)
        let sample = stride(from: 0, to: x.count, by: step).map { abs(x[$0]) }
        return 1.4826 * (Standardisation.percentile(sample, 0.5) ?? 0)
    }

    /// Indices of the highest values that are at least `apart` from each other.
    private static func maxima(_ x: [Float], apart: Int, limit: Int) -> [Int] {
        // The best of each run of `apart` values, then the best of those.
        let best = stride(from: 0, to: x.count, by: apart).compactMap { start in
            (start..<min(x.count, start + apart)).max { x[$0] < x[$1] }
        }
        var kept: [Int] = []
        for index in best.sorted(by: { x[$0] > x[$1] }) where kept.count < limit {
            if !kept.contains(where: { abs($0 - index) < apart }) { kept.append(index) }
        }
        return kept
    }
}
