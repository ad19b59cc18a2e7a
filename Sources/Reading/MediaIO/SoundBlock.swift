/// A run of audio on the presentation timeline.
public struct SoundBlock: Sendable {
    /// Sample rate of all delivered audio, in Hz.
    public static let rate = 16_000

    /// Index of the first sample at `rate`, counted from the timeline's origin; may be negative.
    public let start: Int
    /// One array of samples per channel, all of the same length, full scale at 1.
    public let channels: [[Float]]

    public init(start: Int, channels: [[Float]]) {
        self.start = start
        self.channels = channels
    }

    /// Samples per channel.
    public var count: Int { channels.first?.count ?? 0 }
}
