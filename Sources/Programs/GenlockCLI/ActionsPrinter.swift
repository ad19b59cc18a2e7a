import Actions
import Reporting
import SyncModel

/// Prints the comparison of labels; findings one by one, because there may be very many.
struct ActionsPrinter {
    let json: Bool
    let lines: Bool
    let quiet: Bool

    func print(_ report: ActionsReport) {
        for problem in report.problems { Console.note("genlock: \(problem.line)\n") }
        if json {
            var text = JSONValue.object(report.members(withFindings: false)).pretty
            text.removeLast(2)
            Console.out(text + ",\n  \"findings\": [")
            emit(report, separator: ",", indent: "\n    ")
            Console.out((report.findings.isEmpty ? "" : "\n  ") + "]\n}\n")
        } else if lines {
            emit(report, separator: "", indent: "")
            if !quiet { Console.note(ActionsText.summary(report)) }
        } else {
            Console.out(ActionsText.summary(report))
        }
    }

    private func emit(_ report: ActionsReport, separator: String, indent: String) {
        var text = ""
        for (place, finding) in report.findings.enumerated() {
            text += indent + finding.finding(tolerance: report.tolerance, method: ActionsReport.method).json.compact
            text += separator.isEmpty ? "\n" : place + 1 < report.findings.count ? separator : ""
            if text.utf8.count > 1 << 20 {
                Console.out(text)
                text = ""
            }
        }
        Console.out(text)
    }
}
