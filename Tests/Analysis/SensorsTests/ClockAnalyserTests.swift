import Sensors
import SignalCore
import SyncModel
import Testing

/// Logs whose one fault is known because it was put there.
@Suite("The clock of a log is judged before anything is compared")
struct ClockAnalyserTests {
    private func regular(_ count: Int = 3000, rate: Double = 100, jitter: Double = 0.01, seed: UInt64 = 1) -> [Double] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map {
            (Double($0) + jitter * (Double(random.next() >> 11) / 9_007_199_254_740_992 - 0.5)) / rate
        }
    }

    private func kinds(_ stamps: [Double], rate: Double? = 100, video: Double? = nil) -> [LogFault.Kind] {
        var facts = ClockFacts(stamps: stamps)
        facts.declaredRate = rate
        facts.videoSeconds = video
        return ClockAnalyser().result(facts).faults.map(\.kind)
    }

    @Test("a regular log has no fault", arguments: [20.0, 30, 100, 119.88, 200, 1000])
    func regularLog(rate: Double) {
        #expect(kinds(regular(rate: rate), rate: rate, video: 3000 / rate) == [])
        // Written in whole milliseconds since 1970.
        #expect(kinds(regular(rate: rate).map { ($0 * 1000).rounded() / 1000 + 1.7e9 }, rate: rate) == [])
    }

    @Test("another rate than the declared one is named with what it costs")
    func otherRate() throws {
        var facts = ClockFacts(stamps: regular(rate: 97))
        facts.declaredRate = 100
        let fault = try #require(ClockAnalyser().result(facts).faults.first)
        #expect(fault.kind == .rate)
        // 2999 steps of 10.309 ms instead of 10 ms.
        let cost = try #require(fault.costMilliseconds)
        #expect(abs(cost - 2999 * (1000 / 97.0 - 10)) < 2)
    }

    @Test("jitter")
    func jitter() { #expect(kinds(regular(jitter: 0.8).sorted()) == [.jitter]) }

    @Test("missing samples are counted, and no longer hole is a gap")
    func dropped() throws {
        var stamps = regular()
        for place in [2500, 1800, 1200, 1199, 400] { stamps.remove(at: place) }
        let result = ClockAnalyser().result(ClockFacts(stamps: stamps))
        #expect(result.faults.map(\.kind) == [.dropped])
        #expect(abs((result.faults.first?.costMilliseconds ?? 0) - 50) < 0.1)
        #expect(result.faults.first?.row == 399)
        stamps.removeSubrange(1000..<1150)
        #expect(Set(kinds(stamps)) == [.dropped, .gap])
    }

    @Test("doubled samples, steps back and a clock that was set")
    func doubledAndBack() {
        var stamps = regular()
        for place in [300, 900, 2000] { stamps.insert(stamps[place], at: place) }
        #expect(kinds(stamps) == [.doubled])
        var swapped = regular()
        swapped.swapAt(700, 702)
        #expect(kinds(swapped) == [.backwards])
        #expect(kinds(regular().enumerated().map { $0.offset > 1500 ? $0.element - 2.5 : $0.element }) == [.backwards])
    }

    @Test("milliseconds among seconds, all milliseconds, and wall clock among monotonic")
    func twoClocks() {
        let stamps = regular().map { $0 + 12 }
        #expect(
            kinds(stamps.enumerated().map { (800..<1400).contains($0.offset) ? $0.element * 1000 : $0.element }) == [
                .mixedUnits
            ])
        #expect(kinds(stamps.map { $0 * 1000 }) == [.unit])
        #expect(kinds(stamps.map { $0 * 1000 }, rate: nil, video: 30) == [.unit])
        #expect(
            kinds(stamps.enumerated().map { $0.offset >= 2000 ? $0.element + 1_770_000_000 : $0.element }) == [
                .mixedClocks
            ])
        #expect(
            kinds(stamps.enumerated().map { $0.offset.isMultiple(of: 50) ? $0.element + 1_770_000_000 : $0.element })
                == [.mixedClocks])
    }

    @Test("the length of the video, rows for frames, frame numbers, and stamps too coarse")
    func declared() {
        #expect(kinds(regular(), video: 31) == [.length])
        var facts = ClockFacts(stamps: regular(300, rate: 30))
        facts.videoFrames = 297
        facts.videoSeconds = 9.9
        facts.isRowPerFrame = true
        #expect(ClockAnalyser().result(facts).faults.map(\.kind) == [.count])
        #expect(kinds(regular().map { Double(Float($0 + 1_770_000_000)) }, rate: nil).allSatisfy { $0 == .coarse })
        #expect(kinds(regular().map { ($0 * 10).rounded() / 10 }, rate: nil) == [.coarse])
    }

    @Test("nothing falls over on nothing")
    func little() {
        #expect(kinds([]) == [])
        #expect(kinds([1]) == [])
        #expect(kinds([.nan, .nan, 1, 2, 3, 4, 5, 6], rate: nil) == [.unknown])
        #expect(kinds([5, 5, 5, 5, 5, 5], rate: nil) == [])
        #expect(!kinds([1e300, -1e300, 0, 1, 2, 3, 4, 5], rate: nil).isEmpty)
    }

    @Test("stamps that never change are named, with all that they cost")
    func neverChanges() throws {
        var facts = ClockFacts(stamps: [Double](repeating: 0, count: 300), column: "timestamp")
        facts.declaredRate = 30
        let fault = try #require(ClockAnalyser().result(facts).faults.first)
        #expect(fault.kind == .stopped)
        #expect(abs((fault.costMilliseconds ?? 0) - 299_000 / 30) < 1e-6)
        #expect(fault.row == 0)
        #expect(ClockAnalyser().result(facts).faults.count == 1)
        // Without a rate nobody knows what it costs.
        let unknown = ClockAnalyser().result(ClockFacts(stamps: [Double](repeating: 7.5, count: 40))).faults
        #expect(unknown.map(\.kind) == [.stopped])
        #expect(unknown.first?.costMilliseconds == nil)
    }

    @Test("a clock that stops on the way is no coarse one, and no doubled samples")
    func stops() throws {
        let stamps = (0..<300).map { Double(min($0, 120)) / 30 }
        let faults = ClockAnalyser().result(ClockFacts(stamps: stamps)).faults
        #expect(faults.map(\.kind) == [.stopped])
        #expect(faults.first?.row == 120)
        #expect(abs((faults.first?.costMilliseconds ?? 0) - 179_000 / 30) < 1)
    }

    @Test("whole seconds for thirty rows each are coarse, and the clock does not stand still")
    func coarse() {
        let faults = ClockAnalyser().result(ClockFacts(stamps: (0..<300).map { Double($0 / 30) })).faults
        #expect(faults.map(\.kind) == [.coarse])
    }
}
