import Foundation
import SignalCore
import Testing

@Suite struct FourierTests {
    /// The definition: sum over t of x[t] exp(-2 pi i k t / n), for k up to n / 2.
    private func naive(_ x: [Float]) -> [Float] {
        let count = x.count
        let turns = (0..<count).map { 2 * Double.pi * Double($0) / Double(count) }
        let (cosines, sines) = (turns.map { cos($0) }, turns.map { sin($0) })
        return (0...count / 2).flatMap { bin -> [Float] in
            var (real, imaginary) = (0.0, 0.0)
            for time in 0..<count {
                let place = bin * time % count
                real += Double(x[time]) * cosines[place]
                imaginary -= Double(x[time]) * sines[place]
            }
            return [Float(real), Float(imaginary)]
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 12, 13, 15, 16, 31, 32, 45, 97, 100, 127, 128, 210, 257])
    func theTransformIsThatOfTheDefinition(length: Int) {
        let x = Made.noise(length, seed: UInt64(length))
        let fft = RealFFT.of(length: length)
        #expect(fft.bins == length / 2 + 1)
        #expect(largestDifference(fft.forward(x), naive(x)) < 1e-5 * Double(length).squareRoot() + 1e-6)
    }

    @Test(arguments: [1, 2, 3, 17, 64, 101, 1000, 1024, 1031])
    func theInverseUndoesTheTransform(length: Int) {
        let x = Made.noise(length, seed: UInt64(length) + 1000)
        let fft = RealFFT.of(length: length)
        let spectrum = fft.forward(x)
        #expect(largestDifference(fft.inverse(spectrum), x) < 2e-6)
        // Neither call changes what it is given.
        #expect(fft.forward(x) == spectrum)
    }

    @Test func fewerSamplesAreTheSameAsZerosAppended() {
        let x = Made.noise(37, seed: 1)
        let fft = RealFFT.of(length: 64)
        #expect(fft.forward(x) == fft.forward(x + [Float](repeating: 0, count: 27)))
        #expect(fft.forward(x[10...]) == fft.forward(Array(x[10...])))
        #expect(fft.forward([Float]()).allSatisfy { $0 == 0 })
    }

    @Test func thePaddedLengthIsTheNextPowerOfTwo() {
        #expect(
            [0, 1, 2, 3, 4, 5, 1023, 1024, 1025].map { RealFFT.paddedLength($0) } == [
                1, 1, 2, 4, 4, 8, 1024, 1024, 2048,
            ])
    }

    @Test func aConjugateProductIsThatOfComplexNumbers() {
        var sum: [Float] = [1, 1]
        // (2 + 3i)* (5 + 7i) = 31 - i
        Spectrum.addConjugateProduct([2, 3], [5, 7], to: &sum)
        #expect(sum == [32, 0])
    }

    /// Many threads make and run plans of many lengths at once; lengths are used nowhere else, so that they are new.
    @Test func manyThreadsAtOnceGiveTheSameAsOneAfterAnother() {
        let lengths = (0..<60).map { 1500 + 7 * $0 }
        let inputs = lengths.map { Made.noise($0, seed: UInt64($0)) }
        let results = Results(count: 8 * lengths.count)
        DispatchQueue.concurrentPerform(iterations: 8 * lengths.count) { index in
            let fft = RealFFT.of(length: lengths[index % lengths.count])
            let spectrum = fft.forward(inputs[index % lengths.count])
            results.set(index, spectrum + fft.inverse(spectrum))
        }
        for (index, length) in lengths.enumerated() {
            let fft = RealFFT.of(length: length)
            let spectrum = fft.forward(inputs[index])
            let serial = spectrum + fft.inverse(spectrum)
            for turn in 0..<8 { #expect(results.value(turn * lengths.count + index) == serial) }
        }
    }

    private final class Results: @unchecked Sendable {
        private let lock = NSLock()
        private var values: [[Float]]

        init(count: Int) { values = [[Float]](repeating: [], count: count) }
        func set(_ index: Int, _ value: [Float]) { lock.withLock { values[index] = value } }
        func value(_ index: Int) -> [Float] { lock.withLock { values[index] } }
    }

    @Test func thePowerSpectrumIsThatOfTheWindowedSamples() {
        let spectrum = PowerSpectrum(windowLength: 50, fftLength: 64)
        let x = Made.noise(50, seed: 3)
        let window = x.indices.map { index -> Float in Float(0.5 - 0.5 * cos(2 * Double.pi * Double(index) / 50)) }
        let windowed = zip(x, window).map { $0 * $1 }
        let transform = naive(windowed + [Float](repeating: 0, count: 14))
        let expected = (0..<33).map { bin -> Float in
            let (real, imaginary) = (transform[2 * bin], transform[2 * bin + 1])
            return real * real + imaginary * imaginary
        }
        #expect(spectrum.bins == 33)
        #expect(largestDifference(spectrum.power(of: x[...]), expected) < 1e-4)
        // A slice that does not begin at 0 is read from its own beginning.
        #expect(spectrum.power(of: ([9, 9, 9] + x)[3...]) == spectrum.power(of: x[...]))
    }

    @Test func theAutocorrelationIsThatOfTheWindowedSamples() {
        let spectrum = PowerSpectrum(windowLength: 30, fftLength: 64)
        let x = Made.noise(30, seed: 4)
        let windowed = zip(x, spectrum.window).map { $0 * $1 }
        let correlation = spectrum.autocorrelation(ofPower: spectrum.power(of: x[...]))
        for lag in 0..<30 {
            let expected = (0..<30 - lag).reduce(Float(0)) { $0 + windowed[$1] * windowed[$1 + lag] }
            #expect(abs(correlation[lag] - expected) < 1e-5)
        }
    }

    @Test func theMelFiltersAreThoseOfTheFormula() {
        let (bands, bins, binHertz) = (24, 513, 15.625)
        let bank = MelFilterbank(bands: bands, from: 60, to: 7600, bins: bins, binHertz: binHertz)
        let power = Made.noise(bins, seed: 5).map { abs($0) }
        let low = 2595 * log10(1 + 60 / 700.0)
        let high = 2595 * log10(1 + 7600 / 700.0)
        let edges = (0..<26).map { 700 * (pow(10, (low + (high - low) * Double($0) / 25) / 2595) - 1) }
        let expected = (0..<bands).map { band in
            Float(
                (0..<bins).reduce(0.0) { sum, bin in
                    let f = Double(bin) * binHertz
                    let rising = (f - edges[band]) / (edges[band + 1] - edges[band])
                    let falling = (edges[band + 2] - f) / (edges[band + 2] - edges[band + 1])
                    return sum + max(0, min(rising, falling)) * Double(power[bin])
                })
        }
        #expect(largestDifference(bank.energies(of: power), expected) < 1e-4)
    }

    @Test func aBandTooNarrowForAnyBinHasNoEnergy() {
        // Forty bands over 100 Hz with bins 15.6 Hz apart: most triangles miss every bin.
        let bank = MelFilterbank(bands: 40, from: 100, to: 200, bins: 513, binHertz: 15.625)
        let energies = bank.energies(of: [Float](repeating: 1, count: 513))
        #expect(energies.count == 40 && energies.allSatisfy { $0 >= 0 && $0 <= 1 } && energies.contains(0))
    }
}
