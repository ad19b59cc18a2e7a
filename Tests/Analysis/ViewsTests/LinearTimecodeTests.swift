import Foundation
import MadeFiles
import SignalCore
import Testing

@testable import Views

@Suite("Linear timecode in a channel of sound")
struct LinearTimecodeTests {
    private func read(_ samples: [Float], video: Double? = nil) -> LinearTimecode.Reading? {
        var code = LinearTimecode(sampleRate: 16_000)
        // In blocks of odd sizes, as decoders hand them out.
        for start in stride(from: 0, to: samples.count, by: 777) {
            code.append(start: start, samples: Array(samples[start..<min(samples.count, start + 777)]))
        }
        return code.reading(videoRate: video)
    }

    @Test("the frame that begins with the first bit is named, at 24, 25 and 30 frames, whatever level and polarity")
    func rates() throws {
        for (rate, level) in [(24.0, Float(0.9)), (25, 0.02), (30, -0.4)] {
            let reading = read(TimecodeWave.samples(seconds: 58, frame: 7, count: 90, rate: rate, level: level))
            let found = try #require(reading)
            #expect(found.rate == rate && ["10:00:58:07", "10:00:58:08"].contains(found.text) && found.frames >= 88)
            // Where the first begins and the last one ends the level may not change: then it is not read. The first
            // frame begins 0.25 s after the origin.
            #expect(abs(found.secondsAtOrigin - (36_058 + 7 / rate - 0.25)) < 0.0005, "\(found)")
        }
    }

    @Test(
        "numbers that are dropped run with the clock over a minute; 29.97 without dropping runs slower than its numbers"
    )
    func dropped() throws {
        let rate = 30_000.0 / 1001
        let reading = read(
            TimecodeWave.samples(minutes: 1, seconds: 58, frame: 0, count: 120, rate: rate, drop: true), video: rate)
        let found = try #require(reading)
        #expect(found.rate == rate && found.frames >= 118)
        // Code 10:01:58;00 counts two numbers less than 30 a second would.
        let counted = Double((10 * 3600 + 118) * 30 - 2 * (601 - 60))
        #expect(abs(found.secondsAtOrigin - (counted / rate - 0.25)) < 0.0005)
        let numbered = read(TimecodeWave.samples(seconds: 1, frame: 0, count: 60, rate: rate), video: rate)
        let slow = try #require(numbered)
        #expect(abs(slow.secondsAtOrigin - (36_001 * 1.001 - 0.25)) < 0.0005)
    }

    @Test("noise at 20 dB below the code does not matter, a break in it is left out, speech and tones are no code")
    func noise() throws {
        let noisy = read(TimecodeWave.samples(seconds: 3, frame: 3, count: 80, rate: 25, noise: 0.06))
        let found = try #require(noisy)
        #expect(abs(found.secondsAtOrigin - (36_003 + 3.0 / 25 - 0.25)) < 0.001)
        var broken = TimecodeWave.samples(seconds: 3, frame: 3, count: 80, rate: 25)
        for sample in 20_000..<21_000 { broken[sample] = 0 }
        let unbroken = read(broken)
        let rest = try #require(unbroken)
        #expect(abs(rest.secondsAtOrigin - found.secondsAtOrigin) < 0.001 && rest.frames < 60)

        var random = SplitMix64(seed: 9)
        let others = [
            (0..<160_000).map { _ in Float(random.uniform() - 0.5) },
            (0..<160_000).map { Float(sin(Double($0) * 0.39)) }, [Float](repeating: 0, count: 50_000),
            TimecodeWave.samples(seconds: 3, frame: 3, count: 8, rate: 25),
        ].map { read($0) }
        #expect(others.allSatisfy { $0 == nil })
    }
}
