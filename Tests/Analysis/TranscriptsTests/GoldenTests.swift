import GoldenNumbers
import SyncModel
import Testing

@testable import Transcripts

@Suite("Golden numbers of transcripts")
struct GoldenTests {
    @Test("words and cues that are early, captions of another frame rate, another text")
    func transcripts() throws {
        let analyser = try MadeSpeech.analyser()
        let speech = MadeSpeech.words(seconds: 180, seed: 3)
        let sound = MadeSpeech.scores(speech, seconds: 180)
        let words = analyser.finding(MadeSpeech.words(speech, { $0 - 0.35 }), sound: sound)
        let cues = analyser.finding(MadeSpeech.cues(speech, { $0 - 61.5 }), sound: sound)
        let rate = analyser.finding(MadeSpeech.cues(speech) { $0 / (25 / 23.976) }, sound: sound)
        let other = analyser.finding(MadeSpeech.cues(MadeSpeech.words(seconds: 180, seed: 11)), sound: sound)
        #expect(GoldenNumbers.complaints("words", words) == [])
        #expect(GoldenNumbers.complaints("cues", cues) == [])
        #expect(GoldenNumbers.complaints("another frame rate", rate) == [])
        #expect(GoldenNumbers.complaints("another text", other) == [])
    }
}
