import SignalCore
import SyncModel

/// Offset of one robot's log against one camera, from many of its episodes together: nil and reasons if they do not
/// suffice.
///
/// One episode of a few seconds is seldom sufficient; the same robot has the same offset in all of them, so the
/// profiles of fit by offset are added. Each profile is in standard deviations of chance, and so is their sum divided
/// by the square root of their number.
public struct EpisodePool: Sendable, Hashable, Codable {
    /// The set's name of the robot; nil: none.
    public var robot: String?
    public var camera: String
    /// nil: all days together.
    public var day: String?
    /// Episodes with a profile.
    public var episodes: Int
    /// Of these, episodes that answered alone.
    public var answered: Int
    /// ms in the sign of `offset_ms`, with an interval at 95 %; nil: not determined.
    public var estimate: Estimate?
    /// The peak of the sum in standard deviations of chance, and the next one that is not part of it.
    public var height: Double
    public var secondHeight: Double
    /// Best guess where there is no estimate, in ms.
    public var candidate: Double?
    /// Episodes whose profile does not fit the others: perhaps the log or the video of another one. By name, at most
    /// twenty.
    public var unlike: [String]
    /// Why it is not determined.
    public var because: [String]
    /// The time between video frames in ms, where the offset is half of it and the log is early: it then fits frames
    /// that are stamped half a frame late, as at the end of their exposure; nil: it is something else.
    public var halvedFrame: Double?

    /// The least number of episodes of a pool.
    static let leastEpisodes = 5
    private static let leastHeight = 5.5
    private static let mostSecond = 0.75
    /// Standard error in ms that does not average out: a tenth of a video frame at 30 a second, within which motion is.
    private static let floor = 3.0
    /// Half a frame: the offset within this share of it, and its interval within that one.
    private static let halfFrame = 0.2, halfFrameInterval = 0.5
    /// Largest half interval of an answer, in ms.
    private static let mostHalfWidth = 40.0

    /// - Parameters:
    ///   - members: episodes with a profile, all on one grid.
    ///   - framesPerSecond: of the camera; nil: unknown.
    init(robot: String?, camera: String, day: String?, members: [Member], framesPerSecond: Double? = nil) {
        let curves = members.map(\.curve)
        (self.robot, self.camera, self.day, episodes, answered) = (
            robot, camera, day, members.count, members.count { $0.isAnswered }
        )
        (estimate, candidate, height, secondHeight, unlike, because) = (nil, nil, 0, 0, [], [])
        guard curves.count >= EpisodePool.leastEpisodes else {
            because = [
                """
                \(curves.count == 1 ? "1 episode has" : "\(curves.count) episodes have") motion to compare; \
                \(EpisodePool.leastEpisodes) are needed
                """
            ]
            return
        }
        let grid = PoolGrid(curves[0])
        let rows = curves.map { $0.map(\.height) }
        var sum = [Double](repeating: 0, count: grid.count)
        for row in rows { for index in sum.indices { sum[index] += row[index] } }
        let scale = Double(rows.count).squareRoot()
        let top = grid.top(sum)
        let place = grid.peak(sum)
        height = sum[top] / scale
        secondHeight = max(
            0, sum.indices.filter { abs($0 - top) * Int(grid.step) > 300 }.map { sum[$0] / scale }.max() ?? 0)
        let error = EpisodePool.jackknife(rows, sum, grid)
        candidate = place
        if height < EpisodePool.leastHeight {
            because.append(
                """
                motion in the logs and in the videos agree too little: the sum of \(rows.count) episodes is \
                \(Words.decimals(height)) standard deviations above chance; \(Words.decimals(EpisodePool.leastHeight)) \
                are needed
                """
            )
            return
        }
        if secondHeight > EpisodePool.mostSecond * height {
            because.append(
                """
                another offset fits nearly as well (\(Words.decimals(secondHeight)) against \(Words.decimals(height)) \
                standard deviations)
                """
            )
        }
        if let split = EpisodePool.disagreement(rows, around: place, grid) { because.append(split) }
        let half =
            StudentT.quantile95(degrees: Double(min(rows.count, 50) - 1))
            * (error * error + EpisodePool.floor * EpisodePool.floor).squareRoot()
        if because.isEmpty, half > EpisodePool.mostHalfWidth {
            because.append("the episodes give the offset only to within \(Words.whole(half)) ms")
        }
        guard because.isEmpty else { return }
        candidate = nil
        unlike = EpisodePool.unlike(rows, members, at: place, grid)
        estimate = Estimate(
            milliseconds: place, lower: place - half, upper: place + half,
            standardError: (error * error + EpisodePool.floor * EpisodePool.floor).squareRoot())
        if let framesPerSecond, framesPerSecond > 0 {
            let share = place / (500 / framesPerSecond) - 1
            let reach = half / (500 / framesPerSecond)
            if abs(share) <= EpisodePool.halfFrame, abs(share) + reach <= EpisodePool.halfFrameInterval {
                halvedFrame = 1000 / framesPerSecond
            }
        }
    }

    /// One episode.
    struct Member {
        let clip: String
        let curve: [CurvePoint]
        let seconds: Double
        let isAnswered: Bool
    }

    /// Episodes whose height at the common offset is more than three deviations below the others; heights grow with the
    /// root of the length.
    private static func unlike(_ rows: [[Double]], _ members: [Member], at place: Double, _ grid: PoolGrid) -> [String]
    {
        let lengths = members.map { max(1, $0.seconds).squareRoot() }
        let mean = lengths.reduce(0, +) / Double(lengths.count)
        let heights = rows.indices.map { grid.value(rows[$0], at: place) * mean / lengths[$0] }
        let middle = Words.median(heights)
        let spread = max(1, Words.median(heights.map { abs($0 - middle) }) * 1.4826)
        return heights.indices.filter { heights[$0] < middle - 3.2 * spread && heights[$0] < 0.4 * middle }.sorted {
            (heights[$0], members[$0].clip) < (heights[$1], members[$1].clip)
        }
        .prefix(20).map { members[$0].clip }
    }

    /// The standard error of the peak from omitting each episode, or each of fifty groups of them, in turn (Künsch
    /// 1989).
    private static func jackknife(_ rows: [[Double]], _ sum: [Double], _ grid: PoolGrid) -> Double {
        var order = Array(rows.indices)
        var generator = SplitMix64(seed: 1)
        order.shuffle(using: &generator)
        let groups = min(50, rows.count)
        let places = (0..<groups).map { group -> Double in
            var rest = sum
            for position in stride(from: group, to: order.count, by: groups) {
                let row = rows[order[position]]
                for index in rest.indices { rest[index] -= row[index] }
            }
            return grid.peak(rest)
        }
        let mean = places.reduce(0, +) / Double(groups)
        return (Double(groups - 1) / Double(groups) * places.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }).squareRoot()
    }

    /// Whether episodes that are informative alone have another offset, or two; nil: they agree.
    private static func disagreement(_ rows: [[Double]], around place: Double, _ grid: PoolGrid) -> String? {
        var near: [Double] = []
        var (far, telling) = ([Double](), 0)
        for row in rows {
            let own = grid.peak(row)
            let top = row[grid.top(row)]
            guard top >= 3 else { continue }
            telling += 1
            let here = max(0, grid.value(row, at: place))
            // Twice the log-likelihood ratio of its own offset.
            if top * top - here * here > 12 { far.append(own) }
            if abs(own - place) < 300 { near.append(own) }
        }
        if far.count >= 3, far.count * 100 >= telling * 15 {
            let middle = Words.median(far)
            let common = far.count { abs($0 - middle) < 100 } * 10 >= far.count * 6
            return
                """
                \(far.count) of the \(telling) episodes that are informative alone have another \
                offset\(common ? ", most about \(Words.place(middle))" : "")
                """
        }
        guard near.count >= 8 else { return nil }
        near.sort()
        // The share of the variance between two halves: 0.64 for one normal population.
        let total = Words.scatter(near)
        var best = (share: 0.0, cut: 0)
        for cut in 2..<near.count - 1 {
            let share = 1 - (Words.scatter(Array(near[..<cut])) + Words.scatter(Array(near[cut...]))) / max(1e-9, total)
            if share > best.share { best = (share, cut) }
        }
        let (low, high) = (Words.median(Array(near[..<best.cut])), Words.median(Array(near[best.cut...])))
        let smaller = min(best.cut, near.count - best.cut)
        guard best.share > 0.86, high - low > 45, smaller >= 3, smaller * 100 >= near.count * 15 else { return nil }
        return
            """
            the episodes disagree: of those that are informative alone, \(best.cut) are about \(Words.place(low)), \
            \(near.count - best.cut) about \(Words.place(high))
            """
    }
}

/// The offsets of a profile, evenly spaced, in ms.
private struct PoolGrid {
    let first: Double
    let step: Double
    let count: Int

    init(_ curve: [CurvePoint]) {
        count = curve.count
        first = curve.first?.offset.milliseconds ?? 0
        step = curve.count > 1 ? ((curve[curve.count - 1].offset.milliseconds - first) / Double(curve.count - 1)) : 1
    }

    func top(_ row: [Double]) -> Int {
        var top = 0
        for index in row.indices where row[index] > row[top] { top = index }
        return top
    }

    func value(_ row: [Double], at place: Double) -> Double {
        let x = min(Double(count - 1), max(0, (place - first) / step))
        let low = min(count - 2, Int(x))
        return row[low] + (x - Double(low)) * (row[low + 1] - row[low])
    }

    /// The vertex of the least-squares parabola through the points above four fifths of the peak; in ms.
    func peak(_ row: [Double]) -> Double {
        let top = self.top(row)
        var reach = 0
        while reach < 5, top - reach - 1 >= 0, top + reach + 1 < count,
            min(row[top - reach - 1], row[top + reach + 1]) >= 0.8 * row[top]
        { reach += 1 }
        reach = max(reach, 1)
        guard top >= reach, top + reach < count else { return first + Double(top) * step }
        var (s2, s4, y0, y1, y2) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for place in -reach...reach {
            let (x, y) = (Double(place), row[top + place])
            s2 += x * x
            s4 += x * x * x * x
            y0 += y
            y1 += x * y
            y2 += x * x * y
        }
        let number = Double(2 * reach + 1)
        let bend = (number * y2 - s2 * y0) / max(1e-12, number * s4 - s2 * s2)
        let vertex = bend < 0 ? max(-Double(reach), min(Double(reach), -(y1 / s2) / (2 * bend))) : 0
        return first + (Double(top) + vertex) * step
    }
}

/// Figures in reasons.
private enum Words {
    static func decimals(_ value: Double) -> String {
        let tenths = Int((min(1e6, max(0, value)) * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    static func whole(_ value: Double) -> Int { Int(min(1e6, max(-1e6, value)).rounded()) }
    static func place(_ value: Double) -> String {
        abs(value) < 0.5 ? "0 ms" : "\(abs(whole(value))) ms \(value > 0 ? "early" : "late")"
    }

    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return Quantile.of(sorted: sorted, 0.5)
    }

    static func scatter(_ values: [Double]) -> Double {
        let mean = values.reduce(0, +) / Double(max(1, values.count))
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
}
