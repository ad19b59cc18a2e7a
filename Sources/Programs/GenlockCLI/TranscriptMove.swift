import SyncModel

/// How a finding moves the times of its subject.
struct TranscriptMove {
    private let offset: Double
    private let factor: Double
    private let segments: [OffsetSegment]

    /// - Returns: nil where the finding carries no offset.
    init?(_ finding: Finding) {
        guard let offset = finding.offset else { return nil }
        self.offset = offset.seconds
        factor = 1 + (finding.drift?.ppm ?? 0) * 1e-6
        segments = finding.segments ?? []
    }

    /// The new time; an item is moved by the piece that its start lies in.
    func time(_ time: Double, anchor: Double) -> Double {
        guard !segments.isEmpty else { return time * factor + offset }
        let piece = segments.last { $0.span.start <= anchor + 1e-6 } ?? segments[0]
        return time + piece.offset.seconds
    }
}
