import Foundation
import SyncModel
import Testing

@testable import Views

@Suite("Two recordings of one sound")
struct SoundPairTests {
    private static let sound = MadeSound.speech(seconds: 40, seed: 3)
    private static let rate = MadeSound.rate

    /// Reference and subject with the subject `late` seconds further into the sound.
    private func pair(late: Double, seconds: Double = 14, seed: UInt64 = 1) -> (SoundSignal, SoundSignal) {
        let start = 12 * Self.rate
        let shift = Int(late * Double(Self.rate))
        let count = Int(seconds * Double(Self.rate))
        return (
            MadeSound.signal(Self.sound[start..<start + count]),
            MadeSound.signal(Self.sound[start + shift..<start + shift + count])
        )
    }

    @Test(
        "a recording that starts later is found to a tenth of a millisecond", arguments: [0.0, 0.125, -0.5, 4.3, -6.75])
    func offset(late: Double) throws {
        let (a, b) = pair(late: late)
        let result = SoundPair().measure(reference: a, subject: b)
        let fit = try #require(result.fit)
        #expect(result.isAnswered, "\(result.because)")
        // What began later has to be moved later: added to its own times.
        #expect(abs(fit.offset(at: 0) - late) < 1e-4)
        #expect(abs(fit.offset(at: 0) - late) <= 1.96 * fit.error(at: 0))
    }

    @Test("swapped, the offset negates")
    func swapped() throws {
        let (a, b) = pair(late: 2.5)
        let forth = try #require(SoundPair().measure(reference: a, subject: b).fit)
        let back = try #require(SoundPair().measure(reference: b, subject: a).fit)
        #expect(abs(forth.offset(at: 0) + back.offset(at: 0)) < 1e-4)
    }

    @Test("gain, a fixed filter, clipping and noise as loud as the sound do not move it")
    func degraded() throws {
        let start = 12 * Self.rate
        let count = 14 * Self.rate
        let shift = 3 * Self.rate
        let clean = Array(Self.sound[start..<start + count])
        let heard = Array(Self.sound[start + shift..<start + shift + count])
        let power = heard.reduce(0) { $0 + $1 * $1 } / Float(count)
        let filtered = heard.indices.map { heard[$0] - ($0 > 0 ? 0.8 * heard[$0 - 1] : 0) }
        let cases: [(String, [Float])] = [
            ("quiet", heard.map { 0.001 * $0 }), ("filtered", filtered),
            ("clipped", heard.map { min(0.02, max(-0.02, $0)) }),
            ("noisy", MadeSound.added(heard, MadeSound.noise(count, level: (3 * power).squareRoot(), seed: 8))),
        ]
        for (name, samples) in cases {
            let result = SoundPair().measure(reference: MadeSound.signal(clean), subject: MadeSound.signal(samples))
            #expect(result.isAnswered, "\(name): \(result.because)")
            #expect(abs((result.fit?.offset(at: 0) ?? 99) - 3) < 2e-3, "\(name)")
        }
    }

    @Test("unrelated sound gets no offset, and says why", arguments: [UInt64(11), 12, 13])
    func unrelated(seed: UInt64) {
        let (a, _) = pair(late: 0)
        let result = SoundPair().measure(
            reference: a, subject: MadeSound.signal(MadeSound.speech(seconds: 15, seed: seed)))
        #expect(!result.isAnswered)
        #expect(
            result.because.contains {
                $0.description.contains("nothing in the audio fits") || $0.description.contains("nearby")
            })
    }

    @Test("one moment that two unrelated recordings share is no offset; where it is all through, it is")
    func oneMoment() throws {
        let other = MadeSound.speech(seconds: 6, seed: 11)
        let own = Array(Self.sound[..<(6 * Self.rate)])
        var mixed = other
        let moment = 3 * Self.rate..<3 * Self.rate + Self.rate / 2
        for place in moment { mixed[place] += 4 * own[place] }
        let once = SoundPair().measure(reference: MadeSound.signal(own), subject: MadeSound.signal(mixed))
        #expect(!once.isAnswered)
        #expect(once.because.contains { $0.description.contains("only one moment") }, "\(once.because)")
        #expect(once.confidence < 0.5)
        let throughout = MadeSound.added(other, own)
        let result = SoundPair().measure(reference: MadeSound.signal(own), subject: MadeSound.signal(throughout))
        #expect(result.isAnswered, "\(result.because)")
    }

    @Test("silence is told as silence, and a second of sound as too short")
    func nothingToHear() {
        let (a, b) = pair(late: 0, seconds: 14)
        let silent = MadeSound.signal([Float](repeating: 0, count: 5 * Self.rate))
        #expect(
            SoundPair().measure(reference: a, subject: silent).because.first?.description.contains("silent") == true)
        #expect(!SoundPair().measure(reference: MadeSound.signal(Self.sound.prefix(Self.rate)), subject: b).isAnswered)
    }

    @Test("sound that repeats exactly is not placed by guess")
    func repeating() {
        let bar = MadeSound.speech(seconds: 3, seed: 21)
        let loop = MadeSound.signal(bar + bar + bar + bar + bar + bar)
        let result = SoundPair().measure(reference: loop, subject: MadeSound.signal(bar))
        #expect(!result.isAnswered)
    }

    @Test("a clock that drifts is measured with an interval that holds the truth", arguments: [-150.0, 60.0])
    func drift(ppm: Double) throws {
        let reference = MadeSound.signal(Self.sound)
        let heard = MadeSound.drifting(Self.sound, from: 1000, ppm: ppm, count: 38 * Self.rate)
        let result = SoundPair().measure(reference: reference, subject: MadeSound.signal(heard))
        let fit = try #require(result.fit)
        let error = try #require(fit.slopeError)
        #expect(result.isAnswered)
        // In half a minute the loudest syllables, not the middles, say where a stretch lies: some ppm, which the
        // interval knows.
        #expect(abs(fit.slope * 1e6 - ppm) < 20)
        #expect(abs(fit.slope * 1e6 - ppm) <= 1.96e6 * error + 0.5)
        #expect(abs(fit.offset(at: 0) - 1000.0 / 16_000) < 1e-3)
    }

    @Test("a recorder that lost a buffer has two pieces, and the step is found to a second")
    func lostBuffer() throws {
        let lost = Int(0.04 * Double(Self.rate))
        let step = 20 * Self.rate
        let heard = Array(Self.sound[..<step]) + Array(Self.sound[(step + lost)...])
        let result = SoundPair().measure(reference: MadeSound.signal(Self.sound), subject: MadeSound.signal(heard))
        let segments = try #require(result.segments)
        #expect(segments.count == 2)
        #expect(abs(segments[0].offset.seconds) < 1e-3)
        #expect(abs(segments[1].offset.seconds - 0.04) < 1e-3)
        #expect(abs(segments[0].span.end - 20) < 1)
    }

    @Test("sound that starts late in its own file is placed from its timestamps")
    func startsLate() throws {
        let (a, _) = pair(late: 0)
        let start = 12 * Self.rate
        let late = MadeSound.signal(Self.sound[(start + 2 * Self.rate)..<(start + 12 * Self.rate)], start: 2)
        #expect(abs((SoundPair().measure(reference: a, subject: late).fit?.offset(at: 0) ?? 9)) < 1e-4)
    }
}
