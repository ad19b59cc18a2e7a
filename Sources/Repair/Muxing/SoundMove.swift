public import SyncModel

/// How the times of a subject are fixed: `t_new = t + offset + drift * t`, or by segments.
public struct SoundMove: Sendable, Hashable, Codable {
    /// Seconds to add at subject time 0; positive: later than before.
    public var offset: Offset
    /// nil: no drift.
    public var drift: Drift?
    /// Segments in subject time, each with its own offset; empty: one offset throughout.
    public var segments: [OffsetSegment]

    public init(offset: Offset, drift: Drift? = nil, segments: [OffsetSegment] = []) {
        self.offset = offset
        self.drift = drift
        self.segments = segments.sorted { $0.span.start < $1.span.start }
    }

    /// No move at all.
    public static let none = SoundMove(offset: Offset(seconds: 0))

    public var isNone: Bool { isPlain && plainSeconds == 0 }

    /// The move that fixes a measured finding.
    ///
    /// - Parameter expected: the expected offset of the subject against its reference.
    /// - Returns: nil if the finding has no offset.
    public init?(_ finding: Finding, expecting expected: Offset) {
        guard let offset = finding.offset else { return nil }
        self.init(
            offset: Offset(seconds: offset.seconds - expected.seconds), drift: finding.drift,
            segments: (finding.segments ?? []).map {
                OffsetSegment(span: $0.span, offset: Offset(seconds: $0.offset.seconds - expected.seconds))
            })
    }

    /// Whether only timestamps change, and no samples.
    public var isPlain: Bool { segments.count < 2 && (drift?.ppm ?? 0) == 0 }

    /// The one offset of a plain move.
    var plainSeconds: Double { segments.first?.offset.seconds ?? offset.seconds }

    /// This move applied after another one; nil: one of them has segments, whose positions change.
    public func after(_ first: SoundMove) -> SoundMove? {
        guard segments.isEmpty, first.segments.isEmpty else { return nil }
        let rates = (first: 1 + (first.drift?.ppm ?? 0) * 1e-6, second: 1 + (drift?.ppm ?? 0) * 1e-6)
        let ppm = (rates.first * rates.second - 1) * 1e6
        return SoundMove(
            offset: Offset(seconds: first.offset.seconds * rates.second + offset.seconds),
            drift: ppm == 0 ? nil : Drift(ppm: ppm))
    }

    /// The new time of a subject time, in seconds; `anchor` selects the segment.
    public func time(_ time: Double, anchor: Double) -> Double {
        guard !segments.isEmpty else { return time * (1 + (drift?.ppm ?? 0) * 1e-6) + offset.seconds }
        let piece = segments.last { $0.span.start <= anchor + 1e-6 } ?? segments[0]
        return time + piece.offset.seconds
    }

    /// An interval of the new audio and its source.
    struct Piece: Sendable, Hashable {
        /// Seconds of new time.
        var start: Double
        var end: Double
        /// Seconds of subject time at `start`.
        var from: Double
        /// Seconds of new time per second of subject time.
        var rate: Double
    }

    /// The intervals in new time, in order and without overlap, with silence in between. The first and last extend to
    /// the audio's ends, and of two that overlap the later one is kept.
    ///
    /// - Parameter shift: seconds added to all new times.
    func pieces(shift: Double = 0) -> [Piece] {
        guard segments.count > 1 else {
            let rate = segments.isEmpty ? 1 + (drift?.ppm ?? 0) * 1e-6 : 1
            return [Piece(start: -1e6, end: 1e6, from: (-1e6 - plainSeconds - shift) / rate, rate: rate)]
        }
        var result: [Piece] = []
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            let start = index == 0 ? -1e6 : segment.span.start + segment.offset.seconds + shift
            // A segment extends to the next one in subject time: nothing in between is lost.
            let end = isLast ? 1e6 : segments[index + 1].span.start + segment.offset.seconds + shift
            while let last = result.last, last.start >= start { result.removeLast() }
            if let last = result.last, last.end > start { result[result.count - 1].end = start }
            result.append(Piece(start: start, end: end, from: start - segment.offset.seconds - shift, rate: 1))
        }
        return result
    }
}
