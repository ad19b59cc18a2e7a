/// Counts of correct, missed, inserted and substituted labels, and the rates derived from them.
public struct DetectionCounts: Sendable, Hashable {
    public var reference = 0
    public var estimated = 0
    public var truePositives = 0
    public var substitutions = 0
    public var deletions = 0
    public var insertions = 0

    public init() {}

    /// Precision; nil: nothing was estimated.
    public var precision: Double? { estimated == 0 ? nil : Double(truePositives) / Double(estimated) }
    /// Recall; nil: the reference is empty.
    public var recall: Double? { reference == 0 ? nil : Double(truePositives) / Double(reference) }
    /// The harmonic mean of both; nil where one of them is not known.
    public var fMeasure: Double? {
        guard let precision, let recall else { return nil }
        return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
    }
    public var substitutionRate: Double? { rate(substitutions) }
    public var deletionRate: Double? { rate(deletions) }
    public var insertionRate: Double? { rate(insertions) }
    /// Substitutions, deletions and insertions over the reference; may exceed 1. nil: without a reference the rate of
    /// insertions is undefined (`sed_eval` divides by 2e-16 there).
    public var errorRate: Double? { rate(substitutions + deletions + insertions) }

    private func rate(_ count: Int) -> Double? {
        count == 0 ? 0 : reference == 0 ? nil : Double(count) / Double(reference)
    }

    public static func += (left: inout DetectionCounts, right: DetectionCounts) {
        left.reference += right.reference
        left.estimated += right.estimated
        left.truePositives += right.truePositives
        left.substitutions += right.substitutions
        left.deletions += right.deletions
        left.insertions += right.insertions
    }
}

/// Scores in total, and by label.
public struct DetectionScores: Sendable, Hashable {
    public var overall = DetectionCounts()
    public var byLabel: [String: DetectionCounts] = [:]

    public init() {}

    /// The mean of the labels' F-measures, of those that are defined; nil: none is.
    public var meanFMeasure: Double? { DetectionScores.mean(byLabel.values.map(\.fMeasure)) }
    /// The mean of the labels' error rates (deletions and insertions); nil where one of them is not defined.
    public var meanErrorRate: Double? {
        byLabel.values.contains { $0.errorRate == nil } ? nil : DetectionScores.mean(byLabel.values.map(\.errorRate))
    }

    static func mean(_ values: [Double?]) -> Double? {
        let known = values.compactMap { $0 }.sorted()
        return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }

    /// Counts of several recordings are added before any rate is taken.
    public static func += (left: inout DetectionScores, right: DetectionScores) {
        left.overall += right.overall
        for (label, counts) in right.byLabel { left.byLabel[label, default: DetectionCounts()] += counts }
    }
}
