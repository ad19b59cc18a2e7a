/// The clips with one value of an attribute, compared with all others. Offsets are ms in the sign of `offset_ms`.
public struct GroupStatistics: Sendable, Hashable, Codable {
    public var attribute: String
    /// The value as text; "" where the clip has none. Numbers with many values are in quarters: "12 to 18.5".
    public var value: String
    public var verdicts: VerdictCounts
    /// Location of the group's offsets; nil with too few of them.
    public var bias: Estimate?
    /// The group's offset minus that of all others, with an interval that accounts for speakers.
    public var difference: Estimate?
    /// The probability of such a difference, or a larger one, among all comparisons if no group differed by more than
    /// `GroupComparison.leastDifference` (Holm 1979); nil where there are too few clips to compare.
    public var pAdjusted: Double?
    /// Whether its offset differs, unexplained by a group reported before it.
    public var isNamed: Bool
    /// The named group ("encoder = Lavf58.29.100") whose clips make it differ; nil: none does.
    public var explainedBy: String?
    /// Other attributes with exactly these clips: "folder = cam3".
    public var sameClips: [String]

    /// Of the measurable clips.
    public var coverage: Share?
    /// Coverage minus that of all others, from -1 to 1.
    public var coverageDifference: Double?
    public var coveragePAdjusted: Double?
    public var isLessAnswered: Bool
    /// Share of `unpaired` minus that of all others, from -1 to 1.
    public var unpairedDifference: Double?
    public var unpairedPAdjusted: Double?
    public var isMoreUnpaired: Bool

    /// "encoder = Lavf58.29.100".
    public var name: String { "\(attribute) = \(value.isEmpty ? "(not said)" : value)" }
}
