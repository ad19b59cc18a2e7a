import SyncModel

/// Krippendorff's alpha for unitising: raters both cut a continuum into units and name them.
///
/// Observed and expected disagreement by name as in Krippendorff, "Measuring the reliability of qualitative text
/// analysis data" (Quality & Quantity 38, 2004), formulas (9) to (13); lengths in frames. Several continua are weighted
/// by their length.
struct UnitisedAlpha {
    /// Sums over names and continua, each times the continuum's length.
    private(set) var observed = 0.0
    private(set) var expected = 0.0
    /// By name, of one continuum.
    private(set) var byName: [Symbol: (observed: Double, expected: Double)] = [:]

    private struct Section {
        let start: Double
        let length: Double
        let isUnit: Bool
        var end: Double { start + length }
    }

    init() {}

    init(_ runs: FrameRuns) {
        self.init(
            units: runs.labels.indices.map { rater in
                runs.runs(rater).map { ($0.label, Double($0.start), Double($0.end - $0.start)) }
            },
            start: Double(runs.starts.first ?? 0), length: Double(runs.frames))
    }

    /// - Parameter units: by rater: name, start, length; in whole frames.
    init(units: [[(name: Symbol, start: Double, length: Double)]], start: Double, length: Double) {
        let raters = Double(units.count)
        guard raters > 1, length > 1 else { return }
        for name in Set(units.flatMap { $0.map(\.name) }).sorted() {
            let sections = units.map { own in
                UnitisedAlpha.sections(own.filter { $0.name == name }.map { ($0.start, $0.length) }, start, length)
            }
            var sum = 0.0
            for i in sections.indices {
                for j in sections.indices where j != i { sum += UnitisedAlpha.difference(sections[i], sections[j]) }
            }
            let observed = sum / (raters * (raters - 1) * length * length)
            let expected = UnitisedAlpha.chance(sections, length)
            byName[name] = (observed, expected)
            self.observed += observed * length
            self.expected += expected * length
        }
    }

    mutating func add(_ other: UnitisedAlpha) {
        observed += other.observed
        expected += other.expected
    }

    var alpha: Double { expected > 0 ? 1 - observed / expected : .nan }

    private static func sections(_ units: [(start: Double, length: Double)], _ start: Double, _ length: Double)
        -> [Section]
    {
        var result: [Section] = []
        var place = start
        for unit in units.sorted(by: { $0.start < $1.start }) {
            if unit.start > place { result.append(Section(start: place, length: unit.start - place, isUnit: false)) }
            result.append(Section(start: unit.start, length: unit.length, isUnit: true))
            place = unit.start + unit.length
        }
        if place < start + length {
            result.append(Section(start: place, length: start + length - place, isUnit: false))
        }
        return result
    }

    private static func difference(_ one: [Section], _ other: [Section]) -> Double {
        var sum = 0.0
        var first = 0
        for g in one {
            while first < other.count, other[first].end <= g.start { first += 1 }
            var h = first
            while h < other.count, other[h].start < g.end {
                let o = other[h]
                if g.isUnit, o.isUnit {
                    sum += (g.start - o.start) * (g.start - o.start) + (g.end - o.end) * (g.end - o.end)
                } else if g.isUnit, o.start <= g.start, g.end <= o.end {
                    sum += g.length * g.length
                } else if o.isUnit, g.start <= o.start, o.end <= g.end {
                    sum += o.length * o.length
                }
                h += 1
            }
        }
        return sum
    }

    private static func chance(_ sections: [[Section]], _ length: Double) -> Double {
        let units = sections.flatMap { $0.filter(\.isUnit) }
        let gaps = sections.flatMap { $0.filter { !$0.isUnit } }
        let raters = Double(sections.count)
        var sum = 0.0
        var taken = 0.0
        for unit in units {
            let l = unit.length
            let room = gaps.reduce(0) { $1.length >= l ? $0 + $1.length - l + 1 : $0 }
            sum += Double(units.count - 1) / 3 * (2 * l * l * l - 3 * l * l + l) + l * l * room
            taken += l * (l - 1)
        }
        let all = raters * length
        return 2 / length * sum / (all * (all - 1) - taken)
    }
}
