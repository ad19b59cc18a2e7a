import Foundation
import SignalCore

/// Where the motion of a log lies against the motion of a picture, by normalised correlation of both on one grid.
public struct MotionMatch: Sendable {
    /// Seconds to add to the log's times.
    public private(set) var offset: Double
    /// Standard error of it in seconds: jackknife over blocks, and what the frame rate leaves open.
    public let error: Double
    public let correlation: Double
    /// The peak in standard deviations of chance, and the next one that is not part of it.
    public let height: Double
    public let second: Double
    /// Seconds that meet at the peak.
    public let overlap: Double
    /// What was matched, such as `speed`.
    public let source: String
    public private(set) var curve: [(offset: Double, height: Double)]

    /// The same match against a reference on whose clock the picture begins at `seconds`.
    public func moved(bySeconds seconds: Double) -> MotionMatch {
        var copy = self
        copy.offset += seconds
        copy.curve = curve.map { ($0.offset + seconds, $0.height) }
        return copy
    }

    /// A peak below this many deviations is chance among the lags searched.
    static let leastHeight = 5.5
    /// The next peak has to stay below this share of it.
    static let mostSecond = 0.75
    static let leastOverlap = 8.0
    /// Standard errors beyond this tell nothing, in seconds.
    static let mostError = 0.05

    public var isAnswered: Bool { height >= MotionMatch.leastHeight && second <= MotionMatch.mostSecond * height && error <= MotionMatch.mostError }

    /// The probability that it is right within 40 ms: that the peak is no chance, and that its error is as small.
    public var confidence: Double {
        let real = 1 / (1 + exp(-(height - second - 1.5) * 2)) * (height >= 4 ? 1 : 0.2)
        return real * erf(0.04 / max(1e-4, error) / 2.0.squareRoot())
    }

    /// Why it is not believed.
    public var reasons: [String] {
        var reasons: [String] = []
        if height < MotionMatch.leastHeight { reasons.append("motion in the log and in the picture agree too little: the best offset stands \(Figures.decimals(height, 1)) deviations above chance, \(Figures.decimals(MotionMatch.leastHeight, 1)) are needed") }
        if second > MotionMatch.mostSecond * height { reasons.append("another offset fits nearly as well (\(Figures.decimals(second, 1)) against \(Figures.decimals(height, 1)) deviations)") }
        if reasons.isEmpty, error > MotionMatch.mostError { reasons.append("parts of the recording disagree: the offset is known to \(Figures.size(1.96 * error)) either way") }
        return reasons
    }

    /// - Parameters:
    ///   - picture: the reference's motion.
    ///   - log: the subject's, of the same kind.
    ///   - frameSeconds: the time between two video frames.
    /// - Returns: nil where either does not move, or they are too short to meet for eight seconds.
    public init?(picture: MotionCourse, log: MotionCourse, frameSeconds: Double) {
        guard picture.kind == log.kind, let a = MotionGrid(picture, window: 0), let b = MotionGrid(log, window: max(frameSeconds, 0.02)) else { return nil }
        let rate = MotionGrid.rate
        let shorter = min(a.values.count, b.values.count)
        let least = max(Int(MotionMatch.leastOverlap * rate), shorter / 2)
        guard shorter >= least else { return nil }
        let reach = max(a.values.count, b.values.count) - 1
        let found = CrossCorrelation.normalised(b.values, a.values, maximumLag: reach, minimumOverlap: least)
        let perSample = MotionMatch.independence(a.values, b.values)
        func overlap(_ lag: Int) -> Int { min(b.values.count, a.values.count - lag) - max(0, -lag) }
        var heights = [Double](repeating: -.infinity, count: 2 * reach + 1)
        var top = 0
        for index in heights.indices {
            let meeting = overlap(index - reach)
            guard meeting >= least else { continue }
            let r = Double(min(0.999, max(-0.999, found.values[index])))
            heights[index] = atanh(r) * max(0.5, Double(meeting) / perSample - 3).squareRoot()
            if heights[index] > heights[top] { top = index }
        }
        guard heights[top].isFinite, heights[top] > 0 else { return nil }
        var second = 0.0
        for index in heights.indices where abs(index - top) > Int(0.5 * rate) { second = max(second, heights[index]) }
        let lag = top - reach
        let shift = a.start - b.start
        guard let (place, deviation) = MotionMatch.jackknife(a.values, b.values, lag: lag) else { return nil }
        offset = place / rate + shift
        // A frame tells of motion somewhere within it: a tenth of it stays open whatever the correlation says.
        error = (deviation * deviation / (rate * rate) + pow(0.1 * frameSeconds, 2) + 0.003 * 0.003).squareRoot()
        correlation = Double(found.values[top])
        height = heights[top]
        self.second = second
        self.overlap = Double(overlap(lag)) / rate
        source = log.source
        curve = stride(from: max(0, top - 120), through: min(heights.count - 1, top + 120), by: 2).compactMap { index in
            heights[index].isFinite ? (Double(index - reach) / rate + shift, heights[index]) : nil
        }
    }

    /// Samples that tell no more than one (Bartlett 1946): 1 + 2 sum of the product of both autocorrelations.
    private static func independence(_ a: [Float], _ b: [Float]) -> Double {
        let reach = 200
        let one = CrossCorrelation.normalised(a, a, maximumLag: reach, minimumOverlap: reach), other = CrossCorrelation.normalised(b, b, maximumLag: reach, minimumOverlap: reach)
        return max(1, 1 + 2 * (1...reach).reduce(0.0) { $0 + max(0, Double(one[$1]) * Double(other[$1])) })
    }

    /// The peak near a lag to a fraction of a sample, and its standard error: the peak is found anew with each block left out (Künsch 1989).
    private static func jackknife(_ a: [Float], _ b: [Float], lag: Int) -> (lag: Double, error: Double)? {
        let reach = 40
        let low = max(0, -lag), high = min(b.count, a.count - lag)
        let blocks = min(24, (high - low) / 200)
        guard blocks >= 4 else { return nil }
        let size = (high - low) / blocks
        var curves = [[Double]](repeating: [Double](repeating: 0, count: 2 * reach + 1), count: blocks)
        for block in 0..<blocks {
            for step in -reach...reach {
                var sum: Float = 0
                for index in low + block * size..<low + (block + 1) * size {
                    let other = index + lag + step
                    if other >= 0, other < a.count { sum += b[index] * a[other] }
                }
                curves[block][step + reach] = Double(sum)
            }
        }
        let all = (0...2 * reach).map { place in curves.reduce(0) { $0 + $1[place] } }
        func peak(_ curve: [Double]) -> Double {
            var top = 1
            for index in 1..<curve.count - 1 where curve[index] > curve[top] { top = index }
            return Double(top - reach) + Interpolation.vertex(curve[top - 1], curve[top], curve[top + 1])
        }
        let places = curves.map { left in peak(zip(all, left).map { $0 - $1 }) }
        let mean = places.reduce(0, +) / Double(blocks)
        let spread = places.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (Double(lag) + peak(all), (Double(blocks - 1) / Double(blocks) * spread).squareRoot())
    }
}
