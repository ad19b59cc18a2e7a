/// One stretch that a label gives to something that sounds.
public struct SoundEvent: Sendable, Hashable {
    /// Its place in the file, counted from 0.
    public var index: Int
    public var label: String
    /// Seconds, as stated.
    public var start: Double
    public var end: Double

    public init(index: Int, label: String, start: Double, end: Double) {
        self.index = index
        self.label = label
        self.start = start
        self.end = end
    }

    var length: Double { end - start }
    /// Whether its times can be held against anything.
    var isUsable: Bool { start.isFinite && end.isFinite && end >= start && length < 36_000 }
}
