public import SyncModel

/// An offset over the subject's time: constant, drifting, or by segments.
public struct OffsetCourse: Sendable, Hashable {
    /// Where a segment starts, in seconds of the subject's time, and its offset.
    public struct Piece: Sendable, Hashable {
        public let start: Double
        public let offset: Offset

        public init(start: Double, offset: Offset) { (self.start, self.offset) = (start, offset) }
    }

    /// By their starts; one unless the offset changes in steps.
    public let pieces: [Piece]
    /// In ppm, from time 0 on; nil: none.
    public let driftPPM: Double?

    public init(_ offset: Offset, driftPPM: Double? = nil) {
        (pieces, self.driftPPM) = ([Piece(start: 0, offset: offset)], driftPPM)
    }

    /// - Parameter pieces: at least one.
    public init(pieces: [Piece]) {
        precondition(!pieces.isEmpty, "an offset has a segment")
        (self.pieces, driftPPM) = (pieces.sorted { $0.start < $1.start }, nil)
    }

    /// As in a table: segments as `start_s:offset_ms` with blanks between them; nil: there is no offset.
    public init?(milliseconds: Double?, driftPPM: Double?, segments: String) {
        let pieces = segments.split(separator: " ").compactMap { text -> Piece? in
            let numbers = text.split(separator: ":").compactMap { Double($0) }
            guard numbers.count == 2, numbers.allSatisfy(\.isFinite) else { return nil }
            return Piece(start: numbers[0], offset: Offset(milliseconds: numbers[1]))
        }
        if !pieces.isEmpty {
            self.init(pieces: pieces)
        } else if let milliseconds, milliseconds.isFinite {
            self.init(Offset(milliseconds: milliseconds), driftPPM: driftPPM)
        } else {
            return nil
        }
    }

    /// The offset at a time, in milliseconds; before the first segment that of the first.
    func milliseconds(at seconds: Double) -> Double {
        let piece = pieces.last { $0.start <= seconds } ?? pieces[0]
        return piece.offset.milliseconds + (driftPPM ?? 0) * 1e-3 * seconds
    }

    /// The times in seconds at which an answer to it is compared: the middle of every segment; beginning and end, if it
    /// or the answer drifts.
    func timesToCompare(durationSeconds: Double?, with answer: OffsetCourse) -> [Double] {
        guard pieces.count > 1 else {
            guard driftPPM != nil || answer.driftPPM != nil, let durationSeconds else { return [0] }
            return [0, durationSeconds]
        }
        return pieces.indices.map { index in
            let start = pieces[index].start
            // Tables without the recording's length: near the start of the last segment.
            let end = index + 1 < pieces.count ? pieces[index + 1].start : durationSeconds ?? start + 6
            return (start + max(start, end)) / 2
        }
    }
}
