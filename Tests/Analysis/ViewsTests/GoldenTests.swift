import GoldenNumbers
import SyncModel
import Testing

@testable import Views

@Suite("Golden numbers of views")
struct GoldenTests {
    private func report(_ method: PairMeasurement.Method, _ change: (inout [ViewInput]) -> Void) -> ViewsReport {
        var views = ["a.mp4", "b.mp4"].map { ViewInput(clip: $0, durationSeconds: 14) }
        change(&views)
        return ViewsAnalyser().report(views, pairs: PairTable(rows: [PairTable.measure(views, 0, 1, method)]))
    }

    private func sound(_ other: [Float]) -> ViewsReport {
        let speech = MadeSound.speech(seconds: 40, seed: 3)
        return report(.sound) { views in
            views[0].hasSound = true
            views[1].hasSound = true
            views[0].sound = MadeSound.signal(speech[192_000..<416_000])
            views[1].sound = MadeSound.signal(other)
        }
    }

    @Test("by sound: another place of one sound, a clock that runs off, another sound")
    func sound() throws {
        let speech = MadeSound.speech(seconds: 40, seed: 3)
        let later = sound(Array(speech[260_800..<484_800]))
        let drifting = sound(MadeSound.drifting(speech, from: 208_000, ppm: 80, count: 224_000))
        let other = sound(MadeSound.speech(seconds: 14, seed: 11))
        #expect(GoldenNumbers.complaints("sound, later", try #require(later.findings.first)) == [])
        #expect(GoldenNumbers.complaints("sound, drifting", try #require(drifting.findings.first)) == [])
        #expect(GoldenNumbers.complaints("sound, another", try #require(other.findings.first)) == [])
    }

    @Test("by picture: two cameras at an angle")
    func picture() throws {
        let scene = MadeScene(seed: 4)
        let seen = report(.picture) { views in
            views[0].hasPicture = true
            views[1].hasPicture = true
            views[0].picture = scene.signal(from: 0, start: 2, seconds: 10, rate: 15)
            views[1].picture = scene.signal(from: 0.9, start: 3.4, seconds: 10, rate: 12)
        }
        #expect(GoldenNumbers.complaints("picture", try #require(seen.findings.first)) == [])
    }
}
