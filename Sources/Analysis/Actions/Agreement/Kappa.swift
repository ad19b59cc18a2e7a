import SyncModel

/// Agreement of two raters beyond chance, by frame (Cohen 1960): the counts that it is computed from.
struct CohenCounts {
    private(set) var frames = 0.0
    private(set) var agreed = 0.0
    private var rows: [Symbol: Double] = [:]
    private var columns: [Symbol: Double] = [:]
    private var both: [Symbol: Double] = [:]

    init() {}

    init(_ runs: FrameRuns, _ one: Int, _ other: Int) {
        for index in runs.counts.indices {
            let count = Double(runs.counts[index])
            let (a, b) = (runs.labels[one][index], runs.labels[other][index])
            frames += count
            rows[a, default: 0] += count
            columns[b, default: 0] += count
            if a == b {
                agreed += count
                both[a, default: 0] += count
            }
        }
    }

    mutating func add(_ other: CohenCounts) {
        frames += other.frames
        agreed += other.agreed
        rows.merge(other.rows, uniquingKeysWith: +)
        columns.merge(other.columns, uniquingKeysWith: +)
        both.merge(other.both, uniquingKeysWith: +)
    }

    /// NaN where both use a single name.
    var kappa: Double {
        let chance = rows.keys.sorted().reduce(0) { $0 + (rows[$1] ?? 0) * (columns[$1] ?? 0) } / (frames * frames)
        return (agreed / frames - chance) / (1 - chance)
    }

    /// Intersection over union by frame, the mean over all names that either uses.
    var meanOverlap: Double {
        let names = Set(rows.keys).union(columns.keys).sorted()
        let shares = names.map { name -> Double in
            let shared = both[name] ?? 0
            return shared / ((rows[name] ?? 0) + (columns[name] ?? 0) - shared)
        }
        return shares.isEmpty ? .nan : shares.reduce(0, +) / Double(shares.count)
    }
}

/// Agreement of several raters beyond chance, by frame (Fleiss 1971); any number of raters a frame.
struct FleissCounts {
    private(set) var frames = 0.0
    /// Sum over frames of the share of pairs of raters that agree.
    private var agreed = 0.0
    private var ratings = 0.0
    private(set) var totals: [Symbol: Double] = [:]
    /// By name: sum over frames of its raters times those with another name, divided by raters minus one.
    private var split: [Symbol: Double] = [:]

    init() {}

    init(_ runs: FrameRuns) {
        let raters = Double(runs.labels.count)
        var said: [Symbol: Double] = [:]
        for index in runs.counts.indices {
            let count = Double(runs.counts[index])
            said.removeAll(keepingCapacity: true)
            for labels in runs.labels { said[labels[index], default: 0] += 1 }
            frames += count
            ratings += count * raters
            var pairs = 0.0
            for (name, times) in said {
                pairs += times * (times - 1)
                totals[name, default: 0] += times * count
                if times < raters { split[name, default: 0] += count * times * (raters - times) / (raters - 1) }
            }
            agreed += count * pairs / (raters * (raters - 1))
        }
    }

    mutating func add(_ other: FleissCounts) {
        frames += other.frames
        agreed += other.agreed
        ratings += other.ratings
        totals.merge(other.totals, uniquingKeysWith: +)
        split.merge(other.split, uniquingKeysWith: +)
    }

    var kappa: Double {
        let chance = inOrder(totals).reduce(0) { $0 + ($1 / ratings) * ($1 / ratings) }
        return (agreed / frames - chance) / (1 - chance)
    }

    /// Krippendorff's alpha for names by frame (Krippendorff 2004, ch. 11): the same with the chance of a finite
    /// sample.
    var alpha: Double {
        // Coincidences: within each frame every pair of raters, weighted by 1 / (raters - 1).
        let disagreed = inOrder(split).reduce(0, +)
        let expected = inOrder(totals).reduce(0) { $0 + $1 * (ratings - $1) } / (ratings - 1)
        return expected > 0 ? 1 - disagreed / expected : .nan
    }

    /// Values by name, so that sums are the same to the last bit.
    private func inOrder(_ counts: [Symbol: Double]) -> [Double] { counts.sorted { $0.key < $1.key }.map(\.value) }

    /// Of one name against all others.
    func kappa(of name: Symbol) -> Double {
        let share = (totals[name] ?? 0) / ratings
        return 1 - (split[name] ?? 0) / (ratings * share * (1 - share))
    }
}
