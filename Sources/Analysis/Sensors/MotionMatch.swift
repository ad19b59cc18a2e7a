import Foundation
public import SyncModel

/// Offset of a log's motion against a video's motion, by normalised correlation of both on one grid.
public struct MotionMatch: Sendable {
    /// Seconds to add to the log's times.
    public private(set) var offset: Double
    /// Standard error of it in seconds: jackknife over blocks, plus the uncertainty of the frame rate.
    public private(set) var error: Double
    /// Drift of the log's clock against the video's, where it is measured: `offset` holds at the log's time 0 then.
    public let drift: Drift?
    /// The overlap at the peak, in the log's seconds.
    public let span: TimeSpan
    public let correlation: Double
    /// The peak in standard deviations of chance, and the next one that is not part of it.
    public let height: Double
    public let second: Double
    /// Seconds of overlap at the peak.
    public let overlap: Double
    /// What was matched, such as `speed`.
    public let source: String
    public private(set) var curve: [(offset: Double, height: Double)]

    /// The same match against a reference on whose clock the video begins at `seconds`.
    public func moved(bySeconds seconds: Double) -> MotionMatch {
        var copy = self
        copy.offset += seconds
        copy.curve = curve.map { ($0.offset + seconds, $0.height) }
        return copy
    }

    /// The same match at an offset combined with others.
    public func placed(at seconds: Double, error: Double) -> MotionMatch {
        var copy = moved(bySeconds: seconds - offset)
        copy.offset = seconds
        copy.error = error
        return copy
    }

    /// A peak below this many deviations can be chance among the lags searched.
    static let leastHeight = 5.5
    /// The next peak has to stay below this share of it.
    static let mostSecond = 0.75
    static let leastOverlap = 8.0
    /// The largest standard error of an answer, in seconds.
    static let mostError = 0.05

    public var isAnswered: Bool {
        height >= MotionMatch.leastHeight && second <= MotionMatch.mostSecond * height && error <= MotionMatch.mostError
    }

    /// The probability that it is right within 40 ms: that the peak is not chance, and that its error is small enough.
    public var confidence: Double {
        let real = 1 / (1 + exp(-(height - second - 1.5) * 2)) * (height >= 4 ? 1 : 0.2)
        return real * erf(0.04 / max(1e-4, error) / 2.0.squareRoot())
    }

    /// Reasons why it is not accepted.
    public var reasons: [String] {
        var reasons: [String] = []
        if height < MotionMatch.leastHeight {
            reasons.append(
                """
                motion in the log and in the video agree too little: the best offset is \(Figures.decimals(height, 1)) \
                standard deviations above chance; \(Figures.decimals(MotionMatch.leastHeight, 1)) are needed
                """
            )
        }
        if second > MotionMatch.mostSecond * height {
            reasons.append(
                """
                another offset fits nearly as well (\(Figures.decimals(second, 1)) against \
                \(Figures.decimals(height, 1)) standard deviations)
                """
            )
        }
        if reasons.isEmpty, error > MotionMatch.mostError {
            reasons.append(
                "parts of the recording disagree: the offset is known only to within \(Figures.size(1.96 * error))")
        }
        return reasons
    }

    /// - Parameters:
    ///   - picture: the reference's motion.
    ///   - log: the subject's, of the same kind.
    ///   - frameSeconds: the time between two video frames.
    /// - Returns: nil if either does not move, or they overlap for less than eight seconds.
    public init?(picture: MotionSignal, log: MotionSignal, frameSeconds: Double) {
        guard picture.kind == log.kind, let a = MotionGrid(picture, window: 0) else { return nil }
        self.init([a], pairs: [(0, 0)], isSigned: false, frameSeconds: frameSeconds, source: log.source) { stretch in
            MotionGrid(log.stretched(by: stretch), window: max(frameSeconds, 0.02)).map { [$0] }
        }
    }

    /// A gyroscope on the camera against the motion of the whole frame: every axis with every direction, with either
    /// sign.
    public init?(picture: TurningCourse, log: TurningCourse, frameSeconds: Double) {
        let a = picture.components.compactMap { MotionGrid(times: picture.times, component: $0, window: 0) }
        let moving = log.components.indices.filter {
            MotionGrid(times: log.times, component: log.components[$0], window: max(frameSeconds, 0.02)) != nil
        }
        let pairs = a.indices.flatMap { one in moving.indices.map { (one, $0) } }
        self.init(a, pairs: pairs, isSigned: true, frameSeconds: frameSeconds, source: log.source) { stretch in
            let times = log.times.map { $0 * (1 + stretch) }
            let grids = moving.compactMap {
                MotionGrid(times: times, component: log.components[$0], window: max(frameSeconds, 0.02))
            }
            return grids.count == moving.count ? grids : nil
        }
    }

    /// - Parameter stretched: the log's grids with its times multiplied by 1 plus a share.
    private init?(
        _ a: [MotionGrid], pairs: [(Int, Int)], isSigned: Bool, frameSeconds: Double, source: String,
        stretched: (Double) -> [MotionGrid]?
    ) {
        guard let first = a.first, !pairs.isEmpty, var b = stretched(0), !b.isEmpty else { return nil }
        let rate = MotionGrid.rate
        let least = max(Int(MotionMatch.leastOverlap * rate), min(first.values.count, b[0].values.count) / 2)
        func found() -> LagSearch? {
            LagSearch(
                reference: a.map(\.values), subject: b.map(\.values), pairs: pairs, isSigned: isSigned,
                leastOverlap: least)
        }
        guard var search = found() else { return nil }
        var line: MotionDrift?
        if let drift = MotionDrift(a, b, pairs: pairs, isSigned: isSigned, near: search), drift.isTold,
            let again = stretched(drift.slope)
        {
            line = drift
            b = again
            guard let better = found() else { return nil }
            search = better
        }
        let shift = first.start - b[0].start
        let low = b[0].start + Double(max(0, -search.lag)) / rate
        span = TimeSpan(start: low, end: low + Double(search.overlap) / rate)
        drift = line?.drift
        offset = search.place / rate + shift
        // Motion is somewhere within a frame's interval: a tenth of it remains uncertain irrespective of the
        // correlation.
        let swing = (line?.slopeError ?? 0) * (line?.middle ?? 0)
        error =
            (search.error * search.error / (rate * rate) + pow(0.1 * frameSeconds, 2) + 0.003 * 0.003 + swing * swing)
            .squareRoot()
        correlation = search.correlation
        height = search.height
        second = search.second
        overlap = Double(search.overlap) / rate
        self.source = source
        curve = stride(
            from: max(search.lags.lowerBound, search.lag - 120), through: min(search.lags.upperBound, search.lag + 120),
            by: 2
        ).compactMap { lag in
            let height = search.heights[lag - search.lags.lowerBound]
            return height.isFinite ? (Double(lag) / rate + shift, height) : nil
        }
    }
}
