/// By how much the state of a joint follows its command, over the episodes of a robot set. A property of the controller
/// and of how the set was written, not a clock fault.
public struct JointLag: Sendable, Hashable, Codable {
    /// The joint's name in the set, or its column and place.
    public let joint: String
    /// How the command was interpreted: `position` or `velocity`.
    public let commandIs: String
    /// Episodes in which the joint moved enough to show it.
    public let episodes: Int
    /// Median in ms; positive: the state comes later.
    public let median: Double
    /// Scatter from episode to episode in ms: 1.4826 times the median deviation from the median.
    public let spread: Double
    /// The 5th and 95th percentile in ms.
    public let low: Double
    public let high: Double

    public init(
        joint: String, commandIs: String, episodes: Int, median: Double, spread: Double, low: Double, high: Double
    ) {
        self.joint = joint
        self.commandIs = commandIs
        self.episodes = episodes
        self.median = median
        self.spread = spread
        self.low = low
        self.high = high
    }

    /// Name of the evidence with the lags of a set.
    public static let evidenceName = "action_lags"

    public var evidence: EvidenceValue {
        .object([
            Evidence("joint", .text(joint)), Evidence("command_is", .text(commandIs)),
            Evidence("episodes", .count(episodes)), Evidence("median_ms", .number(median, decimals: 1)),
            Evidence("spread_ms", .number(spread, decimals: 1)), Evidence("p5_ms", .number(low, decimals: 1)),
            Evidence("p95_ms", .number(high, decimals: 1)),
        ])
    }

    /// Reads a lag from its evidence; nil: not one.
    public init?(_ evidence: EvidenceValue) {
        let members = Dictionary((evidence.object ?? []).map { ($0.name, $0.value) }) { first, _ in first }
        guard case .text(let joint)? = members["joint"], case .text(let commandIs)? = members["command_is"],
            let episodes = members["episodes"]?.number.flatMap({ Int(exactly: $0) }),
            let median = members["median_ms"]?.number, let spread = members["spread_ms"]?.number,
            let low = members["p5_ms"]?.number, let high = members["p95_ms"]?.number
        else { return nil }
        self.init(
            joint: joint, commandIs: commandIs, episodes: episodes, median: median, spread: spread, low: low,
            high: high)
    }
}
