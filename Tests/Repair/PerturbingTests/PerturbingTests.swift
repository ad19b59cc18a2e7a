import Foundation
import Muxing
import SyncModel
import Testing

@testable import Perturbing

@Suite("Planted faults and what is to be found")
struct PerturbingTests {
    @Test("sound that was moved later reads late by as much, and a drift is undone by the opposite one")
    func signs() throws {
        let moved = PlantedFault(.soundMoved, move: SoundMove(offset: Offset(milliseconds: 120)))
        #expect(moved.offsetMilliseconds == -120)
        let drifted = PlantedFault(
            .soundDrifted, move: SoundMove(offset: Offset(seconds: 0), drift: Drift(ppm: 1000)))
        // What was at 1000 s stands at 1001 s, and goes back by d * 1001 s = -1 s.
        let ppm = try #require(drifted.driftPPM)
        #expect(abs(1001 * (1 + ppm * 1e-6) - 1000) < 1e-6)
        #expect(PlantedFault(.soundSwapped).offsetMilliseconds == nil)
        #expect(PlantedFault(.none).offsetMilliseconds == 0)
    }

    @Test("the same seed plants the same, another one something else, and sizes stay within their bounds")
    func draws() {
        var seen: Set<Double> = []
        for seed in 0..<200 as Range<UInt64> {
            var first = FaultDraw(seed: seed, clip: "a", fault: .soundMoved)
            var again = FaultDraw(seed: seed, clip: "a", fault: .soundMoved)
            let move = first.moved(isText: false)
            #expect(move == again.moved(isText: false))
            let size = abs(move.offset.milliseconds)
            #expect(size >= 20 && size <= 1200)
            seen.insert(move.offset.milliseconds)
            let cut = first.cut(seconds: 90, isText: true)
            #expect(cut.segments.count == 2 && cut.segments[1].span.start >= 30 && cut.segments[1].span.start <= 60)
        }
        #expect(seen.count > 150 && seen.contains { $0 < 0 } && seen.contains { $0 > 0 })
    }

    @Test("the table comes back as it was written, and what is none is refused")
    func table() throws {
        var words = PlantedFault(.wordsMoved, scatterSeconds: 0.4)
        words.items = [3, 17]
        let rows = [
            Perturber.Row(name: "a.none", source: "x/a, b.mp4", media: "/x/a, b.mp4", planted: PlantedFault(.none)),
            Perturber.Row(
                name: "a.sound-moved", source: "x/a, b.mp4", media: "a.mp4",
                planted: PlantedFault(.soundMoved, move: SoundMove(offset: Offset(milliseconds: 50)))),
            Perturber.Row(name: "a.words-moved", source: "x/a, b.mp4", media: "a.mp4", transcript: "t", planted: words),
        ]
        let entries = try TruthTable.read(Data(TruthTable.text(rows).utf8), name: "truth.csv")
        #expect(entries.map(\.name) == rows.map(\.name) && entries.map(\.source) == rows.map(\.source))
        #expect(entries.map(\.fault) == [.none, .soundMoved, .wordsMoved])
        #expect(entries[1].planted == OffsetCourse(Offset(milliseconds: -50)) && entries[2].planted == nil)
        #expect(throws: ClipFailure.self) { try TruthTable.read(Data("a,b\n1,2\n".utf8), name: "x") }
    }

    @Test("answers are scored against what the same tool says of the untouched clip")
    func scores() {
        func entry(_ name: String, _ fault: Fault, _ offset: Double?) -> TruthTable.Entry {
            TruthTable.Entry(name: name, source: "a", fault: fault, planted: offset.map { said($0) })
        }
        func said(_ milliseconds: Double) -> OffsetCourse { OffsetCourse(Offset(milliseconds: milliseconds)) }
        let truth = [
            entry("none", .none, 0), entry("moved", .soundMoved, -120), entry("other", .soundMoved, 300),
            entry("swapped", .soundSwapped, nil), entry("unseen", .soundCut, 100),
        ]
        // The material itself lies 35 ms away; one answer is right, one is 60 ms off.
        let answers: [String: FaultAnswer] = [
            "none": FaultAnswer(verdict: .inSync, offset: said(35)),
            "moved": FaultAnswer(verdict: .marginal, offset: said(-85)),
            "other": FaultAnswer(verdict: .misaligned, offset: said(395)),
            "swapped": FaultAnswer(verdict: .unpaired, offset: nil),
        ]
        let scores = FaultScore.scores(truth) { entry, _ in answers[entry.name] }
        #expect(scores.map(\.fault) == [.none, .soundMoved, .soundCut, .soundSwapped])
        #expect(scores[1].within == [20: 1, 40: 1, 80: 2] && scores[1].misses == [0, 60])
        #expect(scores[1].accused == 1 && scores[0].accused == 0)
        #expect(scores[2].rows == 1 && scores[2].looked == 0)
        #expect(scores[3].unpaired == 1 && scores[3].answered == 0)
    }

    @Test("views are compared with the untouched set, labels with themselves, and named faults are counted")
    func scoresOfSets() {
        func entry(_ name: String, _ fault: Fault, _ source: String, _ offset: Double?) -> TruthTable.Entry {
            TruthTable.Entry(name: name, source: source, fault: fault, planted: offset.map { said($0) })
        }
        func said(_ milliseconds: Double, ppm: Double? = nil) -> OffsetCourse {
            OffsetCourse(Offset(milliseconds: milliseconds), driftPPM: ppm)
        }
        let truth = [
            entry("s.none.1", .viewReference, "x", nil), entry("s.none.2", .viewNone, "b", 0),
            entry("s.moved.2", .viewMoved, "b", 500), entry("l", .labelsMoved, "a", -70),
            entry("m1", .labelsMissing, "a", nil), entry("m2", .labelsMissing, "c", nil),
            TruthTable.Entry(name: "s.drifted.2", source: "b", fault: .viewDrifted, planted: said(0, ppm: -120)),
        ]
        // The camera of the untouched set is 3 s early already.
        let answers: [String: FaultAnswer] = [
            "s.none.2": FaultAnswer(verdict: .misaligned, offset: said(3000, ppm: 10)),
            "s.drifted.2": FaultAnswer(verdict: .misaligned, offset: said(3001, ppm: -112)),
            "s.moved.2": FaultAnswer(verdict: .misaligned, offset: said(3510)),
            "l": FaultAnswer(verdict: .marginal, offset: said(-71), names: ["late-annotator"]),
            "m1": FaultAnswer(verdict: .unpaired, offset: nil, names: ["missing"]),
            "m2": FaultAnswer(verdict: .unpaired, offset: nil, names: ["renamed"]),
        ]
        let scores = FaultScore.scores(truth) { entry, _ in answers[entry.name] }
        #expect(scores.map(\.fault) == [.labelsMoved, .labelsMissing, .viewNone, .viewMoved, .viewDrifted])
        // 122 ppm less than the untouched one, of which 120 were planted.
        #expect(scores[4].driftMisses.count == 1 && abs((scores[4].medianDriftMiss ?? 0) - 2) < 1e-9)
        #expect(scores[0].within == [20: 1, 40: 1, 80: 1] && scores[0].named == 1)
        #expect(scores[1].rows == 2 && scores[1].unpaired == 2 && scores[1].named == 1)
        #expect(scores[2].misses.isEmpty && scores[3].misses.count == 1)
        #expect(scores[3].misses.allSatisfy { abs($0 - 10) < 1e-6 })
    }

    @Test("a tool that says 0 of everything finds neither cuts nor drifts; one that says what was planted finds both")
    func changes() throws {
        let table = """
            name,source,fault,offset_ms,drift_ppm,segments,duration_s
            a.none,a,none,0.0,,,
            a.cut,a,sound-cut,-400.0,,0.000:0.0 7.500:-400.0,20.0
            a.drift,a,sound-drifted,0.0,1500.0,,40.0
            a.little,a,sound-drifted,0.0,100.0,,40.0

            """
        let truth = try TruthTable.read(Data(table.utf8), name: "truth.csv")
        #expect(truth[1].planted?.pieces.count == 2 && truth[2].planted?.driftPPM == 1500)
        func scored(_ answer: (TruthTable.Entry) -> FaultAnswer) -> [FaultScore] {
            FaultScore.scores(truth) { entry, _ in answer(entry) }
        }
        let zero = OffsetCourse(Offset(seconds: 0))
        let always = scored { _ in FaultAnswer(verdict: .inSync, offset: zero) }
        // 1500 ppm of 40 s are 60 ms; 100 ppm are 4 ms, which nobody has to find.
        #expect(always.map(\.fault) == [.none, .soundDrifted, .soundCut])
        #expect(always[1].misses.map { $0.rounded() } == [4, 60] && always[1].within == [20: 1, 40: 1, 80: 2])
        #expect(always[1].driftMisses.isEmpty && always[1].named == 0)
        #expect(always[2].misses == [400] && always[2].within == [20: 0, 40: 0, 80: 0] && always[2].named == 0)
        // Half of the clip is right.
        let longest = scored { _ in FaultAnswer(verdict: .misaligned, offset: OffsetCourse(Offset(milliseconds: -400)))
        }
        #expect(longest[2].within == [20: 0, 40: 0, 80: 0])
        // The material itself lies 30 ms away, and the border is found a second late.
        let right = scored { entry in
            switch entry.fault {
            case .soundCut:
                return FaultAnswer(
                    verdict: .misaligned,
                    offset: OffsetCourse(pieces: [
                        .init(start: 0, offset: Offset(milliseconds: 30)),
                        .init(start: 8.5, offset: Offset(milliseconds: -370)),
                    ]))
            case .soundDrifted:
                return FaultAnswer(
                    verdict: .misaligned,
                    offset: OffsetCourse(Offset(milliseconds: 30), driftPPM: entry.planted?.driftPPM))
            default: return FaultAnswer(verdict: .inSync, offset: OffsetCourse(Offset(milliseconds: 30)))
            }
        }
        #expect(right[1].within == [20: 2, 40: 2, 80: 2] && right[1].named == 2 && right[1].driftMisses == [0, 0])
        #expect(right[2].within == [20: 1, 40: 1, 80: 1] && right[2].named == 1)
    }
}
