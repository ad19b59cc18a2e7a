import SignalCore

/// The shift common to most of a list of differences, as opposed to scatter; milliseconds.
///
/// A shift is common where at least three quarters of the differences are close to their median (25 ms, or a fifth of
/// it), it is at least 20 ms and clear of their scatter (Student's t at 2 in 10,000); of fewer than four differences
/// all must agree within 5 ms on at least 60 ms, since people are often two frames off at one boundary. Under wider
/// scatter eight differences or more must have a median of at least one and a half deviations (from the median absolute
/// deviation) and five standard errors.
struct CommonShift {
    let milliseconds: Double
    let lower: Double
    let upper: Double
    /// Differences this near are explained.
    let room: Double
    /// Which of the differences it explains.
    let inliers: [Int]

    static let smallest = 20.0
    private static let smallestOfFew = 60.0

    /// Half the width of the range around a median in which differences are one shift.
    static func room(_ median: Double) -> Double { max(25, 0.2 * abs(median)) }

    /// Student's t that chance exceeds twice in 10,000, by degrees of freedom from 1; 5 beyond the tenth.
    private static let student = [3183, 70.7, 22.2, 13.0, 9.68, 8.02, 7.06, 6.44, 6.01, 5.69]

    /// - Parameter values: independent differences: a boundary that ends one action and starts the next counts once.
    init?(of values: [Float], share: Double = 0.75) {
        guard values.count >= 2 else { return nil }
        let median = Quantile.median(values)
        let isFew = values.count < 4
        guard abs(median) >= (isFew ? CommonShift.smallestOfFew : CommonShift.smallest) else { return nil }
        func near(_ room: Double) -> [Int] { values.indices.filter { abs(Double(values[$0]) - median) <= room } }
        let narrow = isFew ? 5 : CommonShift.room(median)
        let close = near(narrow)
        // Boundaries without a shift are evidence against a common shift.
        let still = values.filter { abs(Double($0)) < 0.25 * abs(median) }.count
        let isShared = isFew ? close.count == values.count : Double(close.count) >= share * Double(values.count)
        if isShared, still * 20 <= values.count, isFew || CommonShift.isClear(close.map { Double(values[$0]) }) {
            (room, inliers) = (narrow, close)
        } else {
            let deviation = 1.4826 * Quantile.median(values.map { abs($0 - Float(median)) })
            let error = 1.2533 * deviation / Double(values.count).squareRoot()
            guard values.count >= 8, abs(median) >= 1.5 * deviation, deviation >= 15, abs(median) >= 5 * error,
                still * 7 <= values.count
            else { return nil }
            (room, inliers) = (3 * deviation, near(3 * deviation))
        }
        let sorted = inliers.map { values[$0] }.sorted()
        milliseconds = Quantile.of(sorted: sorted, 0.5)
        (lower, upper) = Quantile.medianInterval(sorted: sorted)
    }

    /// Whether the mean of values is further from 0 than their scatter explains; times are written with a resolution of
    /// some tenths of a millisecond.
    private static func isClear(_ values: [Double]) -> Bool {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let deviation = max(0.3, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, count - 1)).squareRoot())
        let limit = values.count - 2 < student.count ? student[max(0, values.count - 2)] : 5
        return abs(mean) >= limit * deviation / count.squareRoot()
    }
}

/// A difference that grows with time: the Theil-Sen line through differences, where it explains them far better than
/// one shift.
struct CommonDrift {
    /// Milliseconds at time 0 and milliseconds a second.
    let start: Double
    let slope: Double

    /// Least number of independent boundaries under scatter, and if all are within 3 ms of the line.
    private static let fewest = 10
    private static let fewestExact = 6

    /// - Parameter points: seconds and milliseconds of independent boundaries.
    init?(of points: [(seconds: Double, milliseconds: Double)]) {
        guard points.count >= CommonDrift.fewestExact else { return nil }
        let sorted = points.sorted { $0.seconds < $1.seconds }
        let span = sorted[sorted.count - 1].seconds - sorted[0].seconds
        guard span > 10 else { return nil }
        // Slopes between points a third of the list apart: as robust as all pairs, in linear time.
        let step = max(1, sorted.count / 3)
        let slopes = (0..<(sorted.count - step)).compactMap { index -> Double? in
            let run = sorted[index + step].seconds - sorted[index].seconds
            return run > 1 ? (sorted[index + step].milliseconds - sorted[index].milliseconds) / run : nil
        }
        guard slopes.count >= 3 else { return nil }
        let slope = Quantile.median(slopes)
        guard abs(slope) * span >= 60 else { return nil }
        let start = Quantile.median(sorted.map { $0.milliseconds - slope * $0.seconds })
        let rest = sorted.map { abs($0.milliseconds - start - slope * $0.seconds) }
        let centre = Quantile.median(sorted.map(\.milliseconds))
        let scatter = sorted.map { abs($0.milliseconds - centre) }
        let near = rest.filter { $0 <= max(15, 0.1 * abs(slope) * span) }.count
        guard points.count >= CommonDrift.fewest || Quantile.median(rest) <= 3 else { return nil }
        guard Quantile.median(rest) * 4 < Quantile.median(scatter), Double(near) >= 0.75 * Double(sorted.count) else {
            return nil
        }
        self.start = start
        self.slope = slope
    }
}
