/// One labelled segment of time that is scored: a sound event, or a speaker's turn.
public struct ScoredEvent: Sendable, Hashable {
    public var label: String
    /// Seconds, `start <= end`.
    public var start: Double
    public var end: Double

    public init(label: String, start: Double, end: Double) {
        self.label = label
        self.start = start
        self.end = end
    }
}
