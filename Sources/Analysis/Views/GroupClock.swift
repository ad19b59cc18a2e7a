import Foundation
import SignalCore

/// The clock of one connected group: drifts first, then offsets, both robustly.
struct GroupClock {
    /// Ascending; the first is the common clock.
    let nodes: [Int]
    let edges: [ClockSolver.Edge]
    let floor: Double
    let seed: UInt64

    /// Random spanning trees that are tried.
    private static let trees = 300
    private static let rounds = 25

    func solve(_ members: inout [ClockSolver.Member]) {
        let place = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, $0) })
        func ends(_ edge: ClockSolver.Edge) -> (Int, Int) { (place[edge.reference] ?? 0, place[edge.subject] ?? 0) }

        // 1 + d_subject = (1 + d_reference) (1 + d_pair): sums of logarithms, whatever the speeds.
        let drifting = edges.filter { $0.fit.slopeError != nil }
        let drifts = robust(
            drifting.map { edge in
                let (a, b) = ends(edge)
                return Equation(
                    a: a, b: b, value: log1p(edge.fit.slope), error: max(1e-8, edge.fit.slopeError ?? 1),
                    weight: edge.confidence)
            })
        for (index, node) in nodes.enumerated() {
            members[node].slope = expm1(drifts.values[index])
            members[node].slopeError = drifts.errors[index]
        }
        // With drifts known, a pair's measurement at the middle of its overlap is linear in the offsets.
        let offsets = robust(
            edges.map { edge in
                let (a, b) = ends(edge)
                let time = edge.fit.middle
                let there = time + edge.fit.offset
                let value = there * exp(drifts.values[a]) - time * exp(drifts.values[b])
                return Equation(a: a, b: b, value: value, error: edge.fit.error, weight: edge.confidence)
            })
        for (index, node) in nodes.enumerated() {
            members[node].offset = offsets.values[index]
            members[node].error = offsets.errors[index] ?? 0
        }
    }

    /// x[b] - x[a] = value.
    private struct Equation {
        let a, b: Int
        let value, error, weight: Double
    }

    private func robust(_ equations: [Equation]) -> (values: [Double], errors: [Double?]) {
        let count = nodes.count
        guard !equations.isEmpty else {
            return ([Double](repeating: 0, count: count), [Double?](repeating: nil, count: count))
        }
        // The scale of the loss: three standard errors, so that pairs of different precision are comparable.
        let scales = equations.map { 3 * max($0.error, 1e-12) }
        func cost(_ x: [Double]) -> Double {
            zip(equations, scales).reduce(0) {
                $0 + $1.0.weight * log1p(pow((x[$1.0.b] - x[$1.0.a] - $1.0.value) / $1.1, 2))
            }
        }
        var best = tree(equations, order: equations.indices.sorted { equations[$0].weight > equations[$1].weight })
        var least = cost(best)
        if equations.count >= count {
            var generator = SplitMix64(seed: seed)
            for _ in 0..<GroupClock.trees {
                var order = Array(equations.indices)
                for index in order.indices.dropLast() {
                    order.swapAt(index, index + generator.index(below: order.count - index))
                }
                let start = tree(equations, order: order)
                let value = cost(start)
                if value < least { (least, best) = (value, start) }
            }
        }
        var errors = [Double?](repeating: nil, count: count)
        for _ in 0..<GroupClock.rounds {
            let weights = zip(equations, scales).map { equation, scale -> Double in
                let off = (best[equation.b] - best[equation.a] - equation.value) / scale
                return equation.weight / (equation.error * equation.error) / (1 + off * off)
            }
            guard let solved = leastSquares(equations, weights, start: best) else { break }
            best = solved.values
            errors = solved.errors
        }
        return (best, errors)
    }

    /// Values along a spanning forest that takes equations in the order given; 0 at the first node of each tree.
    private func tree(_ equations: [Equation], order: [Int]) -> [Double] {
        var root = Array(nodes.indices)
        var chosen: [Int] = []
        for index in order where root[equations[index].a] != root[equations[index].b] {
            let (from, to) = (root[equations[index].a], root[equations[index].b])
            for node in root.indices where root[node] == from { root[node] = to }
            chosen.append(index)
        }
        var values = [Double?](repeating: nil, count: nodes.count)
        for start in nodes.indices where values[start] == nil {
            values[start] = 0
            var moved = true
            while moved {
                moved = false
                for index in chosen {
                    let equation = equations[index]
                    if let x = values[equation.a], values[equation.b] == nil {
                        values[equation.b] = x + equation.value
                        moved = true
                    } else if let x = values[equation.b], values[equation.a] == nil {
                        values[equation.a] = x - equation.value
                        moved = true
                    }
                }
            }
        }
        return values.map { $0 ?? 0 }
    }

    /// Weighted least squares with the first node at 0; nodes without an equation keep their start and have no error.
    private func leastSquares(_ equations: [Equation], _ weights: [Double], start: [Double]) -> (
        values: [Double], errors: [Double?]
    )? {
        var reached: Set<Int> = [0]
        var grown = true
        while grown {
            grown = false
            for equation in equations where reached.contains(equation.a) != reached.contains(equation.b) {
                reached.formUnion([equation.a, equation.b])
                grown = true
            }
        }
        let free = reached.subtracting([0]).sorted()
        guard !free.isEmpty else { return nil }
        let column = Dictionary(uniqueKeysWithValues: free.enumerated().map { ($1, $0) })
        var normal = [[Double]](repeating: [Double](repeating: 0, count: free.count), count: free.count)
        var right = [Double](repeating: 0, count: free.count)
        for (equation, weight) in zip(equations, weights) where reached.contains(equation.a) {
            for (node, sign) in [(equation.a, -1.0), (equation.b, 1.0)] {
                guard let row = column[node] else { continue }
                right[row] += sign * weight * equation.value
                for (other, otherSign) in [(equation.a, -1.0), (equation.b, 1.0)] {
                    if let place = column[other] { normal[row][place] += sign * otherSign * weight }
                }
            }
        }
        guard let inverse = LinearSystem.inverse(normal) else { return nil }
        var values = start
        var errors = [Double?](repeating: nil, count: nodes.count)
        values[0] = 0
        errors[0] = 0
        for (row, node) in free.enumerated() {
            values[node] = zip(inverse[row], right).reduce(0) { $0 + $1.0 * $1.1 }
            errors[node] = max(0, inverse[row][row]).squareRoot()
        }
        return (values, errors)
    }
}
