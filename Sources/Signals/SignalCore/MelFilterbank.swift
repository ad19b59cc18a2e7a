import Foundation

/// Triangular filters of peak 1, equally spaced on the mel scale, `mel = 2595 log10(1 + f / 700)` (O'Shaughnessy 1987).
public struct MelFilterbank: Sendable {
    public let bands: Int
    private let filters: [(first: Int, weights: [Float])]

    /// - Parameters:
    ///   - bins: bins of the power spectrum, from 0 Hz to half the sampling rate.
    ///   - binHertz: distance between two bins.
    public init(bands: Int, from lowest: Double, to highest: Double, bins: Int, binHertz: Double) {
        let mel = { (hertz: Double) in 2595 * log10(1 + hertz / 700) }
        let hertz = { (mel: Double) in 700 * (pow(10, mel / 2595) - 1) }
        let step = (mel(highest) - mel(lowest)) / Double(bands + 1)
        let edges = (0..<bands + 2).map { hertz(mel(lowest) + Double($0) * step) }
        self.bands = bands
        filters = (0..<bands).map { band in
            let weights = (0..<bins).map { bin -> Float in
                let frequency = Double(bin) * binHertz
                let rising = (frequency - edges[band]) / (edges[band + 1] - edges[band])
                let falling = (edges[band + 2] - frequency) / (edges[band + 2] - edges[band + 1])
                return Float(max(0, min(rising, falling)))
            }
            let first = weights.firstIndex { $0 > 0 } ?? 0
            let last = weights.lastIndex { $0 > 0 } ?? 0
            return (first, Array(weights[first...last]))
        }
    }

    /// The energy in each band of a power spectrum.
    public func energies(of power: [Float]) -> [Float] {
        filters.map { filter in
            var sum: Float = 0
            filter.weights.withUnsafeBufferPointer { weights in
                power.withUnsafeBufferPointer { power in
                    for offset in 0..<weights.count { sum += weights[offset] * power[filter.first + offset] }
                }
            }
            return sum
        }
    }
}
