import Foundation
public import Statistics
public import SyncModel

/// The statistics of a corpus in sentences, shared by all text formats.
public enum StatisticsWords {
    /// "sound 30 ms late throughout (95 % within 26 to 34 ms late), in 8112 of 9400 answered clips".
    public static func bias(_ check: CheckStatistics) -> String? {
        guard let bias = check.bias, let words = place(bias.estimate, check) else { return nil }
        let range = OffsetWords.interval(interval(bias.estimate))
        // What fewer than half of the clips have in common is not said to be so throughout.
        guard bias.following * 2 >= bias.answered else {
            return """
                \(words) in \(bias.following) of \(bias.answered) answered clips (95 % within \(range)); the others \
                are elsewhere
                """
        }
        return "\(words) throughout (95 % within \(range)), in \(bias.following) of \(bias.answered) answered clips"
    }

    /// Which speaker bias the interval allows for.
    public static func speakers(_ check: CheckStatistics) -> String? {
        guard let bias = check.bias, bias.talkerHabit > 0 else { return nil }
        let habit = Int(bias.talkerHabit)
        guard let by = bias.talkersBy else {
            return
                """
                speakers are unknown: the interval assumes \(bias.talkers), each with a bias of about \(habit) ms; \
                a column 'speaker' would name them
                """
        }
        return
            """
            the interval allows for \(bias.talkers) speaker\(bias.talkers == 1 ? "" : "s") by \(by.printable), each \
            with a bias of about \(habit) ms
            """
    }

    /// "1.2 % beyond the tolerance (95 % within 0.9 to 1.6 %)", with bounds for the unanswered.
    public static func misaligned(_ check: CheckStatistics) -> String? {
        guard let share = check.misaligned, let bounds = check.misalignedBounds else { return nil }
        var text =
            """
            \(percent(share.value)) of the answered beyond the tolerance (95 % within \
            \(range(share.lower, share.upper)))
            """
        if bounds.upperBound - bounds.lowerBound > 0.005 {
            text += "; of all clips, whatever the unanswered are, \(range(bounds.lowerBound, bounds.upperBound))"
        }
        return text
    }

    /// "two populations: 91 % sound 30 ms late, 9 % sound 110 ms late".
    public static func mixture(_ check: CheckStatistics) -> String? {
        guard let mixture = check.mixture else { return nil }
        func part(_ part: OffsetMixture.Part) -> String {
            """
            \(percent(part.share)) \(OffsetWords.name(check.subject)) \
            \(OffsetWords.place(Offset(milliseconds: part.milliseconds)))
            """
        }
        return "two populations: \(part(mixture.main)), \(part(mixture.other))"
    }

    /// "since 2024-03-01 sound 40 ms later (32 to 48)".
    public static func trend(_ check: CheckStatistics) -> String? {
        guard let trend = check.trend else { return nil }
        let change = moved(trend.change)
        let name = OffsetWords.name(check.subject)
        return switch trend.shape {
        case .step:
            """
            since \(trend.at ?? trend.from) (\(trend.attribute.printable)) \(name) \(change) than before; \
            \(chance(trend.pAdjusted))
            """
        case .slope:
            """
            from \(trend.from) to \(trend.to) (\(trend.attribute.printable)) \(name) gradually becomes \(change); \
            \(chance(trend.pAdjusted))
            """
        }
    }

    /// "encoder = x264: sound 80 ms later than the others (72 to 88 ms later), 302 clips, p < 0.001".
    public static func difference(_ group: GroupStatistics, subject: Track) -> String? {
        guard let difference = group.difference else { return nil }
        let rest = group.pAdjusted.map { "; \(chance($0))" } ?? ""
        return "\(OffsetWords.name(subject)) \(moved(difference)) than the others, \(group.verdicts.clips) clips\(rest)"
    }

    /// "language = fi: 61 % of 120 answered, 93 % of the others; p = 0.002".
    public static func coverage(_ group: GroupStatistics) -> String? {
        guard let coverage = group.coverage, let difference = group.coverageDifference else { return nil }
        let rest = group.coveragePAdjusted.map { "; \(chance($0))" } ?? ""
        return
            """
            \(percent(coverage.value)) of \(coverage.of) answered, \
            \(percent(coverage.value - difference)) of the others\(rest)
            """
    }

    public static func unpaired(_ group: GroupStatistics) -> String? {
        guard let difference = group.unpairedDifference, group.verdicts.askable > 0 else { return nil }
        let own = Double(group.verdicts.unpaired) / Double(group.verdicts.askable)
        let rest = group.unpairedPAdjusted.map { "; \(chance($0))" } ?? ""
        return
            """
            \(percent(own)) of \(group.verdicts.askable) unpaired, \
            \(percent(max(0, own - difference))) of the others\(rest)
            """
    }

    /// "41 clips to review: about 0.7 h".
    public static func review(_ plan: ReviewPlan) -> String? {
        guard plan.clips > 0 else { return nil }
        let time =
            plan.hours < 1 ? "\(max(1, Int((plan.hours * 60).rounded()))) min" : String(format: "%.1f h", plan.hours)
        return "\(plan.clips) clip\(plan.clips == 1 ? "" : "s") to review: about \(time)"
    }

    /// What a sample says about the whole corpus, and how large a sufficient one would be.
    public static func sample(_ statistics: CorpusStatistics) -> [String] {
        guard let frame = statistics.sample else { return [] }
        var lines = [
            """
            a random sample of \(frame.clips) of \(frame.of) clips (seed \(frame.seed)): the intervals are those of \
            the whole corpus
            """
        ]
        guard let bias = statistics.main?.bias else { return lines }
        let half = bias.estimate.standardError == 0 ? 0 : (bias.estimate.upper - bias.estimate.lower) / 2
        if half <= 5 {
            lines.append("enough: the bias is known within \(max(1, Int(half.rounded(.up)))) ms")
        } else if let enough = bias.enoughFor5, enough > frame.clips {
            lines.append(
                enough > frame.of
                    ? "the whole corpus is hardly enough to know the bias within 5 ms"
                    : "to know the bias within 5 ms use --sample \(enough); existing results are kept")
        } else {
            lines.append("more clips would hardly narrow the interval: the number of speakers limits it")
        }
        return lines
    }

    /// "20 ms later (12 to 28)": a smaller offset is later.
    private static func moved(_ estimate: Estimate) -> String {
        let size = whole(abs(estimate.milliseconds))
        let (low, high) =
            estimate.milliseconds < 0 ? (-estimate.upper, -estimate.lower) : (estimate.lower, estimate.upper)
        return
            """
            \(size) ms \(estimate.milliseconds < 0 ? "later" : "earlier") (95 % within \(whole(low)) to \(whole(high)))
            """
    }

    private static func place(_ estimate: Estimate, _ check: CheckStatistics) -> String? {
        let offset = Offset(milliseconds: estimate.milliseconds)
        return OffsetWords.sentence(offset, subject: check.subject, reference: check.reference)
    }

    static func interval(_ estimate: Estimate) -> OffsetInterval {
        OffsetInterval(Offset(milliseconds: estimate.lower), Offset(milliseconds: estimate.upper))
    }

    public static func chance(_ p: Double) -> String { p < 0.001 ? "p < 0.001" : String(format: "p = %.3f", min(1, p)) }

    private static func range(_ low: Double, _ high: Double) -> String {
        "\(percent(low).dropLast(2)) to \(percent(high))"
    }

    public static func percent(_ share: Double) -> String {
        let value = 100 * share
        return (value > 0 && value < 10) || (value > 99 && value < 100)
            ? String(format: "%.1f %%", value) : String(format: "%.0f %%", value)
    }

    private static func whole(_ value: Double) -> Int { Int(max(-1e9, min(1e9, value)).rounded()) }
}
