import Foundation
import SignalCore
import SyncModel

/// Drift of a log's clock against a video's: the offset of each minute, and a line through those that agree.
struct MotionDrift {
    /// Drift in seconds per second of the log's time, and its standard error.
    let slope: Double
    let slopeError: Double
    /// The weighted mean time of the line's points, in the log's seconds.
    let middle: Double

    /// Least length for a drift: a clock is 20 to 50 ppm off, and a minute's offset is known to some ten milliseconds.
    static let leastSeconds = 1200.0
    private static let block = 60.0
    /// The largest drift searched.
    private static let fastest = 500e-6
    /// Wider half intervals are not informative.
    private static let widest = 60e-6
    /// Largest distance of a counted minute from the line, in seconds.
    private static let reach = 0.15
    /// A minute's peak below this many deviations is not a point of the line.
    private static let leastHeight = 2.5
    private static let leastPoints = 10
    /// Neighbouring minutes share some of their errors, and only drifts that come out large are reported: intervals are
    /// widened by this factor.
    private static let margin = 1.1

    /// - Parameter near: the offset without drift.
    /// - Returns: nil if the overlap is too short, or too few minutes are informative.
    init?(_ a: [MotionGrid], _ b: [MotionGrid], pairs: [(Int, Int)], isSigned: Bool, near: LagSearch) {
        let rate = MotionGrid.rate
        guard Double(near.overlap) / rate >= MotionDrift.leastSeconds, let first = a.first, let other = b.first else {
            return nil
        }
        let size = Int(MotionDrift.block * rate)
        let margin = Int((0.5 + MotionDrift.fastest * Double(near.overlap) / rate / 2) * rate)
        let low = max(0, -near.lag)
        let high = low + near.overlap
        var points: [RobustLine.Point] = []
        for begin in stride(from: low, through: high - size, by: size) {
            let from = max(0, begin + near.lag - margin)
            let to = min(first.values.count, begin + near.lag + size + margin)
            let expected = begin + near.lag - from
            guard to - from > size,
                let found = LagSearch(
                    reference: a.map { Array($0.values[from..<to]) },
                    subject: b.map { Array($0.values[begin..<begin + size]) }, pairs: pairs, isSigned: isSigned,
                    leastOverlap: size * 9 / 10, range: expected - margin...expected + margin),
                found.height > MotionDrift.leastHeight
            else { continue }
            let offset = (found.place - Double(expected) + Double(near.lag)) / rate
            // One minute's error is itself an estimate: none has more weight than at ten milliseconds.
            let error = max(0.01, found.error / rate)
            points.append(
                RobustLine.Point(
                    x: other.start + (Double(begin) + Double(size) / 2) / rate, y: offset, weight: 1 / (error * error)))
        }
        guard points.count >= MotionDrift.leastPoints,
            let line = RobustLine(
                points, tolerance: MotionDrift.reach, slopes: -MotionDrift.fastest...MotionDrift.fastest),
            line.inliers.count >= MotionDrift.leastPoints
        else { return nil }
        slope = line.slope
        middle = line.middle
        // The larger of the scatter and the minutes' own errors; with few points a normal interval is too narrow
        // (Student).
        let spread = line.inliers.reduce(0.0) { $0 + points[$1].weight * pow(points[$1].x - line.middle, 2) }
        let free = Double(line.inliers.count - 2)
        slopeError = MotionDrift.margin * max(line.slopeError, (1 / spread).squareRoot()) * (1 + 1.25 / free)
    }

    var drift: Drift {
        let half = 1.96e6 * slopeError
        return Drift(ppm: slope * 1e6, interval: slope * 1e6 - half...slope * 1e6 + half)
    }

    /// Whether it is significant and known precisely enough to report.
    var isTold: Bool { abs(slope) > 2.24 * slopeError && 1.96 * slopeError < MotionDrift.widest }
}
