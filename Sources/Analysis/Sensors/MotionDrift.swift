import Foundation
import SignalCore
import SyncModel

/// How fast a log's clock runs off a picture's: the offset of each minute, and a line through those that agree.
struct MotionDrift {
    /// Parts of a second a second of the log's time, and its standard error.
    let slope: Double
    let slopeError: Double
    /// The weighted middle of what the line goes through, in the log's seconds.
    let middle: Double

    /// Less than this tells no drift: a clock is 20 to 50 parts per million off, and a minute is placed to some ten
    /// milliseconds.
    static let leastSeconds = 1200.0
    private static let block = 60.0
    /// The fastest that is looked for.
    private static let fastest = 500e-6
    /// Half intervals wider than this tell nothing.
    private static let widest = 60e-6
    /// How far a minute that counts may lie off the line, in seconds.
    private static let reach = 0.15
    /// A minute's peak below this many deviations is no point of the line.
    private static let leastHeight = 2.5
    private static let leastPoints = 10
    /// Neighbouring minutes share some of their errors, and only drifts that come out large are told: intervals grow by
    /// this.
    private static let margin = 1.1

    /// - Parameter near: where both lie when drift is left out.
    /// - Returns: nil where too little meets, or too few minutes tell.
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
            // One minute's error is itself a guess: none counts for more than ten milliseconds would.
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
        // What the scatter says and what the minutes say of themselves: the larger; with few points a normal interval
        // is too narrow (Student).
        let spread = line.inliers.reduce(0.0) { $0 + points[$1].weight * pow(points[$1].x - line.middle, 2) }
        let free = Double(line.inliers.count - 2)
        slopeError = MotionDrift.margin * max(line.slopeError, (1 / spread).squareRoot()) * (1 + 1.25 / free)
    }

    var drift: Drift {
        let half = 1.96e6 * slopeError
        return Drift(ppm: slope * 1e6, interval: slope * 1e6 - half...slope * 1e6 + half)
    }

    /// Whether it is clear of nothing, and known well enough to be worth telling.
    var isTold: Bool { abs(slope) > 2.24 * slopeError && 1.96 * slopeError < MotionDrift.widest }
}
