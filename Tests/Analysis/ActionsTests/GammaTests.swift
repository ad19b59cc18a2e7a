import SignalCore
import SyncModel
import Testing

@testable import Actions

@Suite("Gamma: alignments with the least disorder")
struct GammaTests {
    private func made(_ raters: Int, _ most: Int, _ generator: inout SplitMix64) -> [[Gamma.Unit]] {
        (0..<raters).map { _ in
            (0..<(1 + generator.index(below: most))).map { _ in
                let start = Double(generator.index(below: 60)) / 10
                return Gamma.Unit(
                    start: start, end: start + 0.5 + Double(generator.index(below: 30)) / 10,
                    label: Int32(generator.index(below: 2)))
            }
        }
    }

    private func difference(_ a: Gamma.Unit?, _ b: Gamma.Unit?) -> Double {
        guard let a, let b else { return 1 }
        let apart = (abs(a.start - b.start) + abs(a.end - b.end)) / (a.end - a.start + b.end - b.start)
        return apart * apart + (a.label == b.label ? 0 : 1)
    }

    /// The least disorder of all alignments there are, tried one by one.
    private func least(_ units: [[Gamma.Unit]]) -> Double {
        func cost(_ group: [Gamma.Unit?]) -> Double {
            group.indices.reduce(0) { sum, r in
                sum + group.indices.filter { $0 > r }.reduce(0) { $0 + difference(group[r], group[$1]) }
            }
        }
        func best(_ left: [[Int]]) -> Double {
            guard let rater = left.firstIndex(where: { !$0.isEmpty }) else { return 0 }
            var result = Double.infinity
            func choose(_ at: Int, _ group: [Gamma.Unit?], _ rest: [[Int]]) {
                if at == units.count {
                    result = min(result, cost(group) + best(rest))
                    return
                }
                choose(at + 1, group + [nil], rest)
                for unit in rest[at] {
                    var after = rest
                    after[at].removeAll { $0 == unit }
                    choose(at + 1, group + [units[at][unit]], after)
                }
            }
            var rest = left
            let unit = rest[rater].removeFirst()
            choose(rater + 1, [Gamma.Unit?](repeating: nil, count: rater) + [units[rater][unit]], rest)
            return result
        }
        let pairs = Double(units.count * (units.count - 1) / 2)
        return best(units.map { Array($0.indices) }) / pairs
            / (Double(units.map(\.count).reduce(0, +)) / Double(units.count))
    }

    @Test("of two raters the alignment is the best there is; of three nearly always, and never better than possible")
    func alignments() {
        var generator = SplitMix64(seed: 11)
        var worse = 0
        for _ in 0..<60 {
            let two = made(2, 5, &generator)
            #expect(abs(GammaAlignment(two).disorder - least(two)) < 1e-9)
            let three = made(3, 3, &generator)
            let (ours, truth) = (GammaAlignment(three).disorder, least(three))
            #expect(ours > truth - 1e-9)
            if ours > truth * 1.001 { worse += 1 }
        }
        #expect(worse <= 2)
    }

    @Test("equal labels have gamma 1, labels that have nothing in common none above chance")
    func ends() throws {
        var generator = SampleDraws(seed: 3)
        func item(_ b: [Kitchen.Row], _ a: [Kitchen.Row]) -> AgreementItem {
            let corpus = Kitchen(["a": a, "b": b]).corpus
            return AgreementItem(session: "s", raters: [0, 1], segments: corpus.sessions[0].tracks.map(\.segments))
        }
        let rows = Kitchen(sessions: 1, views: 1, actions: 12).sessions[0].tracks[0].rows
        #expect(try #require(Gamma.disorders(item(rows, rows), samples: 10, &generator)).gamma == 1)
        let other = Kitchen(sessions: 1, views: 1, actions: 12, seed: 99).sessions[0].tracks[0].rows.map {
            ($0.label + "!", $0.start, $0.end)
        }
        #expect(try #require(Gamma.disorders(item(rows, other), samples: 20, &generator)).gamma < 0.2)
    }
}
