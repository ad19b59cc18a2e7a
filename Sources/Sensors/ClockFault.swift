public import SyncModel

/// Something that is the matter with the clock of a log: what, how much it costs, and what to do about it.
public struct ClockFault: Sendable, Hashable {
    /// Names as in `evidence.faults`.
    public enum Kind: String, Sendable, CaseIterable {
        case rate = "rate-differs"
        case jitter
        case dropped = "dropped-samples"
        case doubled = "doubled-samples"
        case backwards = "not-monotonic"
        case gap
        case unit = "wrong-unit"
        case mixedUnits = "mixed-units"
        case mixedClocks = "mixed-clocks"
        case coarse = "coarse-stamps"
        case length = "length-differs"
        case count = "count-differs"
        case unknown = "no-stamp"
    }

    public let kind: Kind
    /// What is the matter, in words and with figures.
    public let sentence: String
    /// How far a sample comes to lie from where it belongs, at worst, for whoever is taken in: milliseconds without a
    /// sign.
    public let costMilliseconds: Double
    public let remedy: String
    /// The first row concerned, counted from 0; nil: all of them.
    public let row: Int?

    public init(_ kind: Kind, _ sentence: String, costMilliseconds: Double, remedy: String, row: Int? = nil) {
        self.kind = kind
        self.sentence = sentence
        self.costMilliseconds = costMilliseconds
        self.remedy = remedy
        self.row = row
    }

    /// The whole of it on one line.
    public var doubt: Doubt {
        Doubt("\(sentence) (costs up to \(Figures.size(milliseconds: costMilliseconds))); what to do: \(remedy)")
    }

    public var evidence: EvidenceValue {
        .object([
            Evidence("kind", .text(kind.rawValue)), Evidence("cost_ms", .number(costMilliseconds, decimals: 1)),
            Evidence("remedy", .text(remedy)),
            Evidence("row", row.map { .count($0) } ?? .unknown),
        ])
    }
}

/// What is known of a log's clock.
public struct ClockFacts: Sendable {
    /// What each row says of when it was taken, in seconds; not a number where it does not say.
    public var stamps: [Double]
    /// Samples a second as declared, by the user or a set's description.
    public var declaredRate: Double?
    /// Length and number of video frames of the recording that the log belongs to.
    public var videoSeconds: Double?
    public var videoFrames: Int?
    /// Whether the log has one row a video frame.
    public var isRowPerFrame = false
    /// What each row says of its number in the recording.
    public var frameNumbers: [Double]?
    /// The name of the column of stamps, for remedies.
    public var column: String

    public init(stamps: [Double], column: String = "time") {
        self.stamps = stamps
        self.column = column
    }
}

/// Figures as they stand in sentences.
package enum Figures {
    /// "0.4 ms", "62 ms", "1.53 s", "3 days".
    package static func size(milliseconds: Double) -> String {
        let size = abs(milliseconds)
        guard size.isFinite else { return "an unknown time" }
        if size < 10 { return "\(decimals(size, 1)) ms" }
        if size < 1000 { return "\(decimals(size, 0)) ms" }
        if size < 10_000_000 { return "\(decimals(size / 1000, 2)) s" }
        return size < 172_800_000 ? "\(decimals(size / 3_600_000, 1)) hours" : "\(decimals(size / 86_400_000, 0)) days"
    }

    package static func size(_ seconds: Double) -> String { size(milliseconds: seconds * 1000) }

    package static func decimals(_ value: Double, _ count: Int) -> String {
        guard abs(value) < 1e15 else { return "\(value)" }
        let unit = (0..<count).reduce(1) { unit, _ in unit * 10 }
        let scaled = Int((abs(value) * Double(unit)).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard count > 0 else { return "\(sign)\(scaled)" }
        let rest = String(scaled % unit)
        return "\(sign)\(scaled / unit)." + String(repeating: "0", count: count - rest.count) + rest
    }

    package static func times(_ count: Int, _ one: String, _ many: String) -> String {
        "\(count) \(count == 1 ? one : many)"
    }

    package static func median(_ values: some Sequence<Double>) -> Double {
        let sorted = values.sorted()
        return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
    }
}
