import Foundation
import SignalCore
public import SyncModel

/// Skew of a copy's audio against its video, both located on the master: what the copy added.
public struct SkewModel: Sendable {
    /// One point of the copy.
    public struct Point: Sendable, Hashable {
        /// In the copy's time.
        public let seconds: Double
        /// Seconds to add to the audio's times to line it up with the video.
        public let skew: Double
        public let weight: Double

        public init(seconds: Double, skew: Double, weight: Double) {
            (self.seconds, self.skew, self.weight) = (seconds, skew, weight)
        }
    }

    /// A segment with one skew, or one line.
    public struct Stretch: Sendable, Hashable {
        public var span: TimeSpan
        public var skew: Double
        public var error: Double
        public var count: Int
    }

    /// At the middle of what was compared, and its standard error; seconds.
    public let skew: Double
    public let error: Double
    public let middle: Double
    /// Seconds for each second of the copy; 0 where it is constant.
    public let slope: Double
    public let slopeError: Double
    /// Segments with separate skews; one where there is no step.
    public let stretches: [Stretch]
    /// The share of points that the answer explains.
    public let agreement: Double

    /// Steps smaller than this are scatter, in seconds.
    static let smallest = 0.008

    /// - Parameter scatter: factor of the scatter of the points relative to unstretched audio.
    /// - Returns: nil: there are too few points.
    public init?(_ points: [Point], scatter: Double = 1) {
        guard points.count >= 2 else { return nil }
        let all = points.map { RobustLine.Point(x: $0.seconds, y: $0.skew, weight: $0.weight) }
        let reach = points[points.count - 1].seconds - points[0].seconds
        guard let line = RobustLine(all, tolerance: 0.004 * scatter, slopes: reach > 20 ? -0.05...0.05 : 0...0) else {
            return nil
        }
        let smallest = SkewModel.smallest * scatter
        var runs = SkewModel.runs(points, line, smallest)
        runs = runs.filter { $0.count >= 4 || runs.count == 1 }
        var stretches: [Stretch] = []
        for run in runs {
            let values = run.map { points[$0].skew - line.slope * (points[$0].seconds - line.middle) }
            let mean = values.reduce(0, +) / Double(values.count)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, values.count - 1))
            let span = TimeSpan(start: points[run[0]].seconds, end: points[run[run.count - 1]].seconds)
            // Segments overlap by three quarters.
            let error = (variance / max(1, Double(values.count) / 4)).squareRoot()
            if let last = stretches.last, abs(last.skew - mean) < smallest {
                let total = Double(last.count + run.count)
                stretches[stretches.count - 1] = Stretch(
                    span: TimeSpan(start: last.span.start, end: max(last.span.end, span.end)),
                    skew: (last.skew * Double(last.count) + mean * Double(run.count)) / total,
                    error: min(last.error, error), count: last.count + run.count)
            } else {
                stretches.append(Stretch(span: span, skew: mean, error: error, count: run.count))
            }
        }
        let explained = runs.reduce(0) { $0 + $1.count }
        agreement = Double(explained) / Double(points.count)
        guard let longest = stretches.max(by: { $0.count < $1.count }) else { return nil }
        let isLevel =
            abs(line.slope) < 3 * line.slopeError || abs(line.slope) * reach < 0.001 * pow(scatter, 2.5)
            || !line.slopeError.isFinite || reach < 20
        if stretches.count > 1 || isLevel {
            (slope, slopeError) = (0, line.slopeError.isFinite ? 2 * line.slopeError : 0)
            skew = longest.skew
            error = longest.error
            middle = (longest.span.start + longest.span.end) / 2
        } else {
            (slope, slopeError) = (line.slope, 2 * line.slopeError)
            (skew, middle) = (line.height, line.middle)
            error = 2 * line.heightError
        }
        self.stretches = stretches
    }

    /// Indices of points that agree, run by run.
    private static func runs(_ points: [Point], _ line: RobustLine, _ smallest: Double) -> [[Int]] {
        var runs: [[Int]] = []
        var values: [Double] = []
        for index in points.indices {
            let value = points[index].skew - line.slope * (points[index].seconds - line.middle)
            let recent = values.suffix(9).sorted()
            if !recent.isEmpty, abs(value - recent[recent.count / 2]) < smallest / 2 {
                runs[runs.count - 1].append(index)
                values.append(value)
            } else {
                runs.append([index])
                values = [value]
            }
        }
        return runs
    }

    public func skew(at seconds: Double) -> Double { skew + slope * (seconds - middle) }
}
