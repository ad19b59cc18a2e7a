import GoldenNumbers
import SyncModel
import Testing

@testable import LipSync

@Suite("Golden numbers of lips")
struct GoldenTests {
    @Test("the made clip, and its sound moved", arguments: [0, 2000])
    func lips(moved: Int) throws {
        let (fixture, model) = (try Fixture.shared.get(), try Fixture.model.get())
        let sound = soundFeatures([try fixture.samples()], start: moved)
        let finding = LipAnalyser(model: model, expectation: .unknown).finding(
            mouth: try fixture.mouth(model), sound: sound)
        #expect(GoldenNumbers.complaints("moved by \(moved) samples", finding) == [])
    }
}
