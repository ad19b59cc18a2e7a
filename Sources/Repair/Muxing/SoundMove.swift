public import SyncModel

/// How the times of a sound are mended: `t_new = t + offset + drift * t`, or piece by piece.
public struct SoundMove: Sendable, Hashable, Codable {
    /// Seconds to add, at subject time 0; positive: the sound comes later than it did.
    public var offset: Offset
    /// nil: the clock runs true.
    public var drift: Drift?
    /// Pieces in subject time, each with an offset of its own; empty: one offset throughout.
    public var segments: [OffsetSegment]

    public init(offset: Offset, drift: Drift? = nil, segments: [OffsetSegment] = []) {
        self.offset = offset
        self.drift = drift
        self.segments = segments.sorted { $0.span.start < $1.span.start }
    }

    /// No move at all.
    public static let none = SoundMove(offset: Offset(seconds: 0))

    public var isNone: Bool { isPlain && plainSeconds == 0 }

    /// The move that a measurement asks for.
    ///
    /// - Parameter expected: where the subject is meant to lie against its reference.
    /// - Returns: nil where the finding has no offset.
    public init?(_ finding: Finding, expecting expected: Offset) {
        guard let offset = finding.offset else { return nil }
        self.init(
            offset: Offset(seconds: offset.seconds - expected.seconds), drift: finding.drift,
            segments: (finding.segments ?? []).map {
                OffsetSegment(span: $0.span, offset: Offset(seconds: $0.offset.seconds - expected.seconds))
            })
    }

    /// Whether only time stamps have to change: no sample does.
    public var isPlain: Bool { segments.count < 2 && (drift?.ppm ?? 0) == 0 }

    /// The one offset of a plain move.
    var plainSeconds: Double { segments.first?.offset.seconds ?? offset.seconds }

    /// This move of what another one has moved before; nil: one of them has pieces, which lie elsewhere afterwards.
    public func after(_ first: SoundMove) -> SoundMove? {
        guard segments.isEmpty, first.segments.isEmpty else { return nil }
        let rates = (first: 1 + (first.drift?.ppm ?? 0) * 1e-6, second: 1 + (drift?.ppm ?? 0) * 1e-6)
        let ppm = (rates.first * rates.second - 1) * 1e6
        return SoundMove(
            offset: Offset(seconds: first.offset.seconds * rates.second + offset.seconds),
            drift: ppm == 0 ? nil : Drift(ppm: ppm))
    }

    /// The new time of a subject time, in seconds; `anchor` decides the piece that it belongs to.
    public func time(_ time: Double, anchor: Double) -> Double {
        guard !segments.isEmpty else { return time * (1 + (drift?.ppm ?? 0) * 1e-6) + offset.seconds }
        let piece = segments.last { $0.span.start <= anchor + 1e-6 } ?? segments[0]
        return time + piece.offset.seconds
    }

    /// A stretch of the new sound and where it is taken from.
    struct Piece: Sendable, Hashable {
        /// Seconds of new time.
        var start: Double
        var end: Double
        /// Seconds of subject time at `start`.
        var from: Double
        /// Seconds of new time for each second of subject time.
        var rate: Double
    }

    /// The pieces in new time, in order and without overlap; what lies between them is silence. The first and last
    /// reach to the sound's own ends, and where two would overlap the later one is kept.
    ///
    /// - Parameter shift: seconds by which all new times are moved beside.
    func pieces(shift: Double = 0) -> [Piece] {
        guard segments.count > 1 else {
            let rate = segments.isEmpty ? 1 + (drift?.ppm ?? 0) * 1e-6 : 1
            return [Piece(start: -1e6, end: 1e6, from: (-1e6 - plainSeconds - shift) / rate, rate: rate)]
        }
        var result: [Piece] = []
        for (index, segment) in segments.enumerated() {
            let isLast = index == segments.count - 1
            let start = index == 0 ? -1e6 : segment.span.start + segment.offset.seconds + shift
            // A piece reaches as far as the next one in subject time: nothing between two pieces is lost.
            let end = isLast ? 1e6 : segments[index + 1].span.start + segment.offset.seconds + shift
            while let last = result.last, last.start >= start { result.removeLast() }
            if let last = result.last, last.end > start { result[result.count - 1].end = start }
            result.append(Piece(start: start, end: end, from: start - segment.offset.seconds - shift, rate: 1))
        }
        return result
    }
}
