import Statistics
import SyncModel

extension CorpusStatistics {
    /// Further members of `corpus`; see `docs/json.md`.
    var json: [(name: String, value: JSONValue)] {
        [
            ("comparisons", .integer(comparisons)),
            ("checks", .array(checks.map(\.json))),
            ("review", review.json),
            (
                "sample",
                sample.map {
                    .object([
                        ("clips", .integer($0.clips)), ("of", .integer($0.of)), ("seed", .string(String($0.seed))),
                    ])
                } ?? .null
            ),
        ]
    }
}

extension CheckStatistics {
    fileprivate var json: JSONValue {
        .object([
            ("check", .string(check.rawValue)), ("subject", .string(subject.rawValue)),
            ("reference", .string(reference.rawValue)),
            ("clips", .integer(verdicts.clips)), ("answered", .integer(verdicts.answered)),
            ("unpaired", .integer(verdicts.unpaired)),
            ("inconclusive", .integer(verdicts.inconclusive)), ("not_applicable", .integer(verdicts.notApplicable)),
            ("coverage", coverage?.json ?? .null), ("bias", bias?.json ?? .null),
            ("share_misaligned", misaligned?.json ?? .null),
            ("share_marginal_or_misaligned", notGood?.json ?? .null),
            (
                "share_misaligned_bounds",
                misalignedBounds.map {
                    .array([.number($0.lowerBound, decimals: 4), .number($0.upperBound, decimals: 4)])
                } ?? .null
            ),
            ("share_unpaired", unpaired?.json ?? .null), ("distribution", distribution?.json ?? .null),
            ("mixture", mixture?.json ?? .null),
            ("trend", trend?.json ?? .null),
            ("rates", .array(rates.map { .object([("rate", .string($0.name)), ("clips", .integer($0.count))]) })),
            ("drifting", .integer(drifting)),
        ])
    }
}

extension Share {
    var json: JSONValue {
        .object([
            ("clips", .integer(count)), ("of", .integer(of)), ("share", .number(value, decimals: 4)),
            ("ci95", .array([.number(lower, decimals: 4), .number(upper, decimals: 4)])),
        ])
    }
}

extension Estimate {
    /// Its 95 % interval.
    var rangeJSON: JSONValue { .array([.number(lower, decimals: 1), .number(upper, decimals: 1)]) }
}

extension CommonBias {
    fileprivate var json: JSONValue {
        .object([
            ("offset_ms", .number(estimate.milliseconds, decimals: 1)), ("ci95_ms", estimate.rangeJSON),
            ("spread_ms", .number(spread, decimals: 1)),
            ("following", .integer(following)), ("answered", .integer(answered)),
            ("talkers_by", talkersBy.map { .string($0) } ?? .null),
            ("talkers", .integer(talkers)), ("talker_habit_ms", .number(talkerHabit, decimals: 1)),
            ("sample_for_3_ms", enoughFor3.map { .integer($0) } ?? .null),
            ("sample_for_5_ms", enoughFor5.map { .integer($0) } ?? .null),
        ])
    }
}

extension OffsetDistribution {
    fileprivate var json: JSONValue {
        func range(_ range: ClosedRange<Double>) -> JSONValue {
            .array([.number(range.lowerBound, decimals: 1), .number(range.upperBound, decimals: 1)])
        }
        return .object([
            ("answered", .integer(answered)), ("unanswered", .integer(unanswered)),
            ("median_ms", .number(median, decimals: 1)),
            ("quartiles_ms", range(quartiles)), ("middle90_ms", range(middle90)),
            ("start_ms", .number(start, decimals: 1)),
            ("width_ms", .number(width, decimals: 1)), ("counts", .array(counts.map { .integer($0) })),
            ("below", .integer(below)),
            ("above", .integer(above)),
        ])
    }
}

extension OffsetMixture {
    fileprivate var json: JSONValue {
        func part(_ part: Part) -> JSONValue {
            .object([
                ("offset_ms", .number(part.milliseconds, decimals: 1)), ("share", .number(part.share, decimals: 4)),
                ("spread_ms", .number(part.spread, decimals: 1)),
            ])
        }
        return .object([("main", part(main)), ("other", part(other)), ("gain", .number(gain, decimals: 1))])
    }
}

extension DateTrend {
    fileprivate var json: JSONValue {
        .object([
            ("attribute", .string(attribute)), ("shape", .string(shape.rawValue)), ("from", .string(from)),
            ("to", .string(to)),
            ("at", at.map { .string($0) } ?? .null), ("clips", .integer(clips)),
            ("change_ms", .number(change.milliseconds, decimals: 1)),
            ("ci95_ms", change.rangeJSON), ("p_adjusted", .number(pAdjusted, decimals: 6)),
        ])
    }
}

extension GroupStatistics {
    var json: JSONValue {
        .object([
            ("attribute", .string(attribute)), ("value", .string(value)), ("clips", .integer(verdicts.clips)),
            ("answered", .integer(verdicts.answered)),
            ("bias_ms", bias.map { .number($0.milliseconds, decimals: 1) } ?? .null),
            ("ci95_ms", bias?.rangeJSON ?? .null), ("p_adjusted", GroupStatistics.chance(pAdjusted)),
            ("named", .bool(isNamed)),
            ("difference_ms", difference.map { .number($0.milliseconds, decimals: 1) } ?? .null),
            ("difference_ci95_ms", difference?.rangeJSON ?? .null),
            ("explained_by", explainedBy.map { .string($0) } ?? .null),
            ("same_clips", .array(sameClips.map { .string($0) })),
            ("misaligned", .integer(verdicts.misaligned)), ("unpaired", .integer(verdicts.unpaired)),
            ("coverage", coverage?.json ?? .null), ("coverage_p_adjusted", GroupStatistics.chance(coveragePAdjusted)),
            ("less_answered", .bool(isLessAnswered)),
            ("unpaired_p_adjusted", GroupStatistics.chance(unpairedPAdjusted)),
            ("more_unpaired", .bool(isMoreUnpaired)),
        ])
    }

    static func chance(_ p: Double?) -> JSONValue { p.map { .number($0, decimals: 6) } ?? .null }
}

extension ReviewPlan {
    fileprivate var json: JSONValue {
        .object([
            ("clips", .integer(clips)), ("hours", .number(hours, decimals: 2)),
            (
                "first",
                .array(
                    first.map {
                        .object([
                            ("clip", .string($0.clip)), ("why", .string($0.why.rawValue)),
                            ("group", $0.group.map { .string($0) } ?? .null),
                        ])
                    })
            ),
        ])
    }
}
