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
        if let attribute = report.groupBy {
            lines += ["", "## By \(escaped(attribute))", "", "| value | clips | answered | faults | middle offset |", "|---|---:|---:|---:|---|"]
            for group in report.groups {
                let middle = group.offsets.median.map { OffsetWords.place(Offset(milliseconds: $0)) } ?? ""
                lines.append("| \(escaped(group.value)) | \(group.tally.clips) | \(group.tally.answered) | \(group.faults) | \(middle) |")
            }
        }
        if !report.listed.isEmpty {
            put(lines + ["", "## Clips", "", "| clip | verdict | what was found |", "|---|---|---|"])
            lines = []
            for record in report.listed {
                write("| \(escaped(record.clip)) | \(record.verdict.rawValue) | \(escaped(ClipText.summary(record))) |\n")
            }
            if report.selected > report.listed.count { lines = ["", "... and \(report.selected - report.listed.count) more."] }
        }
        put(lines)
    }

    /// As text that means only itself.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.printable {
            if "\\`*_{}[]<>|#".contains(character) { result.append("\\") }
            result.append(character)
        }
        return result
    }
}
