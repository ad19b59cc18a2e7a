import Foundation
public import SyncModel

/// What `genlock views` prints as text: a table, the timeline, and what does not fit.
public enum ViewsText {
    public static func explanation(_ report: ViewsReport) -> String {
        var lines: [String] = []
        guard !report.clock.isEmpty else {
            lines.append("views: none of the recordings could be read")
            return (lines + failures(report)).joined(separator: "\n") + "\n"
        }
        lines.append(
            """
            \(report.reference.printable) is the reference; \(report.findings.count) more \
            recording\(report.findings.count == 1 ? "" : "s")
            """
        )
        lines.append("")
        lines += table(report)
        for finding in report.findings { lines += details(finding, report) }
        if report.clock.count > 2 { lines += closure(report) }
        lines += notes(report)
        lines.append("")
        lines += ViewsTimeline.lines(report)
        return (lines + failures(report)).joined(separator: "\n") + "\n"
    }

    private static func table(_ report: ViewsReport) -> [String] {
        var rows = [["recording", "offset", "95 %", "drift", "confidence", "by", "verdict"]]
        for finding in report.findings where finding.verdict != .failed {
            let method = finding.evidence.first { $0.name == "method" }.flatMap { item -> String? in
                if case .text(let text) = item.value { return text }
                return nil
            }
            rows.append([
                (finding.clip ?? finding.subject.rawValue).printable, finding.offset.map(place) ?? "unknown",
                finding.interval.map {
                    "\(milliseconds($0.upper.milliseconds - $0.lower.milliseconds, half: true)) either way"
                } ?? "",
                finding.drift.map(drift) ?? (finding.offset == nil ? "" : "not measured"),
                finding.confidence.map { String(format: "%.2f", $0) } ?? "", finding.offset == nil ? "" : method ?? "",
                words(finding.verdict),
            ])
        }
        guard rows.count > 1 else { return [] }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
                .trimmingTrailingSpaces
        }
    }

    /// "early by 62 ms", "late by 12.254 s".
    static func place(_ offset: Offset) -> String {
        let size = abs(offset.milliseconds)
        let words = size >= 10_000 ? String(format: "%.4f s", size / 1000) : milliseconds(size)
        switch offset.direction {
        case .aligned: return "together"
        case .early: return "early by \(words)"
        case .late: return "late by \(words)"
        }
    }

    private static func words(_ verdict: Verdict) -> String {
        switch verdict {
        case .unpaired: "unpaired: no overlap, or different events"
        case .notApplicable: "not applicable: nothing to compare"
        default: verdict.words
        }
    }

    private static func milliseconds(_ value: Double, half: Bool = false) -> String {
        let value = half ? value / 2 : value
        return value < 10 ? String(format: "%.1f ms", value) : String(format: "%.0f ms", min(value, 1e9))
    }

    private static func drift(_ drift: Drift) -> String {
        let size = String(format: abs(drift.ppm) < 10 ? "%.2f ppm" : "%.1f ppm", abs(drift.ppm))
        let half = drift.interval.map { String(format: " within %.2f", ($0.upperBound - $0.lowerBound) / 2) } ?? ""
        if let interval = drift.interval, interval.contains(0) { return "none\(half) ppm" }
        return "\(drift.ppm > 0 ? "slow" : "fast") by \(size)\(half)"
    }

    private static func details(_ finding: Finding, _ report: ViewsReport) -> [String] {
        let name = (finding.clip ?? finding.subject.rawValue).printable
        var lines: [String] = []
        if finding.verdict != .failed { lines += finding.because.map { "  \(name): \($0.description.printable)" } }
        for segment in finding.segments ?? [] {
            lines.append(
                """
                  \(name): from \(String(format: "%.2f", segment.span.start)) to \
                \(String(format: "%.2f", segment.span.end)) s it is \(place(segment.offset))
                """
            )
        }
        let declared = finding.evidence.first { $0.name == "timecode_says_less_content_ms" }
        if let declared, case .number(let value, _) = declared.value {
            var frames = ""
            if case .number(let count, _)? = finding.evidence.first(where: {
                $0.name == "timecode_says_less_content_frames"
            })?.value {
                frames = String(format: " (%.1f frames)", abs(count))
            }
            // A timecode that is too late has to move earlier.
            let difference =
                "differ by \(milliseconds(abs(value)))\(frames): "
                + "by the content it starts \(value > 0 ? "earlier" : "later") than its timecode says"
            lines.append("  \(name): timecode and content \(abs(value) < 0.5 ? "agree" : difference)")
        }
        return lines.isEmpty ? [] : [""] + lines
    }

    private static func closure(_ report: ViewsReport) -> [String] {
        let used = report.pairs.filter { $0.use == .used }
        guard !used.isEmpty else { return [] }
        let residuals = used.compactMap(\.residualMilliseconds).map { abs($0) }
        var lines = [
            "",
            """
            \(used.count) pair\(used.count == 1 ? "" : "s") carry the common clock; the largest \
            residual is \(milliseconds(residuals.max() ?? 0))
            """,
        ]
        for pair in report.pairs where pair.use == .leftOut {
            let miss = pair.residualMilliseconds.map { " by \(milliseconds(abs($0)))" } ?? ""
            lines.append(
                """
                  left out: \(pair.clip.printable) against \(pair.against.printable) by \(pair.method), which \
                contradicts the others\(miss)
                """
            )
        }
        return lines
    }

    private static func notes(_ report: ViewsReport) -> [String] {
        let told = Set(
            report.findings.flatMap { finding in finding.because.map { "\(finding.clip ?? "")\n\($0.description)" } })
        let lines = report.notes.filter { !told.contains("\($0.clip)\n\($0.note.description)") }
            .map { "  \($0.clip.printable): \($0.note.description.printable)" }
        return lines.isEmpty ? [] : [""] + lines
    }

    private static func failures(_ report: ViewsReport) -> [String] {
        report.failures.flatMap {
            [
                "", "failed: \($0.failure.message.printable)",
                "  what to do: \(ShellWord.filled($0.failure.remedy, for: $0.clip).printable)",
            ]
        }
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String {
        var text = self
        while text.hasSuffix(" ") { text.removeLast() }
        return text
    }
}
