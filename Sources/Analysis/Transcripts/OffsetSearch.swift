import Foundation
import SignalCore

/// Searches for a single offset over the whole overlap, and its frame-rate ratio.
struct OffsetSearch {
    /// The best offset at one factor.
    struct Found {
        /// Heights in standard deviations of the curve.
        let candidate: OffsetCandidate
        /// The same height in units of score: comparable between factors, unlike the curve's deviation for periodic
        /// speech.
        let value: Double
        /// Heights at the offsets from `-reach` on, every 100 ms; nil where the overlap is too short.
        let heights: [Float?]
    }

    /// Rows averaged for the coarse search: 100 ms.
    static let coarse = 5
    /// Window of the local mean that is subtracted from the recording, in seconds.
    private static let levelSeconds = 60.0

    let scores: SpeechScores
    /// Scores minus their mean, on the coarse grid.
    private let level: FrameMatrix
    /// Seconds either way.
    let reach: Double

    init(_ scores: SpeechScores, reach: Double) {
        self.scores = scores
        self.reach = reach
        level = OffsetSearch.levelled(
            TextFrames.coarser(scores.scores, by: OffsetSearch.coarse), SpeechScores.rate / Double(OffsetSearch.coarse))
    }

    /// Every column minus its average over a minute around each frame.
    static func levelled(_ matrix: FrameMatrix, _ rate: Double) -> FrameMatrix {
        var result = matrix
        let half = Int(levelSeconds / 2 * rate)
        for column in 0..<matrix.columns {
            var sums = [0.0]
            sums.reserveCapacity(matrix.frames + 1)
            for frame in 0..<matrix.frames { sums.append(sums[frame] + Double(matrix[frame, column])) }
            for frame in 0..<matrix.frames {
                let (low, high) = (max(0, frame - half), min(matrix.frames, frame + half + 1))
                result[frame, column] -= Float((sums[high] - sums[low]) / Double(high - low))
            }
        }
        return result
    }

    /// The best offset for each factor, best first.
    func candidates(_ units: [SpokenUnit]) -> [Found] {
        let span = (units.map(\.end).max() ?? 0) - (units.map(\.start).min() ?? 0)
        let rate = SpeechScores.rate / Double(OffsetSearch.coarse)
        var ratios: [(Double, String?)] = [(1, nil)]
        // Ratios that move the ends by less than the resolution of the search are left to the fit of drift.
        for ratio in FrameRates.ratios where span >= 20 && abs(ratio.factor - 1) * span > 0.6 {
            ratios.append((ratio.factor, ratio.name))
        }
        let longest = ratios.map(\.0).max() ?? 1
        let frames = Int((span + 6) * longest * rate) + 8
        let lags = Int(reach * rate) + Int((abs(units.map(\.start).min() ?? 0) * longest + 10) * rate)
        let sound = CorrelationSide(level, partnerFrames: frames, maximumLag: lags)
        var result: [Found] = []
        for (factor, name) in ratios {
            let text = TextFrames(units, factor: factor)
            let matrix = TextFrames.coarser(text.matrix, by: OffsetSearch.coarse)
            let curve = CorrelationSide(matrix, partnerFrames: level.frames, maximumLag: lags, length: sound.length)
                .correlation(with: sound, maximumLag: lags)
            // Row 0 of the text stands at `first`: a lag of `first` frames means no offset.
            let zero = Double(text.first) / Double(OffsetSearch.coarse)
            if let found = best(curve, zero: zero, rate: rate, textFrames: matrix.frames, factor, name) {
                result.append(found)
            }
        }
        return result.sorted { $0.value > $1.value }
    }

    private func best(_ curve: LagCurve, zero: Double, rate: Double, textFrames: Int, _ factor: Double, _ name: String?)
        -> Found?
    {
        let low = Int((zero - reach * rate).rounded())
        let high = min(curve.maximumLag, Int((zero + reach * rate).rounded()))
        guard low < high, low >= -curve.maximumLag else { return nil }
        // Divided by the root of the overlap, the noise is equal at all lags.
        let full = Double(min(textFrames, level.frames))
        func overlap(_ lag: Int) -> Double { Double(min(textFrames, level.frames - lag) - max(0, -lag)) }
        let least = min(full, max(0.3 * full, 20))
        var values: [Float] = []
        for lag in low...high {
            let common = overlap(lag)
            values.append(
                common >= min(least, 0.5 * full) ? curve[lag] / Float((common / full).squareRoot()) : -.infinity)
        }
        guard let top = values.indices.max(by: { values[$0] < values[$1] }), values[top].isFinite else { return nil }
        let finite = values.filter(\.isFinite)
        let middle = Standardisation.percentile(finite, 0.5) ?? 0
        let spread = (Standardisation.percentile(finite.map { abs($0 - Float(middle)) }, 0.5) ?? 1) * 1.4826
        var fraction = 0.0
        if top > 0, top + 1 < values.count, values[top - 1].isFinite, values[top + 1].isFinite {
            fraction = Interpolation.vertex(Double(values[top - 1]), Double(values[top]), Double(values[top + 1]))
        }
        let scale = max(spread, 1e-6)
        let rival = OffsetCandidate.highest(values, apartFrom: top, by: Int(rate))
        return Found(
            candidate: OffsetCandidate(
                offset: (Double(low + top) + fraction - zero) / rate, factor: factor, rateName: name,
                height: (Double(values[top]) - middle) / scale,
                rival: rival.isFinite ? (Double(rival) - middle) / scale : 0),
            value: Double(values[top]) - middle,
            heights: values.map { $0.isFinite ? ($0 - Float(middle)) / Float(scale) : nil })
    }
}
