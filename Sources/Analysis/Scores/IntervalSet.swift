/// Disjoint intervals in order of time.
struct IntervalSet: Sendable, Hashable {
    private(set) var intervals: [(start: Double, end: Double)] = []

    /// Shorter intervals are discarded, in seconds (as in pyannote.core).
    static let shortest = 1e-6

    init(_ spans: [(start: Double, end: Double)]) {
        for span in spans.filter({ $0.end - $0.start > IntervalSet.shortest }).sorted(by: {
            ($0.start, $0.end) < ($1.start, $1.end)
        }) {
            if let last = intervals.last, span.start <= last.end {
                intervals[intervals.count - 1].end = max(last.end, span.end)
            } else {
                intervals.append(span)
            }
        }
    }

    var length: Double { intervals.reduce(0) { $0 + $1.end - $1.start } }

    func union(_ other: IntervalSet) -> IntervalSet { IntervalSet(intervals + other.intervals) }

    func intersection(_ other: IntervalSet) -> IntervalSet {
        var result: [(start: Double, end: Double)] = []
        var (one, two) = (0, 0)
        while one < intervals.count, two < other.intervals.count {
            let (first, second) = (intervals[one], other.intervals[two])
            let span = (start: max(first.start, second.start), end: min(first.end, second.end))
            if span.end > span.start { result.append(span) }
            if first.end < second.end { one += 1 } else { two += 1 }
        }
        return IntervalSet(result)
    }

    /// The part of `whole` that is outside.
    func gaps(in whole: IntervalSet) -> IntervalSet {
        var result: [(start: Double, end: Double)] = []
        for span in whole.intervals {
            var reached = span.start
            for own in intervals where own.end > span.start && own.start < span.end {
                if own.start > reached { result.append((reached, own.start)) }
                reached = max(reached, own.end)
            }
            if reached < span.end { result.append((reached, span.end)) }
        }
        return IntervalSet(result)
    }

    static func == (left: IntervalSet, right: IntervalSet) -> Bool {
        left.intervals.count == right.intervals.count && zip(left.intervals, right.intervals).allSatisfy { $0 == $1 }
    }

    func hash(into hasher: inout Hasher) { for span in intervals { hasher.combine(span.start) } }
}
