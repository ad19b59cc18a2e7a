public import SyncModel

/// One column of a log: numbers, row by row; not a number where the row has none.
public struct LogColumn: Sendable, Hashable {
    /// As the file names it; elements of a vector are `name[0]`, `name[1]`, ...
    public let name: String
    /// As the file writes it, such as `ms` or `m/s`; nil: it does not say.
    public let unit: String?
    public var values: [Double]
    /// Cells that hold something else than a number, and where the first of them stands (counted as the file counts its
    /// rows).
    public var unreadable = 0
    public var firstUnreadable: Int?

    public init(name: String, unit: String? = nil, values: [Double]) {
        self.name = name
        self.unit = unit
        self.values = values
    }

    /// The name of the vector that the column belongs to, or its own.
    public var stem: String {
        guard name.hasSuffix("]"), let open = name.lastIndex(of: "[") else { return name }
        return String(name[..<open])
    }

    /// Whether it never changes.
    public var isConstant: Bool {
        guard let first = values.first(where: \.isFinite) else { return true }
        return values.allSatisfy { !$0.isFinite || $0 == first }
    }
}

/// A log as it stands in its file, before anything is said of what its columns mean.
public struct LogTable: Sendable {
    /// The path as the user gave it.
    public let file: String
    public var columns: [LogColumn]
    /// What to know beside the numbers.
    public var notes: [Doubt]

    public init(file: String, columns: [LogColumn], notes: [Doubt] = []) {
        self.file = file
        self.columns = columns
        self.notes = notes
    }

    /// Rows.
    public var count: Int { columns.map(\.values.count).max() ?? 0 }

    /// The column of a name, else those of the vector of that name.
    public func columns(named name: String) -> [LogColumn] {
        if let exact = columns.first(where: { $0.name == name }) { return [exact] }
        let members = columns.filter { $0.stem == name }
        if !members.isEmpty { return members }
        return columns.filter { $0.name.lowercased() == name.lowercased() || $0.stem.lowercased() == name.lowercased() }
    }

    /// The rows between two, both counted from 0.
    public func rows(_ range: Range<Int>) -> LogTable {
        var copy = self
        for index in copy.columns.indices {
            let values = copy.columns[index].values
            copy.columns[index].values = Array(
                values[min(range.lowerBound, values.count)..<min(range.upperBound, values.count)])
        }
        return copy
    }
}
