import Actions
import Files
import Foundation
import LabelFiles
import SyncModel

/// Action labels of a group's views, compared with each other on the group's clock.
struct GroupLabels {
    /// The label file of each view, by the view's path, in the order of the views.
    let files: [(view: String, labels: String)]
    let group: String

    /// - Parameter clock: each view's clock against the group's, where known; the labels of other views are unchanged.
    /// - Returns: the disagreements of the labels, the worst kinds first; one finding that they agree; or why they
    ///   cannot be compared.
    func findings(clock: [ClockEntry]) -> [Finding] {
        let reader = LabelReader(options: LabelOptions())
        let names = GroupLabels.names(files.map(\.view))
        for (file, name) in zip(files, names) {
            guard let data = FileManager.default.contents(atPath: FetchedFiles.place(file.labels)) else {
                reader.failed(file.labels, "cannot be read", "check the path and its permissions")
                continue
            }
            reader.read(
                LabelReader.Source(path: file.labels, bytes: [UInt8](data)),
                named: FileNames(session: group, view: name))
        }
        var corpus = reader.corpus()
        let places = Dictionary(clock.map { ($0.clip, $0) }) { first, _ in first }
        let entries = Dictionary(
            zip(names, files).compactMap { name, file in places[file.view].map { (name, $0) } }
        ) { first, _ in first }
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
        if disagreements.isEmpty {
            return [GroupLabels.agreement(report, options.tolerance).adding([place])] + unread
        }
        return disagreements + unread
    }

    /// The name of each view: its file's name, with as many folders as needed to be unique.
    static func names(_ views: [String]) -> [String] {
        let parts = views.map { $0.split(separator: "/").map(String.init) }
        return parts.indices.map { view in
            let most = max(1, parts[view].count)
            for count in 1..<most {
                let name = parts[view].suffix(count)
                if !parts.indices.contains(where: { $0 != view && parts[$0].suffix(count) == name }) {
                    return name.joined(separator: "/")
                }
            }
            return views[view]
        }
    }

    /// The finding without specific disagreements. Different labels are `unpaired`; labels without a common boundary
    /// cannot be judged.
    static func agreement(_ report: ActionsReport, _ tolerance: Tolerance) -> Finding {
        let figures = report.views.same.figures
        let differing = report.views.pairs - report.views.sameLabels
        var because: [Reason] = []
        let verdict: Verdict
        if differing > 0 {
            verdict = .unpaired
            because = [
                Reason(
                    "\(differing) of \(report.views.pairs) pairs of views differ in their labels or the order of these")
            ]
        } else if !figures.bias.isFinite {
            verdict = .inconclusive
            because = [Reason("the views have no common label boundary to compare")]
        } else {
            verdict = figures.over > 0 ? .misaligned : .inSync
        }
        return Finding(
            check: .actions, subject: .labels, reference: .labels,
            judgement: Judgement(
                verdict, offset: verdict.carriesOffset ? Offset(milliseconds: figures.bias) : nil,
                tolerance: tolerance),
            because: because,
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
            because: [Reason("\(problem.file.printable)\(row) \(problem.message): \(problem.remedy)")],
            method: ActionsReport.method)
        finding.subjectFile = problem.file
        return finding
    }
}
