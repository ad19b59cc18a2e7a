import Foundation
import SignalCore

/// The alignment of several raters' units with the least disorder: every unit in one group, at most one of each rater.
///
/// Of two raters the assignment is exact. Of more, groups are made rater by rater and then improved: for every division
/// of the raters in two, the halves of all groups are reassigned exactly until nothing improves (a local search over
/// the multidimensional assignment).
struct GammaAlignment {
    private let units: [[Gamma.Unit]]
    /// Groups as one index per rater, -1: none.
    private var groups: [[Int32]] = []
    private let raters: Int

    /// Sum of the groups' disorders divided by the units per rater.
    private(set) var disorder = 0.0

    init(_ units: [[Gamma.Unit]]) {
        self.units = units
        raters = units.count
        align()
        let pairs = Double(raters * (raters - 1) / 2)
        let total = groups.reduce(0) { $0 + cost($1) }
        let mean = Double(units.map(\.count).reduce(0, +)) / Double(raters)
        disorder = total / pairs / mean
    }

    /// Positional-sporadic dissimilarity, squared, plus 1 for another name; 1 where one side is missing.
    @inline(__always)
    private func difference(_ r: Int, _ i: Int32, _ s: Int, _ j: Int32) -> Double {
        guard i >= 0, j >= 0 else { return 1 }
        let (a, b) = (units[r][Int(i)], units[s][Int(j)])
        let apart = (abs(a.start - b.start) + abs(a.end - b.end)) / (a.end - a.start + b.end - b.start)
        return apart * apart + (a.label == b.label ? 0 : 1)
    }

    private func cost(_ group: [Int32]) -> Double {
        var sum = 0.0
        for r in 0..<raters {
            for s in (r + 1)..<max(r + 1, raters) { sum += difference(r, group[r], s, group[s]) }
        }
        return sum
    }

    private mutating func align() {
        for rater in 0..<raters {
            groups += units[rater].indices.map { index in
                var group = [Int32](repeating: -1, count: raters)
                group[rater] = Int32(index)
                return group
            }
            if rater > 0 { _ = rejoin(side: 1 << rater) }
        }
        guard raters > 2 else { return }
        let sides = raters <= 6 ? Array(1..<(1 << (raters - 1))) : (0..<raters).map { 1 << $0 }
        for _ in 0..<20 {
            var gained = false
            for side in sides where rejoin(side: side) { gained = true }
            if !gained { return }
        }
    }

    /// Divides every group between the raters of `side` and the others, and joins the halves again for the least
    /// disorder.
    private mutating func rejoin(side: Int) -> Bool {
        let inside = (0..<raters).filter { side >> $0 & 1 == 1 }
        let outside = (0..<raters).filter { side >> $0 & 1 == 0 }
        var ours: [[Int32]] = []
        var theirs: [[Int32]] = []
        var before = 0.0
        // The saving if two halves are one group.
        let cross = Double(inside.count * outside.count)
        let alone = 2 * cross + Double(inside.count * (inside.count - 1) / 2 + outside.count * (outside.count - 1) / 2)
        func gain(_ p: [Int32], _ q: [Int32]) -> Double {
            var sum = 0.0
            for r in inside { for s in outside { sum += difference(r, p[r], s, q[s]) } }
            return alone - sum
        }
        for group in groups {
            var p = group
            var q = group
            for r in outside { p[r] = -1 }
            for r in inside { q[r] = -1 }
            let (hasOurs, hasTheirs) = (inside.contains { p[$0] >= 0 }, outside.contains { q[$0] >= 0 })
            if hasOurs { ours.append(p) }
            if hasTheirs { theirs.append(q) }
            if hasOurs, hasTheirs { before += gain(p, q) }
        }
        guard !ours.isEmpty, !theirs.isEmpty else { return false }
        let isTurned = ours.count > theirs.count
        let (rows, columns) = isTurned ? (theirs, ours) : (ours, theirs)
        var costs = [Double](repeating: 0, count: rows.count * columns.count)
        for i in rows.indices {
            for j in columns.indices {
                let value = isTurned ? gain(columns[j], rows[i]) : gain(rows[i], columns[j])
                costs[i * columns.count + j] = value > 0 ? -value : 0
            }
        }
        let assigned = Assignment.solve(rows: rows.count, columns: columns.count, costs: costs)
        let after = -assigned.enumerated().reduce(0) { $0 + costs[$1.offset * columns.count + $1.element] }
        guard after > before + 1e-9 else { return false }
        var result: [[Int32]] = []
        var taken = [Bool](repeating: false, count: columns.count)
        for (i, j) in assigned.enumerated() {
            if costs[i * columns.count + j] < 0 {
                taken[j] = true
                result.append(zip(rows[i], columns[j]).map { max($0, $1) })
            } else {
                result.append(rows[i])
            }
        }
        for j in columns.indices where !taken[j] { result.append(columns[j]) }
        groups = result
        return true
    }
}
