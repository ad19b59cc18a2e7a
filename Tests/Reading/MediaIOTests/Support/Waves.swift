import Foundation

/// Sound written from bytes, with a burst at a known time.
enum Waves {
    /// Seconds from a burst's first sample to its middle.
    static let half = 0.015

    /// A tone of `hertz` under a bell that is 30 ms wide, with its middle at `seconds`; elsewhere silence.
    static func burst(at middles: [Double], rate: Int, seconds: Double, hertz: Double = 1000, level: Double = 0.5)
        -> [Float]
    {
        (0..<Int((seconds * Double(rate)).rounded())).map { index in
            let time = Double(index) / Double(rate)
            guard let middle = middles.first(where: { abs(time - $0) < half }) else { return 0 }
            let bell = 0.5 + 0.5 * cos(.pi * (time - middle) / half)
            return Float(level * bell * cos(2 * .pi * hertz * (time - middle)))
        }
    }

    /// A sum of tones that never repeats within the file: every sample tells where it belongs.
    static func chirp(rate: Int, seconds: Double, level: Double = 0.4) -> [Float] {
        (0..<Int((seconds * Double(rate)).rounded())).map { index in
            let time = Double(index) / Double(rate)
            return Float(level * sin(2 * .pi * (200 * time + 250 * time * time)))
        }
    }

    /// A WAV file of 16 bits, every channel the same unless `channels` are given.
    static func wav(_ channels: [[Float]], rate: Int) -> [UInt8] {
        let count = channels[0].count
        let size = count * channels.count * 2
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size + 44)
        func put(_ text: String) { bytes += Array(text.utf8) }
        func put(_ value: Int, _ width: Int) {
            for shift in 0..<width { bytes.append(UInt8((value >> (8 * shift)) & 0xff)) }
        }
        put("RIFF")
        put(size + 36, 4)
        put("WAVEfmt ")
        put(16, 4)
        put(1, 2)
        put(channels.count, 2)
        put(rate, 4)
        put(rate * channels.count * 2, 4)
        put(channels.count * 2, 2)
        put(16, 2)
        put("data")
        put(size, 4)
        for index in 0..<count {
            for channel in channels {
                let value = Int((channel[index] * 32767).rounded())
                bytes.append(UInt8(truncatingIfNeeded: value))
                bytes.append(UInt8(truncatingIfNeeded: value >> 8))
            }
        }
        return bytes
    }
}
