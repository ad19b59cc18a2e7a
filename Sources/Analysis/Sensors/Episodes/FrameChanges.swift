/// How much each frame of a video differs from the one before and from the ones of half a second ago: enough to detect
/// repeated or frozen frames. Keeps half a second of small frames.
public struct FrameChanges: Sendable {
    /// Presentation time of each frame, in seconds of the episode.
    public private(set) var times: [Double] = []
    /// Mean difference of brightness from the frame before, of 255; 0 for the first.
    public private(set) var steps: [Double] = []
    /// The same from two frames before the frame to four after it: how far motion progressed; 0 where there are too
    /// few.
    public private(set) var spans: [Double] = []
    /// The same from the frame of half a second before, or the first.
    public private(set) var halves: [Double] = []

    private var recent: [(time: Double, values: [Float])] = []
    private static let before = 2, behind = 4
    private static let halfSecond = 0.5

    public init() {}

    /// Adds the next frame: its small grey image and its presentation time in seconds; times increase.
    public mutating func append(_ values: [Float], seconds: Double) {
        if let last = recent.last, last.values.count != values.count { recent = [] }
        times.append(seconds)
        steps.append(recent.last.map { Self.difference($0.values, values) } ?? 0)
        spans.append(0)
        let distance = Self.before + Self.behind
        if recent.count >= distance {
            spans[spans.count - 1 - Self.behind] = Self.difference(recent[recent.count - distance].values, values)
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

    private static func difference(_ one: [Float], _ other: [Float]) -> Double {
        var sum: Float = 0
        for index in one.indices { sum += abs(one[index] - other[index]) }
        return Double(sum) / Double(max(1, one.count))
    }
}
