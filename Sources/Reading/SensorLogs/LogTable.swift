public import SyncModel

/// One column of a log: numbers, row by row; NaN where missing.
public struct LogColumn: Sendable, Hashable {
    /// The name in the file; elements of a vector are `name[0]`, `name[1]`, ...
    public let name: String
    /// The unit as written, such as `ms` or `m/s`; nil: not stated.
    public let unit: String?
    public var values: [Double]
    /// Number of non-numeric cells, and the row of the first one (counted as in the file).
    public var unreadable = 0
    public var firstUnreadable: Int?

    public init(name: String, unit: String? = nil, values: [Double]) {
        self.name = name
        self.unit = unit
        self.values = values
    }

    /// The name of the column's vector, or its own.
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

/// A log as in its file, before roles are assigned.
public struct LogTable: Sendable {
    /// The path as given by the user.
    public let file: String
    public var columns: [LogColumn]
    /// Notes for the user.
    public var notes: [Reason]

    public init(file: String, columns: [LogColumn], notes: [Reason] = []) {
        self.file = file
        self.columns = columns
        self.notes = notes
    }

    /// Number of rows.
    public var count: Int { columns.map(\.values.count).max() ?? 0 }

    /// The column of this name, else those of the vector of this name.
    public func columns(named name: String) -> [LogColumn] {
        if let exact = columns.first(where: { $0.name == name }) { return [exact] }
        let members = columns.filter { $0.stem == name }
        if !members.isEmpty { return members }
        return columns.filter { $0.name.lowercased() == name.lowercased() || $0.stem.lowercased() == name.lowercased() }
    }

    /// A range of rows, counted from 0.
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
