/// Samples of a timeline that wait to be cut into windows: holes are filled with silence, and what comes twice is
/// dropped.
///
/// While `fillHole` says so, and after `append`, whoever owns it takes the windows that have become whole, and drops
/// what is used.
public struct SampleQueue: Sendable {
    /// Channel by channel, at least one. `base` is the timeline index of the first sample that waits.
    public private(set) var channels: [[Float]]
    public private(set) var base: Int
    /// A hole is filled in pieces of so many samples, so that a long one takes no memory.
    private static let piece = 16_000

    /// - Parameters:
    ///   - base: the timeline index at which it begins.
    ///   - silence: samples of silence that wait there already.
    public init(base: Int, silence: Int = 0) {
        self.base = base
        channels = [[Float](repeating: 0, count: silence)]
    }

    /// Samples that wait in each channel.
    public var count: Int { channels[0].count }
    /// Timeline index behind the last one.
    public var end: Int { base + count }

    /// Fills a piece of the hole before `start`, if there is one; false: there is none.
    public mutating func fillHole(before start: Int) -> Bool {
        let hole = min(start - end, SampleQueue.piece)
        guard hole > 0 else { return false }
        pad(hole)
        return true
    }

    /// Adds what is new of a run of samples; false: nothing is.
    public mutating func append(start: Int, channels new: [[Float]]) -> Bool {
        guard let length = new.first?.count, end - start < length else { return false }
        let skipped = end - start
        for channel in channels.indices { channels[channel] += new[channel][skipped...] }
        return true
    }

    /// Takes on another number of channels: the past of new ones is that of the first, so that nothing jumps to zero.
    public mutating func adopt(channels count: Int) {
        if channels.count != count { channels = Array(repeating: channels[0], count: count) }
    }

    /// Adds silence.
    public mutating func pad(_ samples: Int) {
        for channel in channels.indices where samples > 0 { channels[channel] += repeatElement(0, count: samples) }
    }

    /// Drops the first samples of every channel.
    public mutating func drop(_ samples: Int) {
        for channel in channels.indices { channels[channel].removeFirst(samples) }
        base += samples
    }
}
