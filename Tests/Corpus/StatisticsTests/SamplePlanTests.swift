import Foundation
import SignalCore
import Testing

@testable import Statistics

@Suite("A sample that tells how many are wrong")
struct SamplePlanTests {
    private func units(_ sizes: [(String, Int)]) -> [SamplePlan.Unit] {
        sizes.flatMap { name, count in
            (0..<count).map { SamplePlan.Unit(key: "\(name)-\($0)", stratum: [name], isWrong: nil) }
        }
    }

    @Test("draws in proportion, at least one of each, the same for the same seed, and keeps what a smaller one drew")
    func draws() {
        let all = units([("de", 700), ("en", 290), ("fr", 10)])
        let plan = SamplePlan(all, count: 100)
        #expect(plan.strata.map(\.drawn.count) == [70, 29, 1])
        #expect(SamplePlan(all.shuffled(), count: 100) == plan)
        #expect(SamplePlan(all, count: 100, seed: 1).strata[0].drawn != plan.strata[0].drawn)
        let more = SamplePlan(all, count: 200)
        for (small, large) in zip(plan.strata, more.strata) { #expect(Set(small.drawn).isSubset(of: large.drawn)) }
        #expect(SamplePlan(all, count: 2).strata.map(\.drawn.count) == [1, 1, 0])
        #expect(SamplePlan(all, count: 5000).strata.map(\.drawn.count) == [700, 290, 10])
        #expect(plan.rate == nil && plan.more == nil && plan.unseen == 3)
    }

    @Test("weighs strata by what they hold")
    func weighs() throws {
        var all = units([("a", 900), ("b", 100)])
        // Of each ten are looked at: none and all of them wrong; of the whole a tenth is.
        for index in 0..<10 { all[index].isWrong = false }
        for index in 900..<910 { all[index].isWrong = true }
        let rate = try #require(SamplePlan(all, count: 20).rate)
        #expect(abs(rate.value - 0.1) < 1e-12 && rate.count == 10 && rate.of == 20)
        #expect(rate.lower < 0.1 && rate.upper > 0.1 && rate.upper < 0.6)
        #expect(
            SamplePlan(all.map { .init(key: $0.key, stratum: $0.stratum, isWrong: false) }, count: 20).rate?.upper == 0)
    }

    @Test("says nothing of strata that nobody saw")
    func unseen() throws {
        var all = units([("a", 10), ("b", 30)])
        for index in 0..<10 { all[index].isWrong = true }
        let plan = SamplePlan(all, count: 20)
        let rate = try #require(plan.rate)
        #expect(abs(rate.lower - 0.25) < 1e-9 && abs(rate.upper - 1) < 1e-9 && plan.unseen == 1)
        #expect((plan.more ?? 0) >= 1)
    }

    @Test("of 500 corpora the interval holds the truth in 93 % and more, and what it says to look at more is enough")
    func covers() {
        var random = SplitMix64(seed: 7)
        var (held, told, reached, close) = (0, 0, 0, 0)
        for _ in 0..<500 {
            let shares = [0.02, 0.1, 0.3].map { $0 + 0.1 * random.uniform() }
            var all: [SamplePlan.Unit] = []
            for (stratum, size) in [600, 300, 100].enumerated() {
                for index in 0..<size {
                    all.append(.init(key: "\(stratum)-\(index)", stratum: ["\(stratum)"], isWrong: nil))
                }
            }
            let truth = all.map { random.uniform() < shares[Int($0.stratum[0]) ?? 0] }
            func looked(_ count: Int) -> SamplePlan {
                var seen = all
                for (stratum, size) in [(0, 600), (1, 300), (2, 100)] {
                    let first = [0, 600, 900][stratum]
                    var order = Array(first..<first + size)
                    for index in order.indices.dropLast() {
                        order.swapAt(index, index + random.index(below: order.count - index))
                    }
                    for index in order.prefix(count * size / 1000) { seen[index].isWrong = truth[index] }
                }
                return SamplePlan(seen, count: count)
            }
            let plan = looked(60)
            let whole = Double(truth.count { $0 }) / Double(truth.count)
            guard let rate = plan.rate else { continue }
            if (rate.lower...rate.upper).contains(whole) { held += 1 }
            guard let more = plan.more, more > 0 else { continue }
            told += 1
            if let then = looked(min(1000, (plan.looked + more + 9) / 10 * 10)).rate {
                if max(then.upper - then.value, then.value - then.lower) <= 0.05 { reached += 1 }
                if (then.lower...then.upper).contains(whole) { close += 1 }
            }
        }
        #expect(held >= 465, "\(held)")
        #expect(told > 475 && Double(reached) >= 0.97 * Double(told), "\(reached) of \(told)")
        #expect(Double(close) >= 0.93 * Double(told), "\(close) of \(told)")
    }
}
