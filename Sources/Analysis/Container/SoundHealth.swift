import SyncModel

/// Listens to sound as it is stored and tells where it drops out or is clipped.
///
/// Sound drops out where it breaks off and comes back within 3 ms, in the midst of sound as loud as the rest, with
/// nothing at all between: no room and no voice falls silent so fast. It is clipped where the tops of its waves are
/// flat, all at one height, and nothing goes beyond. Memory does not grow with the length.
public struct SoundHealth: Sendable {
    private var ears: [ChannelEar] = []
    private var rate = 0
    private var next = 0.0
    private var heard = 0.0

    /// Channels beyond are not listened to.
    private static let mostChannels = 8

    public init() {}

    /// Takes a run of samples.
    ///
    /// - Parameters:
    ///   - seconds: when the first one is due, from the file's origin; nil: where the last run ended.
    ///   - rate: samples a second.
    ///   - channels: one array a channel, full scale at 1.
    public mutating func append(seconds: Double?, rate: Int, channels: [[Float]]) {
        guard rate >= 1000, let count = channels.first?.count, count > 0 else { return }
        if rate != self.rate || channels.count != ears.count { restart(rate, min(channels.count, Self.mostChannels)) }
        // Timestamps round; only a real hole moves the clock.
        if let seconds, abs(seconds - next) > 0.03 { next = seconds }
        for index in ears.indices { ears[index].append(channels[index], at: next) }
        next += Double(count) / Double(rate)
        heard += Double(count) / Double(rate)
    }

    /// Another format in the midst: what was found so far stands.
    private mutating func restart(_ rate: Int, _ channels: Int) {
        self.rate = rate
        let old = ears
        ears = (0..<channels).map { ChannelEar(rate: rate, after: $0 < old.count ? old[$0] : nil) }
    }

    /// Everything that is the matter with the sound that was heard.
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

    /// Flat tops nearer than this are one stretch of clipped sound, in seconds.
    private static let oneStretch = 0.25
}
