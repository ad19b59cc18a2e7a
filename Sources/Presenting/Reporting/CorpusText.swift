import Foundation
import Statistics
public import SyncModel

/// A corpus as text, for a terminal.
public enum CorpusText {
    /// The summary, then groups if requested, then the list.
    public static func page(_ report: CorpusReport, _ write: (String) -> Void) {
        // If the list begins with the clips to check first, they are listed once.
        let isListFirst =
            report.groupBy == nil && !report.first.isEmpty
            && report.listed.prefix(5).map(\.key) == report.first.map(\.key)
        var lines = top(report, withFirst: !isListFirst)
        lines += PoolText.lines(report.pools)
        lines += StatisticsText.lines(report.statistics)
        lines += report.fileFaults.lines
        if let attribute = report.groupBy {
            lines += ["", "by \(attribute.printable):"] + table(groupRows(report))
        }
        if !report.listed.isEmpty {
            lines.append("")
            if isListFirst { lines.append("look first at:") }
            let width = min(60, report.listed.map(\.clip.printable.count).max() ?? 0)
            write(lines.joined(separator: "\n") + "\n")
            lines = []
            for record in report.listed {
                write((isListFirst ? "  " : "") + ClipText.line(record, width: width) + "\n")
            }
            if report.selected > report.listed.count {
                lines.append("... and \(report.selected - report.listed.count) more: --limit 0 lists all")
            }
        }
        if !lines.isEmpty { write(lines.joined(separator: "\n") + "\n") }
    }

    /// How many clips, how many answered, what is wrong, what to check first.
    public static func top(_ report: CorpusReport, withFirst: Bool = true) -> [String] {
        let tally = report.tally
        guard tally.clips > 0 else { return ["no clips"] }
        let hours = report.mediaSeconds > 0 ? ", \(length(report.mediaSeconds)) of media" : ""
        var lines = [
            """
            \(tally.clips) clip\(tally.clips == 1 ? "" : "s")\(hours); \(tally.answered) answered \
            (\(share(tally.answered, tally.clips)))
            """
        ]
        let wrong = tally.count(.misaligned) + tally.count(.unpaired)
        lines.append(
            wrong == 0
                ? "nothing is misaligned or unpaired"
                : """
                \(wrong) wrong (\(share(wrong, tally.clips))): \(tally.count(.misaligned)) misaligned, \
                \(tally.count(.unpaired)) unpaired
                """
        )
        if let main = report.statistics.main, report.offsets.count >= CorpusReport.leastForBias,
            let bias = StatisticsWords.bias(main)
        {
            lines.append(bias)
        } else if let median = report.offsets.median {
            var text = "median offset: " + OffsetWords.place(Offset(milliseconds: median))
            if let interval = report.offsets.interval {
                let range = OffsetInterval(
                    Offset(milliseconds: interval.lowerBound), Offset(milliseconds: interval.upperBound))
                text += " (95 % within \(OffsetWords.interval(range)))"
            }
            lines.append(text)
        }
        lines.append("")
        for (verdict, advice) in advices where tally.count(verdict) > 0 {
            let count = String(tally.count(verdict))
            lines.append(
                """
                  \(String(repeating: " ", count: max(0, 7 - count.count)))\(count)  \(pad(verdict.rawValue, 14))  \
                \(advice)
                """
            )
        }
        if withFirst, !report.first.isEmpty {
            lines += ["", "look first at:"]
            let width = min(60, report.first.map(\.clip.printable.count).max() ?? 0)
            lines += report.first.map { "  " + ClipText.line($0, width: width) }
        }
        return lines
    }

    /// Worst verdict first, with what to do about it.
    public static let advices: [(Verdict, String)] = [
        (.failed, "could not be read: copy or export again"),
        (.unpaired, "the streams do not belong together: discard, or pair again"),
        (.misaligned, "beyond the tolerance: fix"),
        (.marginal, "some people notice: fix or keep"),
        (.inconclusive, "cannot tell: listen, or measure clips over 20 s with --thorough"),
        (.inSync, "good"),
        (.measured, "measured only"),
        (.notApplicable, "nothing to measure"),
    ]

    private static func groupRows(_ report: CorpusReport) -> [[String]] {
        let rows = report.groups.map { group -> [String] in
            let offsets = group.offsets
            return [
                group.value.isEmpty ? "(not given)" : group.value.printable, String(group.tally.clips),
                String(group.tally.answered),
                String(group.faults), share(group.faults, group.tally.clips),
                offsets.median.map { OffsetWords.place(Offset(milliseconds: $0)) } ?? "-",
            ]
        }
        return [["", "clips", "answered", "faults", "share", "median offset"]] + rows
    }

    /// Aligns the first and the last column left, all others right.
    private static func table(_ rows: [[String]]) -> [String] {
        let columns = rows.map(\.count).max() ?? 0
        let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { index, cell in
                let space = String(repeating: " ", count: widths[index] - cell.count)
                return index == 0 ? cell + space : index == columns - 1 ? cell : space + cell
            }
            return "  " + cells.joined(separator: "  ")
        }
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    public static func share(_ part: Int, _ whole: Int) -> String {
        let percent = 100 * Double(part) / Double(max(1, whole))
        return percent > 0 && percent < 10 || percent > 99 && part < whole
            ? String(format: "%.1f %%", percent) : String(format: "%.0f %%", percent)
    }

    private static func length(_ seconds: Double) -> String {
        if seconds < 90 { return "\(Int(seconds.rounded())) s" }
        return seconds < 5400 ? "\(Int((seconds / 60).rounded())) min" : String(format: "%.1f h", seconds / 3600)
    }
}
