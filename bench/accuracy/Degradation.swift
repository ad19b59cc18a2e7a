import Foundation
import SignalCore

/// Ways to make a sound worse, with seeds.
enum Degradation: String, CaseIterable {
    case noise10 = "noise-10"
    case noise0 = "noise-0"
    case telephone = "8-khz"
    case room = "room-500"

    /// The sound made worse; as long as before. `seed` makes it repeatable.
    func apply(_ sound: [Float], seed: UInt64) -> [Float] {
        var generator = SplitMix64(seed: seed)
        switch self {
        case .noise10: return Degradation.noisy(sound, decibels: 10, &generator)
        case .noise0: return Degradation.noisy(sound, decibels: 0, &generator)
        case .telephone: return Degradation.lowPassed(sound)
        case .room: return Degradation.reverberant(sound, seconds: 0.5, &generator)
        }
    }

    /// White Gaussian noise at a ratio of sound to noise power.
    private static func noisy(_ sound: [Float], decibels: Double, _ generator: inout SplitMix64) -> [Float] {
        let power = sound.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, sound.count))
        let deviation = (power / pow(10, decibels / 10)).squareRoot()
        return sound.map { $0 + Float(deviation * gaussian(&generator)) }
    }

    /// Nothing above 3.4 kHz, as on a telephone.
    private static func lowPassed(_ sound: [Float]) -> [Float] {
        let fft = RealFFT.of(length: RealFFT.paddedLength(sound.count))
        var spectrum = fft.forward(sound)
        for bin in 0..<fft.bins where Double(bin) * 16000 / Double(fft.length) > 3400 {
            spectrum[2 * bin] = 0
            spectrum[2 * bin + 1] = 0
        }
        return Array(fft.inverse(spectrum).prefix(sound.count))
    }

    /// A direct sound and exponentially decaying noise that falls by 60 dB in `seconds` (Polack's model).
    private static func reverberant(_ sound: [Float], seconds: Double, _ generator: inout SplitMix64) -> [Float] {
        let length = Int(seconds * 16000)
        var response = (0..<length).map {
            Float(0.3 * gaussian(&generator) * pow(10, -3 * Double($0) / Double(length)) / 10)
        }
        response[0] = 1
        let fft = RealFFT.of(length: RealFFT.paddedLength(sound.count + length))
        let (a, b) = (fft.forward(sound), fft.forward(response))
        var product = a
        for bin in 0..<fft.bins {
            product[2 * bin] = a[2 * bin] * b[2 * bin] - a[2 * bin + 1] * b[2 * bin + 1]
            product[2 * bin + 1] = a[2 * bin] * b[2 * bin + 1] + a[2 * bin + 1] * b[2 * bin]
        }
        return Array(fft.inverse(product).prefix(sound.count))
    }

    private static func gaussian(_ generator: inout SplitMix64) -> Double {
        let u = (Double(generator.next() >> 11) + 0.5) / 9_007_199_254_740_992
        let v = Double(generator.next() >> 11) / 9_007_199_254_740_992
        return (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
    }
}
