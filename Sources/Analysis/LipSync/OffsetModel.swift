import Foundation
import SignalCore
import SyncModel

/// The lag of the audio over a recording: constant, a line (two clocks), or steps (a cut, a dropped segment).
///
/// Lags are in grid frames, positive: the audio comes after the video; times are video times in seconds.
enum OffsetModel {
    case constant
    case drift(DriftLine)
    case steps([Step])

    /// A lag that grows with time.
    struct DriftLine {
        /// Lag at time 0 in frames, and frames a second.
        let lagAtZero: Double
        let slope: Double
        /// Standard errors of both, and their covariance.
        let zeroVariance: Double
        let slopeVariance: Double
        let covariance: Double

        func lag(at seconds: Double) -> Double { lagAtZero + slope * seconds }

        /// The standard error of the lag at a time, in frames.
        func error(at seconds: Double) -> Double {
            max(0, zeroVariance + 2 * covariance * seconds + slopeVariance * seconds * seconds).squareRoot()
        }
    }

    /// A segment with a separate lag.
    struct Step {
        var start: Double
        var end: Double
        /// Whole frames; the fraction is measured afterwards.
        var lag: Int
    }

    var isConstant: Bool { if case .constant = self { true } else { false } }

    /// The lag at a time in whole frames.
    func lag(at seconds: Double) -> Int {
        switch self {
        case .constant: return 0
        case .drift(let line): return Int(line.lag(at: seconds).rounded())
        case .steps(let steps): return (steps.last { seconds >= $0.start } ?? steps[0]).lag
        }
    }

    /// Least seconds between the first and the last group for a drift, and for steps; shorter recordings have one
    /// offset.
    static let shortestWithDrift = 25.0
    static let shortestWithSteps = 7.0
    /// The fewest groups of a recording that drifts, and of a beginning or an end with a lag of its own.
    private static let fewestGroups = 6
    private static let fewestOfPart = 2
    /// Blocks of a group, and the longest gap in it in seconds.
    private static let groupBlocks = 5
    private static let longestHole = 2.0
    /// The cost of a step, in summed deviations of the groups' curves.
    private static let stepPrice = 8.0
    /// The least gain of a line that is not flat, in the same unit.
    private static let slopePrice = 4.0
    /// The least size of a step, in frames.
    static let smallestStep = 3
    /// Height of a group's peak that is rare by chance, in deviations of its curve.
    private static let clearPeak = 3.3
    /// Deviation in frames between the sentences of one speaker: 13 ms, measured on a generated face (docs/lips.md,
    /// Languages). A sentence lasts two groups.
    private static let sentenceDeviation = 0.65
    /// Search range of a group's peak around the line, in frames.
    private static let reach = 6

    /// Blocks of a few seconds together.
    private struct Group {
        var seconds: Double
        var first: Double
        var last: Double
        /// Heights in deviations above the mean, by lag.
        var heights: [Double]

        /// The height at a place in `heights`: a peak is several frames wide.
        func height(around place: Int) -> Double {
            heights[max(0, place - 1)...min(heights.count - 1, place + 1)].max() ?? 0
        }
    }

    /// Finds the lag over time from block curves and the video time of each block.
    init(blocks: BlockCurves, times: [Double]) {
        let groups = OffsetModel.groups(blocks, times)
        guard groups.count >= 2 * OffsetModel.fewestOfPart, let first = groups.first, let last = groups.last,
            last.seconds - first.seconds >= OffsetModel.shortestWithSteps
        else {
            self = .constant
            return
        }
        let lags = blocks.searchedLags
        let mayDrift =
            groups.count >= OffsetModel.fewestGroups && last.seconds - first.seconds >= OffsetModel.shortestWithDrift
        let flat = Self.bestLine(groups, lags, slopes: [0])
        var line = flat
        if mayDrift {
            let sloped = Self.bestLine(groups, lags, slopes: OffsetModel.slopes(groups, lags))
            if sloped.height - flat.height > OffsetModel.slopePrice { line = sloped }
        }
        let stepped = OffsetModel.steps(groups, lags)
        if stepped.steps.count > 1, stepped.height > line.height {
            self = .steps(stepped.steps)
            return
        }
        if mayDrift, let drift = OffsetModel.refined(groups, line, lags),
            abs(drift.slope) > 3 * drift.slopeVariance.squareRoot(),
            abs(drift.slope) * (last.seconds - first.seconds) > 0.6
        {
            self = .drift(drift)
            return
        }
        self = .constant
    }

    /// The share of the groups with a clear peak that agree with this result.
    ///
    /// - Parameter lag: of the peak along it, in frames.
    func agreement(blocks: BlockCurves, times: [Double], lag: Double) -> Double {
        let lags = blocks.searchedLags
        var (clear, agreeing) = (0, 0)
        for group in OffsetModel.groups(blocks, times) {
            guard let top = group.heights.indices.max(by: { group.heights[$0] < group.heights[$1] }),
                group.heights[top] > OffsetModel.clearPeak
            else { continue }
            clear += 1
            let place = self.lag(at: group.seconds) + Int(lag.rounded()) + lags
            if abs(top - place) <= OffsetModel.smallestStep { agreeing += 1 }
        }
        return clear == 0 ? 1 : Double(agreeing) / Double(clear)
    }

    /// How much better the beginning or the end of the recording fits a lag of its own than the one of the answer.
    struct Rival {
        /// The gain, in summed deviations of the groups' curves over the root of their number.
        let strength: Double
        /// The lag of its own, in frames relative to the moved audio.
        let lag: Int
        /// Where it would hold, in seconds.
        let span: TimeSpan
    }

    /// The strongest rival of a constant lag: of all beginnings and ends of two groups or more the one that gains most.
    ///
    /// - Parameter lag: the answer, in frames.
    static func rival(blocks: BlockCurves, times: [Double], lag: Double) -> Rival? {
        let groups = OffsetModel.groups(blocks, times)
        guard groups.count >= 2 * fewestOfPart else { return nil }
        let lags = blocks.searchedLags
        let own = min(2 * lags, max(0, lags + Int(lag.rounded())))
        var best: Rival?
        for split in fewestOfPart...(groups.count - fewestOfPart) {
            for part in [groups[..<split], groups[split...]] {
                let supported = part.reduce(0) { $0 + $1.height(around: own) }
                for place in 0...2 * lags where abs(place - own) > smallestStep {
                    let gain = part.reduce(0) { $0 + $1.height(around: place) } - supported
                    let strength = gain / Double(part.count).squareRoot()
                    if strength > best?.strength ?? -.infinity {
                        best = Rival(
                            strength: strength, lag: place - lags,
                            span: TimeSpan(start: part.first?.first ?? 0, end: part.last?.last ?? 0))
                    }
                }
            }
        }
        return best
    }

    private static func groups(_ blocks: BlockCurves, _ times: [Double]) -> [Group] {
        var result: [Group] = []
        var sum: [Double] = []
        var members: [Double] = []
        func close() {
            guard let first = members.first, let last = members.last, members.count >= 2 else { return }
            let mean = sum.reduce(0, +) / Double(sum.count)
            let deviation = (sum.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(sum.count)).squareRoot()
            guard deviation > 0 else { return }
            result.append(
                Group(
                    seconds: members.reduce(0, +) / Double(members.count), first: first, last: last,
                    heights: sum.map { ($0 - mean) / deviation }))
        }
        // Segments come in the order in which they were examined.
        for (block, time) in zip(blocks.blocks, times).sorted(by: { $0.1 < $1.1 }) {
            if members.count == groupBlocks || time - (members.last ?? time) > longestHole {
                close()
                members = []
                sum = []
            }
            let values = blocks.searched(block)
            if sum.isEmpty { sum = [Double](repeating: 0, count: values.count) }
            for (index, value) in values.enumerated() { sum[index] += Double(value) }
            members.append(time)
        }
        close()
        return result
    }

    /// Slopes to try, in frames a second: steps of half a frame over the recording, up to the searched lags over its
    /// half.
    private static func slopes(_ groups: [Group], _ lags: Int) -> [Double] {
        guard let first = groups.first?.seconds, let last = groups.last?.seconds, last > first else { return [0] }
        let step = 0.5 / (last - first)
        let count = Int(2 * Double(lags) / 0.5)
        return (-count...count).map { Double($0) * step }
    }

    /// The line along which the groups' heights sum to most, its lag given at the middle of the recording.
    private static func bestLine(_ groups: [Group], _ lags: Int, slopes: [Double]) -> (
        height: Double, lag: Int, slope: Double, middle: Double
    ) {
        let middle = ((groups.first?.seconds ?? 0) + (groups.last?.seconds ?? 0)) / 2
        var best = (height: -Double.infinity, lag: 0, slope: 0.0, middle: middle)
        for slope in slopes {
            let shifts = groups.map { Int((slope * ($0.seconds - middle)).rounded()) }
            for lag in -lags...lags {
                var sum = 0.0
                for (group, shift) in zip(groups, shifts) {
                    let place = lag + shift + lags
                    if place >= 0, place < group.heights.count { sum += group.heights[place] }
                }
                if sum > best.height { best = (sum, lag, slope, middle) }
            }
        }
        return best
    }

    /// The line through the groups' own peaks near a given line, by least squares reweighted after Huber.
    private static func refined(
        _ groups: [Group], _ line: (height: Double, lag: Int, slope: Double, middle: Double), _ lags: Int
    ) -> DriftLine? {
        var points: [(time: Double, lag: Double, weight: Double)] = []
        for group in groups {
            let guess = Int((Double(line.lag) + line.slope * (group.seconds - line.middle)).rounded()) + lags
            let low = max(1, guess - reach)
            let high = min(group.heights.count - 2, guess + reach)
            guard low < high, let top = (low...high).max(by: { group.heights[$0] < group.heights[$1] }), top > low,
                top < high,
                group.heights[top] > 1.5
            else { continue }
            let (a, b, c) = (group.heights[top - 1], group.heights[top], group.heights[top + 1])
            let bend = a - 2 * b + c
            let lag = Double(top - lags) + (bend < 0 ? 0.5 * (a - c) / bend : 0)
            points.append((group.seconds, lag, min(b, 5)))
        }
        guard points.count >= fewestGroups else { return nil }
        var weights = points.map(\.weight)
        var fit = (zero: 0.0, slope: 0.0)
        var scale = 0.0
        for _ in 0..<8 {
            let total = weights.reduce(0, +)
            let meanTime = zip(points, weights).reduce(0) { $0 + $1.0.time * $1.1 } / total
            let meanLag = zip(points, weights).reduce(0) { $0 + $1.0.lag * $1.1 } / total
            let spread = zip(points, weights).reduce(0) { $0 + $1.1 * ($1.0.time - meanTime) * ($1.0.time - meanTime) }
            guard spread > 0 else { return nil }
            let shared = zip(points, weights).reduce(0) { $0 + $1.1 * ($1.0.time - meanTime) * ($1.0.lag - meanLag) }
            fit = (meanLag - shared / spread * meanTime, shared / spread)
            let residuals = points.map { abs($0.lag - fit.zero - fit.slope * $0.time) }
            // 1.4826: the deviation of a normal law by its median absolute deviation; never below a twentieth of a
            // frame.
            scale = max(0.05, 1.4826 * (Standardisation.percentile(residuals.map { Float($0) }, 0.5) ?? 0))
            weights = zip(points, residuals).map { $0.weight * ($1 <= 1.5 * scale ? 1 : 1.5 * scale / $1) }
        }
        // The sandwich of Huber (1967) for a weighted line.
        let total = weights.reduce(0, +)
        let meanTime = zip(points, weights).reduce(0) { $0 + $1.0.time * $1.1 } / total
        let spread = zip(points, weights).reduce(0) { $0 + $1.1 * ($1.0.time - meanTime) * ($1.0.time - meanTime) }
        var slopeScatter = 0.0
        var meanScatter = 0.0
        var both = 0.0
        for (point, weight) in zip(points, weights) {
            let residual = weight * (point.lag - fit.zero - fit.slope * point.time)
            slopeScatter += residual * residual * (point.time - meanTime) * (point.time - meanTime)
            meanScatter += residual * residual
            both += residual * residual * (point.time - meanTime)
        }
        let correction = Double(points.count) / Double(points.count - 2)
        // Errors common to neighbouring groups do not average out: they are of one sentence.
        let shared = 2 * sentenceDeviation * sentenceDeviation * weights.reduce(0) { $0 + $1 * $1 } / total / spread
        let slopeVariance = correction * slopeScatter / (spread * spread) + shared
        let meanVariance = correction * meanScatter / (total * total)
        let covariance = correction * both / (spread * total)
        return DriftLine(
            lagAtZero: fit.zero, slope: fit.slope,
            zeroVariance: meanVariance - 2 * meanTime * covariance + meanTime * meanTime * slopeVariance,
            slopeVariance: slopeVariance,
            covariance: covariance - meanTime * slopeVariance)
    }

    /// The best piecewise constant course: dynamic programming over the groups with a cost for each step.
    private static func steps(_ groups: [Group], _ lags: Int) -> (height: Double, steps: [Step]) {
        let count = 2 * lags + 1
        var score = [Double](repeating: 0, count: count)
        var from: [[Int32]] = []
        for (index, group) in groups.enumerated() {
            let best = score.indices.max { score[$0] < score[$1] } ?? 0
            var came = (0..<count).map { Int32($0) }
            for place in 0..<count {
                if index > 0, score[best] - stepPrice > score[place] {
                    score[place] = score[best] - stepPrice
                    came[place] = Int32(best)
                }
                score[place] += group.height(around: place)
            }
            from.append(came)
        }
        guard var place = score.indices.max(by: { score[$0] < score[$1] }) else { return (0, []) }
        let height = score[place]
        var path: [Int] = []
        for came in from.reversed() {
            path.append(place)
            place = Int(came[place])
        }
        var result: [Step] = []
        for (group, place) in zip(groups, path.reversed()) {
            let lag = place - lags
            if let previous = result.last, abs(previous.lag - lag) < smallestStep {
                result[result.count - 1].end = group.last
            } else {
                if let previous = result.last {
                    result[result.count - 1].end = max(previous.end, (previous.end + group.first) / 2)
                }
                result.append(Step(start: result.last?.end ?? group.first, end: group.last, lag: lag))
            }
        }
        return (height, result)
    }
}
