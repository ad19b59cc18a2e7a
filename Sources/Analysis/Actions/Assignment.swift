/// The cheapest one-to-one assignment of rows to columns (Kuhn 1955; shortest augmenting paths, Jonker & Volgenant
/// 1987).
enum Assignment {
    /// For each row its column. There are at least as many columns as rows; costs row by row; O(rows^2 columns).
    static func solve(rows: Int, columns: Int, costs: [Double]) -> [Int] {
        precondition(rows <= columns && costs.count == rows * columns, "a column for every row")
        guard rows > 0 else { return [] }
        var rowPrice = [Double](repeating: 0, count: rows + 1)
        var columnPrice = [Double](repeating: 0, count: columns + 1)
        var rowOf = [Int](repeating: 0, count: columns + 1)
        var way = [Int](repeating: 0, count: columns + 1)
        for row in 1...rows {
            rowOf[0] = row
            var column = 0
            var least = [Double](repeating: .infinity, count: columns + 1)
            var used = [Bool](repeating: false, count: columns + 1)
            repeat {
                used[column] = true
                let current = rowOf[column]
                var delta = Double.infinity
                var next = 0
                for candidate in 1...columns where !used[candidate] {
                    let reduced =
                        costs[(current - 1) * columns + candidate - 1] - rowPrice[current] - columnPrice[candidate]
                    if reduced < least[candidate] {
                        least[candidate] = reduced
                        way[candidate] = column
                    }
                    if least[candidate] < delta {
                        delta = least[candidate]
                        next = candidate
                    }
                }
                for candidate in 0...columns {
                    if used[candidate] {
                        rowPrice[rowOf[candidate]] += delta
                        columnPrice[candidate] -= delta
                    } else {
                        least[candidate] -= delta
                    }
                }
                column = next
            } while rowOf[column] != 0
            repeat {
                let previous = way[column]
                rowOf[column] = rowOf[previous]
                column = previous
            } while column != 0
        }
        var result = [Int](repeating: 0, count: rows)
        for column in 1...columns where rowOf[column] > 0 { result[rowOf[column] - 1] = column - 1 }
        return result
    }
}
