/// Channels of a sensor smoothed according to their noise: otherwise the jitter of a differentiated encoder hides slow
/// motion.
enum CalmedChannels {
    /// Widths that are tried, in seconds; none of them hides a movement of a hand.
    private static let widths = [0.06, 0.1, 0.16, 0.25]
    /// Noise below this share of the motion does not show: signals are compared above a tenth of their size.
    private static let share = 0.1
    /// Values further apart belong to different segments, in seconds.
    private static let widestGap = 0.5
    /// Least spacing of results, in seconds: they are compared on a grid of 10 ms.
    private static let closest = 0.005

    /// The standard deviation of white noise on a channel (quantised ones too): second differences over one and over
    /// two samples separate noise, which is the same in both, from motion, which grows with the fourth power.
    static func noise(_ values: [Double]) -> Double {
        var (one, two, count) = (0.0, 0.0, 0)
        guard values.count > 16 else { return 0 }
        for index in 2..<values.count - 2 {
            let (a, b, c, d, e) = (
                values[index - 2], values[index - 1], values[index], values[index + 1], values[index + 2]
            )
            let (near, far) = (b - 2 * c + d, a - 2 * c + e)
            guard near.isFinite, far.isFinite else { continue }
            one += near * near
            two += far * far
            count += 1
        }
        guard count > 12 else { return 0 }
        let motion = max(0, (two - one) / 15)
        return (max(0, one - motion) / Double(count) / 6).squareRoot()
    }

    /// The length in seconds of a line fit through a position whose slope exceeds noise; nil: the difference over
    /// `usual` seconds suffices.
    static func width(ofPosition channels: [[Double]], times: [Double], usual: Double) -> Double? {
        guard let rate = samplesPerSecond(times) else { return nil }
        let jitter = channels.map { noise($0) }.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard jitter > 0 else { return nil }
        let slopes = self.slopes(channels, times: times, width: 0.16, spacing: 0.02).values
        guard slopes.count > 16 else { return nil }
        let motion = (slopes.reduce(0) { $0 + $1 * $1 } / Double(slopes.count)).squareRoot()
        guard jitter * 2.0.squareRoot() / usual > share * motion else { return nil }
        // Of the slope of a least squares line through n values over w seconds: sigma times the root of 12 / n, over w.
        for width in widths where jitter * (12 / max(3, width * rate)).squareRoot() / width <= share * motion {
            return width
        }
        return widths.last
    }

    /// The length of the slopes of lines through all channels, over `width` seconds around each time.
    static func slopes(_ channels: [[Double]], times: [Double], width: Double, spacing: Double = closest)
        -> (times: [Double], values: [Double])
    {
        var moments: [Double] = []
        var sizes: [Double] = []
        var (from, to) = (0, 0)
        var last = -Double.infinity
        for row in times.indices where times[row] - last >= spacing {
            let middle = times[row]
            while from < row, times[from] < middle - width / 2 { from += 1 }
            while to < times.count, times[to] <= middle + width / 2 { to += 1 }
            guard to - from >= 3, times[to - 1] - times[from] >= 0.6 * width, times[to - 1] - times[from] < widestGap
            else { continue }
            let count = Double(to - from)
            var mean = 0.0
            for index in from..<to { mean += times[index] }
            mean /= count
            var spread = 0.0
            for index in from..<to { spread += (times[index] - mean) * (times[index] - mean) }
            guard spread > 0 else { continue }
            var sum = 0.0
            for values in channels {
                var slope = 0.0
                for index in from..<to { slope += (times[index] - mean) * values[index] }
                slope /= spread
                sum += slope * slope
            }
            guard sum.isFinite else { continue }
            last = middle
            moments.append(mean)
            sizes.append(sum.squareRoot())
        }
        return (moments, sizes)
    }

    /// Channels that are speeds themselves, each averaged over as many seconds as their noise requires.
    static func speeds(_ channels: [[Double]], times: [Double]) -> [[Double]] {
        guard let rate = samplesPerSecond(times) else { return channels }
        let jitter = channels.map { noise($0) }.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let known = channels.flatMap { $0.filter(\.isFinite) }
        guard jitter > 0, !known.isEmpty else { return channels }
        let size = (known.reduce(0) { $0 + $1 * $1 } / Double(known.count) * Double(channels.count)).squareRoot()
        guard jitter > share * size else { return channels }
        let width =
            widths.first { jitter / (max(1, $0 * rate)).squareRoot() <= share * size } ?? widths[widths.count - 1]
        return channels.map { mean($0, times: times, width: width) }
    }

    private static func mean(_ values: [Double], times: [Double], width: Double) -> [Double] {
        var sums = [0.0]
        var counts = [0]
        for value in values {
            sums.append(sums[sums.count - 1] + (value.isFinite ? value : 0))
            counts.append(counts[counts.count - 1] + (value.isFinite ? 1 : 0))
        }
        var (from, to) = (0, 0)
        return times.indices.map { row in
            while times[from] < times[row] - width / 2 { from += 1 }
            while to < times.count, times[to] <= times[row] + width / 2 { to += 1 }
            let count = counts[to] - counts[from]
            return values[row].isFinite && count > 0 ? (sums[to] - sums[from]) / Double(count) : .nan
        }
    }

    /// Sample rate by the median step; nil: too few.
    private static func samplesPerSecond(_ times: [Double]) -> Double? {
        guard times.count > 16 else { return nil }
        let steps = zip(times.dropFirst(), times).map { $0 - $1 }.sorted()
        let step = steps[steps.count / 2]
        return step > 0 ? 1 / step : nil
    }
}
