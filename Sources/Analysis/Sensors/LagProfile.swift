import Foundation
import SignalCore

/// How well each offset of a log fits a video, over a fixed range of offsets, so that profiles of many short episodes
/// can be added.
///
/// One episode of a few seconds seldom determines the log's offset; the same robot has the same offset in all of them,
/// and the sum of their profiles has its peak there.
public struct LagProfile: Sendable {
    /// Range of offsets either way and their spacing, in seconds.
    public static let reach = 1.5
    public static let step = 0.01
    /// Seconds at either end of the log that are not compared.
    static let end = 1.0
    /// Least overlap in seconds.
    static let leastOverlap = 2.5

    /// Standard deviations above chance, by Fisher's transform of the correlation and the samples that count as
    /// independent (Bartlett 1946); from `-reach` to `reach`, the time to add to the log's stamps.
    public let heights: [Double]
    /// Independent samples at full overlap of the episode.
    public let independent: Double

    public static var offsets: [Double] {
        let half = Int((reach / step).rounded())
        return (-half...half).map { Double($0) * step }
    }

    /// - Returns: nil where either does not move, or they are too short.
    public init?(picture: MotionSignal, log: MotionSignal, frameSeconds: Double) {
        guard picture.kind == log.kind, let a = MotionGrid(picture, window: 0),
            let b = MotionGrid(log, window: max(frameSeconds, 0.02))
        else { return nil }
        let rate = MotionGrid.rate
        // Near its ends a signal's local mean is one-sided. This is the same in both and would bias the peak to 0: the
        // log's ends are omitted.
        let cut = min(Int(LagProfile.end * rate), b.values.count / 8)
        let inner = Array(b.values[cut..<b.values.count - cut])
        let shift = Int(((a.start - b.start) * rate).rounded()) - cut
        let half = Int((LagProfile.reach * rate).rounded())
        let shorter = min(a.values.count, inner.count)
        let least = max(Int(LagProfile.leastOverlap * rate), shorter / 2)
        guard shorter >= least else { return nil }
        let furthest = half + abs(shift)
        let found = CrossCorrelation.normalised(inner, a.values, maximumLag: furthest, minimumOverlap: least)
        let perSample = LagSearch.redundancy(a.values, inner, reach: min(200, shorter / 3))
        func overlap(_ lag: Int) -> Int { min(inner.count, a.values.count - lag) - max(0, -lag) }
        independent = Double(shorter) / perSample
        guard independent > 4 else { return nil }
        heights = (-half...half).map { offset in
            let lag = offset - shift
            let meeting = overlap(lag)
            guard meeting >= least else { return 0 }
            let r = Double(min(0.999, max(-0.999, found[lag])))
            return atanh(r) * max(0.5, Double(meeting) / perSample - 3).squareRoot()
        }
    }
}
