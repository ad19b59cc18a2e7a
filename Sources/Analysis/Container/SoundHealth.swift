import SyncModel

/// Finds dropouts and clipping in audio as it is stored.
///
/// A dropout is audio that stops and resumes within 3 ms, between audio as loud as the rest, with silence between: no
/// room and no voice falls silent that fast. Clipped audio has flat peaks, all at one height that nothing exceeds.
/// Memory use does not grow with the length.
public struct SoundHealth: Sendable {
    private var ears: [ChannelEar] = []
    private var rate = 0
    private var next = 0.0
    private var heard = 0.0

    /// Channels beyond are not analysed.
    private static let mostChannels = 8

    public init() {}

    /// Takes a run of samples.
    ///
    /// - Parameters:
    ///   - seconds: presentation time of the first one, from the file's origin; nil: where the last run ended.
    ///   - rate: samples a second.
    ///   - channels: one array a channel, full scale at 1.
    public mutating func append(seconds: Double?, rate: Int, channels: [[Float]]) {
        guard rate >= 1000, let count = channels.first?.count, count > 0 else { return }
        if rate != self.rate || channels.count != ears.count { restart(rate, min(channels.count, Self.mostChannels)) }
        // Timestamps are rounded; only a real gap moves the clock.
        if let seconds, abs(seconds - next) > 0.03 { next = seconds }
        for index in ears.indices { ears[index].append(channels[index], at: next) }
        next += Double(count) / Double(rate)
        heard += Double(count) / Double(rate)
    }

    /// The format changes: what was found so far is kept.
    private mutating func restart(_ rate: Int, _ channels: Int) {
        self.rate = rate
        let old = ears
        ears = (0..<channels).map { ChannelEar(rate: rate, after: $0 < old.count ? old[$0] : nil) }
    }

    /// All faults of the audio that was analysed.
    public var faults: [ContainerFault] {
        var faults: [ContainerFault] = []
        let dropped = Moments.merged(ears.flatMap(\.drops))
        if !dropped.isEmpty {
            let count = dropped.count == 1 ? "at" : "\(dropped.count) times, at"
            faults.append(
                ContainerFault(
                    .droppedSound,
                    "the audio drops out completely \(count) \(Words.moments(dropped))",
                    cost: nil, remedy: "check the source: audio was lost there", moments: dropped))
        }
        let clipped = Moments.merged(ears.flatMap(\.clips), within: Self.oneStretch)
        if !clipped.isEmpty {
            let lost = clipped.reduce(0) { $0 + $1.length }
            faults.append(
                ContainerFault(
                    .clippedSound,
                    """
                    the audio is clipped for \(Words.size(lost)) in total between \(Words.time(clipped[0].start)) and \
                    \(Words.time(clipped[clipped.count - 1].end)): its peaks are cut off
                    """,
                    cost: nil, remedy: "record or convert it again with less gain: what is cut off cannot be restored",
                    moments: clipped))
        }
        return faults
    }

    /// Flat peaks nearer than this are one segment of clipped audio, in seconds.
    private static let oneStretch = 0.25
}
