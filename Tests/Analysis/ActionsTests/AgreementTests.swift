import SyncModel
import Testing

@testable import Actions

@Suite("Measures of agreement equal their papers' examples")
struct AgreementTests {
    /// Frames of one second each, one rater a row of numbers.
    private func runs(_ ratings: [[Int]]) -> FrameRuns {
        let segments = ratings.map { row in
            row.enumerated().map {
                LabelSegment(start: Double($0), end: Double($0 + 1), label: Symbol(index: Int32($1 + 1)))
            }
        }
        return FrameRuns(AgreementItem(session: "s", raters: Array(ratings.indices), segments: segments), rate: 1)
    }

    @Test("Cohen 1960, table 1: kappa 0.492")
    func cohen() {
        // Proportions of 200: rows A .44 .07 .09... as counts.
        let table = [[88, 10, 2], [14, 40, 6], [18, 10, 12]]
        var one: [Int] = []
        var other: [Int] = []
        for (i, row) in table.enumerated() {
            for (j, count) in row.enumerated() {
                one += Array(repeating: i, count: count)
                other += Array(repeating: j, count: count)
            }
        }
        #expect(abs(CohenCounts(runs([one, other]), 0, 1).kappa - 0.492) < 0.0005)
    }

    @Test("ten subjects, fourteen raters, five names (the usual example of Fleiss' kappa): 0.210")
    func fleiss() {
        let table = [
            [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1], [7, 7, 0, 0, 0],
            [3, 2, 6, 3, 0], [2, 5, 3, 2, 2],
            [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
        ]
        let columns = table.map { row in row.enumerated().flatMap { Array(repeating: $0, count: $1) } }
        let raters = (0..<14).map { rater in columns.map { $0[rater] } }
        #expect(abs(FleissCounts(runs(raters)).kappa - 0.210) < 0.0005)
    }

    @Test(
        """
        Krippendorff 2004, two observers, 300 units of length: D_o 0.0144, D_e 0.0532 and 0.0490, alpha 0.7285 and \
        0.8587 jointly
        """
    )
    func unitised() throws {
        let (c, k) = (Symbol(index: 1), Symbol(index: 2))
        let one: [(Symbol, Double, Double)] = [(c, 225, 70), (c, 370, 30), (k, 180, 60), (k, 300, 50)]
        let other: [(Symbol, Double, Double)] = [(c, 220, 80), (c, 355, 20), (c, 400, 20), (k, 180, 60), (k, 300, 50)]
        let alpha = UnitisedAlpha(units: [one, other], start: 150, length: 300)
        let (first, second) = (try #require(alpha.byName[c]), try #require(alpha.byName[k]))
        #expect(abs(first.observed - 0.0144) < 0.00005 && abs(first.expected - 0.0532) < 0.00005)
        #expect(second.observed == 0 && abs(second.expected - 0.0490) < 0.00005)
        #expect(abs(1 - first.observed / first.expected - 0.7285) < 0.0001)
        #expect(abs(alpha.alpha - 0.8587) < 0.0001)
    }

    @Test("segments: an over-segmented guess has full recall, and the edit score counts the pieces")
    func segments() {
        func run(_ label: Int32, _ start: Int, _ end: Int) -> FrameRuns.Run {
            .init(label: Symbol(index: label), start: start, end: end)
        }
        let scores = SegmentScores(
            reference: [run(1, 0, 10), run(2, 10, 20)],
            subject: [run(1, 0, 6), run(3, 6, 8), run(1, 8, 10), run(2, 10, 20)])
        #expect(scores.found == [2, 2, 2] && scores.wrong == [2, 2, 2] && scores.missed == [0, 0, 0])
        #expect(scores.meanEdit == 50)
        #expect(abs(scores.f1(2) - 100 * 4 / 6) < 1e-9)
    }

    @Test("boundaries meet one to one, as many as can")
    func boundaries() {
        func at(_ times: [Double]) -> [LabelSegment] {
            times.map { LabelSegment(start: $0, end: $0, label: Symbol(index: 1)) }
        }
        let scores = BoundaryScores(reference: at([1, 1.2, 5]), subject: at([1.1, 1.4, 7, 9]))
        #expect(scores.met == [1, 2, 2, 2] && scores.reference == 3 && scores.subject == 4)
        #expect(scores.precision(1) == 0.5 && abs(scores.recall(1) - 2 / 3) < 1e-12)
    }

    @Test("the same seed gives the same figures; another seed moves only the intervals and gamma")
    func seeds() throws {
        var kitchen = Kitchen(sessions: 5, views: 3)
        kitchen.change(0, 0) { $0 = Kitchen.moved($0, by: 0.7) }
        kitchen.change(2, 1) { $0.remove(at: 3) }
        func measures(_ seed: UInt64) throws -> [AgreementReport.Measure] {
            try #require(
                kitchen.report {
                    $0.measuresAgreement = true
                    $0.seed = seed
                }.agreement
            ).measures
        }
        let (one, again, other) = (try measures(1), try measures(1), try measures(2))
        #expect(one.map(\.value) == again.map(\.value) && one.map(\.lower) == again.map(\.lower))
        for (a, b) in zip(one, other) where a.name != "gamma" { #expect(a.value == b.value) }
        for measure in one where measure.lower.isFinite {
            #expect(measure.lower <= measure.value + 1e-9 && measure.value <= measure.upper + 1e-9)
        }
    }

    @Test("who drags agreement down is the one who is off")
    func culprit() throws {
        var kitchen = Kitchen(sessions: 5, views: 4)
        for session in 0..<5 { kitchen.change(session, 2) { $0 = Kitchen.moved($0, by: 1.5) } }
        let report = try #require(kitchen.report { $0.measuresAgreement = true }.agreement)
        #expect(report.parts.first { $0.attribute == "view" }?.value == "cam3")
    }
}
