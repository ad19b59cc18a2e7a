import Checks
import GoldenNumbers
import Sensors
import SignalCore
import SyncModel
import Testing

@Suite("Golden numbers of clocks")
struct GoldenTests {
    private func complaints(_ name: String, _ stamps: [Double], rate: Double? = 100) -> [String] {
        var facts = ClockFacts(stamps: stamps)
        facts.declaredRate = rate
        let result = ClockAnalyser().result(facts)
        var answers: GoldenNumbers.Answers = [
            "rate_hz": .number(result.rate ?? .nan), "seconds": .number(result.seconds),
            "stamps": .number(Double(result.stamps.count)),
        ]
        for (index, fault) in result.faults.enumerated() {
            answers["fault \(index)"] = .text("\(fault.kind)")
            if let cost = fault.costMilliseconds { answers["fault \(index) cost_ms"] = .number(cost) }
            if let row = fault.row { answers["fault \(index) row"] = .number(Double(row)) }
        }
        return GoldenNumbers.complaints(name, method: EpisodeMeasurer.clockMethod, answers)
    }

    @Test("a regular log, another rate, missing and doubled samples, a clock that was set, milliseconds")
    func clocks() {
        var random = SplitMix64(seed: 1)
        let regular = (0..<3000).map {
            (Double($0) + 0.01 * Double(random.index(below: 1000)) / 1000) / 100
        }
        var dropped = regular
        for place in [2500, 1800, 1200, 1199, 400] { dropped.remove(at: place) }
        dropped.removeSubrange(1000..<1150)
        var doubled = regular
        for place in [300, 900, 2000] { doubled.insert(doubled[place], at: place) }
        let set = regular.enumerated().map { $0.offset > 1500 ? $0.element - 2.5 : $0.element }
        #expect(complaints("regular", regular) == [])
        #expect(complaints("another rate", regular, rate: 97) == [])
        #expect(complaints("dropped", dropped) == [])
        #expect(complaints("doubled", doubled) == [])
        #expect(complaints("set", set) == [])
        #expect(complaints("milliseconds", regular.map { $0 * 1000 }) == [])
    }
}
