public import SyncModel

/// Where to look next in a long recording whose offset changes, besides the segments of its plan.
public enum CourseProbe {
    /// Two clocks of recorders seldom differ by more, in ppm (a quartz keeps time within about 50 ppm): what looks like
    /// a faster drift may be a step.
    static let usualDrift = 150.0
    /// A drift beyond that counts only where no gap of more than this share of the recording is left.
    private static let largestHole = 0.2

    /// The most informative position: between the segments next to a step, so that its time is found by bisection; or
    /// in the largest gap, where an apparently fast drift may be a step.
    ///
    /// - Parameters:
    ///   - looked: what was examined, in seconds of the recording.
    /// - Returns: the start of a segment in seconds; nil: more segments would not help.
    public static func next(_ finding: Finding, looked: [Range<Double>], durationSeconds: Double) -> Double? {
        let sorted = looked.sorted { $0.lowerBound < $1.lowerBound }
        let holes = zip(sorted, sorted.dropFirst()).map { $0.upperBound..<max($0.upperBound, $1.lowerBound) }
        if let segments = finding.segments {
            let steps = segments.dropFirst().map(\.span.start)
            let open = steps.compactMap { step in
                holes.filter { $0.upperBound - $0.lowerBound >= least }.min { distance($0, step) < distance($1, step) }
                    .flatMap { distance($0, step) <= StretchPlan.length ? $0 : nil }
            }
            return open.max { $0.upperBound - $0.lowerBound < $1.upperBound - $1.lowerBound }.map(middle)
        }
        guard let drift = finding.drift, abs(drift.ppm) > usualDrift else { return nil }
        guard let hole = holes.max(by: { $0.upperBound - $0.lowerBound < $1.upperBound - $1.lowerBound }),
            hole.upperBound - hole.lowerBound > max(least, largestHole * durationSeconds)
        else { return nil }
        return middle(hole)
    }

    /// Least length of a gap for a segment, in seconds.
    private static let least = StretchPlan.length + 1

    private static func distance(_ hole: Range<Double>, _ time: Double) -> Double {
        max(0, hole.lowerBound - time, time - hole.upperBound)
    }
    private static func middle(_ hole: Range<Double>) -> Double {
        (hole.lowerBound + hole.upperBound - StretchPlan.length) / 2
    }
}
