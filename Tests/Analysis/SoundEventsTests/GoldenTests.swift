import GoldenNumbers
import SyncModel
import Testing

@testable import SoundEvents

@Suite("Golden numbers of sound events")
struct GoldenTests {
    @Test("labels that are late, one that was moved, labels of another scene")
    func events() {
        let scene = MadeScene.usual(seed: 4)
        let late = scene.events.map {
            SoundEvent(index: $0.index, label: $0.label, start: $0.start + 0.5, end: $0.end + 0.5)
        }
        var one = scene.events
        one[6].start += 0.5
        one[6].end += 0.5
        let analyser = EventAnalyser()
        let other = analyser.finding(MadeScene.usual(seed: 71).events, sound: scene.sound)
        #expect(GoldenNumbers.complaints("late", analyser.finding(late, sound: scene.sound)) == [])
        #expect(GoldenNumbers.complaints("one", analyser.finding(one, sound: scene.sound)) == [])
        #expect(GoldenNumbers.complaints("another scene", other) == [])
    }
}
