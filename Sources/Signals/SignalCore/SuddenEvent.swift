/// Something sudden, heard or seen.
public struct SuddenEvent: Sendable, Hashable {
    /// On the clip's timeline.
    public let seconds: Double
    /// How sudden: in dB for sound, in shares of the picture's width a second for movement, in grey levels for light.
    /// Only strengths of one kind are held against each other.
    public let strength: Double

    public init(seconds: Double, strength: Double) {
        self.seconds = seconds
        self.strength = strength
    }
}

extension [SuddenEvent] {
    /// Those that stand out: at least `share` of what the strongest few have, in the order of time.
    public func outstanding(share: Double) -> [SuddenEvent] {
        guard !isEmpty else { return [] }
        // The third strongest: one outlier must not silence the rest.
        let strengths = map(\.strength).sorted(by: >)
        let top = strengths[Swift.min(2, strengths.count - 1)]
        return filter { $0.strength >= share * top }
    }
}
