import Reporting
import Statistics
import SyncModel

/// Statistics of the corpus as a whole: common bias, groups that differ, groups with a lower answer rate, what to check
/// first.
enum StatisticsSection {
    private static let mostGroups = 20

    static func html(_ statistics: CorpusStatistics) -> String {
        guard let main = statistics.main else { return "" }
        var text = "<section aria-labelledby=\"corpus\"><h2 id=\"corpus\">The corpus</h2>\n"
        // `container` findings are reported only if there are no others.
        for check in statistics.checks
        where check.verdicts.answered >= CorpusReport.leastForBias
            && (check.check != .container || check.check == main.check)
        {
            text += checkHTML(check)
        }
        let closing = StatisticsWords.sample(statistics) + [StatisticsWords.review(statistics.review)].compactMap { $0 }
        if !closing.isEmpty { text += list(closing) }
        text += table(
            "Groups that differ", statistics.named, drawing: true, note: "\(statistics.comparisons) compared"
        ) { StatisticsWords.difference($0, subject: main.subject) }
        text += table(
            "Lower answer rate than the others", statistics.lessAnswered, drawing: false, note: nil,
            StatisticsWords.coverage)
        text += table(
            "More often unpaired than the others", statistics.moreUnpaired, drawing: false, note: nil,
            StatisticsWords.unpaired)
        if statistics.comparisons > 0, statistics.named.isEmpty, statistics.lessAnswered.isEmpty,
            statistics.moreUnpaired.isEmpty
        {
            text +=
                """
                <p>No group differs (\(statistics.comparisons) compared), and none has a lower answer rate than the \
                others.</p>\n
                """
        }
        text += coverage(statistics)
        return text + "</section>\n"
    }

    private static func checkHTML(_ check: CheckStatistics) -> String {
        let told = [
            StatisticsWords.bias(check), StatisticsWords.misaligned(check), StatisticsWords.mixture(check),
            StatisticsWords.trend(check),
            StatisticsWords.speakers(check),
        ].compactMap { $0 }
        return
            """
            <h3>\(check.check.rawValue): \(check.verdicts.answered) of \(check.verdicts.askable) \
            answered</h3>\n\(list(told))
            """
    }

    private static func list(_ lines: [String]) -> String {
        let items = lines.map { "<li>\(Markup.escaped($0.prefix(1).uppercased() + $0.dropFirst()))</li>" }
        return "<ul class=\"lines\">\(items.joined())</ul>\n"
    }

    private static func table(
        _ title: String, _ groups: [GroupStatistics], drawing: Bool, note: String?,
        _ words: (GroupStatistics) -> String?
    ) -> String {
        guard !groups.isEmpty else { return "" }
        let widest = groups.compactMap(\.difference).map { max(abs($0.lower), abs($0.upper)) }.max() ?? 0
        let rows = groups.prefix(mostGroups).map { group -> String in
            let same =
                group.sameClips.isEmpty
                ? ""
                : """
                <br><small>the same clips: \
                \(Markup.escaped(group.sameClips.prefix(3).map(\.printable).joined(separator: ", ")))</small>
                """
            let drawn = drawing ? "<td>\(difference(group.difference, widest: widest))</td>" : ""
            return
                """
                <tr><th \
                scope=\"row\">\(Markup.escaped(group.name.printable))\(same)</th><td>\
                \(Markup.escaped(words(group) ?? ""))</td>\(drawn)</tr>
                """
        }
        let more = groups.count > mostGroups ? "<p class=\"note\">and \(groups.count - mostGroups) more</p>" : ""
        let last = drawing ? "<th scope=\"col\">late to early</th>" : ""
        return """
            <h3>\(title)\(note.map { " <small>(\($0))</small>" } ?? "")</h3>
            <table class="plain wide forest"><caption class="unseen">\(title)</caption><thead><tr><th \
            scope="col">group</th><th scope="col">result</th>\(last)</tr></thead><tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table>\(more)

            """
    }

    /// A group's difference from the others with its interval; the centre line is zero.
    private static func difference(_ estimate: Estimate?, widest: Double) -> String {
        guard let estimate, widest > 0 else { return "" }
        func x(_ milliseconds: Double) -> String { Markup.place(60 + 54 * max(-1, min(1, milliseconds / widest))) }
        return """
            <svg class="spot" viewBox="0 0 120 16" aria-hidden="true"><line class="axis" x1="60" y1="1" x2="60" \
            y2="15"/><line class="range" x1="\(x(estimate.lower))" y1="8" x2="\(x(estimate.upper))" y2="8"/><circle \
            cx="\(x(estimate.milliseconds))" cy="8" r="4"/></svg>
            """
    }

    /// Answer rate of every group by attribute, shown whether or not it differs.
    private static func coverage(_ statistics: CorpusStatistics) -> String {
        let known = statistics.groups.filter { ($0.coverage?.of ?? 0) > 0 }
        var byAttribute: [(String, [GroupStatistics])] = []
        for group in known {
            if let place = byAttribute.firstIndex(where: { $0.0 == group.attribute }) {
                byAttribute[place].1.append(group)
            } else {
                byAttribute.append((group.attribute, [group]))
            }
        }
        let shown = byAttribute.filter { $0.1.count > 1 }
        guard !shown.isEmpty else { return "" }
        let parts = shown.map { attribute, groups -> String in
            let rows = groups.prefix(40).map { group -> String in
                guard let coverage = group.coverage else { return "" }
                let words = "\(StatisticsWords.percent(coverage.value)) of \(coverage.of)"
                return """
                    <tr><th \
                    scope="row">\(Markup.escaped(group.value.isEmpty ? "(not given)" : group.value.printable))</th><td \
                    class="number">\(words)</td>\
                    <td><svg class="spot" viewBox="0 0 120 16" aria-hidden="true"><rect class="zone-inner" x="0" y="4" \
                    width="\(Markup.place(120 * coverage.value))" height="8"/><line class="range" \
                    x1="\(Markup.place(120 * coverage.lower))" y1="8" x2="\(Markup.place(120 * coverage.upper))" \
                    y2="8"/></svg></td></tr>
                    """
            }
            let name = Markup.escaped(attribute.printable)
            return
                """
                <table class=\"plain\"><caption>\(name)</caption><thead class=\"unseen\"><tr><th \
                scope=\"col\">\(name)</th><th scope=\"col\">answered</th><th \
                scope=\"col\">chart</th></tr></thead><tbody>\(rows.joined())</tbody></table>
                """
        }
        return
            """
            <details class=\"numbers\"><summary>Answer rate by group</summary><div \
            class=\"columns\">\(parts.joined())</div></details>\n
            """
    }
}
