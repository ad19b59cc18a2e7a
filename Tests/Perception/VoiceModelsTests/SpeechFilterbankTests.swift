import Foundation
import SignalCore
import Testing

@testable import VoiceModels

/// Kaldi's filterbank by its definition (`feat/feature-window.cc`, `feat/mel-computations.cc`; Povey et al. 2011), in
/// double precision and with a Fourier transform written out: frames of 25 ms each 10 ms at 16 kHz, no dither, mean
/// taken off, pre-emphasis of 0.97, Povey's window, 512 points, power, 80 triangles from 20 Hz to 8 kHz, logarithm.
private enum SlowKaldi {
    static func rows(_ samples: [Float]) -> [[Double]] {
        let wave = samples.map { Double($0) * 32768 }
        return stride(from: 0, through: wave.count - 400, by: 160).map { row(Array(wave[$0..<$0 + 400])) }
    }

    private static func row(_ raw: [Double]) -> [Double] {
        let mean = raw.reduce(0, +) / 400
        var frame = raw.map { $0 - mean }
        for index in (1..<400).reversed() { frame[index] -= 0.97 * frame[index - 1] }
        frame[0] -= 0.97 * frame[0]
        for index in 0..<400 { frame[index] *= pow(0.5 - 0.5 * cos(2 * Double.pi * Double(index) / 399), 0.85) }
        let power = (0..<256).map { bin -> Double in
            var (real, imaginary) = (0.0, 0.0)
            for (index, value) in frame.enumerated() {
                let angle = 2 * Double.pi * Double(bin * index % 512) / 512
                real += value * cos(angle)
                imaginary -= value * sin(angle)
            }
            return real * real + imaginary * imaginary
        }
        func mel(_ hertz: Double) -> Double { 1127 * log(1 + hertz / 700) }
        let (low, high) = (mel(20), mel(8000))
        return (0..<80).map { band -> Double in
            let left = low + (high - low) * Double(band) / 81
            let centre = low + (high - low) * Double(band + 1) / 81
            let right = low + (high - low) * Double(band + 2) / 81
            var sum = 0.0
            for bin in 0..<256 {
                let place = mel(Double(bin) * 16_000 / 512)
                guard place > left, place < right else { continue }
                sum +=
                    power[bin]
                    * (place <= centre ? (place - left) / (centre - left) : (right - place) / (right - centre))
            }
            return log(max(sum, Double(Float.ulpOfOne)))
        }
    }
}

@Suite("The filterbank that the voice's network was trained on")
struct SpeechFilterbankTests {
    /// A tone that rises from 100 Hz to 7 kHz over noise.
    private let sound: [Float] = {
        var generator = SplitMix64(seed: 3)
        var phase = 0.0
        return (0..<4000).map { index in
            phase += 2 * Double.pi * (100 + 6900 * Double(index) / 4000) / 16_000
            return Float(0.3 * sin(phase) + 0.02 * (Double(generator.index(below: 2001)) / 1000 - 1) + 0.1)
        }
    }()

    @Test("it gives what Kaldi's definition gives, computed slowly")
    func kaldi() throws {
        let (rows, truth) = (SpeechFilterbank.rows(sound), SlowKaldi.rows(sound))
        #expect(rows.frames == truth.count && rows.frames == 23 && rows.columns == 80)
        for (row, bands) in truth.enumerated() {
            for (band, value) in bands.enumerated() {
                #expect(abs(Double(rows[row, band]) - value) < 2e-3, "row \(row), band \(band)")
            }
        }
    }

    @Test("a sound of twice the amplitude has ln 4 more in every band, and a constant added changes nothing")
    func gain() {
        let plain = SpeechFilterbank.rows(sound)
        let loud = SpeechFilterbank.rows(sound.map { $0 * 2 })
        let moved = SpeechFilterbank.rows(sound.map { $0 + 0.25 })
        for row in 0..<plain.frames {
            for band in 0..<80 {
                #expect(abs(loud[row, band] - plain[row, band] - Float(log(4.0))) < 1e-3)
                #expect(abs(moved[row, band] - plain[row, band]) < 0.05)
            }
        }
    }

    @Test("silence is the floor, not minus infinity")
    func silence() {
        let rows = SpeechFilterbank.rows([Float](repeating: 0, count: 800))
        #expect(rows.frames == 3)
        for band in 0..<80 { #expect(abs(rows[1, band] - Float(log(1.1920929e-07))) < 1e-4) }
    }

    @Test(
        "as many rows as whole windows fit",
        arguments: [(0, 0), (240, 0), (400, 1), (559, 1), (560, 2), (24_240, 150)])
    func frames(samples: Int, rows: Int) {
        #expect(SpeechFilterbank.rows([Float](repeating: 0.1, count: samples)).frames == rows)
    }

    @Test("sound a little shorter than a window has no row")
    func shorter() async {
        // A division of whole numbers rounds towards zero: 241 to 399 samples were once taken for a window.
        await #expect(processExitsWith: .success) {
            let rows = SpeechFilterbank.rows([Float](repeating: 0.1, count: 399))
            exit(rows.frames == 0 ? EXIT_SUCCESS : EXIT_FAILURE)
        }
    }
}
