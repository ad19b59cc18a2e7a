import SyncModel
import Testing

@testable import RobotRecordings

@Suite("Stamps of messages against the times at which they were recorded")
struct StampChoiceTests {
    private let stamps = (0..<1000).map { 5000 + Double($0) * 0.01 }

    /// Under way for 5 to 13 ms.
    private func recorded(_ way: (Int) -> Double) -> [Double] {
        stamps.indices.map { stamps[$0] + 0.005 + Double($0 * 7 % 9) * 0.001 + way($0) }
    }

    @Test("stamps are kept, and how long messages were under way is told")
    func plain() throws {
        let choice = StampChoice(topic: "/a", stamps: stamps, logTimes: recorded { _ in 0 })
        #expect(choice.times == stamps && choice.faults.isEmpty && !choice.isRecorded)
        #expect(abs(try #require(choice.delay).median - 0.009) < 1e-6)
    }

    @Test("without stamps the recorder's times stand in, and that is told")
    func none() {
        let times = recorded { _ in 0 }
        let choice = StampChoice(topic: "/a", stamps: stamps.map { _ in .nan }, logTimes: times)
        #expect(choice.times == times && choice.isRecorded)
        #expect(choice.faults.map(\.kind) == [.noOwnStamp])
    }

    @Test("a clock with another zero is placed by the messages that arrived soonest")
    func otherZero() {
        let choice = StampChoice(topic: "/a", stamps: stamps.map { $0 - 4990 }, logTimes: recorded { _ in 0 })
        #expect(choice.faults.map(\.kind) == [.stampsDiffer])
        // Each is early by as much as the soonest was under way.
        for (time, stamp) in zip(choice.times, stamps) { #expect(abs(time - stamp - 0.005) < 1e-6) }
    }

    @Test("clocks that run apart by 80 ms, and stamps from the future, are told with what they cost")
    func apart() throws {
        let drifting = StampChoice(topic: "/a", stamps: stamps, logTimes: recorded { Double($0) * 8e-5 })
        let fault = try #require(drifting.faults.first { $0.kind == .stampsDiffer })
        #expect(abs(try #require(fault.costMilliseconds) - 80) < 3)
        let future = StampChoice(topic: "/a", stamps: stamps, logTimes: recorded { _ in -0.1 })
        #expect(abs(try #require(future.faults.first?.costMilliseconds) - 95) < 2)
    }

    @Test("one hitch of the recorder is no drift")
    func hitch() {
        let choice = StampChoice(topic: "/a", stamps: stamps, logTimes: recorded { $0 > 480 && $0 < 520 ? 0.3 : 0 })
        #expect(choice.faults.isEmpty)
    }
}
