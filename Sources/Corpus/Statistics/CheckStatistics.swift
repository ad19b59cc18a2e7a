public import SyncModel

/// What one check says of the corpus. Offsets are ms in the contract's sign.
public struct CheckStatistics: Sendable, Hashable, Codable {
    public var check: Check
    public var subject: Track
    public var reference: Track
    public var verdicts: VerdictCounts
    /// With an offset, of those where there was something to measure.
    public var coverage: Share?
    public var distribution: OffsetDistribution?
    /// Where the main body of all offsets lies.
    public var bias: CommonBias?
    /// Beyond the outer edge of the tolerance, of the answered clips.
    public var misaligned: Share?
    /// Beyond the inner edge, of the answered clips; it contains `misaligned`.
    public var notGood: Share?
    /// The share of misaligned clips among all that could be asked: the lower end if every clip without an answer were
    /// good, the upper one if every one of them were misaligned. What is not answered is not assumed to be like what
    /// is.
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
    /// Answered clips that lie below the first and above the last bin.
    public var below: Int
    public var above: Int
    public var median: Double
    /// Lower and upper quartile.
    public var quartiles: ClosedRange<Double>
    /// From the 5th to the 95th of a hundred.
    public var middle90: ClosedRange<Double>
}

/// Where the main body of offsets lies, whatever the rest does.
public struct CommonBias: Sendable, Hashable, Codable {
    public var estimate: Estimate
    /// Answered clips that lie where the common bias and their own intervals let one expect.
    public var following: Int
    public var answered: Int
    /// Scatter of the main body, in ms (one standard deviation).
    public var spread: Double
    /// The attribute that tells talkers apart; nil: none does, and `talkers` is an assumption.
    public var talkersBy: String?
    /// How many talkers stand behind the interval, those with many clips counting for less.
    public var talkers: Int
    /// Habit of one talker that the method measures as an offset, in ms (one standard deviation); 0 where there is
    /// none.
    public var talkerHabit: Double

    /// How many clips of this corpus would give the bias within so many ms either way, at 95 %; nil where the talkers
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
    /// By how much two parts are better than one (Bayes' information criterion of Schwarz 1978; above 10: very strong).
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
    /// The offset at the end less that at the beginning, in ms; of a step, after less before.
    public var change: Estimate
    public var pAdjusted: Double
}
