import Foundation

/// Halves the sampling rate of a streamed signal, without delay.
///
/// A windowed-sinc half-band filter of 47 taps (Kaiser, beta 7): flat to 0.42 of the new rate, -70 dB beyond 0.58 of
/// it. Output sample k is input sample 2k; the first input sample has index 0.
public struct HalfbandDecimator: Sendable {
    private static let reach = 23
    /// The taps at odd distances 1, 3, ... 23; the one at distance 0 is 0.5, and the even ones are zero.
    private static let taps: [Float] = {
        func bessel(_ x: Double) -> Double {
            var (sum, term) = (1.0, 1.0)
            for k in 1..<40 {
                term *= (x / 2 / Double(k)) * (x / 2 / Double(k))
                sum += term
            }
            return sum
        }
        let raw = stride(from: 1, through: reach, by: 2).map { distance -> Double in
            let place = Double(distance) / Double(reach + 1)
            let window = bessel(7 * (1 - place * place).squareRoot()) / bessel(7)
            return sin(.pi * Double(distance) / 2) / (.pi * Double(distance)) * window
        }
        // Each half of the taps sums to one half.
        let scale = 0.25 / raw.reduce(0, +)
        return raw.map { Float($0 * scale) }
    }()

    /// Input not yet consumed; its first sample has the index `next - reach`.
    private var pending: [Float]

    public init() { pending = [Float](repeating: 0, count: HalfbandDecimator.reach) }

    /// Takes the next samples and returns the completed output.
    public mutating func append(_ samples: some Collection<Float>) -> [Float] {
        pending.append(contentsOf: samples)
        let reach = HalfbandDecimator.reach
        let count = max(0, (pending.count - 2 * reach + 1) / 2)
        guard count > 0 else { return [] }
        let taps = HalfbandDecimator.taps
        let result = [Float](unsafeUninitializedCapacity: count) { out, written in
            pending.withUnsafeBufferPointer { input in
                taps.withUnsafeBufferPointer { taps in
                    for index in 0..<count {
                        let middle = 2 * index + reach
                        var sum = 0.5 * input[middle]
                        for tap in 0..<taps.count {
                            let distance = 2 * tap + 1
                            sum += taps[tap] * (input[middle - distance] + input[middle + distance])
                        }
                        out[index] = sum
                    }
                }
            }
            written = count
        }
        pending.removeFirst(2 * count)
        return result
    }

    /// The remaining output up to the last input sample, with silence after it.
    public mutating func finish() -> [Float] { append([Float](repeating: 0, count: HalfbandDecimator.reach)) }
}
