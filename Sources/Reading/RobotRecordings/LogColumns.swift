public import SensorLogs
public import SyncModel

/// The numbers of a topic's messages, row by row, with own stamp and log time.
public struct LogColumns {
    /// Maximum number of rows and of numbers per topic: an hour at 1,000 Hz.
    public static let mostRows = 4_000_000
    static let mostNumbers = 16_000_000
    private static let mostColumns = 128
    private static let mostOfAVector = 64

    public let topic: String
    /// Own stamps in seconds; NaN if missing.
    public private(set) var stamps: [Double] = []
    /// Log times, in seconds of the recorder's clock.
    public private(set) var logTimes: [Double] = []
    private var names: [String] = []
    /// The field path of each column.
    private var paths: [String] = []
    /// The field's index in messages of `owner`, and the element of the column.
    private var sources: [(field: Int?, element: Int)] = []
    /// The reader that the indices belong to, and its number of fields: a recorder may describe one topic twice with
    /// different schemas, and without a schema fields appear as messages do.
    private var owner: (reader: ObjectIdentifier, fields: Int)?
    private var values: [[Double]] = []
    /// Whether there were more rows than the limit.
    public private(set) var isCut = false

    /// Whether any column is a sensor's.
    var hasColumns: Bool { !names.isEmpty }

    public init(topic: String) { self.topic = topic }

    /// Names that do not describe motion: times, uncertainties and message ids.
    private static let leftOut: Set<String> = ["seq", "header", "stamp", "timestamp", "sequence"]

    static func counts(_ field: MessageField) -> Bool {
        guard field.kind == .number || field.kind == .numbers else { return false }
        let parts = field.path.lowercased().split(separator: ".")
        return !parts.contains { leftOut.contains(String($0)) || $0.contains("covariance") }
    }

    /// Adds the reader's last message.
    public mutating func append(_ reader: TopicReader, logSeconds: Double) {
        guard let decoder = reader.decoder else { return }
        if stamps.count >= LogColumns.mostRows || stamps.count * max(1, values.count) >= LogColumns.mostNumbers {
            isCut = true
            return
        }
        let rows = stamps.count
        let now = (reader: ObjectIdentifier(reader), fields: decoder.fields.count)
        if owner.map({ $0 != now }) ?? true {
            owner = now
            place(decoder.fields)
        }
        if rows == 0 || (values.isEmpty && rows < 64) {
            for (field, one) in decoder.fields.enumerated() where LogColumns.counts(one) {
                let count = reader.values.count(field)
                let name = LogColumns.name(one.path)
                for element in 0..<min(count, LogColumns.mostOfAVector) where names.count < LogColumns.mostColumns {
                    names.append(one.kind == .numbers ? "\(name)[\(element)]" : name)
                    paths.append(one.path)
                    sources.append((field, element))
                    values.append([Double](repeating: .nan, count: rows))
                }
            }
        }
        let said = reader.values
        for column in sources.indices {
            let (field, element) = sources[column]
            values[column].append(field.flatMap { said.number($0, element) } ?? .nan)
        }
        stamps.append(reader.stamp ?? .nan)
        logTimes.append(logSeconds)
    }

    /// Finds the columns among the fields of another schema.
    private mutating func place(_ fields: [MessageField]) {
        guard !sources.isEmpty else { return }
        var places: [String: Int] = [:]
        for (index, field) in fields.enumerated() where LogColumns.counts(field) && places[field.path] == nil {
            places[field.path] = index
        }
        for column in sources.indices { sources[column].field = places[paths[column]] }
    }

    /// Components are in brackets, like elements of a vector: `linear_acceleration[x]`.
    private static func name(_ path: String) -> String {
        guard let dot = path.lastIndex(of: ".") else { return path }
        let last = path[path.index(after: dot)...]
        return ["x", "y", "z"].contains(last) ? "\(path[..<dot])[\(last)]" : path
    }

    /// As a table like those of other logs, with the given times.
    public func table(file: String, times: [Double], notes: [Reason] = []) -> LogTable {
        var notes = notes
        if isCut {
            notes.append(
                Reason(
                    """
                    only the first \(stamps.count) messages of \(topic.printable) are used: more are not kept in \
                    memory
                    """))
        }
        let columns =
            [LogColumn(name: "time", unit: "s", values: times)]
            + names.indices.map { LogColumn(name: names[$0], values: values[$0]) }
        return LogTable(file: file, columns: columns, notes: notes)
    }
}
