import Foundation

/// Interpolates sampled audio with a windowed sinc (Kaiser, beta 9: about -90 dB) over 32 samples.
///
/// For rates near 1, as from clock drift: there is no anti-aliasing filter.
struct SincReader {
    /// Samples on either side.
    static let reach = 16
    private static let phases = 512
    /// `phases + 1` rows of `2 * reach` weights, each row summing to 1.
    private static let table: [Float] = {
        let width = 2 * reach
        var rows = [Float](repeating: 0, count: (phases + 1) * width)
        for phase in 0...phases {
            let fraction = Double(phase) / Double(phases)
            let weights = (0..<width).map { tap -> Double in
                let x = Double(tap - reach + 1) - fraction
                let edge = x / Double(reach)
                let sinc = abs(x) < 1e-12 ? 1 : sin(.pi * x) / (.pi * x)
                return abs(edge) >= 1 ? 0 : sinc * bessel(9 * (1 - edge * edge).squareRoot()) / bessel(9)
            }
            let sum = weights.reduce(0, +)
            for tap in 0..<width { rows[phase * width + tap] = Float(weights[tap] / sum) }
        }
        return rows
    }()

    /// The modified Bessel function of order 0, by its power series.
    private static func bessel(_ x: Double) -> Double {
        var (sum, term, k) = (1.0, 1.0, 1.0)
        while term > sum * 1e-14 {
            term *= (x / (2 * k)) * (x / (2 * k))
            sum += term
            k += 1
        }
        return sum
    }

    /// Values at `count` positions of one channel.
    ///
    /// - Parameters:
    ///   - first: the position of the first value, in samples of `samples`.
    ///   - step: samples from one to the next.
    ///   - Positions outside the audio read as silence.
    static func read(
        _ samples: UnsafeBufferPointer<Float>, first: Double, step: Double, into out: UnsafeMutableBufferPointer<Float>
    ) {
        table.withUnsafeBufferPointer { table in
            for index in 0..<out.count {
                let place = first + Double(index) * step
                let whole = place.rounded(.down)
                let base = Int(whole)
                let fraction = place - whole
                if fraction < 1e-7 {
                    out[index] = samples.indices.contains(base) ? samples[base] : 0
                    continue
                }
                let position = fraction * Double(phases)
                let phase = min(phases - 1, Int(position))
                let between = Float(position - Double(phase))
                let row = phase * 2 * reach
                var sum: Float = 0
                for tap in 0..<2 * reach {
                    let at = base - reach + 1 + tap
                    guard at >= 0, at < samples.count else { continue }
                    let weight = table[row + tap] + between * (table[row + 2 * reach + tap] - table[row + tap])
                    sum += weight * samples[at]
                }
                out[index] = sum
            }
        }
    }
}
