import Foundation
import Sensors
import SignalCore
import SyncModel
import Testing

/// A force sensor that is hit now and then, and sudden sounds at those moments, among others.
@Suite("Jolts of a force are found in sudden sounds")
struct JoltTests {
    private let hits = [3.1, 5.72, 6.4, 9.93, 14.2, 15.05, 19.7, 24.4, 26.1]

    private func force(_ hits: [Double], late: Double, seed: UInt64) -> JoltEvents? {
        var random = SplitMix64(seed: seed)
        let times = (0..<6000).map { Double($0) / 200 }
        // Slow pushing, noise, and a blow that rings down.
        let values = times.map { time in
            3 * sin(time) + Double.random(in: -0.1...0.1, using: &random)
                + hits.reduce(0) {
                    time >= $1 + late ? $0 + 20 * exp(-(time - $1 - late) / 0.03) * cos(180 * (time - $1 - late)) : $0
                }
        }
        return JoltEvents([values, times.map { _ in 0 }], times: times)
    }

    private func sounds(_ hits: [Double]) -> [SuddenEvent] {
        (hits + [1.2, 21.3]).sorted().map { SuddenEvent(seconds: $0, strength: 20) }
    }

    @Test("each blow is found, to a sample", arguments: [0, 0.4])
    func found(late: Double) throws {
        let jolts = try #require(force(hits, late: late, seed: 3))
        #expect(jolts.events.count == hits.count)
        for (event, hit) in zip(jolts.events, hits) { #expect(abs(event.seconds - hit - late) < 0.006) }
    }

    @Test("their offset is told, and carries the finding where motion does not", arguments: [-2.35, 0.18])
    func matched(late: Double) throws {
        let jolts = try #require(force(hits, late: late, seed: 3))
        let match = try #require(JoltMatch(jolts: jolts, sounds: sounds(hits), heardFrom: 0, heardTo: 30))
        #expect(match.isAnswered, "\(match.reasons)")
        #expect(abs(match.offset + late) < 0.006)
        let finding = SensorAnalyser().finding(
            log: "a.csv", camera: "a.mp4", match: nil,
            clock: ClockAnalyser().result(ClockFacts(stamps: (0..<6000).map { Double($0) / 200 })), notes: [],
            impacts: match)
        #expect(finding.verdict == .misaligned)
        #expect(finding.evidence("method") == .text("impacts"))
        #expect(finding.interval?.contains(Offset(seconds: -late)) == true)
    }

    @Test("blows of another episode are refused")
    func unrelated() {
        var answered = 0
        for seed in UInt64(1)...20 {
            var random = SplitMix64(seed: seed)
            let others = (0..<9).map { _ in Double.random(in: 1...29, using: &random) }.sorted()
            if let jolts = force(others, late: 0, seed: seed),
                JoltMatch(jolts: jolts, sounds: sounds(hits), heardFrom: 0, heardTo: 30)?.isAnswered == true
            {
                answered += 1
            }
        }
        #expect(answered == 0)
    }

    @Test("a force that never changes, or is not a number, has no jolts")
    func still() {
        let times = (0..<1000).map { Double($0) / 200 }
        #expect(JoltEvents([times.map { _ in 2 }], times: times) == nil)
        #expect(JoltEvents([times.map { _ in Double.nan }], times: times) == nil)
    }
}
