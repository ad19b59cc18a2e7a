import SyncModel

/// The gamma measure for unitising and naming together (Mathet, Widlöcher & Métivier, Computational Linguistics 41,
/// 2015).
///
/// Units of all raters are aligned for the least disorder; gamma is 1 minus the ratio of that disorder to the one of
/// random labels with the same statistics. Dissimilarity as in the paper: positional-sporadic plus 1 for another name,
/// 1 for a unit that has no partner.
enum Gamma {
    /// A unit: seconds and a name.
    struct Unit {
        let start: Double
        let end: Double
        let label: Int32
    }

    /// Disorder of the labels, and the mean of random ones; both per unit.
    struct Disorders {
        let observed: Double
        let expected: Double
        /// Mean units per rater: the weight of a session.
        let units: Double
        /// Standard error of `expected`.
        let error: Double

        var gamma: Double { observed == 0 ? 1 : 1 - observed / expected }
    }

    static let usualSamples = 30

    static func disorders(_ item: AgreementItem, samples: Int, _ generator: inout SampleDraws) -> Disorders? {
        let units = item.segments.map {
            $0.map { Unit(start: $0.start, end: max($0.end, $0.start + 1e-3), label: $0.label.index) }
        }
        guard units.count > 1, units.contains(where: { !$0.isEmpty }) else { return nil }
        let observed = GammaAlignment(units).disorder
        let sampler = GammaSampler(units)
        var values: [Double] = []
        for _ in 0..<samples { values.append(GammaAlignment(sampler.sample(&generator)).disorder) }
        let mean = values.reduce(0, +) / Double(samples)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, samples - 1))
        return Disorders(
            observed: observed, expected: mean, units: Double(units.map(\.count).reduce(0, +)) / Double(units.count),
            error: (variance / Double(samples)).squareRoot())
    }
}

/// Random labels with the statistics of given ones: number of units a rater, gaps, lengths (normal) and names (by
/// frequency), as in Titeux & Riad, "pygamma-agreement" (Journal of Open Source Software 6, 2021).
struct GammaSampler {
    private let raters: Int
    private let count: (mean: Double, deviation: Double)
    private let gap: (mean: Double, deviation: Double)
    private let length: (mean: Double, deviation: Double)
    private let labels: [Int32]

    init(_ units: [[Gamma.Unit]]) {
        raters = units.count
        func statistics(_ values: [Double]) -> (Double, Double) {
            let mean = values.reduce(0, +) / Double(max(1, values.count))
            return (
                mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, values.count))).squareRoot()
            )
        }
        // One empty gap, so that a single unit has a gap, too.
        var gaps = [0.0]
        for row in units {
            for (before, after) in zip(row, row.dropFirst()) { gaps.append(after.start - before.end) }
            if let first = row.first, first.start > 0 { gaps.append(first.start) }
        }
        count = statistics(units.map { Double($0.count) })
        gap = statistics(gaps)
        length = statistics(units.flatMap { $0.map { $0.end - $0.start } })
        labels = units.flatMap { $0.map(\.label) }
    }

    func sample(_ generator: inout SampleDraws) -> [[Gamma.Unit]] {
        var result: [[Gamma.Unit]] = []
        for _ in 0..<raters {
            var number = abs(Int(count.mean + count.deviation * generator.normal()))
            if result.allSatisfy(\.isEmpty) { number = max(1, number) }
            var row: [Gamma.Unit] = []
            var last = 0.0
            for _ in 0..<number {
                let start = last + gap.mean + gap.deviation * generator.normal()
                let end = start + max(1e-6, abs(length.mean + length.deviation * generator.normal()))
                row.append(Gamma.Unit(start: start, end: end, label: labels[generator.index(below: labels.count)]))
                last = end
            }
            result.append(row.sorted { ($0.start, $0.end) < ($1.start, $1.end) })
        }
        return result
    }
}
