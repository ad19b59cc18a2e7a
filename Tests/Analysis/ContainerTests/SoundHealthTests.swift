import Container
import Foundation
import SignalCore
import SyncModel
import Testing

/// Four seconds of sound at 48 kHz that swells and falls like speech: noise over a room that is never silent.
private enum Noise {
    static let rate = 48_000

    static func speech(seed: UInt64 = 24) -> [Float] {
        var random = SplitMix64(seed: seed)
        return (0..<4 * rate).map { index in
            let seconds = Double(index) / Double(rate)
            let syllable = pow(max(0, sin(2 * .pi * 3 * seconds)), 2)
            let noise = Double.random(in: -1...1, using: &random)
            return Float((0.002 + 0.3 * syllable) * noise)
        }
    }

    /// Tones whose waves are smooth and as high as 2.
    static func tones() -> [Float] {
        (0..<4 * rate).map { index in
            let seconds = Double(index) / Double(rate)
            let swell = 0.3 + 0.7 * abs(sin(2 * .pi * 0.7 * seconds))
            return Float(swell * (1.2 * sin(2 * .pi * 210 * seconds) + 0.8 * sin(2 * .pi * 340 * seconds)))
        }
    }
}

private func told(_ samples: [Float]...) -> [ContainerFault.Kind: [TimeSpan]] {
    var health = SoundHealth()
    // In packets of 1024, as they come.
    for start in stride(from: 0, to: samples[0].count, by: 1024) {
        health.append(
            seconds: Double(start) / Double(Noise.rate), rate: Noise.rate,
            channels: samples.map { Array($0[start..<min(start + 1024, $0.count)]) })
    }
    return Dictionary(uniqueKeysWithValues: health.faults.map { ($0.kind, $0.moments) })
}

@Suite("Health of sound")
struct SoundHealthTests {
    @Test("speech in a room is well")
    func well() { #expect(told(Noise.speech()).isEmpty) }

    @Test(
        "a hole in the midst of a syllable is dropped sound, at its time and of its length",
        arguments: [0.02, 0.05, 0.3])
    func dropped(length: Double) throws {
        // Steady noise about the hole, so that it comes back as loud as it went.
        var samples = Noise.speech()
        let start = 2 * Noise.rate
        let stop = start + Int(length * Double(Noise.rate))
        var random = SplitMix64(seed: 3)
        for index in start - 9600..<stop + 9600 { samples[index] = 0.3 * Float.random(in: -1...1, using: &random) }
        for index in start..<stop { samples[index] = 0 }
        let moments = try #require(told(samples, Noise.speech(seed: 2))[.droppedSound])
        #expect(moments.count == 1)
        #expect(abs(moments[0].start - Double(start) / Double(Noise.rate)) < 0.003)
        #expect(abs(moments[0].length - length) < 0.004)
    }

    @Test("pauses that are faded, and beeps on digital silence, are meant")
    func meant() {
        var gated = Noise.speech()
        for index in gated.indices {
            let phase = (3 * Double(index) / Double(Noise.rate)).truncatingRemainder(dividingBy: 1)
            if phase > 0.5 { gated[index] = 0 }
        }
        #expect(told(gated)[.droppedSound] == nil)
        let beeps = (0..<4 * Noise.rate).map { index -> Float in
            index % Noise.rate < 4800 ? Float(0.5 * sin(2 * .pi * 1000 * Double(index) / Double(Noise.rate))) : 0
        }
        #expect(told(beeps)[.droppedSound] == nil)
    }

    @Test("waves that are cut off at full scale are clipped; the same waves below it, a sine and a square are not")
    func clipped() {
        let tones = Noise.tones()
        #expect(told(tones.map { max(-1, min(1, $0)) })[.clippedSound] != nil)
        #expect(told(tones.map { $0 / 2.1 })[.clippedSound] == nil)
        let sine = (0..<4 * Noise.rate).map { Float(0.99 * sin(2 * .pi * 440 * Double($0) / Double(Noise.rate))) }
        #expect(told(sine)[.clippedSound] == nil)
        #expect(told(sine.map { $0 > 0 ? 0.9 : -0.9 })[.clippedSound] == nil)
    }
}
