import Foundation

/// A line through points with many outliers.
///
/// ```swift
/// // The offset in seconds once a minute; the last one is an outlier.
/// let offsets = [0, 0.006, 0.012, 0.018, 0.5]
/// let points = offsets.enumerated().map { RobustLine.Point(x: 60 * Double($0.offset), y: $0.element) }
/// if let line = RobustLine(points, tolerance: 0.005, slopes: -0.001...0.001) {
///     print(line.slope * 1e6)  // the drift: about 100 ppm
/// }
/// ```
public struct RobustLine: Sendable, Hashable {
    /// One point: x, y and weight.
    public struct Point: Sendable, Hashable {
        public let x: Double
        public let y: Double
        public let weight: Double

        public init(x: Double, y: Double, weight: Double = 1) {
            self.x = x
            self.y = y
            self.weight = weight
        }
    }

    public let slope: Double
    /// The height at `middle`, the weighted mean position of the inliers.
    public let height: Double
    public let middle: Double
    /// Standard errors of height and slope, from the scatter of the inliers; infinite if unknown.
    public let heightError: Double
    public let slopeError: Double
    /// Indices of the inliers.
    public let inliers: [Int]

    public func value(at x: Double) -> Double { height + slope * (x - middle) }

    /// The line with the most agreeing weight, then least squares through the points near it.
    ///
    /// RANSAC (Fischler & Bolles 1981), over all pairs of few points, else over random pairs.
    /// - Parameters:
    ///   - tolerance: maximum distance of an inlier, in units of y.
    ///   - slopes: allowed slopes; a range of one value fixes the slope.
    ///   - seed: for the choice of pairs.
    /// - Returns: nil for no points.
    public init?(_ points: [Point], tolerance: Double, slopes: ClosedRange<Double>, seed: UInt64 = 1) {
        guard !points.isEmpty else { return nil }
        var best = (score: -1.0, slope: 0.0, x: 0.0, y: 0.0)
        func consider(_ slope: Double, _ x: Double, _ y: Double) {
            guard slopes.contains(slope) else { return }
            var score = 0.0
            for point in points {
                let off = abs(point.y - y - slope * (point.x - x)) / tolerance
                if off < 1 { score += point.weight * (1 - off * off) }
            }
            if score > best.score { best = (score, slope, x, y) }
        }
        let level = min(max(0, slopes.lowerBound), slopes.upperBound)
        for point in points { consider(level, point.x, point.y) }
        if slopes.lowerBound < slopes.upperBound {
            func pair(_ i: Int, _ j: Int) {
                let run = points[j].x - points[i].x
                if run != 0 { consider((points[j].y - points[i].y) / run, points[i].x, points[i].y) }
            }
            if points.count <= 60 {
                for i in points.indices { for j in points.indices where j > i { pair(i, j) } }
            } else {
                var generator = SplitMix64(seed: seed)
                for _ in 0..<2000 { pair(generator.index(below: points.count), generator.index(below: points.count)) }
            }
        }
        self.init(
            points, from: (best.slope, best.x, best.y), tolerance: tolerance,
            fixed: slopes.lowerBound == slopes.upperBound)
    }

    /// Least squares through the points near a line, twice, so that points near the first fit count as well.
    private init?(_ points: [Point], from start: (slope: Double, x: Double, y: Double), tolerance: Double, fixed: Bool)
    {
        var (slope, middle, height) = start
        var inliers: [Int] = []
        var moments = (weight: 0.0, xx: 0.0)
        for _ in 0..<3 {
            inliers = points.indices.filter { abs(points[$0].y - height - slope * (points[$0].x - middle)) < tolerance }
            let weight = inliers.reduce(0) { $0 + points[$1].weight }
            guard weight > 0 else { return nil }
            middle = inliers.reduce(0) { $0 + points[$1].weight * points[$1].x } / weight
            height = inliers.reduce(0) { $0 + points[$1].weight * points[$1].y } / weight
            let xx = inliers.reduce(0) { $0 + points[$1].weight * pow(points[$1].x - middle, 2) }
            let xy = inliers.reduce(0) { $0 + points[$1].weight * (points[$1].x - middle) * (points[$1].y - height) }
            if !fixed, inliers.count > 2, xx > 0 { slope = xy / xx }
            moments = (weight, xx)
        }
        let free = inliers.count - (fixed ? 1 : 2)
        let (line, centre, top) = (slope, middle, height)
        let squares = inliers.reduce(0) {
            $0 + points[$1].weight * pow(points[$1].y - top - line * (points[$1].x - centre), 2)
        }
        // Mean squared scatter per unit of weight.
        let variance = free > 0 ? squares / Double(free) : .infinity
        self.slope = slope
        self.height = height
        self.middle = middle
        self.inliers = inliers
        heightError = (variance / moments.weight).squareRoot()
        slopeError = fixed ? 0 : moments.xx > 0 ? (variance / moments.xx).squareRoot() : .infinity
    }
}
