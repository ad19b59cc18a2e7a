import Foundation
import SignalCore

extension SoundSignal {
    /// Weights between two samples, in steps of a 512th.
    private static let phases: [[Float]] = (0..<512).map { phase in
        Interpolation.weights(at: Double(Interpolation.margin) + (Double(phase) + 0.5) / 512).weights.map { Float($0) }
    }

    /// The audio resampled by `speed`, changing its pitch: its form on the clock of a master of another speed.
    ///
    /// - Parameter speed: seconds of the result for each second of this.
    public func stretched(by speed: Double) -> SoundSignal {
        guard speed != 1 else { return self }
        let first = Int((Double(start) * speed).rounded())
        let length = max(1, Int(Double(count) * speed))
        var builder = FingerprintBuilder()
        var (levels, scales): ([Int8], [Float]) = ([], [])
        levels.reserveCapacity(length)
        // The pre-emphasis is removed for the fingerprint, and kept for the comparison.
        var plain: Float = 0
        let piece = 1 << 16
        var done = 0
        while done < length {
            let wanted = min(piece, length - done)
            let from = Double(first + done) / speed
            let low = Int(from.rounded(.down)) - Interpolation.margin
            let held = samples(from: low, count: Int(Double(wanted) / speed) + 2 * Interpolation.margin + 4)
            var out = [Float](repeating: 0, count: wanted)
            for index in 0..<wanted {
                let place = from + Double(index) / speed - Double(low)
                let tap = Int(place)
                let weights = SoundSignal.phases[Int((place - Double(tap)) * 512)]
                var sum: Float = 0
                for (offset, weight) in weights.enumerated() {
                    let own = tap - Interpolation.margin + 1 + offset
                    if own >= 0, own < held.count { sum += held[own] * weight }
                }
                out[index] = sum
            }
            builder.append(
                out.map { value in
                    plain = value + 0.95 * plain
                    return plain
                })
            var block = 0
            while block < wanted {
                let end = min(wanted, block + SoundSignal.block)
                let largest = out[block..<end].reduce(Float(0)) { max($0, abs($1)) }
                let step = largest / 127
                scales.append(step)
                for index in block..<end { levels.append(step > 0 ? Int8((out[index] / step).rounded()) : 0) }
                block = end
            }
            done += wanted
        }
        return SoundSignal(
            start: first, levels: levels, scales: scales, fingerprint: builder.finish(start: first), peak: peak)
    }
}
