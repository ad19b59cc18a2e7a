/// The clips that agree in one attribute, against all others. Offsets are ms in the contract's sign.
public struct GroupStatistics: Sendable, Hashable, Codable {
    public var attribute: String
    /// As it stands; "" where the clip does not say. Numbers with many values are in quarters: "12 to 18.5".
    public var value: String
    public var verdicts: VerdictCounts
    /// Where the group's offsets lie; nil with too few of them.
    public var bias: Estimate?
    /// The group's offset less that of all others, with the interval that allows for talkers.
    public var difference: Estimate?
    /// The chance of such a difference, or a larger one, somewhere among all comparisons if no group differed by more
    /// than `GroupComparison.leastDifference` (Holm 1979); nil where there are too few clips to compare.
    public var pAdjusted: Double?
    /// Its offset differs, and no group named before it explains that.
    public var isNamed: Bool
    /// The named group ("encoder = Lavf58.29.100") whose clips make it differ; nil: none does.
    public var explainedBy: String?
    /// Other attributes with these very clips: "folder = cam3".
    public var sameClips: [String]

    /// Of what could be asked.
    public var coverage: Share?
    /// Coverage less that of all others, from -1 to 1.
    public var coverageDifference: Double?
    public var coveragePAdjusted: Double?
    public var isLessAnswered: Bool
    /// Share of `unpaired` less that of all others, from -1 to 1.
    public var unpairedDifference: Double?
    public var unpairedPAdjusted: Double?
    public var isMoreUnpaired: Bool

    /// "encoder = Lavf58.29.100".
    public var name: String { "\(attribute) = \(value.isEmpty ? "(not said)" : value)" }
}
