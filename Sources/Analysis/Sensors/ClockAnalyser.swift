public import SyncModel

/// Judges the clock of a log before anything is compared: whether its timestamps are right, and what it costs to trust
/// them.
public struct ClockAnalyser: Sendable {
    /// Smaller errors are not reported, in milliseconds: half of what people begin to notice.
    public static let leastCost = 20.0

    /// Least number of rows with one timestamp for a stopped clock.
    private static let leastStopped = 10

    public init() {}

    /// Faults, and the timestamps on one clock.
    public struct Result: Sendable {
        /// The costliest first.
        public let faults: [LogFault]
        /// Seconds on the clock of most rows, in order, one for each of `rows`; repeated and backward timestamps are
        /// omitted.
        public let stamps: [Double]
        public let rows: [Int]
        /// Sample rate while it runs; nil: too few rows.
        public let rate: Double?
        /// From the first timestamp to the last, in seconds.
        public let seconds: Double
    }

    public func result(_ facts: ClockFacts) -> Result {
        let pieces = ClockPieces(facts.stamps)
        var stamps = pieces.stamps
        var faults = mixtures(pieces, facts)
        if !pieces.unknown.isEmpty {
            faults.append(
                LogFault(
                    .unknown,
                    "\(Figures.times(pieces.unknown.count, "row has", "rows have")) no time in column \(facts.column)",
                    costMilliseconds: 0,
                    remedy: "fill them in, or omit these rows", row: pieces.unknown.first))
        }
        let still = stopped(facts, pieces)
        if let still { faults.append(still) }
        guard var rhythm = ClockRhythm(stamps) else {
            return Result(
                faults: faults, stamps: stamps, rows: pieces.rows, rate: nil,
                seconds: max(0, (stamps.last ?? 0) - (stamps.first ?? 0)))
        }
        let wrong = wrongUnit(facts, rhythm, stamps)
        if let (fault, factor) = wrong {
            faults.append(fault)
            stamps = stamps.map { $0 * factor }
            if let again = ClockRhythm(stamps) { rhythm = again }
        }
        // A stopped clock repeats timestamps and may be followed by a gap: that is already reported.
        let told: Set<LogFault.Kind> = still == nil ? [] : [.coarse, .doubled, .jitter, .dropped, .gap]
        faults += beat(rhythm, facts, pieces).filter { !told.contains($0.kind) }
        faults += rates(rhythm, facts, stamps)
        faults += lengths(rhythm, facts, stamps)
        var kept: [Int] = []
        var last = -Double.infinity
        for index in stamps.indices where stamps[index] > last {
            kept.append(index)
            last = stamps[index]
        }
        let order = faults.enumerated().sorted {
            ($0.element.costMilliseconds ?? -1, -$0.offset) > ($1.element.costMilliseconds ?? -1, -$1.offset)
        }.map(\.element)
        return Result(
            faults: order, stamps: kept.map { stamps[$0] }, rows: kept.map { pieces.rows[$0] }, rate: 1 / rhythm.period,
            seconds: max(0, (kept.last.map { stamps[$0] } ?? 0) - (kept.first.map { stamps[$0] } ?? 0)))
    }

    // MARK: Two clocks in one column

    private func mixtures(_ pieces: ClockPieces, _ facts: ClockFacts) -> [LogFault] {
        var faults: [LogFault] = []
        if let first = pieces.scaled.first {
            let factor = first.factor < 1 ? 1 / first.factor : first.factor
            let names =
                factor < 5e3 ? "a thousand times" : factor < 5e6 ? "a million times" : "a billion times"
            let cost = pieces.scaled.prefix(1000).map { abs(facts.stamps[$0.row] * (1 - $0.factor)) }.max() ?? 0
            faults.append(
                LogFault(
                    .mixedUnits,
                    """
                    \(Figures.times(pieces.scaled.count, "row counts", "rows count")) time in a unit \(names) \
                    \(first.factor < 1 ? "finer" : "coarser") than the rest, from row \(first.row) on
                    """,
                    costMilliseconds: cost * 1000,
                    remedy: "convert these timestamps, or write all of them in one unit", row: first.row))
        }
        if let first = pieces.shifted.first {
            faults.append(
                LogFault(
                    .mixedClocks,
                    """
                    \(Figures.times(pieces.shifted.count, "row is", "rows are")) timestamped by another clock whose \
                    zero is \(Figures.size(first.offset)) off, from row \(first.row) on (such as wall clock and time \
                    since the start)
                    """,
                    costMilliseconds: abs(first.offset) * 1000,
                    remedy:
                        "timestamp all rows by one monotonic clock; these rows are placed by the rows before them",
                    row: first.row))
        }
        return faults
    }

    /// A stopped clock: half of all rows, or a second of them, with one timestamp, and far more than share one
    /// elsewhere.
    private func stopped(_ facts: ClockFacts, _ pieces: ClockPieces) -> LogFault? {
        let stamps = pieces.stamps
        guard stamps.count > 3 else { return nil }
        var runs: [Range<Int>] = []
        var start = 0
        for index in 1...stamps.count where index == stamps.count || stamps[index] != stamps[start] {
            runs.append(start..<index)
            start = index
        }
        guard let longest = runs.max(by: { $0.count < $1.count }), longest.count >= ClockAnalyser.leastStopped else {
            return nil
        }
        let usual = Figures.median(runs.map { Double($0.count) })
        let rising = zip(stamps.dropFirst(), stamps).map { $0 - $1 }.filter { $0 > 0 }
        let period = facts.declaredRate.map { 1 / $0 } ?? (rising.isEmpty ? nil : Figures.median(rising))
        let lasts = period.map { Double(longest.count - 1) * $0 }
        let isAll = longest.count == stamps.count
        guard isAll || Double(longest.count) >= 5 * usual && (2 * longest.count >= stamps.count || (lasts ?? 0) >= 1)
        else { return nil }
        // A 32-bit number since 1970 advances in steps of minutes: the clock ran.
        let single = Float(stamps[longest.lowerBound])
        if single.ulp >= 1, Double(single) == stamps[longest.lowerBound] {
            return rising.count > 2 ? nil : coarseStamps(tick: Double(single.ulp))
        }
        let row =
            pieces.rows.indices.contains(longest.lowerBound) ? pieces.rows[longest.lowerBound] : longest.lowerBound
        return LogFault(
            .stopped,
            isAll
                ? "column \(facts.column) never changes: all \(stamps.count) rows have the same timestamp"
                : "column \(facts.column) stops at row \(row): \(longest.count) rows have the same timestamp",
            costMilliseconds: lasts.map { $0 * 1000 },
            remedy: "these timestamps are useless: write the time at which each row was taken, or row number / rate",
            row: row)
    }

    /// Timestamps that are a thousand (million, ...) times too large or small by the declared rate or the video's
    /// length.
    private func wrongUnit(_ facts: ClockFacts, _ rhythm: ClockRhythm, _ stamps: [Double]) -> (LogFault, Double)? {
        let length = (stamps.last ?? 0) - (stamps.first ?? 0)
        for (factor, names) in [
            (1e-3, "milliseconds"), (1e-6, "microseconds"), (1e-9, "nanoseconds"), (1e3, "seconds"),
        ] {
            let byRate = facts.declaredRate.map { abs(1 / (rhythm.period * factor) / $0 - 1) < 0.2 }
            let byLength = facts.videoSeconds.map { $0 > 0 && abs(length * factor / $0 - 1) < 0.3 }
            guard byRate ?? byLength ?? false,
                byRate == nil || byLength != false || abs(length / (facts.videoSeconds ?? 1) - 1) > 10
            else { continue }
            let taken = factor > 1 ? "milliseconds" : "seconds"
            let why =
                byRate == true
                ? "judging by the declared \(Figures.decimals(facts.declaredRate ?? 0, 1)) samples per second"
                : "judging by the video's length"
            let unit = factor > 1 ? "s" : factor == 1e-3 ? "ms" : factor == 1e-6 ? "us" : "ns"
            return (
                LogFault(
                    .unit, "column \(facts.column) is read as \(taken) but counts \(names), \(why)",
                    costMilliseconds: abs(length * (1 - factor)) * 1000,
                    remedy: "declare it: --columns time=\(facts.column):\(unit)"), factor
            )
        }
        return nil
    }

    // MARK: The beat

    private func beat(_ rhythm: ClockRhythm, _ facts: ClockFacts, _ pieces: ClockPieces) -> [LogFault] {
        var faults: [LogFault] = []
        func row(_ place: Int) -> Int { pieces.rows.indices.contains(place) ? pieces.rows[place] : place }
        // Rows in a coarser unit have fewer digits: their timestamps repeat and spread by rounding.
        let coarse = Set(pieces.scaled.filter { $0.factor > 1 }.map(\.row))
        let drops =
            coarse.isEmpty
            ? rhythm.drops
            : rhythm.drops.filter { !coarse.contains(row($0.place)) && !coarse.contains(row($0.place + 1)) }
        let doubles = coarse.isEmpty ? rhythm.doubles : rhythm.doubles.filter { !coarse.contains(row($0)) }
        if rhythm.isCoarse { return [coarseStamps(tick: rhythm.tick)] }
        if rhythm.isJittery {
            faults.append(
                LogFault(
                    .jitter,
                    """
                    timestamps scatter by \(Figures.size(rhythm.jitter)) around a regular period of \
                    \(Figures.size(rhythm.period))
                    """,
                    costMilliseconds: max(rhythm.scatter, 2 * rhythm.jitter) * 1000,
                    remedy:
                        """
                        timestamp samples when they are taken, not when they arrive; or smooth the timestamps with a \
                        fitted line
                        """
                ))
        }
        if let first = drops.first {
            let missing = drops.reduce(0) { $0 + $1.missing }
            faults.append(
                LogFault(
                    .dropped,
                    """
                    \(Figures.times(missing, "sample is", "samples are")) missing in \
                    \(Figures.times(drops.count, "place", "places")), the first after row \(row(first.place))
                    """,
                    costMilliseconds: Double(missing) * rhythm.period * 1000,
                    remedy: "use the timestamps, never row counts, which fall behind by this much",
                    row: row(first.place)))
        }
        if let first = doubles.first {
            faults.append(
                LogFault(
                    .doubled,
                    """
                    \(Figures.times(doubles.count, "row repeats", "rows repeat")) the timestamp of the row before, \
                    first at row \(row(first))
                    """,
                    costMilliseconds: Double(doubles.count) * rhythm.period * 1000,
                    remedy: "drop the repeated rows; row counts run ahead by this much", row: row(first)))
        }
        if let worst = rhythm.backwards.max(by: { $0.seconds < $1.seconds }), let first = rhythm.backwards.first {
            faults.append(
                LogFault(
                    .backwards,
                    """
                    time runs backwards in \(Figures.times(rhythm.backwards.count, "place", "places")), by at most \
                    \(Figures.size(worst.seconds)), first at row \(row(first.place))
                    """,
                    costMilliseconds: worst.seconds * 1000,
                    remedy:
                        """
                        sort the rows if they were written out of order; if the clock was set, timestamp by a \
                        monotonic clock
                        """,
                    row: row(first.place)))
        }
        if let worst = rhythm.gaps.max(by: { $0.seconds < $1.seconds }) {
            faults.append(
                LogFault(
                    .gap,
                    """
                    nothing was recorded for \(Figures.size(worst.seconds)) after row \
                    \(row(worst.place))\(rhythm.gaps.count > 1 ? ", and in \(rhythm.gaps.count - 1) more places" : "")
                    """,
                    costMilliseconds: rhythm.gaps.reduce(0) { $0 + $1.seconds } * 1000,
                    remedy: "cut the episode there, or use the timestamps, never row counts",
                    row: row(worst.place)))
        }
        return faults
    }

    private func coarseStamps(tick: Double) -> LogFault {
        LogFault(
            .coarse, "the timestamps advance only in steps of \(Figures.size(tick)), each shared by several rows",
            costMilliseconds: tick * 1000,
            remedy:
                """
                write timestamps as whole nanoseconds or as 64-bit numbers: a 32-bit number since 1970 is accurate to \
                two minutes
                """
        )
    }

    // MARK: Against what is declared

    private func rates(_ rhythm: ClockRhythm, _ facts: ClockFacts, _ stamps: [Double]) -> [LogFault] {
        guard let declared = facts.declaredRate, declared > 0, !rhythm.isCoarse else { return [] }
        let ratio = 1 / rhythm.period / declared
        let samples = Double(stamps.count - 1)
        let cost = abs(rhythm.period - 1 / declared) * samples * 1000
        // Uncertainty of the period from jitter; logs of few samples are not judged.
        let open = 3 * rhythm.jitter / max(1, samples).squareRoot() * 1000 * 2
        guard cost > max(ClockAnalyser.leastCost, open), abs(ratio - 1) > 1e-4, stamps.count > 20 else { return [] }
        return [
            LogFault(
                .rate,
                """
                the timestamps give \(Figures.decimals(1 / rhythm.period, 3)) samples per second, but \
                \(Figures.decimals(declared, 3)) are declared
                """,
                costMilliseconds: cost,
                remedy: "use the timestamps, or declare the actual rate")
        ]
    }

    private func lengths(_ rhythm: ClockRhythm, _ facts: ClockFacts, _ stamps: [Double]) -> [LogFault] {
        var faults: [LogFault] = []
        let frameSeconds =
            facts.videoFrames.flatMap { frames in facts.videoSeconds.map { $0 / Double(max(1, frames)) } } ?? 0.04
        if facts.isRowPerFrame, let frames = facts.videoFrames, frames != facts.stamps.count {
            let difference = abs(frames - facts.stamps.count)
            faults.append(
                LogFault(
                    .count, "the table has \(facts.stamps.count) rows for \(frames) video frames",
                    costMilliseconds: Double(difference) * frameSeconds * 1000,
                    remedy: "find where rows or video frames were dropped: by their timestamps, not by their numbers"))
        }
        if let numbers = facts.frameNumbers,
            let place = zip(numbers.dropFirst(), numbers).enumerated().first(where: { $0.element.0 != $0.element.1 + 1 }
            )?.offset
        {
            let wrong = zip(numbers.dropFirst(), numbers).filter { $0 != $1 + 1 }.map { abs($0 - $1 - 1) }
            faults.append(
                LogFault(
                    .count,
                    """
                    frame numbers are not consecutive in \(Figures.times(wrong.count, "place", "places")), first \
                    at row \(place + 1)
                    """,
                    costMilliseconds: wrong.reduce(0, +) * rhythm.period * 1000,
                    remedy: "renumber the rows from their timestamps", row: place + 1))
        }
        if let video = facts.videoSeconds, video > 0, faults.isEmpty {
            let ordered = (stamps.min() ?? 0, stamps.max() ?? 0)
            let length = ordered.1 - ordered.0 + rhythm.period
            let slack = max(0.1, 2 * rhythm.period, 2 * frameSeconds)
            if abs(length - video) > slack {
                faults.append(
                    LogFault(
                        .length, "the log is \(Figures.size(length)) long, the video \(Figures.size(video))",
                        costMilliseconds: abs(length - video) * 1000,
                        remedy:
                            "find out which started late or ended early; the content gives the log's offset"))
            }
        }
        return faults
    }
}
