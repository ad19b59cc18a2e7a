import Foundation

/// A course on a regular grid: logarithm, less its local mean, limited to three deviations, so that strong and weak motion count alike.
struct MotionGrid {
    /// Samples a second.
    static let rate = 100.0
    /// Width of the mean that is subtracted, in seconds.
    private static let local = 2.0
    /// Samples further apart than this are not joined, in seconds.
    private static let widestGap = 0.5
    private static let longest = 8 * 3600.0

    /// Time of the first sample, in seconds.
    let start: Double
    let values: [Float]

    /// - Parameter window: seconds over which samples are averaged: the time between two video frames.
    /// - Returns: nil where nothing moves, or too little is known.
    init?(_ course: MotionCourse, window: Double) {
        guard course.times.count > 16, let first = course.times.first, let last = course.times.last, last - first > 2, last - first < MotionGrid.longest else { return nil }
        let rate = MotionGrid.rate
        let low = (first * rate).rounded(.up)
        let count = Int((last * rate).rounded(.down) - low) + 1
        start = low / rate
        var sums = [0.0]
        sums.reserveCapacity(course.values.count + 1)
        for value in course.values { sums.append(sums[sums.count - 1] + value) }
        var grid = [Double](repeating: .nan, count: count)
        var (from, to) = (0, 0)
        for place in 0..<count {
            let moment = start + Double(place) / rate
            while from < course.times.count, course.times[from] < moment - window / 2 { from += 1 }
            while to < course.times.count, course.times[to] <= moment + window / 2 { to += 1 }
            if to - from >= 3 {
                grid[place] = (sums[to] - sums[from]) / Double(to - from)
            } else if let after = MotionGrid.index(after: moment, in: course.times, from: max(0, from - 2)), after > 0,
                course.times[after] - course.times[after - 1] <= MotionGrid.widestGap {
                let share = (moment - course.times[after - 1]) / (course.times[after] - course.times[after - 1])
                grid[place] = course.values[after - 1] + share * (course.values[after] - course.values[after - 1])
            }
        }
        let known = grid.filter(\.isFinite)
        guard known.count > Int(2 * rate) else { return nil }
        let floor = 0.1 * (known.reduce(0) { $0 + $1 * $1 } / Double(known.count)).squareRoot()
        guard floor > 0, let least = known.min(), let most = known.max(), most > 1.05 * least else { return nil }
        let logs = grid.map { $0.isFinite ? log(max(0, $0) + floor) : .nan }
        let smooth = MotionGrid.mean(logs, reach: 2), broad = MotionGrid.mean(MotionGrid.mean(logs, reach: Int(MotionGrid.local * rate / 4)), reach: Int(MotionGrid.local * rate / 4))
        var flat = zip(smooth, broad).map { $0.isFinite && $1.isFinite ? $0 - $1 : 0 }
        let spread = (flat.reduce(0) { $0 + $1 * $1 } / Double(known.count)).squareRoot()
        guard spread > 1e-6 else { return nil }
        for index in flat.indices { flat[index] = min(3, max(-3, flat[index] / spread)) }
        values = flat.map { Float($0) }
    }

    private static func index(after moment: Double, in times: [Double], from: Int) -> Int? {
        var index = from
        while index < times.count, times[index] < moment { index += 1 }
        return index < times.count ? index : nil
    }

    /// The mean of the known values about each; not a number stays so.
    private static func mean(_ values: [Double], reach: Int) -> [Double] {
        var sums = [0.0], counts = [0]
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
