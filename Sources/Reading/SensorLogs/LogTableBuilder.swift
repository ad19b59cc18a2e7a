/// Collects rows of named cells into columns; a column that appears late is NaN in earlier rows.
struct LogTableBuilder {
    private(set) var columns: [LogColumn] = []
    private var places: [String: Int] = [:]
    private var rows = 0

    /// The index of the column of a name, added if new.
    mutating func place(_ name: String, unit: String? = nil) -> Int {
        if let place = places[name] { return place }
        places[name] = columns.count
        columns.append(LogColumn(name: name, unit: unit, values: []))
        return columns.count - 1
    }

    mutating func put(_ value: Double, at place: Int) {
        let missing = rows - columns[place].values.count
        if missing > 0 { columns[place].values += [Double](repeating: .nan, count: missing) }
        // Of duplicate names in one row, the first value is kept.
        if columns[place].values.count == rows { columns[place].values.append(value) }
    }

    /// Records a non-numeric cell.
    mutating func refuse(at place: Int, row: Int) {
        put(.nan, at: place)
        columns[place].unreadable += 1
        if columns[place].firstUnreadable == nil { columns[place].firstUnreadable = row }
    }

    /// A vector as columns `name[0]`, `name[1]`, ...
    mutating func put(vector: [Double], name: String, unit: String? = nil) {
        for (index, value) in vector.enumerated() { put(value, at: place("\(name)[\(index)]", unit: unit)) }
    }

    mutating func endRow() { rows += 1 }

    /// All columns, padded to the table's length.
    mutating func finish() -> [LogColumn] {
        for index in columns.indices {
            let missing = rows - columns[index].values.count
            if missing > 0 { columns[index].values += [Double](repeating: .nan, count: missing) }
        }
        return columns
    }
}
