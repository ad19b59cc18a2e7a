public import Sensors
public import SyncModel

/// Something that is the matter with an episode or a set: of the clock, as `ClockFault` has it, or of what was recorded
/// at all.
public struct EpisodeFault: Sendable, Hashable, Codable {
    /// As in `evidence.faults`: the kinds of `ClockFault`, and `no-values`, `constant-channel`, `no-column`,
    /// `no-video`, `other-episode`, ...
    public let kind: String
    /// What is the matter, in words and with figures.
    public let sentence: String
    /// Milliseconds without a sign by which somebody is misled at worst; nil: it is not a matter of time.
    public let costMilliseconds: Double?
    public let remedy: String
    /// The first row concerned, counted from 0; nil: all of them.
    public let row: Int?

    public init(_ kind: String, _ sentence: String, costMilliseconds: Double? = nil, remedy: String, row: Int? = nil) {
        self.kind = kind
        self.sentence = sentence
        self.costMilliseconds = costMilliseconds
        self.remedy = remedy
        self.row = row
    }

    public init(_ fault: ClockFault) {
        self.init(
            fault.kind.rawValue, fault.sentence, costMilliseconds: fault.costMilliseconds, remedy: fault.remedy,
            row: fault.row)
    }

    init(_ kind: ClockFault.Kind, _ sentence: String, costMilliseconds: Double, remedy: String) {
        self.init(kind.rawValue, sentence, costMilliseconds: costMilliseconds, remedy: remedy)
    }

    /// The whole of it on one line.
    public var doubt: Doubt {
        Doubt(
            """
            \(sentence)\(costMilliseconds.map { " (costs up to \(Figures.size(milliseconds: $0)))" } ?? ""); what to \
            do: \(remedy)
            """
        )
    }

    public var evidence: EvidenceValue {
        .object([
            Evidence("kind", .text(kind)),
            Evidence("cost_ms", costMilliseconds.map { .number($0, decimals: 1) } ?? .unknown),
            Evidence("remedy", .text(remedy)),
            Evidence("row", row.map { .count($0) } ?? .unknown),
        ])
    }
}
