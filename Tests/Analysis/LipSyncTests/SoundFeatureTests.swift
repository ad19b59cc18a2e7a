import SignalCore
import Testing

@testable import LipSync

@Suite struct SoundFeatureTests {
    /// Noise in half-second swells, so that frames differ.
    private func noise(_ count: Int, seed: UInt64) -> [Float] {
        var generator = SplitMix64(seed: seed)
        return (0..<count).map { Float.random(in: -0.3...0.3, using: &generator) * Float($0 % 8000) / 8000 }
    }

    private func expectSame(_ one: SoundFeatures, _ other: SoundFeatures, _ comment: Comment? = nil) {
        #expect(one.range == other.range, comment)
        #expect(one.features == other.features, comment)
        #expect(one.voiced == other.voiced, comment)
        #expect(one.seconds == other.seconds, comment)
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func blocksOfAnySizeGiveTheSameAsOnePiece(seed: UInt64) {
        let samples = noise(20_123, seed: seed)
        let whole = soundFeatures([samples])
        var generator = SplitMix64(seed: seed &+ 100)
        var builder = SoundFeatureBuilder()
        var start = 0
        while start < samples.count {
            let count = min(
                samples.count - start, [1, 7, 160, 319, 320, 321, 640, 1024, 4999][generator.index(below: 9)])
            builder.append(start: start, channels: [Array(samples[start..<start + count])])
            start += count
        }
        expectSame(builder.finish(), whole, "seed \(seed)")
    }

    @Test func aGapIsTheSameAsZeros() {
        // The second gap is longer than the second in which holes are filled.
        for gap in [1, 500, 20_500] {
            let (one, other) = (noise(5_011, seed: 4), noise(7_003, seed: 5))
            var builder = SoundFeatureBuilder()
            builder.append(start: 333, channels: [one])
            builder.append(start: 333 + one.count + gap, channels: [other])
            let zeros = [Float](repeating: 0, count: gap)
            expectSame(
                builder.finish(), soundFeatures([[Float](repeating: 0, count: 333) + one + zeros + other]), "gap \(gap)"
            )
        }
    }

    @Test func whatLiesBeforeTheOriginOrWasAlreadyThereIsLeftOut() {
        let samples = noise(9_000, seed: 6)
        let whole = soundFeatures([samples])
        var early = SoundFeatureBuilder()
        early.append(start: -700, channels: [noise(700, seed: 7) + samples])
        expectSame(early.finish(), whole)
        var overlapping = SoundFeatureBuilder()
        overlapping.append(start: -500, channels: [noise(400, seed: 8)])
        overlapping.append(start: 0, channels: [Array(samples[..<5_000])])
        overlapping.append(start: 4_000, channels: [noise(1_000, seed: 9) + Array(samples[5_000...])])
        overlapping.append(start: 100, channels: [noise(50, seed: 9)])
        expectSame(overlapping.finish(), whole)
    }

    @Test func aPairInOppositePhaseIsTheSameAsOneChannel() {
        let samples = noise(16_000, seed: 10)
        expectSame(soundFeatures([samples, samples.map { -$0 }]), soundFeatures([samples]))
    }

    @Test func thereIsAFrameAtTheOriginAndOneMoreForEveryHop() {
        for count in [1, 319, 320, 321, 640, 3_201] {
            #expect(abs(soundFeatures([noise(count, seed: 11)]).seconds - Double(count / 320 + 1) * 0.02) < 1e-9)
        }
    }

    @Test func aSecondChannelThatComesInLaterChangesNothingWhereItIsTheSame() {
        let samples = noise(12_000, seed: 16)
        var builder = SoundFeatureBuilder()
        builder.append(start: 0, channels: [Array(samples[..<5_100])])
        builder.append(start: 5_100, channels: [Array(samples[5_100..<8_000]), Array(samples[5_100..<8_000])])
        builder.append(start: 8_000, channels: [Array(samples[8_000...])])
        expectSame(builder.finish(), soundFeatures([samples]))
    }

    @Test func silenceAtBothEndsIsNoSound() {
        let silence = [Float](repeating: 0, count: 16_000)
        let sound = soundFeatures([silence + noise(16_000, seed: 12) + silence])
        #expect(sound.range.lowerBound >= 49 && sound.range.lowerBound <= 51)
        #expect(sound.range.upperBound >= 99 && sound.range.upperBound <= 102)
        #expect(sound.features.frames == sound.range.count && sound.voiced.count == sound.range.count)
    }

    @Test func digitalSilenceAndNothingAtAllAreSilent() {
        for samples in [[], [Float](repeating: 0, count: 1), [Float](repeating: 0, count: 5_000)] {
            let sound = soundFeatures([samples])
            #expect(sound.isSilent && sound.voicedSeconds == 0 && sound.features.frames == 0)
        }
        #expect(SoundFeatureBuilder().finish().isSilent)
    }

    @Test func samplesThatAreNoNumbersSpoilOnlyTheirOwnFrames() {
        let samples = noise(16_000, seed: 13)
        for wrong in [Float.nan, .infinity, -.infinity, 1e30] {
            var damaged = samples
            damaged[7_000] = wrong
            let sound = soundFeatures([damaged])
            #expect(!sound.isSilent, "\(wrong)")
            #expect(sound.features.values.allSatisfy { $0.isFinite }, "\(wrong)")
        }
    }

    @Test func aVowelIsVoicedAndNoiseIsNot() {
        let vowel = (0..<16_000).map { index -> Float in
            (1...8).reduce(Float(0)) { $0 + Float.sine(Float($1) * 120 * Float(index) / 16_000) / Float($1) } * 0.1
        }
        #expect(soundFeatures([vowel]).voicedSeconds > 0.9)
        var generator = SplitMix64(seed: 14)
        let hiss = (0..<16_000).map { _ in Float.random(in: -0.1...0.1, using: &generator) }
        #expect(soundFeatures([hiss]).voicedSeconds < 0.1)
    }
}
