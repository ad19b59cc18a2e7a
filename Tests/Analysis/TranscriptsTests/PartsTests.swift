import SignalCore
import SyncModel
import Testing

@testable import Transcripts

@Suite("Parts of the transcript analyser")
struct PartsTests {
    @Test("letters become classes: doubled ones once, silent ones not, other scripts by transliteration")
    func letters() {
        func names(_ text: String) -> [String] {
            LetterClasses.words(of: text).map { $0.map { String(LetterClasses.names[Int($0)]) }.joined() }
        }
        #expect(names("ship") == ["SEP"])
        #expect(names("Hello, there!") == ["FELO", "FEL"])
        #expect(names("über") == ["OPEL"])
        #expect(names("москва") == names("moskva"))
        #expect(names("7") == names("seven"))
        #expect(names("[music] b") == ["PE"])
        #expect(!LetterClasses.hasLetters("♪ [applause] ♪"))
    }

    @Test("frame-rate ratios are named by what the captions were made for")
    func ratios() throws {
        let ratio = try #require(FrameRates.ratios.first { $0.name == "25/23.976" })
        #expect(abs(ratio.ppm - 42_708.3) < 0.1)
        #expect(FrameRates.ratio(ppm: 42_700, within: 20)?.name == "25/23.976")
        #expect(FrameRates.ratio(ppm: 500, within: 20) == nil)
        #expect(Set(FrameRates.ratios.map(\.name)).count == FrameRates.ratios.count)
    }

    @Test("boundaries that just miss a finer tier's are told, and tiers of other things are not compared")
    func tiers() {
        let fine = [0, 0.1, 0.25, 0.4, 0.6]
        let found = TierAgreement.disagreements(of: [0, 0.25, 0.4037, 0.6], with: fine)
        #expect(found.count == 1 && abs(found[0].miss + 0.0037) < 1e-9)
        #expect(TierAgreement.disagreements(of: [0.02, 0.27, 0.42], with: fine).isEmpty)
    }

    @Test("speech without text, text without speech, and impossible items are flagged")
    func coverage() {
        let speech = MadeSpeech.words(seconds: 60, seed: 4)
        let sound = MadeSpeech.scores(speech, seconds: 60)
        var items = MadeSpeech.cues(speech).items
        let missing = items.remove(at: 3)
        items.append(TranscriptText.Item(index: 90, kind: .cue, text: "nobody says this", start: 70, end: 72))
        items.append(
            TranscriptText.Item(
                index: 91, kind: .cue, text: "a line that is far too long to be read in so little time as this",
                start: 73, end: 73.5))
        items.append(TranscriptText.Item(index: 92, kind: .cue, text: "backwards", start: 75, end: 74))
        let coverage = Coverage(TranscriptText(items: items), scores: sound) { $0 }
        #expect(coverage.gaps.contains { $0.start < missing.end && $0.end > missing.start })
        func flags(_ index: Int) -> [FindingItem.Flag] { coverage.items.first { $0.index == index }?.flags ?? [] }
        #expect(flags(90).contains(.pastEnd))
        #expect(flags(91).contains(.tooFast))
        #expect(flags(92).contains(.outOfOrder))
    }

    @Test("the alignment of a cue finds its words where they are")
    func alignment() throws {
        let speech = MadeSpeech.words(seconds: 30, seed: 6)
        let sound = MadeSpeech.scores(speech, seconds: 30, noise: 0.5)
        let sentence = speech[1]
        let words = sentence.flatMap { LetterClasses.words(of: $0.2) }
        let start = Int(sentence[0].0 * SpeechScores.rate)
        let end = Int(sentence[sentence.count - 1].1 * SpeechScores.rate)
        let found = try #require(WordPath(words)?.ends(sound, in: start - 30..<end + 30).best)
        #expect(abs(found.frames.lowerBound - start) <= 2 && abs(found.frames.upperBound - end) <= 3)
        let other = try #require(WordPath(words.reversed())?.ends(sound, in: start - 30..<end + 30).best)
        #expect(other.score < found.score)
    }
}
