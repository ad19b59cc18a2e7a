import Foundation
import SignalCore

/// Puts many streams on one clock from measurements of pairs, some of which may be wrong.
///
/// Any stream can be a member: a camera, a recorder, later a sensor. A robust loss over spanning trees finds a start
/// that is robust to wrong pairs (plain least squares spreads their error over all), reweighting refines it,
/// contradicting pairs are reported and omitted, and unconnected members stay in separate groups.
public struct ClockSolver: Sendable {
    /// The measurement of a pair: `t_reference = t_subject + offset`, around the middle of what was compared.
    public struct Edge: Sendable {
        public let reference: Int
        public let subject: Int
        public var fit: PairMeasurement.Fit
        /// Probability that it is right.
        public var confidence: Double
        /// Whether it may connect members alone; others count only if two of them agree.
        public var isStrong: Bool

        public init(reference: Int, subject: Int, fit: PairMeasurement.Fit, confidence: Double, isStrong: Bool) {
            self.reference = reference
            self.subject = subject
            self.fit = fit
            self.confidence = confidence
            self.isStrong = isStrong
        }
    }

    /// A member's clock: `t_common = t + offset + slope * t`; the first member of a group is its common clock.
    public struct Member: Sendable, Hashable {
        public var group: Int
        public var offset: Double
        public var slope: Double
        /// Standard errors; `slopeError` is nil where no pair measured drift.
        public var error: Double
        public var slopeError: Double?
        /// Root mean square residual of its pairs in seconds; nil where there are just enough to determine it.
        public var residual: Double?
    }

    public struct Solution: Sendable {
        public let members: [Member]
        /// By edge: residual against the clock, in seconds; nil where its ends are in different groups.
        public let residuals: [Double?]
        /// By edge: whether it is used for the clock.
        public let isUsed: [Bool]
    }

    /// Residuals beyond this many standard errors contradict the clock.
    public var limit = 4.0
    /// The least assumed error of a pair, in seconds: sound travels 3 ms a metre.
    public var floor = 0.0015
    public var seed: UInt64 = 1

    public init() {}

    /// - Parameter count: members, numbered from 0.
    public func solve(count: Int, edges: [Edge]) -> Solution {
        var used = edges.map(\.isStrong)
        var members = place(count, edges, &used)
        // Agreeing weak pairs with two members of a group connect a further member.
        var grown = true
        while grown {
            grown = false
            for node in 0..<count {
                let weak = edges.indices.filter {
                    !used[$0] && !edges[$0].isStrong && edges[$0].confidence > 0.3
                        && (edges[$0].subject == node || edges[$0].reference == node)
                }
                let outside = weak.filter { members[other(edges[$0], node)].group != members[node].group }
                guard let agreeing = agreement(node, outside, edges, members) else { continue }
                for index in agreeing { used[index] = true }
                members = place(count, edges, &used)
                grown = true
                break
            }
        }
        return finish(members, edges, used)
    }

    private func other(_ edge: Edge, _ node: Int) -> Int { edge.subject == node ? edge.reference : edge.subject }

    /// Weak pairs of a member that give the same offset to another group's clock.
    private func agreement(_ node: Int, _ indices: [Int], _ edges: [Edge], _ members: [Member]) -> [Int]? {
        var best: [Int] = []
        for first in indices {
            let group = members[other(edges[first], node)].group
            func place(_ index: Int) -> Double {
                let edge = edges[index]
                let fit = edge.subject == node ? edge.fit : edge.fit.reversed
                let partner = members[other(edge, node)]
                return (fit.middle + fit.offset) * (1 + partner.slope) + partner.offset - fit.middle
            }
            let near = indices.filter {
                members[other(edges[$0], node)].group == group
                    && abs(place($0) - place(first)) < 2 * hypot(edges[$0].fit.error, edges[first].fit.error) + floor
            }
            if near.count > best.count { best = near }
        }
        return best.count >= 2 && best.map({ edges[$0].confidence }).reduce(0, +) > 0.8 ? best : nil
    }

    /// Solves every group with the pairs in use, omitting those that contradict the rest.
    private func place(_ count: Int, _ edges: [Edge], _ used: inout [Bool]) -> [Member] {
        for _ in 0...edges.count {
            let members = solveGroups(count, edges, used)
            // The worst contradiction is removed first; the rest may be consistent without it.
            var worst: (index: Int, size: Double)?
            for index in edges.indices where used[index] {
                let size = abs(residual(edges[index], members)) / scale(edges[index])
                if size > limit, size > worst?.size ?? 0, !isBridge(index, count, edges, used) { worst = (index, size) }
            }
            guard let worst else { return members }
            used[worst.index] = false
        }
        return solveGroups(count, edges, used)
    }

    /// The standard error that residuals are compared with.
    private func scale(_ edge: Edge) -> Double { hypot(edge.fit.error, floor) }

    /// Residual of a pair against the clock in the middle of what it compared, in seconds.
    private func residual(_ edge: Edge, _ members: [Member]) -> Double {
        let (a, b) = (members[edge.reference], members[edge.subject])
        let time = edge.fit.middle
        let there = time + edge.fit.offset
        return (there + a.offset + a.slope * there) - (time + b.offset + b.slope * time)
    }

    private func groups(_ count: Int, _ edges: [Edge], _ used: [Bool]) -> [Int] {
        var group = Array(0..<count)
        var changed = true
        while changed {
            changed = false
            for (index, edge) in edges.enumerated() where used[index] && group[edge.reference] != group[edge.subject] {
                let low = min(group[edge.reference], group[edge.subject])
                (group[edge.reference], group[edge.subject]) = (low, low)
                changed = true
            }
        }
        return group
    }

    private func isBridge(_ index: Int, _ count: Int, _ edges: [Edge], _ used: [Bool]) -> Bool {
        var without = used
        without[index] = false
        let group = groups(count, edges, without)
        return group[edges[index].reference] != group[edges[index].subject]
    }

    private func solveGroups(_ count: Int, _ edges: [Edge], _ used: [Bool]) -> [Member] {
        let group = groups(count, edges, used)
        var members = (0..<count).map { Member(group: group[$0], offset: 0, slope: 0, error: 0) }
        for root in Set(group) {
            let nodes = (0..<count).filter { group[$0] == root }
            let own = edges.indices.filter { used[$0] && group[edges[$0].subject] == root }.map { edges[$0] }
            if nodes.count > 1 { GroupClock(nodes: nodes, edges: own, floor: floor, seed: seed).solve(&members) }
        }
        return members
    }

    private func finish(_ members: [Member], _ edges: [Edge], _ used: [Bool]) -> Solution {
        var members = members
        let residuals = edges.map {
            members[$0.reference].group == members[$0.subject].group ? residual($0, members) : nil
        }
        for node in members.indices {
            let own = edges.indices.filter { used[$0] && (edges[$0].subject == node || edges[$0].reference == node) }
            let squares = own.compactMap { residuals[$0] }.map { $0 * $0 }
            members[node].residual = own.count > 1 ? (squares.reduce(0, +) / Double(own.count)).squareRoot() : nil
        }
        // If residuals of a group exceed the pairs' errors, the errors of its members are scaled accordingly.
        for group in Set(members.map(\.group)) {
            let own = edges.indices.filter { used[$0] && members[edges[$0].subject].group == group }
            let free = own.count - (members.filter { $0.group == group }.count - 1)
            guard free > 0 else { continue }
            let chi =
                own.reduce(0.0) { $0 + pow((residuals[$1] ?? 0) / max(1e-9, edges[$1].fit.error), 2) } / Double(free)
            for node in members.indices where members[node].group == group {
                members[node].error *= max(1, chi.squareRoot())
            }
        }
        // Groups are numbered by their first member.
        let order = members.map(\.group).reduce(into: [Int]()) { if !$0.contains($1) { $0.append($1) } }
        for node in members.indices { members[node].group = order.firstIndex(of: members[node].group) ?? 0 }
        return Solution(members: members, residuals: residuals, isUsed: used)
    }
}
