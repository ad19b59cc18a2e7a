/// Minimum-cost one-to-one assignment of rows to columns by the Hungarian method (Kuhn 1955; Munkres 1957), with
/// shortest augmenting paths and dual prices (Jonker & Volgenant 1987).
///
/// Deterministic: of several optimal assignments the same one is always found; columns are visited in order, and of
/// equal ones the first is taken.
public enum Assignment {
    /// The column of each row. Requires at least as many columns as rows and finite costs, row by row; O(rows^2
    /// columns).
    public static func solve(rows: Int, columns: Int, costs: [Double]) -> [Int] {
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

    /// Assigns rows to columns with maximum total worth.
    ///
    /// - Parameter worth: rows x columns, finite; any number of rows or columns.
    /// - Returns: the column of each row; nil if there are fewer columns than rows and others are worth more.
    public static func best(_ worth: [[Double]]) -> [Int?] {
        let (rows, columns) = (worth.count, worth.first?.count ?? 0)
        guard rows > 0, columns > 0 else { return [Int?](repeating: nil, count: rows) }
        guard rows > columns else {
            return solve(rows: rows, columns: columns, costs: worth.flatMap { $0.map { -$0 } })
        }
        let costs = (0..<columns).flatMap { column in worth.map { -$0[column] } }
        var result = [Int?](repeating: nil, count: rows)
        for (column, row) in solve(rows: columns, columns: rows, costs: costs).enumerated() { result[row] = column }
        return result
    }
}
