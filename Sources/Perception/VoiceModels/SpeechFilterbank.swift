import Foundation
import SignalCore

/// Logarithms of 80 mel bands, 100 frames a second, as in Kaldi (`compute-fbank-feats` without dither), on which the
/// voice embedding was trained.
struct SpeechFilterbank {
    static let bands = 80
    static let hop = 160
    private static let length = 400
    private static let fftLength = 512
    private static let preemphasis: Float = 0.97
    /// Kaldi's energy floor per band: the machine epsilon of 32-bit floats.
    private static let floor: Float = 1.1920929e-07

    /// Kaldi's window: a Hann window to the power of 0.85.
    private static let window: [Float] = (0..<length).map {
        Float(pow(0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(length - 1)), 0.85))
    }

    private static let filters: [(first: Int, weights: [Float])] = {
        func mel(_ hertz: Double) -> Double { 1127 * log(1 + hertz / 700) }
        let (low, high) = (mel(20), mel(8000))
        let step = (high - low) / Double(bands + 1)
        return (0..<bands).map { band in
            let left = low + Double(band) * step
            let weights = (0..<fftLength / 2).map { bin -> Float in
                let place = mel(16_000 * Double(bin) / Double(fftLength))
                return Float(max(0, min((place - left) / step, (left + 2 * step - place) / step)))
            }
            let first = weights.firstIndex { $0 > 0 } ?? 0
            return (first, Array(weights[first...(weights.lastIndex { $0 > 0 } ?? first)]))
        }
    }()

    /// Rows of `bands` values from samples at 16 kHz, full scale 1; one row per whole window.
    static func rows(_ samples: [Float]) -> FrameMatrix {
        let frames = samples.count < length ? 0 : (samples.count - length) / hop + 1
        var result = FrameMatrix(frames: frames, columns: bands)
        let fft = RealFFT.of(length: fftLength)
        var frame = [Float](repeating: 0, count: fftLength)
        for row in 0..<frames {
            let part = samples[row * hop..<row * hop + length]
            let mean = part.reduce(0, +) / Float(length)
            var previous = (part[part.startIndex] - mean) * 32768
            for (index, sample) in part.enumerated() {
                let value = (sample - mean) * 32768
                frame[index] = (value - preemphasis * previous) * window[index]
                previous = value
            }
            let spectrum = fft.forward(frame)
            for (band, filter) in filters.enumerated() {
                var sum: Float = 0
                for (offset, weight) in filter.weights.enumerated() {
                    let bin = 2 * (filter.first + offset)
                    sum += weight * (spectrum[bin] * spectrum[bin] + spectrum[bin + 1] * spectrum[bin + 1])
                }
                result[row, band] = log(max(sum, floor))
            }
        }
        return result
    }
}
