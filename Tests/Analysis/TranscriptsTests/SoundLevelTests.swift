import Foundation
import SignalCore
import Testing

@testable import Transcripts

@Suite("Levels of a recording")
struct SoundLevelTests {
    /// Bursts of noise, as many a second as syllables.
    private static func bursts(seconds: Int, level: Float, seed: UInt64) -> [Float] {
        var generator = SplitMix64(seed: seed)
        return (0..<seconds * 16_000).map { place in
            let noise = Float(generator.index(below: 2001)) / 1000 - 1
            return place / 3200 % 2 == 0 ? level * noise : 0.01 * level * noise
        }
    }

    private static func frames(_ samples: [Float]) -> SoundFrames {
        var builder = SoundFrameBuilder()
        builder.append(start: 0, channels: [samples])
        return builder.finish()
    }

    @Test("zeros after the sound, or a loud tone long before it, change nothing of what is looked at")
    func surroundings() {
        let speech = Self.bursts(seconds: 80, level: 0.1, seed: 4)
        let plain = SpeechFeatures(Self.frames(speech)).rows(from: 2000, to: 3000)
        let silent = SpeechFeatures(Self.frames(speech + [Float](repeating: 0, count: 60 * 16_000)))
            .rows(from: 2000, to: 3000)
        let tone = (0..<40 * 16_000).map { 0.9 * Float(sin(2 * Double.pi * 220 * Double($0) / 16_000)) }
        let after = SpeechFeatures(Self.frames(tone + speech)).rows(from: 4000, to: 5000)
        for other in [silent, after] {
            let differences = zip(plain.values, other.values).map { abs($0 - $1) }
            #expect(differences.reduce(0, +) / Float(differences.count) < 0.05)
        }
    }

    @Test("a tone is no speech for long, and noise beneath the loud frames is told as depth")
    func unspoken() throws {
        let model = try SpeechClasses.packaged()
        let tone = (0..<20 * 16_000).map { 0.3 * Float(sin(2 * Double.pi * 220 * Double($0) / 16_000)) }
        let scores = model.scores(of: Self.frames(tone))
        let words = LetterClasses.words(of: "mountain summer under a yellow moon")
        let path = try #require(WordPath(words)?.ends(scores, in: 0..<scores.frames).best)
        #expect(path.score < 0)
        let loud = model.scores(of: Self.frames(Self.bursts(seconds: 20, level: 0.1, seed: 6)))
        #expect(loud.depth > 30)
        let covered = zip(
            Self.bursts(seconds: 20, level: 0.1, seed: 6), Self.bursts(seconds: 20, level: 0.05, seed: 7)
        ).enumerated().map { $0.element.0 + ($0.offset / 3200 % 2 == 0 ? 0 : $0.element.1 * 60) }
        #expect(model.scores(of: Self.frames(covered)).depth < 16)
    }
}
