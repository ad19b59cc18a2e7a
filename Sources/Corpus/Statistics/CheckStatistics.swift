public import SyncModel

/// The statistics of one check over the corpus. Offsets are ms in the sign of `offset_ms`.
public struct CheckStatistics: Sendable, Hashable, Codable {
    public var check: Check
    public var subject: Track
    public var reference: Track
    public var verdicts: VerdictCounts
    /// Answer rate: share with an offset, of those where there was something to measure.
    public var coverage: Share?
    public var distribution: OffsetDistribution?
    /// Location of the main body of all offsets.
    public var bias: CommonBias?
    /// Beyond the outer edge of the tolerance, of the answered clips.
    public var misaligned: Share?
    /// Beyond the inner edge, of the answered clips; it contains `misaligned`.
    public var notGood: Share?
    /// The share of misaligned clips among all measurable ones: the lower end if every clip without an answer were in
    /// sync, the upper one if every one of them were misaligned. Unanswered clips are not assumed to resemble answered
    /// ones.
    public var misalignedBounds: ClosedRange<Double>?
    public var unpaired: Share?
    /// Where the offsets are two populations; nil: they are one.
    public var mixture: OffsetMixture?
    /// How the offset changes with the date; nil without dates, or where it does not.
    public var trend: DateTrend?
    /// Rates such as "25/23.976" with the number of clips, the most frequent first.
    public var rates: [NamedCount]
    /// Answered clips whose offset changes within the clip.
    public var drifting: Int
}

public struct NamedCount: Sendable, Hashable, Codable {
    public var name: String
    public var count: Int
}

/// All offsets of a check: counts in equal bins, and quantiles. Answered clips only; `unanswered` says how many are not
/// in it.
public struct OffsetDistribution: Sendable, Hashable, Codable {
    public var answered: Int
    public var unanswered: Int
    /// Lower edge of the first bin, in ms.
    public var start: Double
    /// Width of a bin, in ms.
    public var width: Double
    public var counts: [Int]
    /// Answered clips that are below the first and above the last bin.
    public var below: Int
    public var above: Int
    public var median: Double
    /// Lower and upper quartile.
    public var quartiles: ClosedRange<Double>
    /// 5th to 95th percentile.
    public var middle90: ClosedRange<Double>
}

/// Location of the main body of offsets, irrespective of outliers.
public struct CommonBias: Sendable, Hashable, Codable {
    public var estimate: Estimate
    /// Answered clips consistent with the common bias and their intervals.
    public var following: Int
    public var answered: Int
    /// Scatter of the main body, in ms (one standard deviation).
    public var spread: Double
    /// The attribute that identifies speakers; nil: none does, and `talkers` is an assumption.
    public var talkersBy: String?
    /// Effective number of speakers of the interval.
    public var talkers: Int
    /// Bias of the method per speaker, in ms (one standard deviation); 0 where there is none.
    public var talkerHabit: Double

    /// The number of clips of this corpus that give the bias within a number of ms at 95 %; nil where the speakers
    /// limit it.
    public var enoughFor3: Int?
    public var enoughFor5: Int?
}

/// Two populations of offsets, and what is in neither.
public struct OffsetMixture: Sendable, Hashable, Codable {
    public struct Part: Sendable, Hashable, Codable {
        public var milliseconds: Double
        /// Of the answered clips, from 0 to 1.
        public var share: Double
        /// One standard deviation, in ms.
        public var spread: Double
    }

    /// The larger one.
    public var main: Part
    public var other: Part
    /// Evidence for two parts over one (Bayes' information criterion of Schwarz 1978; above 10: very strong).
    public var gain: Double
}

/// How the offset changes with the date.
public struct DateTrend: Sendable, Hashable, Codable {
    public enum Shape: String, Sendable, Hashable, Codable { case slope, step }

    /// The attribute that the dates are from.
    public var attribute: String
    public var shape: Shape
    public var from: String
    public var to: String
    public var clips: Int
    /// Of a step: its first date.
    public var at: String?
    /// The offset at the end minus that at the beginning, in ms; of a step, after minus before.
    public var change: Estimate
    public var pAdjusted: Double
}
