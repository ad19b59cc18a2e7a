import Container
import GoldenNumbers
import SyncModel
import Testing

@Suite("Golden numbers of the container")
struct GoldenTests {
    private let analyser = ContainerAnalyser()

    private func complaints(_ name: String, _ facts: ContainerFacts) -> [String] {
        var costs: GoldenNumbers.Answers = [:]
        for (index, fault) in analyser.faults(facts).enumerated() {
            costs["fault \(index)"] = .text("\(fault.kind)")
            if let cost = fault.cost { costs["fault \(index) cost_ms"] = .number(cost.milliseconds) }
        }
        return GoldenNumbers.complaints(name, analyser.finding(facts))
            + GoldenNumbers.complaints(name + ", faults", method: ContainerAnalyser.method, costs)
    }

    @Test("streams that agree, that start apart, that are tagged at another rate, and a delay that is not signalled")
    func container() {
        #expect(complaints("together", Made.file(Made.picture(), Made.sound())) == [])
        #expect(complaints("starts apart", Made.file(Made.picture(), Made.sound(start: 0.3))) == [])
        #expect(complaints("other rate", Made.file(Made.picture(tag: (24, 1)), Made.sound())) == [])
        #expect(complaints("not signalled", Made.file(Made.picture(), Made.sound(signalled: false))) == [])
    }
}
