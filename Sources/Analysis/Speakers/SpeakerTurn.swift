/// One labelled segment of one speaker.
public struct SpeakerTurn: Sendable, Hashable {
    /// Its position in the file, counted from 0.
    public var index: Int
    public var speaker: String
    /// Seconds, as stated.
    public var start: Double
    public var end: Double

    public init(index: Int, speaker: String, start: Double, end: Double) {
        self.index = index
        self.speaker = speaker
        self.start = start
        self.end = end
    }

    var length: Double { end - start }
    /// Whether its times are valid.
    var isUsable: Bool { start.isFinite && end.isFinite && end > start && length < 36_000 }
}
