import Foundation

/// A signal on a regular grid: logarithm minus its local mean, limited to three deviations, so that strong and weak
/// motion count alike.
struct MotionGrid {
    /// Samples a second.
    static let rate = 100.0
    /// Width of the mean that is subtracted, in seconds.
    private static let local = 2.0
    /// Samples further apart than this are not interpolated, in seconds.
    private static let widestGap = 0.5
    private static let longest = 8 * 3600.0

    /// Time of the first sample, in seconds.
    let start: Double
    let values: [Float]

    /// - Parameter window: seconds over which samples are averaged: the time between two video frames.
    /// - Returns: nil if nothing moves, or there are too few samples.
    init?(_ course: MotionSignal, window: Double) {
        guard let (start, grid) = MotionGrid.sampled(course.times, course.values, window: window) else { return nil }
        let known = grid.filter(\.isFinite)
        let floor = 0.1 * (known.reduce(0) { $0 + $1 * $1 } / Double(known.count)).squareRoot()
        guard floor > 0, let least = known.min(), let most = known.max(), most > 1.05 * least else { return nil }
        guard let values = MotionGrid.flattened(grid.map { $0.isFinite ? log(max(0, $0) + floor) : .nan }) else {
            return nil
        }
        self.start = start
        self.values = values
    }

    /// One component of a movement with its sign, limited softly so that strong and weak movement both count.
    init?(times: [Double], component: [Double], window: Double) {
        guard let (start, grid) = MotionGrid.sampled(times, component, window: window) else { return nil }
        let known = grid.filter(\.isFinite)
        let spread = (known.reduce(0) { $0 + $1 * $1 } / Double(known.count)).squareRoot()
        guard spread > 0, let least = known.min(), let most = known.max(), most - least > 1e-3 * spread else {
            return nil
        }
        guard let values = MotionGrid.flattened(grid.map { $0.isFinite ? asinh($0 / spread) : .nan }) else {
            return nil
        }
        self.start = start
        self.values = values
    }

    /// A signal at regular times; NaN where unknown.
    private static func sampled(_ times: [Double], _ values: [Double], window: Double) -> (
        start: Double, grid: [Double]
    )? {
        guard times.count > 16, let first = times.first, let last = times.last, last - first > 2,
            last - first < MotionGrid.longest
        else { return nil }
        let low = (first * rate).rounded(.up)
        let count = Int((last * rate).rounded(.down) - low) + 1
        let start = low / rate
        var sums = [0.0]
        sums.reserveCapacity(values.count + 1)
        for value in values { sums.append(sums[sums.count - 1] + value) }
        var grid = [Double](repeating: .nan, count: count)
        var (from, to) = (0, 0)
        for place in 0..<count {
            let moment = start + Double(place) / rate
            while from < times.count, times[from] < moment - window / 2 { from += 1 }
            while to < times.count, times[to] <= moment + window / 2 { to += 1 }
            if to - from >= 3 {
                grid[place] = (sums[to] - sums[from]) / Double(to - from)
            } else if let after = MotionGrid.index(after: moment, in: times, from: max(0, from - 2)), after > 0,
                times[after] - times[after - 1] <= MotionGrid.widestGap
            {
                let share = (moment - times[after - 1]) / (times[after] - times[after - 1])
                grid[place] = values[after - 1] + share * (values[after] - values[after - 1])
            }
        }
        return grid.count(where: \.isFinite) > Int(2 * rate) ? (start, grid) : nil
    }

    /// Minus the local mean, divided by the deviation, limited to three of them; nil where constant.
    private static func flattened(_ grid: [Double]) -> [Float]? {
        let reach = Int(local * rate / 4)
        let smooth = mean(grid, reach: 2)
        let broad = mean(mean(grid, reach: reach), reach: reach)
        let flat = zip(smooth, broad).map { $0.isFinite && $1.isFinite ? $0 - $1 : 0 }
        let known = grid.count(where: \.isFinite)
        let spread = (flat.reduce(0) { $0 + $1 * $1 } / Double(known)).squareRoot()
        guard spread > 1e-6 else { return nil }
        return flat.map { Float(min(3, max(-3, $0 / spread))) }
    }

    private static func index(after moment: Double, in times: [Double], from: Int) -> Int? {
        var index = from
        while index < times.count, times[index] < moment { index += 1 }
        return index < times.count ? index : nil
    }

    /// The mean of the known values around each; NaN stays NaN.
    private static func mean(_ values: [Double], reach: Int) -> [Double] {
        var sums = [0.0]
        var counts = [0]
        for value in values {
            sums.append(sums[sums.count - 1] + (value.isFinite ? value : 0))
            counts.append(counts[counts.count - 1] + (value.isFinite ? 1 : 0))
        }
        return values.indices.map { place in
            guard values[place].isFinite else { return .nan }
            let (low, high) = (max(0, place - reach), min(values.count, place + reach + 1))
            return (sums[high] - sums[low]) / Double(max(1, counts[high] - counts[low]))
        }
    }
}
