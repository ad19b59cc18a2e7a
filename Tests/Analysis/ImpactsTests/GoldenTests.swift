import GoldenNumbers
import Impacts
import SyncModel
import Testing

@Suite("Golden numbers of impacts")
struct GoldenTests {
    private let analyser = ImpactAnalyser()

    @Test("flashes, hands and a ball")
    func impacts() {
        let flashes = analyser.finding(heard: Made.claps(late: 0.125), seen: Made.flashes())
        let hands = analyser.finding(heard: Made.claps(late: -0.31), seen: Made.hands(rate: 29.97))
        let ball = analyser.finding(heard: Made.claps(late: 0.2), seen: Made.ball(rate: 24))
        let nothing = analyser.finding(heard: Made.claps([2, 3.3]), seen: Made.flashes())
        #expect(GoldenNumbers.complaints("flashes", flashes) == [])
        #expect(GoldenNumbers.complaints("hands", hands) == [])
        #expect(GoldenNumbers.complaints("ball", ball) == [])
        #expect(GoldenNumbers.complaints("two claps", nothing) == [])
    }
}
