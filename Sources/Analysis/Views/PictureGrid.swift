import Foundation
import SignalCore

/// A video signal on a regular grid of times, each band minus its local mean, ready for correlation.
struct PictureGrid {
    /// Samples a second.
    let rate: Double
    /// Time of the first sample in seconds.
    let start: Double
    /// One array a band; 0 where unknown.
    let bands: [[Float]]
    /// 1 where a band is known.
    let known: [[Float]]

    /// Width of the Gaussian that is the local mean, in seconds.
    static let local = 0.3
    /// Rows further apart than this are not interpolated, in seconds.
    private static let widestGap = 0.5

    var count: Int { bands.first?.count ?? 0 }

    init(_ signal: PictureSignal, rate: Double) {
        self.rate = rate
        let first = (signal.startSeconds * rate).rounded(.up)
        let count = max(0, Int((signal.endSeconds * rate).rounded(.down) - first) + 1)
        start = first / rate
        var bands: [[Float]] = []
        var known: [[Float]] = []
        for column in 0..<PictureSignal.columns {
            // A comparison over a span belongs to its middle; flow to the middle between its frames.
            let back =
                PictureSignal.span(ofColumn: column) / 2
                + (column >= PictureSignal.spans.count ? signal.frameSeconds / 2 : 0)
            var (values, mask) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
            var last: (time: Double, value: Float)?
            for index in signal.times.indices {
                let value = signal.rows[index * PictureSignal.columns + column]
                guard value.isFinite else { continue }
                let time = signal.times[index] - back
                if let last, time - last.time <= PictureGrid.widestGap, time > last.time {
                    let low = max(0, Int(((last.time - start) * rate).rounded(.up)))
                    let high = min(count - 1, Int(((time - start) * rate).rounded(.down)))
                    if low <= high {
                        for place in low...high {
                            let share = Float((start + Double(place) / rate - last.time) / (time - last.time))
                            values[place] = last.value + share * (value - last.value)
                            mask[place] = 1
                        }
                    }
                }
                last = (time, value)
            }
            PictureGrid.removeLocalMean(&values, mask, deviation: PictureGrid.local * rate)
            bands.append(values)
            known.append(mask)
        }
        self.bands = bands
        self.known = known
    }

    /// Subtracts the Gaussian-weighted mean of the known values around each, and limits the rest to 4 deviations.
    private static func removeLocalMean(_ x: inout [Float], _ known: [Float], deviation: Double) {
        let reach = max(1, Int(3 * deviation))
        let weights = (0...reach).map { Float(exp(-0.5 * pow(Double($0) / deviation, 2))) }
        let count = x.count
        let result = [Float](unsafeUninitializedCapacity: count) { out, written in
            for centre in 0..<count {
                out[centre] = 0
                guard known[centre] > 0 else { continue }
                var (sum, total): (Float, Float) = (0, 0)
                for index in max(0, centre - reach)...min(count - 1, centre + reach) where known[index] > 0 {
                    let weight = weights[abs(index - centre)]
                    sum += weight * x[index]
                    total += weight
                }
                out[centre] = x[centre] - sum / total
            }
            written = count
        }
        x = result
        let used = known.reduce(0, +)
        guard used > 0 else { return }
        let spread = (x.reduce(0) { $0 + $1 * $1 } / used).squareRoot()
        for index in x.indices { x[index] = min(4 * spread, max(-4 * spread, x[index])) }
    }
}
