import Foundation

/// Selects the channels to analyse: all, unless some carry only a steady signal, such as linear timecode, hum or noise,
/// and others do not. Mixing those in would mask speech.
public struct SoundChannels: Sendable, Hashable {
    /// The content of an excluded channel.
    public enum Steady: String, Sendable {
        case timecode = "linear timecode"
        case hum
        case noise = "steady noise"
    }

    /// Selected channels, counted from 0.
    public let used: [Int]
    /// Excluded channels, in order.
    public let left: [Int: Steady]

    /// Seconds of audio analysed from the start.
    static let looked = 40.0
    /// Standard deviation of the level in 20 ms, in dB: below the first a channel is steady, above the second it is
    /// not. Timecode has 0.5 and less, noise 0.5, speech and music 6 and more.
    static let steadyDeviation = 2.5
    static let livelyDeviation = 4.5

    /// Analyses the start of the audio.
    ///
    /// - Parameter stream: the audio stream, counted from 0 among them; nil: the default one.
    /// - Returns: nil if all channels are used, or it cannot be read, which is reported elsewhere.
    public static func look(path: String, region: MediaRegion? = nil, stream: Int? = nil) -> SoundChannels? {
        struct Enough: Error {}
        var channels: [ChannelLevels] = []
        do {
            _ = try SoundFile.decode(path: path, region: region, stream: stream) { block in
                guard block.channels.count > 1 else { throw Enough() }
                if channels.isEmpty { channels = block.channels.map { _ in ChannelLevels() } }
                guard channels.count == block.channels.count else { throw Enough() }
                for index in channels.indices { channels[index].append(block.channels[index]) }
                if channels[0].seconds >= looked { throw Enough() }
            }
        } catch {}
        let kinds = channels.map(\.kind)
        guard kinds.contains(.lively), kinds.contains(where: { $0.steady != nil }) else { return nil }
        var left: [Int: Steady] = [:]
        for (index, kind) in kinds.enumerated() { left[index] = kind.steady }
        return SoundChannels(used: kinds.indices.filter { left[$0] == nil }, left: left)
    }

    /// A block of the selected channels.
    public func of(_ block: SoundBlock) -> SoundBlock {
        guard used.allSatisfy(block.channels.indices.contains) else { return block }
        return SoundBlock(start: block.start, channels: used.map { block.channels[$0] })
    }

    /// "channel 0 (linear timecode)", separated by commas.
    public var leftInWords: String {
        left.sorted { $0.key < $1.key }.map { "channel \($0.key) (\($0.value.rawValue))" }.joined(separator: ", ")
    }
}

/// Level statistics of one channel.
private struct ChannelLevels {
    enum Kind: Equatable {
        case steady(SoundChannels.Steady)
        case lively, unclear

        var steady: SoundChannels.Steady? { if case .steady(let kind) = self { kind } else { nil } }
    }

    private static let frame = 320
    /// Level of silence, in dB of full scale.
    private static let silence = -60.0
    private static let leastSeconds = 2.0

    private var held: [Float] = []
    private var samples = 0
    private var levels: [Double] = []
    /// Histogram of the samples between zero crossings.
    private var runs = [Int](repeating: 0, count: 64)
    private var run = 0
    private var wasPositive = false

    var seconds: Double { Double(samples) / Double(SoundBlock.rate) }

    mutating func append(_ sound: [Float]) {
        samples += sound.count
        for sample in sound {
            run += 1
            if (sample >= 0) != wasPositive {
                runs[min(run, runs.count - 1)] += 1
                (run, wasPositive) = (0, sample >= 0)
            }
        }
        held += sound
        var start = 0
        while held.count - start >= ChannelLevels.frame {
            let energy = held[start..<start + ChannelLevels.frame].reduce(Float(0)) { $0 + $1 * $1 }
            levels.append(10 * log10(max(1e-12, Double(energy) / Double(ChannelLevels.frame))))
            start += ChannelLevels.frame
        }
        held.removeFirst(start)
    }

    var kind: Kind {
        let loud = levels.filter { $0 > ChannelLevels.silence }
        let frames = Double(SoundBlock.rate) / Double(ChannelLevels.frame)
        guard Double(loud.count) / frames >= ChannelLevels.leastSeconds else { return .unclear }
        let mean = loud.reduce(0, +) / Double(loud.count)
        let deviation =
            (loud.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(loud.count)).squareRoot()
        if deviation > SoundChannels.livelyDeviation { return .lively }
        guard deviation < SoundChannels.steadyDeviation else { return .unclear }
        if isTimecode { return .steady(.timecode) }
        let changes = Double(runs.reduce(0, +)) / max(seconds, 0.01)
        return .steady(changes < 800 ? .hum : .noise)
    }

    /// Bits of linear timecode (SMPTE ST 12-1) are whole or halved: nearly all runs between zero crossings have one of
    /// two lengths, one twice the other. 24 to 30 frames of 80 bits a second are 6.7 to 8.3 samples per bit.
    private var isTimecode: Bool {
        let all = runs.reduce(0, +)
        guard all > 1000 else { return false }
        let halves = runs[3...5].reduce(0, +)
        let wholes = runs[6...9].reduce(0, +)
        return Double(halves + wholes) > 0.9 * Double(all) && Double(min(halves, wholes)) > 0.1 * Double(all)
    }
}
