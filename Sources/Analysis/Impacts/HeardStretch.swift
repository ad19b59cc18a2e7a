import SignalCore
public import SyncModel

extension AudioOnsets {
    /// The segment of the given length with most of the outstanding sounds; nil if there are too few.
    ///
    /// - Parameter inner: a segment that it must contain.
    public func densest(seconds: Double, around inner: TimeSpan? = nil) -> TimeSpan? {
        let sounds = events.outstanding(share: ImpactAnalyser.soundShare).map(\.seconds)
        guard sounds.count >= ImpactAnalyser.leastPairs else { return nil }
        var starts = sounds.map { $0 - 0.5 }
        if let inner {
            starts = starts.filter { $0 <= inner.start && $0 + seconds >= inner.end }
            starts.append(max(start, inner.start + inner.length / 2 - seconds / 2))
        }
        let limited = starts.map { max(min($0, end - seconds), max(0, start)) }
        let counted = limited.map { from in (from, sounds.count { $0 >= from && $0 < from + seconds }) }
        guard let best = counted.max(by: { $0.1 < $1.1 }), best.1 >= ImpactAnalyser.leastPairs else { return nil }
        return TimeSpan(start: best.0, end: best.0 + seconds)
    }

    /// Only what was heard within a segment and `margin` seconds around it.
    public func within(_ span: TimeSpan, margin: Double) -> AudioOnsets {
        let from = max(start, span.start - margin)
        let to = max(from, min(end, span.end + margin))
        return AudioOnsets(
            events: events.filter { $0.seconds >= from && $0.seconds <= to }, start: from, end: to, isSilent: isSilent)
    }
}
