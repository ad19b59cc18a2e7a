/// How much each frame of a video differs from the one before and from the ones of half a second ago: enough to detect
/// repeated or frozen frames. Keeps half a second of small frames.
public struct FrameChanges: Sendable {
    /// Presentation time of each frame, in seconds of the episode.
    public private(set) var times: [Double] = []
    /// Difference of brightness from the frame before, of 255, in the square that changed most; 0 for the first. What
    /// moves may be small, and a keyframe changes the whole frame a little.
    public private(set) var steps: [Double] = []
    /// The same from two frames before the frame to four after it: how far motion progressed; 0 where there are too
    /// few.
    public private(set) var spans: [Double] = []
    /// Mean difference of the whole frame from the one of half a second before, or the first.
    public private(set) var halves: [Double] = []

    private var recent: [(time: Double, values: [Float])] = []
    /// Side of a square in pixels of the small frame.
    private static let square = 12
    private static let before = 2, behind = 4
    private static let halfSecond = 0.5

    public init() {}

    /// Adds the next frame: its small grey image, row by row, and its presentation time in seconds; times increase.
    public mutating func append(_ values: [Float], width: Int, seconds: Double) {
        if let last = recent.last, last.values.count != values.count { recent = [] }
        times.append(seconds)
        steps.append(recent.last.map { Self.largest($0.values, values, width) } ?? 0)
        spans.append(0)
        let distance = Self.before + Self.behind
        if recent.count >= distance {
            spans[spans.count - 1 - Self.behind] = Self.largest(
                recent[recent.count - distance].values, values, width)
        }
        while recent.count > distance, recent[1].time <= seconds - Self.halfSecond { recent.removeFirst() }
        halves.append(recent.first.map { Self.difference($0.values, values) } ?? 0)
        recent.append((seconds, values))
    }

    /// The same with its times moved.
    public func moved(bySeconds seconds: Double) -> FrameChanges {
        var copy = self
        copy.times = times.map { $0 + seconds }
        copy.recent = recent.map { ($0.time + seconds, $0.values) }
        return copy
    }

    /// The mean difference of the square that differs most.
    private static func largest(_ one: [Float], _ other: [Float], _ width: Int) -> Double {
        guard width > 0 else { return 0 }
        let height = one.count / width
        let columns = max(1, width / square)
        var best = 0.0
        for top in stride(from: 0, to: max(1, height - square + 1), by: square) {
            var sums = [Float](repeating: 0, count: columns)
            let rows = top..<min(height, top + square)
            for row in rows {
                for column in 0..<columns {
                    let start = row * width + column * square
                    var sum: Float = 0
                    for index in start..<start + min(square, width) { sum += abs(one[index] - other[index]) }
                    sums[column] += sum
                }
            }
            best = max(best, Double(sums.max() ?? 0) / Double(max(1, rows.count * min(square, width))))
        }
        return best
    }

    private static func difference(_ one: [Float], _ other: [Float]) -> Double {
        var sum: Float = 0
        for index in one.indices { sum += abs(one[index] - other[index]) }
        return Double(sum) / Double(max(1, one.count))
    }
}
