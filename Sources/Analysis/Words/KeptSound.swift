import Foundation

/// The audio of a recording kept for word alignment: 16 kHz, all channels as one, a byte a sample.
///
/// Loud samples are stored more coarsely than quiet ones (the mu-law of ITU-T G.711, without its segments): noise 35 dB
/// below the audio itself, which affects no aligner, at half the memory.
public struct KeptSound: Sendable {
    private var samples: [Int8] = []
    /// Later audio is dropped.
    private let limit: Int

    /// - Parameter seconds: the length kept from the timeline's origin.
    public init(seconds: Double) { limit = Int(max(0, min(seconds, 1e6)) * SpokenPassage.rate) }

    public var seconds: Double { Double(samples.count) / SpokenPassage.rate }

    /// Adds a run of samples; `start` counts from the timeline's origin. Gaps are silent; what is before the origin is
    /// dropped.
    public mutating func append(start: Int, channels: [[Float]]) {
        guard let count = channels.first?.count, count > 0, start < limit else { return }
        if start > samples.count { samples += repeatElement(0, count: min(start, limit) - samples.count) }
        let skipped = samples.count - start
        guard skipped < count else { return }
        let share = 1 / Float(channels.count)
        for index in skipped..<min(count, limit - start) {
            var sum: Float = 0
            for channel in channels { sum += channel[index] }
            // Floating-point files may contain NaN.
            samples.append(KeptSound.byte(sum.isFinite ? sum * share : 0))
        }
    }

    /// The part between two times in seconds, full scale at 1, with the time of its first sample; nil where nothing was
    /// kept.
    public func part(from start: Double, to end: Double) -> (samples: [Float], start: Double)? {
        guard start.isFinite, end.isFinite, start < seconds, end > 0 else { return nil }
        let first = Int(max(0, start) * SpokenPassage.rate)
        let last = min(samples.count, Int(min(end, seconds) * SpokenPassage.rate))
        guard last > first else { return nil }
        return (samples[first..<last].map { KeptSound.levels[Int($0) + 128] }, Double(first) / SpokenPassage.rate)
    }

    private static let bend: Float = 255

    private static func byte(_ sample: Float) -> Int8 {
        let height = log1p(bend * min(1, abs(sample))) / log1p(bend) * 127
        return Int8(sample < 0 ? -height.rounded() : height.rounded())
    }

    /// Full scale at 1, by byte from -128.
    private static let levels: [Float] = (-128...127).map { byte in
        let height = expm1(Float(abs(max(-127, byte))) / 127 * log1p(bend)) / bend
        return byte < 0 ? -height : height
    }
}
