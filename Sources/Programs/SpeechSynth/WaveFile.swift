import Foundation

/// A 16-bit mono RIFF/WAVE file.
enum WaveFile {
    /// The file's bytes: the canonical 44-byte header, then the samples, little-endian.
    static func data(samples: [Int16], sampleRate: Int) -> Data {
        let bytesPerSample = 2
        let soundBytes = samples.count * bytesPerSample
        var data = Data(capacity: 44 + soundBytes)
        data.append(contentsOf: Array("RIFF".utf8))
        data.append(littleEndian: UInt32(36 + soundBytes))
        data.append(contentsOf: Array("WAVEfmt ".utf8))
        data.append(littleEndian: UInt32(16))
        data.append(littleEndian: UInt16(1))  // integer samples
        data.append(littleEndian: UInt16(1))  // one channel
        data.append(littleEndian: UInt32(sampleRate))
        data.append(littleEndian: UInt32(sampleRate * bytesPerSample))
        data.append(littleEndian: UInt16(bytesPerSample))
        data.append(littleEndian: UInt16(8 * bytesPerSample))
        data.append(contentsOf: Array("data".utf8))
        data.append(littleEndian: UInt32(soundBytes))
        for sample in samples {
            data.append(littleEndian: sample)
        }
        return data
    }
}

extension Data {
    fileprivate mutating func append(littleEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
