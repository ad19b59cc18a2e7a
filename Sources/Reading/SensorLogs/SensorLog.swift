import Foundation
public import SyncModel

/// A log with assigned roles: the time of each row, and the channels by role.
public struct SensorLog: Sendable {
    /// The path as given by the user.
    public let file: String
    /// Each row's timestamp, in seconds of its own clock; NaN if missing.
    public internal(set) var times: [Double]
    /// The column of the times; nil: rows were counted at a declared rate.
    public let timeName: String?
    public let timeUnit: LogUnit
    /// Whether the unit is stated by the file or the user.
    public let isUnitStated: Bool
    public internal(set) var channels: [ColumnRole: [LogColumn]]
    /// Guesses and problems, in words.
    public internal(set) var notes: [Reason]

    /// - Throws: if no column can be the time, a given column is missing, or there are too few rows.
    public init(_ table: LogTable, choice: ColumnChoice = ColumnChoice()) throws(ClipFailure) {
        file = table.file
        var notes = table.notes
        let known = Self.list(table.columns)
        guard table.count > 0 else {
            throw ClipFailure(
                code: "empty-log", message: "\(table.file.printable) has no rows",
                remedy: "check that the recording ran, or omit the file")
        }
        var channels: [ColumnRole: [LogColumn]] = [:]
        for (role, name) in choice.names {
            let named = table.columns(named: name)
            guard !named.isEmpty else {
                throw ClipFailure(
                    code: "no-column",
                    message:
                        """
                        \(table.file.printable) has no column '\(name.printable)' for \(role.rawValue); it has \(known)
                        """,
                    remedy: "give one of these with --columns \(role.rawValue)=NAME")
            }
            channels[role] = named
        }
        for role in ColumnRole.allCases where channels[role] == nil {
            guard let found = Self.guess(role, in: table, taken: Set(channels.values.flatMap { $0.map(\.name) })) else {
                continue
            }
            channels[role] = found
            if role != .frame, role != .episode {
                notes.append(
                    Reason(
                        """
                        column \(found[0].stem.printable) is used as the \(role.rawValue), by its name; override it \
                        with --columns \(role.rawValue)=NAME
                        """
                    ))
            }
        }
        if channels[.time] == nil, choice.names[.time] == nil, let first = table.columns.first, table.columns.count > 1,
            Self.rises(first.values)
        {
            // Named columns without a time or a sensor's role: a table of something else.
            guard
                channels.keys.contains(where: { ![.frame, .episode].contains($0) })
                    || table.columns.allSatisfy({ $0.stem.hasPrefix("column") })
            else {
                throw ClipFailure(
                    code: "no-channel",
                    message:
                        """
                        no column of \(table.file.printable) is recognised as the time or a sensor's; it has \(known)
                        """,
                    remedy: "specify them, such as --columns time=NAME,speed=NAME, or omit the file")
            }
            channels[.time] = [first]
            notes.append(
                Reason(
                    """
                    column \(first.name.printable) is used as the time, since it is the first and increases; override \
                    it with --columns time=NAME
                    """
                ))
        }
        guard let time = channels[.time]?.first else {
            throw ClipFailure(
                code: "no-time",
                message: "no column of \(table.file.printable) is recognised as the time; it has \(known)",
                remedy: "specify it with --columns time=NAME, and its unit with time=NAME:ms")
        }
        let stated = choice.timeUnit ?? time.unit.flatMap { LogUnit(word: $0) } ?? LogUnit(endOf: time.name)
        let unit = stated ?? Self.guessedUnit(time.values)
        if stated == nil, unit != .seconds {
            notes.append(
                Reason(
                    """
                    column \(time.name.printable) states no unit; by its size it is \(unit.rawValue); override it with \
                    --columns time=\(time.name.printable):s
                    """
                ))
        }
        for column in table.columns
        where column.unreadable > 0 && channels.values.contains(where: { $0.contains { $0.name == column.name } }) {
            notes.append(
                Reason(
                    """
                    column \(column.name.printable) has no number in \(column.unreadable) \
                    row\(column.unreadable == 1 ? "" : "s"), the first in line \(column.firstUnreadable ?? 0): \
                    \(column.unreadable == 1 ? "it is" : "they are") skipped
                    """
                ))
        }
        for (role, columns) in channels.sorted(by: { $0.key.rawValue < $1.key.rawValue })
        where ![.time, .frame, .episode].contains(role) {
            let still = columns.filter(\.isConstant)
            guard !still.isEmpty else { continue }
            notes.append(
                Reason(
                    """
                    column\(still.count == 1 ? "" : "s") \
                    \(still.map(\.name.printable).prefix(4).joined(separator: ", ")) never \
                    change\(still.count == 1 ? "s" : ""): check that the sensor was connected
                    """
                ))
        }
        times = time.values.map { $0 * unit.seconds }
        timeName = time.name
        timeUnit = unit
        isUnitStated = stated != nil
        self.channels = channels
        self.notes = notes
    }

    private static func list(_ columns: [LogColumn]) -> String {
        var stems: [String] = []
        for column in columns where !stems.contains(column.stem) { stems.append(column.stem) }
        let names = stems.prefix(8).map(\.printable).joined(separator: ", ")
        return "the columns \(names)\(stems.count > 8 ? " and \(stems.count - 8) more" : "")"
    }

    private static func plain(_ name: String) -> String { name.lowercased().filter { $0.isLetter || $0.isNumber } }

    /// The column, the vector or the x, y, z of a role, by known names in order of preference.
    private static func guess(_ role: ColumnRole, in table: LogTable, taken: Set<String>) -> [LogColumn]? {
        for name in role.names {
            let found = table.columns.filter { column in
                guard !taken.contains(column.name) else { return false }
                var stem = column.stem
                if role == .time, LogUnit(endOf: stem) != nil, let cut = stem.lastIndex(where: { "_.- ".contains($0) })
                {
                    stem = String(stem[..<cut])
                }
                let word = plain(stem)
                return word == name
                    || (role != .time && role != .frame && role != .episode && name.count > 2
                        && ["x", "y", "z"].contains { word == name + $0 })
            }
            if !found.isEmpty { return found }
        }
        return nil
    }

    private static func rises(_ values: [Double]) -> Bool {
        let steps = zip(values.dropFirst(), values).map { $0 - $1 }.filter(\.isFinite)
        return steps.count > 1 && steps.filter { $0 > 0 }.count * 10 > steps.count * 9
    }

    /// Seconds, unless the numbers have the magnitude of Unix time in finer units, or are whole numbers in large steps.
    private static func guessedUnit(_ values: [Double]) -> LogUnit {
        let sizes = values.filter(\.isFinite).map { abs($0) }.sorted()
        guard let middle = sizes.isEmpty ? nil : sizes[sizes.count / 2] else { return .seconds }
        if middle > 1e17 { return .nanoseconds }
        if middle > 1e14 { return .microseconds }
        if middle > 1e11 { return .milliseconds }
        return .seconds
    }
}
