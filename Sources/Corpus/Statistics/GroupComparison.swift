import Foundation
import SyncModel

/// Compares every value of every attribute with all other clips: offset, coverage and `unpaired`, corrected for
/// multiple comparisons.
///
/// A group is compared if it and the rest have `leastClips` answers each. Its difference must exceed `leastDifference`,
/// the null hypothesis: less is irrelevant, and every corpus has it. Differences between speakers are accounted for: if
/// speakers are known, by each one's bias; if not, a group is assumed to have one speaker per
/// `Location.clipsPerSpeaker` clips, or only one if its attribute often corresponds to a speaker (folders, sessions).
/// If an attribute has six values or more, their scatter is accounted for as well.
struct GroupComparison {
    /// In ms.
    static let leastDifference = 10.0
    static let leastClips = 8
    /// Least number of clips for comparing coverage and shares, and least reported difference.
    static let leastAsked = 20
    static let leastShare = 0.1
    static let mostUnpairedShare = 0.05
    /// Largest number of groups of an attribute; the largest ones are taken.
    private static let mostValues = 500
    private static let level = 0.05
    /// Offset, coverage and `unpaired`: each is corrected for its own comparisons, and for three families.
    static let families = 3.0

    let observations: Observations
    let table: AttributeTable
    let speakersKnown: Bool
    let speakersBy: String?
    let common: Location

    /// One value of one attribute.
    struct Cell {
        let column: Int
        let code: Int32
        /// Indices of its answers in `observations`.
        var answers: [Int] = []
        var bias: Location?
        var difference: Estimate?
        var degrees = 0.0
        var chance: Double?
        var adjusted: Double?
        var isNamed = false
        var order = Int.max
        var explainedBy: Int?
    }

    /// The cells with their differences, corrected; reported ones have an `order`.
    func cells() -> (cells: [Cell], comparisons: Int) {
        var cells = makeCells()
        differences(&cells, observations.offsets, common)
        let between = variances(cells)
        judge(&cells, between)
        correct(&cells)
        name(&cells, between)
        return (cells, cells.count { $0.chance != nil })
    }

    private func makeCells() -> [Cell] {
        var result: [Cell] = []
        for (number, column) in table.columns.enumerated() {
            var answers = [[Int]](repeating: [], count: column.values.count)
            for (index, clip) in observations.clips.enumerated() where column.codes[clip] >= 0 {
                answers[Int(column.codes[clip])].append(index)
            }
            let large = answers.indices.filter { answers[$0].count >= GroupComparison.leastClips }
                .sorted { (answers[$1].count, $0) < (answers[$0].count, $1) }.prefix(GroupComparison.mostValues)
            for code in large { result.append(Cell(column: number, code: Int32(code), answers: answers[code])) }
        }
        return result
    }

    private func location(_ indices: [Int], _ offsets: [Double]) -> Location? {
        Location(
            offsets: indices.map { offsets[$0] }, errors: indices.map { observations.errors[$0] },
            speakers: indices.map { observations.speakers[$0] }, habit: observations.habit, speakersKnown: speakersKnown
        )
    }

    /// Computes bias and difference, for those in `only` if given.
    private func differences(_ cells: inout [Cell], _ offsets: [Double], _ all: Location, only: Set<Int>? = nil) {
        let count = observations.count
        for number in cells.indices where only?.contains(number) ?? true {
            let cell = cells[number]
            guard let own = location(cell.answers, offsets) else { continue }
            if only == nil { cells[number].bias = own }
            guard count - cell.answers.count >= GroupComparison.leastClips, let rest = rest(of: cell, offsets, all)
            else { continue }
            let nests = AttributeTable.nests.contains(table.columns[cell.column].name.lowercased())
            let habit = observations.habit
            var variance = own.standardError * own.standardError + rest.error * rest.error
            if !speakersKnown, nests { variance += habit * habit - min(habit * habit, own.habitVariance) }
            let error = variance.squareRoot()
            // Satterthwaite's degrees of freedom, of the group's part.
            let part = own.standardError * own.standardError / variance
            cells[number].degrees = max(1, own.degrees / max(1e-9, part * part))
            let value = own.value - rest.value
            let half = StudentT.quantile95(degrees: cells[number].degrees) * error
            cells[number].difference = Estimate(
                milliseconds: value, lower: value - half, upper: value + half, standardError: error)
        }
    }

    /// Computes the p value of each difference.
    private func judge(_ cells: inout [Cell], _ between: [Int: Between], only: Set<Int>? = nil) {
        widen(&cells, between, only)
        for number in cells.indices where only?.contains(number) ?? true {
            guard let difference = cells[number].difference else { continue }
            let beyond = (abs(difference.milliseconds) - GroupComparison.leastDifference) / difference.standardError
            cells[number].chance = beyond > 0 ? StudentT.twoSided(beyond, degrees: cells[number].degrees) : 1
        }
    }

    /// Location of the other clips: the rest of the corpus' main body, or, if that is the group itself, their own.
    private func rest(of cell: Cell, _ offsets: [Double], _ all: Location) -> (value: Double, error: Double)? {
        var (sum, weight, wholeSum, wholeWeight) = (0.0, 0.0, 0.0, 0.0)
        if cell.answers.count * 2 <= observations.count {
            for index in all.weights.indices {
                wholeSum += all.weights[index] * offsets[index]
                wholeWeight += all.weights[index]
            }
            for index in cell.answers {
                sum += all.weights[index] * offsets[index]
                weight += all.weights[index]
            }
            let left = wholeWeight - weight
            if left > 0.4 * wholeWeight {
                return ((wholeSum - sum) / left, all.standardError * (wholeWeight / left).squareRoot())
            }
        }
        let inside = Set(cell.answers)
        guard let own = location(offsets.indices.filter { !inside.contains($0) }, offsets) else { return nil }
        return (own.value, own.standardError)
    }

    /// The variance between the values of an attribute, if it has at least six.
    private func variances(_ cells: [Cell]) -> [Int: Between] {
        var result: [Int: Between] = [:]
        for (column, numbers) in Dictionary(
            grouping: cells.indices.filter { cells[$0].difference != nil }, by: { cells[$0].column })
        {
            guard numbers.count >= 6 else { continue }
            let middle = Location.median(numbers.map { cells[$0].difference?.milliseconds ?? 0 })
            let scatter =
                Location.median(numbers.map { abs((cells[$0].difference?.milliseconds ?? 0) - middle) }) / 0.6745
            let errors = Location.median(numbers.map { cells[$0].difference?.standardError ?? 0 })
            // The number of values gives the degrees of freedom.
            result[column] = Between(
                variance: max(0, scatter * scatter - errors * errors), degrees: Double(numbers.count - 1))
        }
        return result
    }

    private struct Between {
        let variance: Double
        let degrees: Double
    }

    private func widen(_ cells: inout [Cell], _ between: [Int: Between], _ only: Set<Int>?) {
        for number in cells.indices where only?.contains(number) ?? true {
            guard let old = cells[number].difference, let between = between[cells[number].column], between.variance > 0
            else { continue }
            let error = (old.standardError * old.standardError + between.variance).squareRoot()
            cells[number].degrees = min(cells[number].degrees, between.degrees)
            let half = StudentT.quantile95(degrees: cells[number].degrees) * error
            cells[number].difference = Estimate(
                milliseconds: old.milliseconds, lower: old.milliseconds - half, upper: old.milliseconds + half,
                standardError: error)
        }
    }

    private func correct(_ cells: inout [Cell]) {
        let tested = cells.indices.filter { cells[$0].chance != nil }
        let adjusted = Holm.adjusted(tested.map { cells[$0].chance ?? 1 }, families: GroupComparison.families)
        for (number, chance) in zip(tested, adjusted) { cells[number].adjusted = chance }
    }

    /// Stepwise: the group with the strongest effect is reported, its difference removed from its clips, and groups
    /// that then no longer differ are explained by it.
    private func name(_ cells: inout [Cell], _ between: [Int: Between]) {
        var open = Set(cells.indices.filter { (cells[$0].adjusted ?? 1) < GroupComparison.level })
        let comparisons = Double(cells.count { $0.chance != nil }) * GroupComparison.families
        var offsets = observations.offsets
        var all = common
        var now = cells
        var order = 0
        while order < 20 {
            // The group that differs from the common offset, not the remainder.
            let candidates = open.filter { number in
                guard let difference = now[number].difference, let own = location(now[number].answers, offsets) else {
                    return false
                }
                return abs(own.value - all.value) >= abs(difference.milliseconds) / 2
            }
            func weight(_ number: Int) -> Double {
                guard let difference = now[number].difference else { return 0 }
                return explained(now[number].answers, offsets, by: difference.milliseconds, from: all)
            }
            guard let best = candidates.max(by: { (weight($0), $1) < (weight($1), $0) }),
                let effect = now[best].difference
            else { break }
            cells[best].isNamed = true
            cells[best].order = order
            order += 1
            open.remove(best)
            for index in now[best].answers { offsets[index] -= effect.milliseconds }
            guard let next = location(Array(offsets.indices), offsets) else { break }
            all = next
            differences(&now, offsets, all, only: open)
            judge(&now, between, only: open)
            for number in open.sorted() where (now[number].chance ?? 1) * comparisons >= GroupComparison.level {
                cells[number].explainedBy = best
                open.remove(number)
            }
        }
    }

    /// How much nearer to the main body the clips are after removing the difference: the decrease of the sum of
    /// squares, each limited outside the main body. Clips of a group without the difference count against it.
    private func explained(_ indices: [Int], _ offsets: [Double], by difference: Double, from all: Location) -> Double {
        let most = 16 * all.spread * all.spread
        return indices.reduce(0) { sum, index in
            let before = offsets[index] - all.value
            let after = before - difference
            return sum + min(before * before, most) - min(after * after, most)
        }
    }
}
