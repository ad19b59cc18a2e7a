/// The timestamps of a log on one clock: rows in another unit or with another zero are detected by their expected time
/// and converted, so that the rest can be judged as if the log had one clock.
struct ClockPieces {
    /// Timestamps on the clock of most rows; only known ones.
    private(set) var stamps: [Double] = []
    /// The row of each, counted from 0.
    private(set) var rows: [Int] = []
    /// Rows in another unit, and the factor that converts them to the unit of most.
    private(set) var scaled: [(row: Int, factor: Double)] = []
    /// Rows on another clock, and the offset of its zero.
    private(set) var shifted: [(row: Int, offset: Double)] = []
    /// Rows that have a timestamp.
    private(set) var unknown: [Int] = []

    /// Larger steps are not a gap but another clock, in seconds: 115 days.
    private static let otherClock = 1e7
    private static let factors: [Double] = [1e3, 1e-3, 1e6, 1e-6, 1e9, 1e-9]

    init(_ raw: [Double]) {
        var known: [(row: Int, time: Double)] = []
        for (row, time) in raw.enumerated() {
            if time.isFinite { known.append((row, time)) } else { unknown.append(row) }
        }
        rows = known.map(\.row)
        guard known.count > 2 else {
            stamps = known.map(\.time)
            return
        }
        let period = ClockPieces.firstPeriod(known.map(\.time))
        // Each row's factor and offset against the clock of the first.
        var (factor, offset) = (1.0, 0.0)
        var marks: [(factor: Double, offset: Double)] = [(1, 0)]
        var last = known[0].time
        stamps = [last]
        for index in 1..<known.count {
            let time = known[index].time
            var value = time * factor + offset
            if period > 0, abs(value - last) > 30 * period {
                let next = index + 1 < known.count ? known[index + 1].time : nil
                if let better = ClockPieces.otherUnit(
                    time, next: next, last: last, now: (factor, offset), period: period)
                {
                    factor = better
                    offset = 0
                    value = time * factor
                } else if abs(value - last) > ClockPieces.otherClock {
                    offset = abs(time * factor - last) < ClockPieces.otherClock ? 0 : last + period - time * factor
                    value = time * factor + offset
                }
            }
            stamps.append(value)
            marks.append((factor, offset))
            last = value
        }
        rebase(marks)
    }

    /// The clock of most rows counts; the others are reported.
    private mutating func rebase(_ marks: [(factor: Double, offset: Double)]) {
        var tally: [[Double]: Int] = [:]
        for mark in marks { tally[[mark.factor, mark.offset], default: 0] += 1 }
        guard tally.count > 1,
            let most = tally.max(by: { ($0.value, -$0.key[1].magnitude) < ($1.value, -$1.key[1].magnitude) })?.key
        else { return }
        for index in stamps.indices {
            stamps[index] = (stamps[index] - most[1]) / most[0]
            let (factor, offset) = marks[index]
            if factor != most[0] {
                scaled.append((rows[index], factor / most[0]))
            } else if offset != most[1] {
                shifted.append((rows[index], (offset - most[1]) / most[0]))
            }
        }
    }

    /// The usual step of the first increasing rows.
    private static func firstPeriod(_ times: [Double]) -> Double {
        let steps = zip(times.dropFirst(), times).prefix(60).map { $0 - $1 }.filter { $0 > 0 }.sorted()
        return steps.isEmpty ? 0 : steps[steps.count / 3]
    }

    /// A factor that puts a row at its expected time, and the next one too, or that one is on the previous clock again.
    private static func otherUnit(
        _ time: Double, next: Double?, last: Double, now: (factor: Double, offset: Double), period: Double
    ) -> Double? {
        let expected = last + period
        let slack = max(3 * period, 1e-9 * abs(expected))
        for factor in [1.0] + factors where factor != now.factor {
            let value = time * factor
            guard abs(value - expected) <= slack else { continue }
            guard let next else { return factor }
            let following = next * factor - value
            let isOn = following >= 0.1 * period && following <= 10 * period
            let isBack = abs(next * now.factor + now.offset - expected - period) <= slack && value != 0
            if isOn || isBack { return factor }
        }
        return nil
    }
}
