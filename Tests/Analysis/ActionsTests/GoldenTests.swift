import GoldenNumbers
import SyncModel
import Testing

@testable import Actions

@Suite("Golden numbers of actions")
struct GoldenTests {
    /// All findings of a corpus, and how its boundaries agree.
    private func complaints(_ name: String, _ kitchen: Kitchen) -> [String] {
        let report = kitchen.report()
        var answers: GoldenNumbers.Answers = [
            "verdict": .text(report.verdict.rawValue), "findings": .number(Double(report.findings.count)),
            "boundaries": .number(Double(report.views.same.figures.count)),
            "over": .number(Double(report.views.same.figures.over)),
        ]
        var complaints: [String] = []
        for (index, finding) in report.findings.enumerated() {
            answers["finding \(index)"] = .text("\(finding.kind.rawValue) \(finding.subject)")
            complaints += GoldenNumbers.complaints(
                "\(name), finding \(index)", finding.finding(tolerance: report.tolerance, method: ActionsReport.method))
        }
        return complaints + GoldenNumbers.complaints(name, method: ActionsReport.method, answers)
    }

    @Test("a late view, labels that run off, a moved boundary, a missing action")
    func actions() {
        var late = Kitchen(sessions: 4, views: 3)
        late.change(2, 1) { $0 = Kitchen.moved($0, by: 0.08) }
        #expect(complaints("late view", late) == [])
        var drift = Kitchen(sessions: 1, views: 3, actions: 20)
        drift.change(0, 1) { $0 = $0.map { ($0.label, $0.start * 1.001, $0.end * 1.001) } }
        #expect(complaints("drift", drift) == [])
        var moved = Kitchen(sessions: 1, views: 3)
        moved.change(0, 1) {
            $0[3].end += 0.3
            $0[4].start += 0.3
        }
        #expect(complaints("moved boundary", moved) == [])
        var missing = Kitchen(sessions: 2, views: 3)
        missing.change(1, 2) { $0.remove(at: 2) }
        #expect(complaints("missing action", missing) == [])
    }
}
