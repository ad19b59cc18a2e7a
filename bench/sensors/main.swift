import Foundation
import Sensors
import SignalCore
import SyncModel

/// `genlock-sensors-bench`: makes logs with one clock fault each, has them judged, and prints a CSV row a log: what was
/// made, what was told.
struct Maker {
    var random: SplitMix64

    mutating func uniform(_ range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * Double(random.next() >> 11) / 9_007_199_254_740_992
    }

    mutating func normal() -> Double {
        (-2 * Foundation.log(max(1e-12, uniform(0...1)))).squareRoot() * cos(2 * .pi * uniform(0...1))
    }

    mutating func place(_ count: Int) -> Int { min(count - 1, Int(uniform(0.1...0.9) * Double(count))) }

    /// A log with its own zero, a clock that is off by some parts per million, and the jitter of a good driver; stamps
    /// rounded as writers do.
    mutating func log(_ kind: String) -> ClockFacts {
        let rates: [Double] = [30, 50, 100, 125, 200, 250, 500, 1000]
        let rate = rates[min(rates.count - 1, Int(uniform(0...8)))]
        let seconds = uniform(8...90)
        let count = Int(seconds * rate)
        let start = [0, uniform(0...5000), 1.77e9 + uniform(0...1e6)][min(2, Int(uniform(0...3)))]
        let real =
            rate
            * (kind == "rate-differs"
                ? (uniform(0...1) < 0.5 ? 1 - uniform(0.01...0.15) : 1 + uniform(0.01...0.15))
                : 1 + uniform(-40e-6...40e-6))
        let jitter = (kind == "jitter" ? uniform(0.15...0.35) : uniform(0...0.04)) / real
        var stamps = (0..<count).map { start + Double($0) / real + jitter * normal() }
        if kind == "jitter" { stamps.sort() }
        var facts = ClockFacts(stamps: stamps)
        facts.declaredRate = rate
        facts.videoSeconds = seconds * rate / real
        switch kind {
        case "dropped-samples":
            for _ in 0..<max(1, Int(Double(count) * uniform(0.0005...0.05))) {
                facts.stamps.remove(at: place(facts.stamps.count))
            }
        case "doubled-samples":
            for _ in 0..<max(1, Int(Double(count) * uniform(0.0005...0.03))) {
                let at = place(facts.stamps.count)
                facts.stamps.insert(facts.stamps[at], at: at)
            }
        case "not-monotonic":
            let at = place(count)
            if uniform(0...1) < 0.5 {
                let other = at + 1 + Int(uniform(0...6))
                if other < count { facts.stamps.swapAt(at, other) } else { facts.stamps.swapAt(at, at - 1) }
            } else {
                let back = uniform(0.05...5) + 2 / rate
                for index in at..<count { facts.stamps[index] -= back }
                facts.videoSeconds = nil
            }
        case "gap":
            let hole = max(Int(uniform(0.4...4) * rate), 8)
            let at = Int(uniform(0.1...0.4) * Double(count))
            facts.stamps.removeSubrange(at..<min(count - 10, at + hole))
        case "wrong-unit":
            if uniform(0...1) < 0.5 { facts.declaredRate = nil }
            facts.stamps = facts.stamps.map { $0 * 1000 }
        case "mixed-units":
            let from = place(count)
            let to = min(count, from + 1 + Int(uniform(0...1) * Double(count) / 2))
            let factor = uniform(0...1) < 0.5 ? 1000.0 : 1e-3
            for index in from..<to { facts.stamps[index] = (facts.stamps[index] + 1) * factor }
            for index in 0..<count where !(from..<to).contains(index) { facts.stamps[index] += 1 }
        case "mixed-clocks":
            let offset = start > 1e9 ? -start + uniform(10...1e5) : 1.77e9 + uniform(0...1e6)
            let from = place(count)
            let to = uniform(0...1) < 0.5 ? count : min(count, from + 1 + Int(uniform(0...1) * 300))
            for index in from..<to { facts.stamps[index] += offset }
        case "length-differs":
            facts.videoSeconds = seconds + (uniform(0...1) < 0.5 ? -1 : 1) * uniform(0.25...3)
        case "count-differs":
            facts.videoFrames = count + (uniform(0...1) < 0.5 ? -1 : 1) * (1 + Int(uniform(0...20)))
            facts.isRowPerFrame = true
        default: break
        }
        // Doubles since 1970 are good to a quarter of a microsecond; writers round to one.
        facts.stamps = facts.stamps.map { ($0 * 1e6).rounded() / 1e6 }
        return facts
    }
}

let kinds = [
    "none", "rate-differs", "jitter", "dropped-samples", "doubled-samples", "not-monotonic", "gap", "wrong-unit",
    "mixed-units", "mixed-clocks", "length-differs", "count-differs",
]
let each = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 91
print("made,seed,rows,rate,told,cost_ms")
for (number, kind) in kinds.enumerated() {
    for turn in 0..<each {
        let seed = UInt64(number * 100_000 + turn + 1)
        var maker = Maker(random: SplitMix64(seed: seed))
        let facts = maker.log(kind)
        let result = ClockAnalyser().result(facts)
        let told = result.faults.map(\.kind.rawValue).joined(separator: "+")
        print(
            """
            \(kind),\(seed),\(facts.stamps.count),\(facts.declaredRate.map { "\($0)" } ?? ""),\(told),\
            \(result.faults.first.map { String(format: "%.1f", $0.costMilliseconds ?? 0) } ?? "")
            """
        )
    }
}
