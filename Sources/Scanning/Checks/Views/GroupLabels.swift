import Actions
import Foundation
import LabelFiles
import SyncModel

/// Action labels of a group's views, held against each other on the group's clock.
struct GroupLabels {
    /// The label file of each view, by the view's path, in the order of the views.
    let files: [(view: String, labels: String)]
    let group: String

    /// - Parameter clock: where each view's own time lies on the group's clock, as far as the views tell; the others'
    ///   labels stay as they are.
    /// - Returns: what the labels disagree in, worst kinds as the analysis orders them; one finding that they agree; or
    ///   why they cannot be compared.
    func findings(clock: [ClockEntry]) -> [Finding] {
        let reader = LabelReader(options: LabelOptions())
        for file in files {
            guard let data = FileManager.default.contents(atPath: file.labels) else {
                reader.failed(file.labels, "cannot be read", "check the path and its permissions")
                continue
            }
            let names = FileNames(session: group, view: (file.view as NSString).lastPathComponent)
            reader.read(LabelReader.Source(path: file.labels, bytes: [UInt8](data)), named: names)
        }
        var corpus = reader.corpus()
        let entries = Dictionary(clock.map { (($0.clip as NSString).lastPathComponent, $0) }) { first, _ in first }
        var moved = 0
        for session in corpus.sessions.indices {
            for (index, track) in corpus.sessions[session].tracks.enumerated() {
                guard let entry = entries[track.view], let offset = entry.offset, entry.group == 0 else { continue }
                corpus.sessions[session].tracks[index] = track.onClock(
                    ViewClock(offset: offset, drift: entry.drift ?? Drift(ppm: 0)))
                moved += 1
            }
        }
        let options = ActionsOptions()
        let report = ActionsAnalyser(options: options).analyse(corpus)
        let unread = report.problems.filter(\.isLoss).map { failed($0, options.tolerance) }
        if report.views.pairs == 0 { return unread }
        let place = Evidence("views_on_clock", .count(moved))
        let disagreements = report.findings.map {
            $0.finding(tolerance: options.tolerance, method: ActionsReport.method).adding([place])
        }
        if disagreements.isEmpty { return [agreement(report, options.tolerance).adding([place])] + unread }
        return disagreements + unread
    }

    private func agreement(_ report: ActionsReport, _ tolerance: Tolerance) -> Finding {
        let figures = report.views.same.figures
        return Finding(
            check: .actions, subject: .labels, reference: .labels,
            judgement: Judgement(
                report.views.same.over > 0 ? .misaligned : .inSync,
                offset: figures.bias.isFinite ? Offset(milliseconds: figures.bias) : nil, tolerance: tolerance),
            evidence: [
                Evidence("boundaries", .count(figures.count)),
                Evidence("boundaries_over_tolerance", .count(figures.over)),
                Evidence("median_abs_ms", .number(figures.medianAbsolute, decimals: 1)),
                Evidence("view_pairs", .count(report.views.pairs)),
                Evidence("view_pairs_same_labels", .count(report.views.sameLabels)),
            ], method: ActionsReport.method)
    }

    private func failed(_ problem: LabelProblem, _ tolerance: Tolerance) -> Finding {
        let row = problem.row.map { " row \($0)" } ?? ""
        var finding = Finding(
            check: .actions, subject: .labels, reference: .labels, judgement: Judgement(.failed, tolerance: tolerance),
            because: [Doubt("\(problem.file.printable)\(row) \(problem.message): \(problem.remedy)")],
            method: ActionsReport.method)
        finding.subjectFile = problem.file
        return finding
    }
}
