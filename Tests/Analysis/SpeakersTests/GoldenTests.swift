import GoldenNumbers
import SyncModel
import Testing

@testable import Speakers

@Suite("Golden numbers of speakers")
struct GoldenTests {
    @Test("labels that are late, one edge that was moved, labels of another conversation")
    func speakers() {
        let made = MadeVoices.alternating()
        let late = made.turns.map {
            SpeakerTurn(index: $0.index, speaker: $0.speaker, start: $0.start + 0.6, end: $0.end + 0.6)
        }
        var edge = made.turns
        edge[3].start += 0.3
        let other = MadeVoices.alternating(turns: 20, seed: 111).turns
        let analyser = SpeakerAnalyser()
        #expect(GoldenNumbers.complaints("late", analyser.finding(late, sound: made.sound)) == [])
        #expect(GoldenNumbers.complaints("one edge", analyser.finding(edge, sound: made.sound)) == [])
        #expect(GoldenNumbers.complaints("another conversation", analyser.finding(other, sound: made.sound)) == [])
    }
}
