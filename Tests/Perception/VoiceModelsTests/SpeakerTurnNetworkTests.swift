import Foundation
import SignalCore
import Testing

@testable import VoiceModels

@Suite("Who speaks when", .models)
struct SpeakerTurnNetworkTests {
    private let network: SpeakerTurnNetwork

    init() throws { network = try SpeakerTurnNetwork(assets: Installed.assets, library: Installed.library.get()) }

    private func seconds(_ frame: Int) -> Double {
        (SpeakerTurnNetwork.firstCentre + Double(frame * SpeakerTurnNetwork.hop)) / 16_000
    }

    /// From when to when a voice, or any of them, is more likely heard than not; gaps of less than 0.2 s are bridged.
    private func spans(_ activity: FrameMatrix, voice: Int? = nil) -> [ClosedRange<Double>] {
        var result: [ClosedRange<Double>] = []
        for frame in 0..<activity.frames {
            let voices = voice.map { [$0] } ?? Array(0..<SpeakerTurnNetwork.voices)
            guard voices.contains(where: { activity[frame, $0] > 0.5 }) else { continue }
            if let last = result.last, seconds(frame) - last.upperBound < 0.2 {
                result[result.count - 1] = last.lowerBound...seconds(frame)
            } else {
                result.append(seconds(frame)...seconds(frame))
            }
        }
        return result
    }

    /// One voice from 1 s, silence, and another from 5.5 s.
    private static let talk: Result<(sound: [Float], turns: [ClosedRange<Double>]), any Error> = Result {
        let one = try MadeSpeech("My father bought five apple pies at the farm.", voice: "en-us")
        let other = try MadeSpeech("We may all move to a warm place by the bay.", voice: "en-us+f4")
        var sound = [Float].silence(10)
        var turns: [ClosedRange<Double>] = []
        for (speech, start) in [(one, 1.0), (other, 5.5)] {
            let from = try #require(speech.spans.first).lowerBound
            let end = try #require(speech.spans.last).upperBound
            turns.append(start + from...start + end)
            for (index, sample) in speech.samples.enumerated() { sound[Int(start * 16_000) + index] = sample }
        }
        return (sound, turns)
    }

    @Test("speech is heard where it was put, to 0.2 s, and nowhere else")
    func turns() throws {
        let talk = try Self.talk.get()
        let heard = spans(try network.activity(of: talk.sound))
        try #require(heard.count == 2, "\(heard), put at \(talk.turns)")
        for (one, other) in zip(heard, talk.turns) {
            #expect(abs(one.lowerBound - other.lowerBound) < 0.2, "\(heard), put at \(talk.turns)")
            #expect(abs(one.upperBound - other.upperBound) < 0.2, "\(heard), put at \(talk.turns)")
        }
    }

    @Test("two voices are two: whoever speaks first is silent while the second does")
    func voices() throws {
        let talk = try Self.talk.get()
        let activity = try network.activity(of: talk.sound)
        let speakers = talk.turns.map { turn -> Int in
            let sums = (0..<SpeakerTurnNetwork.voices).map { voice in
                (0..<activity.frames).reduce(Float(0)) {
                    $0 + (turn.contains(seconds($1)) ? activity[$1, voice] : 0)
                }
            }
            return sums.indices.max { sums[$0] < sums[$1] } ?? -1
        }
        #expect(speakers[0] != speakers[1])
        for (turn, speaker) in zip(talk.turns, speakers) {
            let heard = spans(activity, voice: speaker)
            #expect(heard.count == 1, "\(heard), spoke \(turn)")
            #expect(heard.allSatisfy { $0.overlaps(turn) })
        }
    }

    @Test("the answer is in time with the sound: moved by 1.3 s, it moves by as much")
    func moved() throws {
        let talk = try Self.talk.get()
        let moved = [Float].silence(1.3) + talk.sound.dropLast(20_800)
        let (before, after) = (
            spans(try network.activity(of: talk.sound)), spans(try network.activity(of: moved))
        )
        try #require(before.count == 2 && after.count == 2)
        for (one, other) in zip(before, after) { #expect(abs(other.lowerBound - one.lowerBound - 1.3) < 0.1) }
    }

    @Test("silence and nothing at all are nobody's; what is given is a probability")
    func silence() throws {
        #expect(spans(try network.activity(of: .silence(10))).isEmpty)
        #expect(spans(try network.activity(of: [])).isEmpty)
        let activity = try network.activity(of: Self.talk.get().sound)
        #expect(activity.frames == 589 && activity.columns == 3)
        #expect(activity.values.allSatisfy { $0 >= 0 && $0 <= 1.0001 })
    }

    @Test("sound shorter than a window is followed by silence, whatever was heard before")
    func short() throws {
        let talk = try Self.talk.get()
        _ = try network.activity(of: talk.sound)
        let first = talk.sound.seconds(0, 4.5)
        let (short, padded) = (
            try network.activity(of: first), try network.activity(of: first + .silence(5.5))
        )
        #expect(short.values == padded.values)
        #expect(spans(short).allSatisfy { $0.upperBound < 4.6 })
    }

    @Test("half as loud says the same")
    func gain() throws {
        let talk = try Self.talk.get()
        let heard = spans(try network.activity(of: talk.sound.map { $0 / 2 }))
        try #require(heard.count == 2)
        for (one, other) in zip(heard, talk.turns) { #expect(abs(one.lowerBound - other.lowerBound) < 0.2) }
    }
}
