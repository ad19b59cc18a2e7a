/// Which column each row gets so that the sum of what they are worth together is largest (Kuhn 1955, by shortest
/// augmenting paths).
enum Assignment {
    /// - Parameter worth: rows x columns.
    /// - Returns: by row its column; nil where there are fewer columns than rows.
    static func best(_ worth: [[Double]]) -> [Int?] {
        let rows = worth.count
        let columns = worth.first?.count ?? 0
        guard rows > 0, columns > 0 else { return [Int?](repeating: nil, count: rows) }
        if rows > columns {
            let turned = (0..<columns).map { column in worth.map { $0[column] } }
            var result = [Int?](repeating: nil, count: rows)
            for (column, row) in best(turned).enumerated() { if let row { result[row] = column } }
            return result
        }
        // Potentials of rows and columns; the row that a column belongs to, counted from 1, 0: none.
        var (rowPotential, columnPotential) = (
            [Double](repeating: 0, count: rows + 1), [Double](repeating: 0, count: columns + 1)
        )
        var owner = [Int](repeating: 0, count: columns + 1)
        var way = [Int](repeating: 0, count: columns + 1)
        for row in 1...rows {
            owner[0] = row
            var column = 0
            var least = [Double](repeating: .infinity, count: columns + 1)
            var isUsed = [Bool](repeating: false, count: columns + 1)
            repeat {
                isUsed[column] = true
                let current = owner[column]
                var (step, next) = (Double.infinity, 0)
                for other in 1...columns where !isUsed[other] {
                    let cost = -worth[current - 1][other - 1] - rowPotential[current] - columnPotential[other]
                    if cost < least[other] { (least[other], way[other]) = (cost, column) }
                    if least[other] < step { (step, next) = (least[other], other) }
                }
                for other in 0...columns {
                    if isUsed[other] {
                        rowPotential[owner[other]] += step
                        columnPotential[other] -= step
                    } else {
                        least[other] -= step
                    }
                }
                column = next
            } while owner[column] != 0
            repeat {
                let previous = way[column]
                owner[column] = owner[previous]
                column = previous
            } while column != 0
        }
        var result = [Int?](repeating: nil, count: rows)
        for column in 1...columns where owner[column] > 0 { result[owner[column] - 1] = column - 1 }
        return result
    }
}
