import Foundation

/// 16-bit audio, channels interleaved.
struct Sound: Equatable, Sendable {
    /// Sample rate in Hz.
    var sampleRate: Int
    var channels = 1
    var samples: [Int16]

    var seconds: Double { Double(samples.count / channels) / Double(sampleRate) }

    /// The same samples, declared with another rate.
    func called(_ rate: Int) -> Sound { Sound(sampleRate: rate, channels: channels, samples: samples) }

    /// Two channels that cancel when added.
    func inOppositePhase() -> Sound {
        precondition(channels == 1, "opposite phase is made of one channel")
        return Sound(
            sampleRate: sampleRate, channels: 2, samples: samples.flatMap { [$0, $0 == .min ? .max : -$0] })
    }

    /// A RIFF/WAVE file: the canonical 44-byte header, then the samples, little-endian.
    func waveFile() -> Data {
        let bytesPerFrame = 2 * channels
        let soundBytes = samples.count * 2
        var data = Data(capacity: 44 + soundBytes)
        func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
        }
        data.append(contentsOf: Array("RIFF".utf8))
        append(UInt32(36 + soundBytes))
        data.append(contentsOf: Array("WAVEfmt ".utf8))
        append(UInt32(16))
        append(UInt16(1))  // integer samples
        append(UInt16(channels))
        append(UInt32(sampleRate))
        append(UInt32(sampleRate * bytesPerFrame))
        append(UInt16(bytesPerFrame))
        append(UInt16(16))
        data.append(contentsOf: Array("data".utf8))
        append(UInt32(soundBytes))
        for sample in samples {
            append(sample)
        }
        return data
    }
}
