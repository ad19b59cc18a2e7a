import SignalCore
import Testing

@Suite("Assignments and matchings")
struct AssignmentTests {
    /// The least sum of all ways to give each row a column of its own.
    private func least(_ costs: [Double], _ rows: Int, _ columns: Int) -> Double {
        func best(_ row: Int, _ free: Set<Int>) -> Double {
            guard row < rows else { return 0 }
            return free.map { costs[row * columns + $0] + best(row + 1, free.subtracting([$0])) }.min() ?? .infinity
        }
        return best(0, Set(0..<columns))
    }

    /// Numbers as real as drawn; or whole ones of a few values, so that many ways are equally good.
    private func numbers(_ count: Int, isTied: Bool, _ generator: inout SplitMix64) -> [Double] {
        (0..<count).map { _ in
            isTied ? Double(generator.index(below: 3)) - 1 : 100 * generator.uniform() - 50
        }
    }

    @Test("the assignment costs as little as the best of all permutations", arguments: [false, true])
    func cheapest(isTied: Bool) {
        var generator = SplitMix64(seed: 2)
        for rows in 1...5 {
            for columns in rows...6 {
                for _ in 0..<10 {
                    let costs = numbers(rows * columns, isTied: isTied, &generator)
                    let found = Assignment.solve(rows: rows, columns: columns, costs: costs)
                    #expect(found.count == rows && Set(found).count == rows)
                    #expect(found.allSatisfy { (0..<columns).contains($0) })
                    let sum = found.enumerated().reduce(0.0) { $0 + costs[$1.offset * columns + $1.element] }
                    #expect(abs(sum - least(costs, rows, columns)) < 1e-9)
                }
            }
        }
    }

    @Test(
        "what is worth most is found of wide and of high tables, and the rows left over have none",
        arguments: [false, true])
    func worthMost(isTied: Bool) {
        var generator = SplitMix64(seed: 3)
        for rows in 1...5 {
            for columns in 1...5 {
                for _ in 0..<10 {
                    let all = numbers(rows * columns, isTied: isTied, &generator)
                    let worth = (0..<rows).map { Array(all[$0 * columns..<($0 + 1) * columns]) }
                    let found = Assignment.best(worth)
                    let taken = found.compactMap { $0 }
                    #expect(found.count == rows)
                    #expect(taken.count == min(rows, columns) && Set(taken).count == taken.count)
                    let sum = zip(worth, found).reduce(0.0) { sum, pair in sum + (pair.1.map { pair.0[$0] } ?? 0) }
                    let turned = (0..<columns).flatMap { column in (0..<rows).map { -worth[$0][column] } }
                    let truth =
                        rows <= columns ? least(all.map { -$0 }, rows, columns) : least(turned, columns, rows)
                    #expect(abs(sum + truth) < 1e-9)
                }
            }
        }
    }

    @Test("of equal costs the first columns are taken in their order")
    func equal() {
        #expect(Assignment.solve(rows: 3, columns: 5, costs: [Double](repeating: 7, count: 15)) == [0, 1, 2])
        #expect(Assignment.best([[1, 1], [1, 1], [1, 1]]) == [0, 1, nil])
    }

    @Test("without rows or columns there is nothing to give")
    func empty() {
        #expect(Assignment.solve(rows: 0, columns: 4, costs: []) == [])
        #expect(Assignment.best([]) == [])
        #expect(Assignment.best([[], []]) == [nil, nil])
    }

    @Test("a matching of two sides is as large as the best of all choices, and of edges that there are")
    func largest() {
        var generator = SplitMix64(seed: 4)
        for _ in 0..<200 {
            let (lefts, rights) = (1 + generator.index(below: 5), 1 + generator.index(below: 5))
            let edges = (0..<lefts).map { _ in (0..<rights).filter { _ in generator.index(below: 3) == 0 } }
            var graph = BipartiteMatching()
            for (left, ends) in edges.enumerated() { for right in ends { graph.add(left: left, right: right) } }
            func most(_ left: Int, _ taken: Set<Int>) -> Int {
                guard left < lefts else { return 0 }
                let free = edges[left].filter { !taken.contains($0) }
                return free.reduce(most(left + 1, taken)) { max($0, 1 + most(left + 1, taken.union([$1]))) }
            }
            let found = graph.matching()
            #expect(found.count == most(0, []))
            #expect(Set(found.values).count == found.count)
            #expect(found.allSatisfy { edges[$0.value].contains($0.key) })
        }
    }

    @Test("of several largest matchings the one of the first edges is taken")
    func firstEdges() {
        var graph = BipartiteMatching()
        for left in 0..<3 { for right in 0..<3 { graph.add(left: left, right: right) } }
        #expect(graph.matching() == [0: 0, 1: 1, 2: 2])
        #expect(BipartiteMatching().matching() == [:])
    }
}
