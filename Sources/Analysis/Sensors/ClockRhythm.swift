import SyncModel

/// The regularity of a log's timestamps: their usual step, and deviations from it.
struct ClockRhythm {
    /// Seconds from sample to sample.
    private(set) var period = 0.0
    /// Standard deviation of timestamps from a regular clock, in seconds.
    private(set) var jitter = 0.0
    /// The 95th percentile of the deviation from a regular clock, in seconds.
    private(set) var scatter = 0.0
    private(set) var isJittery = false
    /// Steps after which samples are missing, and how many.
    private(set) var drops: [(place: Int, missing: Int)] = []
    private(set) var gaps: [(place: Int, seconds: Double)] = []
    /// Indices of timestamps that repeat the one before.
    private(set) var doubles: [Int] = []
    private(set) var backwards: [(place: Int, seconds: Double)] = []
    /// Whether most timestamps are shared by neighbours.
    private(set) var isCoarse = false
    /// The step of the clock where it is coarse.
    private(set) var tick = 0.0

    /// Least length of a gap, in seconds; it must also exceed five samples.
    static let gapSeconds = 0.2
    /// Jitter below this share of a period is no fault: any sleeping and waking thread has it.
    static let usualJitter = 0.08

    init?(_ stamps: [Double]) {
        guard stamps.count > 3 else { return nil }
        let steps = zip(stamps.dropFirst(), stamps).map { $0 - $1 }
        let rising = steps.filter { $0 > 0 }
        guard rising.count > 2 else { return nil }
        let zeros = steps.count - steps.filter { $0 != 0 }.count
        let middle = Figures.median(rising)
        if zeros * 10 > steps.count * 3 {
            isCoarse = true
            tick = middle
            period = (stamps[stamps.count - 1] - stamps[0]) / Double(max(1, stamps.count - 1))
            scatter = middle
            return
        }
        period = ClockRhythm.period(steps, middle)
        guard period > 0 else { return nil }
        let near = rising.filter { step in
            let multiple = (step / period).rounded()
            return multiple >= 1 && abs(step / period - multiple) < 0.15
        }.count
        let isClean = near * 100 >= rising.count * 93
        if !isClean { period = ClockRhythm.slope(stamps, period) }
        let off = Figures.median(steps.filter { $0 > 0 && $0 < 1.9 * period }.map { abs($0 - period) }) * 1.4826
        jitter = off / 2.0.squareRoot()
        isJittery = jitter > ClockRhythm.usualJitter * period
        find(stamps, steps)
        if let better = refined(stamps, steps) { period = better }
        scatter = ClockRhythm.scatter(stamps, steps, period)
    }

    private mutating func find(_ stamps: [Double], _ steps: [Double]) {
        // Over several steps a clock with jitter returns to its period; a gap remains. If jitter is large, more steps
        // are averaged, and a level counts if it exceeds their uncertainty.
        let share = isJittery ? jitter / period : 0
        let reach = share > 0.2 ? 16 : 8
        let leastShift = max(0.6, min(0.8, 5 * share * 1.2533 * (2 / Double(reach)).squareRoot())) * period
        func level(_ place: Int) -> Double {
            let before = max(0, place - reach + 1)...place
            let after = (place + 1)...min(stamps.count - 1, place + reach)
            let early = Figures.median(before.map { stamps[$0] + Double(place - $0) * period })
            let late = Figures.median(after.map { stamps[$0] - Double($0 - place) * period })
            return late - early
        }
        for (place, step) in steps.enumerated() {
            if step == 0 {
                // Timestamps with jitter coincide by chance; an extra row makes all that follow early.
                if !isJittery || level(place) < -0.4 * period { doubles.append(place + 1) }
            } else if step < 0 {
                if !isJittery || -step > 5 * jitter { backwards.append((place + 1, -step)) }
            } else if place > 0, steps[place - 1] < 0 || place + 1 < steps.count && steps[place + 1] < 0 {
                // Around a backward step timestamps must jump forward: nothing is missing there.
                continue
            } else if step > max(ClockRhythm.gapSeconds, 5.5 * period) {
                gaps.append((place, step - period))
            } else if step > 1.5 * period {
                let missing = Int((step / period).rounded()) - 1
                if isJittery {
                    let shift = level(place)
                    if step > period + 4 * jitter, shift > leastShift {
                        drops.append((place, max(1, Int((shift / period).rounded()))))
                    }
                } else if missing > 0, abs(step / period - (step / period).rounded()) < 0.3 {
                    drops.append((place, missing))
                }
            }
        }
    }

    /// The least-squares slope through all timestamps, gaps counted by their number of samples; nil where time runs
    /// backwards.
    private func refined(_ stamps: [Double], _ steps: [Double]) -> Double? {
        guard backwards.isEmpty else { return nil }
        var missing: [Int: Double] = [:]
        for drop in drops { missing[drop.place] = Double(drop.missing) }
        for gap in gaps { missing[gap.place] = (gap.seconds / period).rounded() }
        for place in doubles { missing[place - 1] = -1 }
        var index = 0.0
        var (sum, sumTime, square, product) = (0.0, 0.0, 0.0, 0.0)
        for (place, stamp) in stamps.enumerated() {
            let time = stamp - stamps[0]
            sum += index
            sumTime += time
            square += index * index
            product += index * time
            index += 1 + (missing[place] ?? 0)
        }
        let count = Double(stamps.count)
        let bend = square - sum * sum / count
        guard bend > 0 else { return nil }
        let slope = (product - sum * sumTime / count) / bend
        return slope > 0 && abs(slope / period - 1) < 0.1 ? slope : nil
    }

    /// The mean of the steps near the median: more exact than any single one where timestamps are rounded.
    private static func period(_ steps: [Double], _ middle: Double) -> Double {
        let near = steps.filter { $0 > 0.5 * middle && $0 < 1.5 * middle }
        return near.isEmpty ? middle : near.reduce(0, +) / Double(near.count)
    }

    /// The median of the slopes over many samples: jitter averages out.
    private static func slope(_ stamps: [Double], _ period: Double) -> Double {
        let span = max(1, min(40, stamps.count / 4))
        let slopes = (0..<stamps.count - span).map { (stamps[$0 + span] - stamps[$0]) / Double(span) }.filter { $0 > 0 }
        let slope = Figures.median(slopes)
        return slope.isFinite ? slope : period
    }

    /// Deviation of timestamps from the period of their neighbours, two before and two after.
    private static func scatter(_ stamps: [Double], _ steps: [Double], _ period: Double) -> Double {
        guard stamps.count > 4 else { return 0 }
        let misses = (2..<stamps.count - 2).map { index -> Double in
            let around = [-2, -1, 1, 2].map { stamps[index + $0] - Double($0) * period }.sorted()
            return abs(stamps[index] - (around[1] + around[2]) / 2)
        }.sorted()
        return misses[misses.count * 95 / 100]
    }
}
