import SignalCore

/// Event-based scores as in DCASE (Mesaros, Heittola & Virtanen 2016, "Metrics for polyphonic sound event detection"):
/// an estimated event is right if label, onset and end fit a reference event that no other one was given.
///
/// The same numbers as `sed_eval`'s EventBasedMetrics: which of several possible pairings is taken decides how many of
/// those left over count as substitutions, so pairs are searched for in the same order.
public struct EventScores: Sendable {
    /// Onsets, and ends, may be so far apart, in seconds; ends also by this share of the reference's length.
    public var collar = 0.2
    public var shareOfLength = 0.5
    public var comparesOnsets = true
    public var comparesEnds = true
    /// As many pairs as possible; else the first that fits is taken, event by event.
    public var isOptimal = true

    public init() {}

    public func scores(reference: [ScoredEvent], estimated: [ScoredEvent], labels: [String]? = nil) -> DetectionScores {
        var result = DetectionScores()
        let pairs = matched(reference, estimated) { reference[$0].label == estimated[$1].label }
        result.overall = counts(reference, estimated, pairs)
        for label in labels ?? Set((reference + estimated).map(\.label)).sorted() {
            let own = reference.filter { $0.label == label }
            let others = estimated.filter { $0.label == label }
            let count = matched(own, others) { _, _ in true }.count
            var counts = DetectionCounts()
            (counts.reference, counts.estimated, counts.truePositives) = (own.count, others.count, count)
            (counts.deletions, counts.insertions) = (own.count - count, others.count - count)
            result.byLabel[label] = counts
        }
        return result
    }

    /// Whether times fit; labels are not examined.
    func fits(_ reference: ScoredEvent, _ estimated: ScoredEvent) -> Bool {
        if comparesOnsets, abs(reference.start - estimated.start) > collar { return false }
        guard comparesEnds else { return true }
        return abs(reference.end - estimated.end) <= max(collar, shareOfLength * (reference.end - reference.start))
    }

    /// By reference event, the estimated one.
    private func matched(_ reference: [ScoredEvent], _ estimated: [ScoredEvent], _ isSame: (Int, Int) -> Bool) -> [Int:
        Int]
    {
        guard isOptimal else {
            var result: [Int: Int] = [:]
            var taken: Set<Int> = []
            for index in reference.indices {
                if let found = estimated.indices.first(where: {
                    !taken.contains($0) && isSame(index, $0) && fits(reference[index], estimated[$0])
                }) {
                    result[index] = found
                    taken.insert(found)
                }
            }
            return result
        }
        var graph = BipartiteMatching()
        for index in reference.indices {
            for other in estimated.indices where isSame(index, other) && fits(reference[index], estimated[other]) {
                graph.add(left: other, right: index)
            }
        }
        return graph.matching()
    }

    private func counts(_ reference: [ScoredEvent], _ estimated: [ScoredEvent], _ pairs: [Int: Int]) -> DetectionCounts
    {
        var free = Set(estimated.indices).subtracting(pairs.values)
        var substitutions = 0
        for index in reference.indices where pairs[index] == nil {
            guard let found = free.sorted().first(where: { fits(reference[index], estimated[$0]) }) else { continue }
            free.remove(found)
            substitutions += 1
        }
        var counts = DetectionCounts()
        (counts.reference, counts.estimated, counts.truePositives, counts.substitutions) = (
            reference.count, estimated.count, pairs.count, substitutions
        )
        (counts.deletions, counts.insertions) = (
            reference.count - pairs.count - substitutions, estimated.count - pairs.count - substitutions
        )
        return counts
    }
}
