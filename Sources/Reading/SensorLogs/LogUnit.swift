/// Time units in headers and column names.
public enum LogUnit: String, Sendable, CaseIterable {
    case seconds = "s"
    case milliseconds = "ms"
    case microseconds = "us"
    case nanoseconds = "ns"

    /// Seconds per unit.
    public var seconds: Double {
        switch self {
        case .seconds: 1
        case .milliseconds: 1e-3
        case .microseconds: 1e-6
        case .nanoseconds: 1e-9
        }
    }

    /// `ms`, `msec`, `milliseconds`, ... in any case; nil: not a time unit.
    public init?(word: String) {
        switch word.lowercased() {
        case "s", "sec", "secs", "second", "seconds": self = .seconds
        case "ms", "msec", "msecs", "millis", "millisecond", "milliseconds": self = .milliseconds
        case "us", "µs", "μs", "usec", "usecs", "micros", "microsecond", "microseconds": self = .microseconds
        case "ns", "nsec", "nsecs", "nanos", "nanosecond", "nanoseconds": self = .nanoseconds
        default: return nil
        }
    }

    /// The unit at the end of a column's name: `time_ms`, `t.ns`, `timestampNanos`.
    public init?(endOf name: String) {
        let parts = name.split(whereSeparator: { "_.- /".contains($0) })
        guard parts.count > 1, let last = parts.last, let unit = LogUnit(word: String(last)) else {
            let lower = name.lowercased()
            for (ending, unit) in [
                ("nanos", LogUnit.nanoseconds), ("micros", .microseconds), ("millis", .milliseconds),
            ] where lower.hasSuffix(ending) {
                self = unit
                return
            }
            return nil
        }
        self = unit
    }

    /// A header's name and the unit in brackets: `speed (m/s)`, `time [ms]`.
    static func split(_ header: String) -> (name: String, unit: String?) {
        for (open, close) in [("[", "]"), ("(", ")")] where header.hasSuffix(close) {
            guard let place = header.lastIndex(of: Character(open)), place > header.startIndex else { continue }
            let unit = String(header[header.index(after: place)...].dropLast()).trimmed
            // An index is not a unit.
            guard !unit.isEmpty, Int(unit) == nil else { continue }
            return (String(header[..<place]).trimmed, unit)
        }
        return (header.trimmed, nil)
    }
}
