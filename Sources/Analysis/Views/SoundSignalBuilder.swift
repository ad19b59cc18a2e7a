import SignalCore

/// Makes a `SoundSignal` during decoding, segment by segment, in memory that grows by 10 kB a second.
public struct SoundSignalBuilder: Sendable {
    /// Sample rate of the input, in Hz.
    public static let inputRate = 2 * SoundSignal.rate
    /// Longer recordings, and larger timestamps, are cut here, in seconds.
    public static let longest = 86_400.0

    private var decimator = HalfbandDecimator()
    private var fingerprint = FingerprintBuilder()
    private var start: Int?
    /// Input samples taken so far, gaps included.
    private var taken = 0
    private var previous: Float = 0
    private var levels: [Int8] = []
    private var scales: [Float] = []
    private var rest: [Float] = []
    private var peak: Float = 0

    /// Share of the last sample that is subtracted: speech and most rooms fall by about 6 dB an octave, and one byte is
    /// to hold the upper band as well.
    private static let emphasis: Float = 0.95

    public init() {}

    /// Adds samples at `inputRate` whose first has the index `start` on the timeline; gaps since the last are silent.
    public mutating func append(start position: Int, channels: [[Float]]) {
        guard let count = channels.first?.count, count > 0 else { return }
        // Output sample k belongs to input sample 2k: the first is at an even index.
        let begin = start ?? (position & ~1)
        if start == nil { start = begin }
        let place = position - begin
        guard Double(place + count) <= SoundSignalBuilder.longest * Double(SoundSignalBuilder.inputRate), place >= taken
        else { return }
        while taken < place {
            let hole = min(place - taken, 1 << 16)
            take([Float](repeating: 0, count: hole))
        }
        take(SoundSignalBuilder.mixed(channels))
    }

    private static func mixed(_ channels: [[Float]]) -> [Float] {
        guard channels.count > 1 else { return channels[0] }
        let scale = 1 / Float(channels.count)
        var sum = channels[0]
        for channel in channels.dropFirst() {
            for index in sum.indices { sum[index] += channel[index] }
        }
        for index in sum.indices { sum[index] *= scale }
        return sum
    }

    private mutating func take(_ samples: [Float]) {
        taken += samples.count
        for value in samples where abs(value) > peak { peak = abs(value) }
        store(decimator.append(samples))
    }

    private mutating func store(_ samples: [Float]) {
        fingerprint.append(samples)
        rest.reserveCapacity(rest.count + samples.count)
        for value in samples {
            let finite = value.isFinite ? value : 0
            rest.append(finite - SoundSignalBuilder.emphasis * previous)
            previous = finite
        }
        let blocks = rest.count / SoundSignal.block
        for block in 0..<blocks { quantise(block * SoundSignal.block, SoundSignal.block) }
        rest.removeFirst(blocks * SoundSignal.block)
    }

    private mutating func quantise(_ first: Int, _ count: Int) {
        var largest: Float = 0
        for index in first..<first + count { largest = max(largest, abs(rest[index])) }
        let step = largest / 127
        scales.append(step)
        let inverse = step > 0 ? 1 / step : 0
        for index in first..<first + count { levels.append(Int8((rest[index] * inverse).rounded())) }
    }

    /// The signal; nil where there was no audio.
    public mutating func finish() -> SoundSignal? {
        guard let start else { return nil }
        store(decimator.finish())
        if !rest.isEmpty { quantise(0, rest.count) }
        return SoundSignal(
            start: start / 2, levels: levels, scales: scales, fingerprint: fingerprint.finish(start: start / 2),
            peak: peak)
    }
}
