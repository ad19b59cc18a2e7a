import Foundation

/// Power spectra of windowed audio frames.
public struct PowerSpectrum: Sendable {
    /// The periodic Hann window, `0.5 - 0.5 cos(2 pi i / length)`.
    public let window: [Float]
    private let fft: RealFFT

    public init(windowLength: Int, fftLength: Int) {
        precondition(windowLength <= fftLength, "the window fits the transform")
        window = (0..<windowLength).map { Float(0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(windowLength))) }
        fft = RealFFT.of(length: fftLength)
    }

    public var bins: Int { fft.bins }

    /// The squared modulus of the spectrum of one window of samples.
    public func power(of samples: ArraySlice<Float>) -> [Float] {
        precondition(samples.count == window.count, "one window of samples")
        let count = window.count
        let weighted = [Float](unsafeUninitializedCapacity: count) { buffer, initialised in
            samples.withUnsafeBufferPointer { samples in
                window.withUnsafeBufferPointer { window in
                    for index in 0..<count { buffer[index] = samples[index] * window[index] }
                }
            }
            initialised = count
        }
        let spectrum = fft.forward(weighted)
        return [Float](unsafeUninitializedCapacity: fft.bins) { buffer, initialised in
            spectrum.withUnsafeBufferPointer { spectrum in
                for bin in 0..<fft.bins {
                    buffer[bin] = spectrum[2 * bin] * spectrum[2 * bin] + spectrum[2 * bin + 1] * spectrum[2 * bin + 1]
                }
            }
            initialised = fft.bins
        }
    }

    /// The autocorrelation of a power spectrum (Wiener & Khinchin).
    public func autocorrelation(ofPower power: [Float]) -> [Float] {
        var spectrum = [Float](repeating: 0, count: 2 * fft.bins)
        for bin in 0..<fft.bins { spectrum[2 * bin] = power[bin] }
        return fft.inverse(spectrum)
    }
}
