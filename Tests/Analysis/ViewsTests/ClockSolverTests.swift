import Foundation
import SignalCore
import Testing

@testable import Views

@Suite("Many recordings on one clock")
struct ClockSolverTests {
    /// What an exact pair says of two clocks `t_common = t + offset + slope * t`, about subject time 100 s.
    private func edge(
        _ a: Int, _ b: Int, _ clocks: [(Double, Double)], wrongBy: Double = 0, error: Double = 0.001,
        strong: Bool = true
    ) -> ClockSolver.Edge {
        let (xa, da) = clocks[a]
        let (xb, db) = clocks[b]
        let slope = (1 + db) / (1 + da) - 1
        let offset = ((xb - xa) + 100 * (1 + db)) / (1 + da) - 100
        let fit = PairMeasurement.Fit(
            offset: offset + wrongBy, middle: 100, error: error, slope: slope, slopeError: 1e-7)
        return ClockSolver.Edge(reference: a, subject: b, fit: fit, confidence: strong ? 0.99 : 0.6, isStrong: strong)
    }

    private let clocks = [(0.0, 0.0), (12.5, 40e-6), (-300.25, -80e-6), (7000, 5e-6), (3.25, 0)]

    private func all(_ wrong: [String: Double] = [:], strong: Bool = true) -> [ClockSolver.Edge] {
        var edges: [ClockSolver.Edge] = []
        for a in clocks.indices {
            for b in clocks.indices where b > a {
                edges.append(edge(a, b, clocks, wrongBy: wrong["\(a)\(b)"] ?? 0, strong: strong))
            }
        }
        return edges
    }

    @Test("exact pairs give the exact clocks, drift included")
    func exact() {
        let solution = ClockSolver().solve(count: 5, edges: all())
        for (member, clock) in zip(solution.members, clocks) {
            #expect(member.group == 0)
            #expect(abs(member.offset - clock.0) < 1e-4)
            #expect(abs(member.slope - clock.1) < 1e-8)
        }
    }

    @Test("recordings at other speeds lie on one clock as exactly, the reference among them")
    func speeds() {
        let clocks = [(0.0, 0.0), (12.5, 25 * 1001.0 / 24000 - 1), (-300.25, -0.04), (7000, 5e-6)]
        var edges: [ClockSolver.Edge] = []
        for a in clocks.indices { for b in clocks.indices where b > a { edges.append(edge(a, b, clocks)) } }
        let solution = ClockSolver().solve(count: 4, edges: edges)
        for (member, clock) in zip(solution.members, clocks) {
            #expect(member.group == 0 && abs(member.slope - clock.1) < 1e-8)
            #expect(abs(member.offset - clock.0) < 1e-4)
        }
    }

    @Test(
        "wrong pairs are named and left out, and move nothing",
        arguments: [["01": 0.8], ["12": -3.0, "34": 0.5], ["03": 120.0, "14": -0.2]])
    func wrongPairs(wrong: [String: Double]) {
        let edges = all(wrong)
        let solution = ClockSolver().solve(count: 5, edges: edges)
        for (index, edge) in edges.enumerated() {
            #expect(solution.isUsed[index] == (wrong["\(edge.reference)\(edge.subject)"] == nil))
        }
        for (member, clock) in zip(solution.members, clocks) { #expect(abs(member.offset - clock.0) < 2e-3) }
    }

    @Test("recordings that nothing connects stay apart as groups")
    func groups() {
        let edges = [edge(0, 2, clocks), edge(1, 3, clocks)]
        let solution = ClockSolver().solve(count: 5, edges: edges)
        #expect(solution.members.map(\.group) == [0, 1, 0, 1, 2])
        // The other group's clock is that of its first member.
        #expect(solution.members[1].offset == 0)
    }

    @Test("a weak pair alone connects nothing; two that agree do")
    func weakPairs() {
        let strong = [edge(0, 1, clocks)]
        let one = ClockSolver().solve(count: 3, edges: strong + [edge(0, 2, clocks, strong: false)])
        #expect(one.members.map(\.group) == [0, 0, 1])
        let two = ClockSolver().solve(
            count: 3, edges: strong + [edge(0, 2, clocks, strong: false), edge(1, 2, clocks, strong: false)])
        #expect(two.members.map(\.group) == [0, 0, 0])
        let apart = ClockSolver().solve(
            count: 3,
            edges: strong + [edge(0, 2, clocks, strong: false), edge(1, 2, clocks, wrongBy: 0.7, strong: false)])
        #expect(apart.members.map(\.group) == [0, 0, 1])
    }

    @Test("noisy pairs close: the clock is nearer to the truth than the pairs are")
    func noisy() {
        var generator = SplitMix64(seed: 5)
        var (pairError, clockError) = (0.0, 0.0)
        for _ in 0..<20 {
            var edges = all()
            for index in edges.indices {
                let noise = (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0...1, using: &generator) } * 0.02
                edges[index].fit.offset += noise
                edges[index].fit.error = 0.02
                pairError += noise * noise / Double(edges.count)
            }
            let solution = ClockSolver().solve(count: 5, edges: edges)
            for node in 1..<5 {
                let there =
                    solution.members[node].offset + 100 * solution.members[node].slope - clocks[node].0 - 100
                    * clocks[node].1
                clockError += there * there / 4
            }
        }
        #expect(clockError < pairError)
    }

    @Test("a fit reversed twice is itself, and reversed once it says the same")
    func reversed() {
        let fit = PairMeasurement.Fit(offset: 12.5, middle: 40, error: 0.001, slope: 50e-6, slopeError: 1e-6)
        let back = fit.reversed
        let there = 60 + fit.offset(at: 60)
        #expect(abs(there + back.offset(at: there) - 60) < 1e-9)
        #expect(abs(back.reversed.offset(at: 60) - fit.offset(at: 60)) < 1e-9)
    }
}
