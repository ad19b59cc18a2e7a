/// Segment-based scores as in DCASE: time is cut into segments, in each of which labels are active or not.
///
/// The same numbers as `sed_eval`'s SegmentBasedMetrics: an event is active in every segment that it touches; within a
/// segment missed and inserted labels pair up as substitutions.
public struct SegmentScores: Sendable {
    /// Length of a segment in seconds.
    public var resolution = 1.0

    public init() {}

    /// - Parameter seconds: how much is evaluated; nil: up to the last end.
    public func scores(
        reference: [ScoredEvent], estimated: [ScoredEvent], labels: [String]? = nil, seconds: Double? = nil
    ) -> DetectionScores {
        let labels = labels ?? Set((reference + estimated).map(\.label)).sorted()
        let length = seconds ?? max(reference.map(\.end).max() ?? 0, estimated.map(\.end).max() ?? 0)
        let segments = max(0, Int((length * 1 / resolution).rounded(.up)))
        let rows = labels.map { label in (active(reference, label, segments), active(estimated, label, segments)) }
        var result = DetectionScores()
        for segment in 0..<segments {
            var (both, wanted, given) = (0, 0, 0)
            for (own, other) in rows {
                both += own[segment] && other[segment] ? 1 : 0
                wanted += own[segment] ? 1 : 0
                given += other[segment] ? 1 : 0
            }
            result.overall.truePositives += both
            result.overall.reference += wanted
            result.overall.estimated += given
            result.overall.substitutions += min(wanted, given) - both
            result.overall.deletions += max(0, wanted - given)
            result.overall.insertions += max(0, given - wanted)
        }
        for (label, row) in zip(labels, rows) {
            var counts = DetectionCounts()
            for segment in 0..<segments {
                counts.reference += row.0[segment] ? 1 : 0
                counts.estimated += row.1[segment] ? 1 : 0
                counts.truePositives += row.0[segment] && row.1[segment] ? 1 : 0
            }
            counts.deletions = counts.reference - counts.truePositives
            counts.insertions = counts.estimated - counts.truePositives
            result.byLabel[label] = counts
        }
        return result
    }

    private func active(_ events: [ScoredEvent], _ label: String, _ segments: Int) -> [Bool] {
        var row = [Bool](repeating: false, count: segments)
        for event in events where event.label == label {
            let first = max(0, Int((event.start * 1 / resolution).rounded(.down)))
            let last = min(segments, Int((event.end * 1 / resolution).rounded(.up)))
            for segment in first..<max(first, last) { row[segment] = true }
        }
        return row
    }
}
