public import SyncModel

/// Statistics of a corpus as a whole: its offsets, groups that differ, and what was not answered.
///
/// A pure function of the clips' records and the options (see `init(_:_:)`); all offsets are ms in the sign of
/// `offset_ms` (positive: the subject is early). Unknown values are nil, never 0.
public struct CorpusStatistics: Sendable, Hashable, Codable {
    public var clips: Int
    /// Length of all clips with a known one, in seconds.
    public var mediaSeconds: Double
    /// Each clip's own verdict.
    public var verdicts: VerdictCounts
    /// One for each check with any finding; the one with the most answers first.
    public var checks: [CheckStatistics]
    /// Of the first check, by all attributes: the reported ones first, in the order of what they explain, then the
    /// worst first.
    public var groups: [GroupStatistics]
    /// Number of compared groups, which `pAdjusted` is corrected for.
    public var comparisons: Int
    /// What people should check, and how long it takes.
    public var review: ReviewPlan
    /// Set if only a sample was scanned.
    public var sample: SampleFrame?

    /// The check that answered most; nil without any finding.
    public var main: CheckStatistics? { checks.first }
    /// Groups whose offsets differ from all others' by more than chance and speaker bias explain.
    public var named: [GroupStatistics] { groups.filter(\.isNamed) }
    /// Groups that are answered less than the others, the worst first.
    public var lessAnswered: [GroupStatistics] {
        groups.filter(\.isLessAnswered).sorted {
            ($0.coverageDifference ?? 0, $0.name) < ($1.coverageDifference ?? 0, $1.name)
        }
    }
    /// Groups with more `unpaired` clips than the others, the worst first.
    public var moreUnpaired: [GroupStatistics] {
        groups.filter(\.isMoreUnpaired).sorted {
            ($1.unpairedDifference ?? 0, $0.name) < ($0.unpairedDifference ?? 0, $1.name)
        }
    }
}

/// Number of clips by verdict.
public struct VerdictCounts: Sendable, Hashable, Codable {
    public var inSync = 0, marginal = 0, misaligned = 0, measured = 0, unpaired = 0, inconclusive = 0,
        notApplicable = 0, failed = 0

    public init() {}

    public mutating func add(_ verdict: Verdict) {
        switch verdict {
        case .inSync: inSync += 1
        case .marginal: marginal += 1
        case .misaligned: misaligned += 1
        case .measured: measured += 1
        case .unpaired: unpaired += 1
        case .inconclusive: inconclusive += 1
        case .notApplicable: notApplicable += 1
        case .failed: failed += 1
        }
    }

    /// With an offset.
    public var answered: Int { inSync + marginal + misaligned + measured }
    public var clips: Int { answered + unpaired + inconclusive + notApplicable + failed }
    /// Clips that could have an answer: without `not-applicable`.
    public var askable: Int { clips - notApplicable }
}

/// A share of clips with its 95 % interval, all from 0 to 1.
public struct Share: Sendable, Hashable, Codable {
    public var count: Int
    public var of: Int
    public var value: Double
    public var lower: Double
    public var upper: Double
}

/// A number of ms with its 95 % interval.
public struct Estimate: Sendable, Hashable, Codable {
    public var milliseconds: Double
    public var lower: Double
    public var upper: Double
    /// One standard error: half the interval's width over the quantile of Student's or the normal distribution.
    public var standardError: Double
}
