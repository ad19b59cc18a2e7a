import Statistics
import SyncModel

/// A corpus as Markdown, for a merge request or a wiki.
public enum CorpusMarkdown {
    public static func page(_ report: CorpusReport, _ write: (String) -> Void) {
        func put(_ lines: [String]) { for line in lines { write(line + "\n") } }
        var lines = ["# Genlock report", ""]
        let top = CorpusText.top(report)
        lines += top.prefix { !$0.isEmpty }.map { "- " + escaped($0) }
        lines += ["", "| verdict | clips | share |", "|---|---:|---:|"]
        for verdict in Verdict.allCases where report.tally.count(verdict) > 0 {
            let count = report.tally.count(verdict)
            lines.append("| \(verdict.rawValue) | \(count) | \(CorpusText.share(count, report.tally.clips)) |")
        }
        lines += statistics(report.statistics)
        if report.fileFaults.clips > 0 {
            lines += ["", "## Faults of the files themselves", "", "| clips | fault | in |", "|---:|---|---|"]
            lines += report.fileFaults.kinds.map {
                "| \($0.clips) | \(escaped($0.sentence)) | \(escaped($0.clip)) |"
            }
        }
        if let attribute = report.groupBy {
            lines += [
                "", "## By \(escaped(attribute))", "", "| value | clips | answered | faults | median offset |",
                "|---|---:|---:|---:|---|",
            ]
            for group in report.groups {
                let middle = group.offsets.median.map { OffsetWords.place(Offset(milliseconds: $0)) } ?? ""
                lines.append(
                    """
                    | \(escaped(group.value)) | \(group.tally.clips) | \(group.tally.answered) | \(group.faults) | \
                    \(middle) |
                    """
                )
            }
        }
        if !report.listed.isEmpty {
            put(lines + ["", "## Clips", "", "| clip | verdict | result |", "|---|---|---|"])
            lines = []
            for record in report.listed {
                write(
                    "| \(escaped(record.clip)) | \(record.verdict.rawValue) | \(escaped(ClipText.summary(record))) |\n")
            }
            if report.selected > report.listed.count {
                lines = ["", "... and \(report.selected - report.listed.count) more."]
            }
        }
        put(lines)
    }

    /// Statistics of the whole corpus; the bias is already at the top.
    private static func statistics(_ statistics: CorpusStatistics) -> [String] {
        var lines: [String] = []
        if let main = statistics.main, main.verdicts.answered >= CorpusReport.leastForBias {
            let told = [
                StatisticsWords.speakers(main), StatisticsWords.misaligned(main), StatisticsWords.mixture(main),
                StatisticsWords.trend(main),
            ]
            lines +=
                ["", "## The corpus (\(main.check.rawValue))", ""] + told.compactMap { $0 }.map { "- " + escaped($0) }
            lines += StatisticsWords.sample(statistics).map { "- " + escaped($0) }
            if let review = StatisticsWords.review(statistics.review) { lines.append("- " + escaped(review)) }
        }
        func list(_ title: String, _ groups: [GroupStatistics], _ words: (GroupStatistics) -> String?) {
            guard !groups.isEmpty else { return }
            lines += ["", "## \(title)", "", "| group | result |", "|---|---|"]
            lines += groups.prefix(20).map { "| \(escaped($0.name)) | \(escaped(words($0) ?? "")) |" }
        }
        let subject = statistics.main?.subject ?? .audio
        list("Groups that differ", statistics.named) { StatisticsWords.difference($0, subject: subject) }
        list("Lower answer rate than the others", statistics.lessAnswered, StatisticsWords.coverage)
        list("More often unpaired than the others", statistics.moreUnpaired, StatisticsWords.unpaired)
        return lines
    }

    /// Escaped: the text means only itself.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.printable {
            if "\\`*_{}[]<>|#".contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }
}
