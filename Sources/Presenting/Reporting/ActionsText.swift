public import Actions
import Foundation
import SyncModel

/// The comparison of labels as text.
public enum ActionsText {
    /// Maximum number of findings shown in full.
    private static let mostShown = 40

    /// What `genlock actions` prints, ending in a newline.
    public static func summary(_ report: ActionsReport) -> String {
        var lines = ["\(count(report.sessions, "session")), \(count(report.segments, "segment"))"]
        lines += pairs(report.views, "view", report)
        lines += pairs(report.annotators, "annotator", report)
        if report.views.pairs + report.annotators.pairs == 0 {
            lines.append("no session has labels from two views or two annotators: nothing to compare")
        }
        lines += worst(report)
        if let agreement = report.agreement { lines += AgreementText.lines(agreement) }
        lines += recording(report)
        lines += relations(report)
        lines += findings(report)
        return lines.joined(separator: "\n") + "\n"
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    private static func pairs(_ tally: ActionsReport.PairTally, _ noun: String, _ report: ActionsReport) -> [String] {
        guard tally.pairs > 0 else { return [] }
        let figures = tally.same.figures
        var lines = [
            "\(count(tally.pairs, "pair")) of \(noun)s, \(tally.sameLabels) with the same labels in the same order"
        ]
        if figures.count > 0 {
            lines.append(
                """
                  \(count(figures.count, "boundary").replacing("boundarys", with: "boundaries")), \(figures.over) \
                beyond tolerance (\(tolerance(report)))
                """
                    + """
                    , median \(ms(figures.medianAbsolute)), 95 % within \(ms(figures.p95Absolute)), on average \
                    \(bias(figures.bias))
                    """
            )
        }
        if tally.pairs > tally.sameLabels {
            let other = tally.differing.figures
            let kinds = tally.counts.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                "\($0.value) \($0.key.rawValue)"
            }.joined(separator: ", ")
            lines.append(
                """
                  \(count(tally.pairs - tally.sameLabels, "pair")) with different labels: \
                \(kinds.isEmpty ? "nothing in common" : kinds); \(other.count) boundaries matched, \(other.over) \
                beyond tolerance
                """
            )
        }
        return lines
    }

    private static func worst(_ report: ActionsReport) -> [String] {
        var lines: [String] = []
        for attribute in ["class", "view", "annotator", "session"] {
            let rows = report.groups.filter { $0.attribute == attribute && $0.figures.over > 0 }.prefix(5)
            guard !rows.isEmpty else { continue }
            lines.append("")
            lines.append("by \(attribute), worst first:")
            let width = rows.map(\.value.printable.count).max() ?? 0
            for row in rows {
                let figures = row.figures
                let share = 100 * Double(figures.over) / Double(max(1, figures.count))
                let name = row.value.printable + String(repeating: " ", count: width - row.value.printable.count)
                lines.append(
                    """
                      \(name)  \(figures.over) of \(figures.count) (\(String(format: "%.1f", share)) %) beyond \
                    tolerance, 95 % within \(ms(figures.p95Absolute)), on average \(bias(figures.bias))
                    """
                )
            }
        }
        return lines
    }

    private static func recording(_ report: ActionsReport) -> [String] {
        guard !report.recording.isEmpty else { return [] }
        return ["", "against the recording:"]
            + report.recording.map { bias in
                let what =
                    """
                      \(bias.name.printable), by \(bias.kind.rawValue), \
                    \(count(bias.boundaries, "boundary").replacing("boundarys", with: "boundaries"))
                    """
                guard let offset = bias.offset, let interval = bias.interval, let confidence = bias.confidence else {
                    return "\(what): cannot tell: \(bias.because)"
                }
                let place =
                    offset.direction == .aligned
                    ? "labels in time with the recording" : "labels \(OffsetWords.place(offset))"
                return
                    """
                    \(what): \(place) (95 % within \(OffsetWords.interval(interval))), confidence \
                    \(String(format: "%.2f", confidence))
                    """
            }
    }

    private static func relations(_ report: ActionsReport) -> [String] {
        let rows = report.relations.filter { $0.reference.isConcurrent != $0.subject.isConcurrent }.prefix(5)
        guard !rows.isEmpty else { return [] }
        return ["", "actions simultaneous in one track and sequential in another:"]
            + rows.map {
                """
                  \($0.first) and \($0.second): \($0.subject.rawValue) instead of \($0.reference.rawValue), \
                \($0.count) time\($0.count == 1 ? "" : "s"), first in \($0.session), \($0.track)
                """
                .printable
            }
    }

    private static func findings(_ report: ActionsReport) -> [String] {
        guard !report.findings.isEmpty else {
            return report.views.pairs + report.annotators.pairs > 0 ? ["", "nothing to fix"] : []
        }
        let order = report.findings.indices.sorted { left, right in
            let (one, other) = (report.findings[left], report.findings[right])
            return rank(one) != rank(other) ? rank(one) > rank(other) : left < right
        }
        var lines = ["", "\(count(report.findings.count, "finding")):"]
        for index in order.prefix(mostShown) { lines += finding(report.findings[index]) }
        if order.count > mostShown { lines.append("  ... and \(order.count - mostShown) more: --json lists all") }
        return lines
    }

    /// Findings on many boundaries first, then by size of offset.
    private static func rank(_ finding: ActionFinding) -> Double {
        let size = finding.offset.map { min(9_999, abs($0.milliseconds)) } ?? 10_000
        return (finding.session.isEmpty ? 1e6 : finding.boundaries > 2 ? 1e5 : 0) + size
    }

    static func finding(_ finding: ActionFinding) -> [String] {
        var place = finding.session.isEmpty ? "all sessions" : finding.session
        place += ": \(finding.subject)"
        // These sentences name their actions themselves.
        let isWhole = [.swapped, .renamed, .reordered].contains(finding.kind)
        var what =
            finding.label.isEmpty || finding.detail.hasPrefix(finding.label) || isWhole
            ? finding.detail : "\(finding.label) \(finding.detail)"
        if let offset = finding.offset, finding.kind == .movedBoundary { what += ": \(OffsetWords.place(offset))" }
        if let interval = finding.interval { what += " (95 % within \(OffsetWords.interval(interval)))" }
        var source = ""
        if !finding.file.isEmpty {
            let rows =
                finding.rows.isEmpty
                ? ""
                : """
                , row\(finding.rows.count == 1 ? "" : "s") \
                \(finding.rows.prefix(6).map(String.init).joined(separator: ", "))
                """
            source = "\n      \(finding.file)\(rows)".printableLines
        }
        let against = finding.reference.isEmpty ? "" : ", against \(finding.reference)"
        return [
            "  \(finding.kind.rawValue): \("\(place)\(against): \(what)".printable)\(source)",
            "      \(finding.remedy.printable)",
        ]
    }

    private static func tolerance(_ report: ActionsReport) -> String {
        let (early, late) = (report.tolerance.early.outer, report.tolerance.late.outer)
        return early == late ? ms(early) : "\(ms(early)) early, \(ms(late)) late"
    }

    private static func ms(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "unknown" }
        return value == value.rounded() ? "\(Int(value)) ms" : String(format: "%.1f ms", value)
    }

    private static func bias(_ value: Double) -> String {
        guard value.isFinite else { return "unknown" }
        return abs(value) < 0.05
            ? "0 ms" : "\(ms(abs((value * 10).rounded() / 10))) \(value < 0 ? "late" : "early")"
    }
}

extension String {
    /// Makes every line printable.
    fileprivate var printableLines: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { String($0).printable }.joined(separator: "\n")
    }
}
