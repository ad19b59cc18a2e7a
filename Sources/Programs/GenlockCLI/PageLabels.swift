import Actions
import HTMLReport
import LabelFiles
import Reporting
import SyncModel

/// Action labels for the page: the sessions with the most misplaced boundaries.
enum PageLabels {
    private static let mostSessions = 12

    /// - Throws: if a path cannot be walked; problems inside files are in `problems`.
    static func charts(_ paths: [String]) throws -> (charts: [LabelChart], problems: [LabelProblem]) {
        guard !paths.isEmpty else { return ([], []) }
        let corpus = try LabelLoader(options: LabelOptions()).load(paths)
        let report = ActionsAnalyser(options: ActionsOptions()).analyse(corpus)
        var marks: [String: [LabelChart.Mark]] = [:]
        for finding in report.findings {
            guard let seconds = finding.seconds, !finding.session.isEmpty else { continue }
            marks[finding.session, default: []].append(
                .init(track: finding.subject, seconds: seconds, words: words(finding)))
        }
        let sessions = corpus.sessions.filter { $0.tracks.count > 1 }
            .sorted { (-(marks[$0.name]?.count ?? 0), $0.name) < (-(marks[$1.name]?.count ?? 0), $1.name) }
        let charts = sessions.prefix(mostSessions).map { session in
            LabelChart(
                session: session.name,
                tracks: session.tracks.map { track in
                    .init(
                        name: track.name,
                        segments: track.segments.map {
                            .init(start: $0.start, end: $0.end, label: corpus.symbols[$0.label])
                        })
                },
                marks: (marks[session.name] ?? []).sorted { ($0.seconds, $0.track) < ($1.seconds, $1.track) })
        }
        return (charts, report.problems)
    }

    private static func words(_ finding: ActionFinding) -> String {
        let what = "\(finding.kind.rawValue) of \(finding.label)"
        return finding.detail.isEmpty ? what : "\(what): \(finding.detail)"
    }
}
