import Foundation
import SignalCore

@testable import Views

/// Sound made for tests, 16000 samples a second: syllables of noise in changing bands, so that no stretch is like
/// another.
enum MadeSound {
    static let rate = 16_000

    static func speech(seconds: Double, seed: UInt64) -> [Float] {
        var generator = SplitMix64(seed: seed)
        let count = Int(seconds * Double(rate))
        var result = [Float](repeating: 0, count: count)
        var place = 0
        while place < count {
            let length = Int.random(in: 1200...4000, using: &generator)
            let gain = Float.random(in: 0.1...1, using: &generator)
            let pole = Float.random(in: -0.7...0.95, using: &generator)
            var state: Float = 0
            for index in place..<min(count, place + length) {
                let rise = Float(sin(.pi * Double(index - place) / Double(length)))
                state = pole * state + Float.random(in: -1...1, using: &generator) * (1 - abs(pole))
                result[index] = gain * rise * state
            }
            place += length + Int.random(in: 0...1500, using: &generator)
        }
        return result
    }

    /// Syllables of noise that all come `1 / speed` times as late and last as long, in bands that stay: what a perfect
    /// stretcher would make of the same sound at `speed` times its speed.
    static func stretched(seconds: Double, seed: UInt64, speed: Double, noise: UInt64) -> [Float] {
        var (shape, grain) = (SplitMix64(seed: seed), SplitMix64(seed: noise))
        let count = Int(seconds / speed * Double(rate))
        var result = [Float](repeating: 0, count: count)
        var place = 0.0
        while place < seconds {
            let length = Double.random(in: 0.08...0.25, using: &shape)
            let gain = Float.random(in: 0.1...1, using: &shape)
            let pole = Float.random(in: -0.7...0.95, using: &shape)
            let (first, last) = (Int(place / speed * Double(rate)), Int((place + length) / speed * Double(rate)))
            var state: Float = 0
            for index in first..<max(first, min(count, last)) {
                let rise = Float(sin(.pi * Double(index - first) / Double(last - first)))
                state = pole * state + Float.random(in: -1...1, using: &grain) * (1 - abs(pole))
                result[index] = gain * rise * state
            }
            place += length + Double.random(in: 0...0.1, using: &shape)
        }
        return result
    }

    static func noise(_ count: Int, level: Float, seed: UInt64) -> [Float] {
        var generator = SplitMix64(seed: seed)
        return (0..<count).map { _ in Float.random(in: -1...1, using: &generator) * level }
    }

    static func added(_ one: [Float], _ other: [Float]) -> [Float] { zip(one, other).map { $0 + $1 } }

    /// The signal of sound whose first sample lies at `start` seconds of the recording's timeline.
    static func signal(_ samples: some Collection<Float>, start: Double = 0) -> SoundSignal {
        var builder = SoundSignalBuilder()
        let all = Array(samples)
        for first in stride(from: 0, to: all.count, by: 5000) {
            builder.append(
                start: Int(start * Double(rate)) + first, channels: [Array(all[first..<min(all.count, first + 5000)])])
        }
        guard let signal = builder.finish() else { preconditionFailure("there is sound") }
        return signal
    }

    /// `x` as a clock that runs off by `ppm` hears it: cubic interpolation at `start + k * (1 + ppm * 1e-6)` samples.
    static func drifting(_ x: [Float], from start: Double, ppm: Double, count: Int) -> [Float] {
        (0..<count).map { index in
            let place = start + Double(index) * (1 + ppm * 1e-6)
            let base = Int(place)
            guard base >= 1, base + 2 < x.count else { return 0 }
            let t = Float(place - Double(base))
            let (a, b, c, d) = (x[base - 1], x[base], x[base + 1], x[base + 2])
            return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
        }
    }
}
