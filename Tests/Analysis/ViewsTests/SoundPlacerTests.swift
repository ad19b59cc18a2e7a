import Foundation
import SyncModel
import Testing

@testable import Views

@Suite("A copy's sound on its master's")
struct SoundPlacerTests {
    private static let rate = MadeSound.rate
    private static let sound = MadeSound.speech(seconds: 60, seed: 6)
    private static let master = MadeSound.signal(sound[...])

    private func part(_ from: Double, _ to: Double) -> ArraySlice<Float> {
        Self.sound[Int(from * Double(Self.rate))..<Int(to * Double(Self.rate))]
    }

    @Test("sound with a stretch left out is followed on both sides of it")
    func cut() {
        let copy = MadeSound.signal((Array(part(5, 25)) + Array(part(27, 50)))[...])
        let trace = SoundPlacer().trace(reference: Self.master, subject: copy)
        let (before, after) = (trace.points.filter { $0.seconds < 17 }, trace.points.filter { $0.seconds > 23 })
        #expect(before.count > 10 && before.allSatisfy { abs($0.offset - 5) < 0.001 })
        #expect(after.count > 10 && after.allSatisfy { abs($0.offset - 7) < 0.001 })
    }

    @Test("another voice over the same sound, as loud as it, is placed; without the same sound nothing is")
    func dub() {
        let voice = MadeSound.speech(seconds: 40, seed: 31)
        let music = Array(part(10, 50))
        let dub = SoundPlacer().trace(
            reference: Self.master, subject: MadeSound.signal(MadeSound.added(music, voice)[...]))
        #expect(dub.points.count > 20 && dub.points.allSatisfy { abs($0.offset - 10) < 0.001 })
        let foreign = SoundPlacer().trace(reference: Self.master, subject: MadeSound.signal(voice[...]))
        #expect(foreign.points.isEmpty && !foreign.because.isEmpty)
    }

    @Test("sound that plays faster with its pitch is brought back and placed")
    func stretched() {
        let speed = 25 * 1001.0 / 24000
        let slow = MadeSound.signal(part(0, 60))
        let fast = slow.stretched(by: 1 / speed)
        #expect(abs(fast.endSeconds - 60 / speed) < 0.01)
        let trace = SoundPlacer().trace(reference: Self.master, subject: fast.stretched(by: speed))
        #expect(trace.points.count > 30 && trace.points.allSatisfy { abs($0.offset) < 0.0005 })
    }

    @Test("sound that was stretched with its pitch kept is placed near where it is looked for")
    func keptPitch() {
        let speed = 25 * 1001.0 / 24000
        let master = MadeSound.signal(MadeSound.stretched(seconds: 60, seed: 41, speed: 1, noise: 1))
        // Begins at 9.6 s of the master.
        let all = MadeSound.stretched(seconds: 60, seed: 41, speed: speed, noise: 2)
        let copy = MadeSound.signal(all.dropFirst(Int(9.6 / speed * Double(MadeSound.rate))))
        let hints = [SoundPlacer.Hint(span: TimeSpan(start: 0, end: 50), offset: 9.5)]
        let trace = SoundPlacer().pitchKept(reference: master, subject: copy, speed: speed, hints: hints)
        #expect(trace.points.count * 10 > trace.stretches * 9 && trace.stretches > 18)
        #expect(trace.points.allSatisfy { abs($0.offset - 9.6) < 0.005 }, "\(trace.points)")
    }

    @Test("another sound is not placed by how its bands swell")
    func keptPitchForeign() {
        let master = MadeSound.signal(MadeSound.stretched(seconds: 60, seed: 41, speed: 1, noise: 1))
        let other = MadeSound.signal(MadeSound.stretched(seconds: 60, seed: 42, speed: 1.04, noise: 2))
        #expect(!SoundPair().measure(reference: master, subject: other).isAnswered)
    }

    @Test("silence is said")
    func silent() {
        let quiet = MadeSound.signal([Float](repeating: 0, count: 20 * Self.rate)[...])
        #expect(SoundPlacer().trace(reference: Self.master, subject: quiet).isSilent)
    }

    @Test("the same sound is told from another voice over it")
    func likeness() throws {
        let same = try #require(MadeSound.signal(part(10, 40)).likeness(to: Self.master, offset: 10))
        let voice = MadeSound.speech(seconds: 30, seed: 32)
        let mixed = MadeSound.signal(MadeSound.added(Array(part(10, 40)), voice)[...])
        let other = try #require(mixed.likeness(to: Self.master, offset: 10))
        #expect(same > 0.97 && other < 0.9)
    }
}
