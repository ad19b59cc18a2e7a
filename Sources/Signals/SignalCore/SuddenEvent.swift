/// A sudden audio or visual event.
public struct SuddenEvent: Sendable, Hashable {
    /// Time on the clip's timeline.
    public let seconds: Double
    /// Strength: in dB for audio, in frame widths per second for movement, in grey levels for light. Only strengths of
    /// one kind are comparable.
    public let strength: Double

    public init(seconds: Double, strength: Double) {
        self.seconds = seconds
        self.strength = strength
    }
}

extension [SuddenEvent] {
    /// The prominent events: at least `share` of the strength of the strongest few, in order of time.
    public func outstanding(share: Double) -> [SuddenEvent] {
        guard !isEmpty else { return [] }
        // The third strongest, so that one outlier does not suppress the rest.
        let strengths = map(\.strength).sorted(by: >)
        let top = strengths[Swift.min(2, strengths.count - 1)]
        return filter { $0.strength >= share * top }
    }
}
