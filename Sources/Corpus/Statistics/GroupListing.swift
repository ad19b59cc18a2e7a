import SyncModel

/// All groups with their statistics, ordered and limited for a report.
struct GroupListing {
    private(set) var groups: [GroupStatistics] = []
    private(set) var named = NamedGroups()
    private(set) var comparisons = 0
    private static let level = 0.05
    /// Coverage scatters more than if each clip were on its own; the factor where speakers are unknown.
    private static let unknownDesign = 2.0

    init(_ study: CheckStudy, _ table: AttributeTable, _ options: CorpusStatistics.Options) {
        var shares = GroupListing.shares(study, table)
        GroupListing.judge(&shares, study)
        let comparison = study.location.map {
            GroupComparison(
                observations: study.observations, table: table, speakersKnown: study.speakersKnown,
                speakersBy: study.speakersBy, common: $0)
        }
        let (cells, comparisons) = comparison?.cells() ?? ([], 0)
        self.comparisons = comparisons
        func name(_ number: Int) -> String {
            """
            \(table.columns[cells[number].column].name) = \
            \(table.columns[cells[number].column].values[Int(cells[number].code)])
            """
        }

        var cellOf: [Place: Int] = [:]
        for (number, cell) in cells.enumerated() { cellOf[Place(column: cell.column, code: cell.code)] = number }
        let same = GroupListing.sameClips(cells, name: name)
        var listed: [(group: GroupStatistics, order: Int, badness: Double)] = []
        for (place, share) in shares where share.verdicts.clips >= options.leastClips {
            let cell = cellOf[place].map { cells[$0] }
            let group = GroupStatistics(
                attribute: table.columns[place.column].name, value: table.columns[place.column].values[Int(place.code)],
                verdicts: share.verdicts, bias: cell?.bias?.estimate, difference: cell?.difference,
                pAdjusted: cell?.adjusted,
                isNamed: cell?.isNamed ?? false, explainedBy: cell?.explainedBy.map(name),
                sameClips: cellOf[place].flatMap { same[$0] } ?? [],
                coverage: Share(share.verdicts.answered, of: share.verdicts.askable),
                coverageDifference: share.coverageDifference,
                coveragePAdjusted: share.coverageAdjusted,
                isLessAnswered: (share.coverageAdjusted ?? 1) < GroupListing.level
                    && (share.coverageDifference ?? 0) <= -GroupComparison.leastShare,
                unpairedDifference: share.unpairedDifference, unpairedPAdjusted: share.unpairedAdjusted,
                isMoreUnpaired: (share.unpairedAdjusted ?? 1) < GroupListing.level
                    && (share.unpairedDifference ?? 0) >= GroupComparison.mostUnpairedShare)
            // Significant ones first, then by the certain part of the difference.
            let sure = cell?.difference.map { max(0, abs($0.milliseconds) - ($0.upper - $0.milliseconds)) } ?? 0
            listed.append((group, cell?.order ?? .max, sure))
        }
        listed.sort { left, right in
            if left.order != right.order { return left.order < right.order }
            if left.badness != right.badness { return left.badness > right.badness }
            if left.group.verdicts.clips != right.group.verdicts.clips {
                return left.group.verdicts.clips > right.group.verdicts.clips
            }
            return left.group.name < right.group.name
        }
        groups = listed.prefix(options.mostGroups).map(\.group)
        for (number, cell) in cells.enumerated().sorted(by: { $0.element.order < $1.element.order }) where cell.isNamed
        {
            let clips = cell.answers.map { study.observations.clips[$0] }
            named.clips.append((name(number), clips))
            for clip in clips { named.effects[clip, default: 0] += cell.difference?.milliseconds ?? 0 }
        }
    }

    private struct Place: Hashable {
        let column: Int
        let code: Int32
    }

    private struct Shares {
        var verdicts = VerdictCounts()
        var coverageDifference: Double?
        var coverageChance: Double?
        var coverageAdjusted: Double?
        var unpairedDifference: Double?
        var unpairedChance: Double?
        var unpairedAdjusted: Double?
    }

    private static func shares(_ study: CheckStudy, _ table: AttributeTable) -> [(Place, Shares)] {
        var result: [(Place, Shares)] = []
        for (number, column) in table.columns.enumerated() {
            var counts = [VerdictCounts](repeating: VerdictCounts(), count: column.values.count)
            for (clip, verdict) in study.verdictOf.enumerated() where column.codes[clip] >= 0 {
                if let verdict { counts[Int(column.codes[clip])].add(verdict) }
            }
            for code in counts.indices where counts[code].clips > 0 {
                result.append((Place(column: number, code: Int32(code)), Shares(verdicts: counts[code])))
            }
        }
        return result
    }

    /// Compares shares with those of all other clips, corrected for multiple comparisons.
    private static func judge(_ shares: inout [(Place, Shares)], _ study: CheckStudy) {
        let all = study.verdicts
        func designOf(_ hit: (Verdict) -> Bool) -> Double {
            var hits: [Bool] = []
            var speakers: [Int] = []
            for (clip, verdict) in study.verdictOf.enumerated() {
                guard let verdict, verdict != .notApplicable else { continue }
                hits.append(hit(verdict))
                speakers.append(study.speakerOf[clip])
            }
            return max(unknownDesign, Share.design(hits, speakers: speakers))
        }
        let coverageDesign = designOf { $0.carriesOffset }
        let unpairedDesign = designOf { $0 == .unpaired }
        for index in shares.indices {
            let own = shares[index].1.verdicts
            let rest = all.askable - own.askable
            guard own.askable >= GroupComparison.leastAsked, rest >= GroupComparison.leastAsked else { continue }
            let coverage = difference(own.answered, own.askable, all.answered - own.answered, rest, coverageDesign)
            (shares[index].1.coverageDifference, shares[index].1.coverageChance) = (coverage.value, coverage.chance)
            let unpaired = difference(own.unpaired, own.askable, all.unpaired - own.unpaired, rest, unpairedDesign)
            (shares[index].1.unpairedDifference, shares[index].1.unpairedChance) = (unpaired.value, unpaired.chance)
        }
        let tested = shares.indices.filter { shares[$0].1.coverageChance != nil }
        let families = GroupComparison.families
        let coverage = Holm.adjusted(tested.map { shares[$0].1.coverageChance ?? 1 }, families: families)
        let unpaired = Holm.adjusted(tested.map { shares[$0].1.unpairedChance ?? 1 }, families: families)
        for (number, index) in tested.enumerated() {
            shares[index].1.coverageAdjusted = coverage[number]
            shares[index].1.unpairedAdjusted = unpaired[number]
        }
    }

    /// The difference of two shares, and its p value if they are the same (Agresti & Caffo 2000: one more hit and miss
    /// to each).
    private static func difference(_ a: Int, _ ofA: Int, _ b: Int, _ ofB: Int, _ design: Double) -> (
        value: Double, chance: Double
    ) {
        let (p, q) = (Double(a + 1) / Double(ofA + 2), Double(b + 1) / Double(ofB + 2))
        let variance = design * (p * (1 - p) / Double(ofA + 2) + q * (1 - q) / Double(ofB + 2))
        let value = Double(a) / Double(ofA) - Double(b) / Double(ofB)
        return (
            value, StudentT.twoSided(abs(p - q) / max(1e-12, variance.squareRoot()), degrees: Double(min(ofA, ofB) - 1))
        )
    }

    /// The names of the cells with the same answers, for each cell.
    private static func sameClips(_ cells: [GroupComparison.Cell], name: (Int) -> String) -> [Int: [String]] {
        var result: [Int: [String]] = [:]
        for (_, numbers) in Dictionary(grouping: cells.indices, by: { cells[$0].answers }) where numbers.count > 1 {
            for number in numbers {
                result[number] = numbers.filter { $0 != number && cells[$0].column != cells[number].column }.map(name)
            }
        }
        return result
    }
}
