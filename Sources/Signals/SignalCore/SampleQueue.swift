/// Buffers samples of a timeline for windowing: gaps are filled with silence, and repeated samples are dropped.
///
/// While `fillHole` returns true, and after `append`, the owner takes the complete windows, and drops used samples.
public struct SampleQueue: Sendable {
    /// The channels, at least one. `base` is the timeline index of the first buffered sample.
    public private(set) var channels: [[Float]]
    public private(set) var base: Int
    /// Gaps are filled in chunks of this many samples, so that a long one takes no memory.
    private static let piece = 16_000

    /// - Parameters:
    ///   - base: the timeline index of its start.
    ///   - silence: initial samples of silence.
    public init(base: Int, silence: Int = 0) {
        self.base = base
        channels = [[Float](repeating: 0, count: silence)]
    }

    /// Buffered samples per channel.
    public var count: Int { channels[0].count }
    /// Timeline index after the last one.
    public var end: Int { base + count }

    /// Fills a chunk of the gap before `start`; false: there is none.
    public mutating func fillHole(before start: Int) -> Bool {
        let hole = min(start - end, SampleQueue.piece)
        guard hole > 0 else { return false }
        pad(hole)
        return true
    }

    /// Adds the new samples of a run; false: none is new.
    public mutating func append(start: Int, channels new: [[Float]]) -> Bool {
        guard let length = new.first?.count, end - start < length else { return false }
        let skipped = end - start
        for channel in channels.indices { channels[channel] += new[channel][skipped...] }
        return true
    }

    /// Changes the number of channels: new ones get the past of the first, so that nothing jumps to zero.
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
