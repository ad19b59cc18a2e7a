import Reporting
import SyncModel

/// The clips grouped by one attribute, worst group first.
enum GroupSection {
    static func html(_ report: CorpusReport) -> String {
        guard let attribute = report.groupBy, !report.groups.isEmpty else { return "" }
        let widest = report.groups.compactMap(\.offsets.median).map(abs).max() ?? 0
        let rows = report.groups.prefix(200).map { group -> String in
            let middle = group.offsets.median.map { OffsetWords.place(Offset(milliseconds: $0)) } ?? "none"
            return """
                <tr><th \
                scope="row">\(Markup.escaped(group.value.isEmpty ? "(not given)" : group.value.printable))</th><td \
                class="number">\(group.tally.clips)</td>\
                <td class="number">\(group.tally.answered) \
                <small>\(CorpusText.share(group.tally.answered, group.tally.clips))</small></td>\
                <td class="number">\(group.faults) \
                <small>\(CorpusText.share(group.faults, group.tally.clips))</small></td>\
                <td>\(Markup.escaped(middle))\(interval(group.offsets))</td><td>\(place(group.offsets, widest: widest))\
                </td></tr>
                """
        }
        let more = report.groups.count > 200 ? "<p>\(report.groups.count - 200) more groups are not shown.</p>" : ""
        return """
            <section aria-labelledby="groups"><h2 id="groups">By \(Markup.escaped(attribute.printable))</h2>
            <div class="scrolls" tabindex="0" role="region" aria-label="table by \
            \(Markup.escaped(attribute.printable))"><table class="plain">
            <thead><tr><th scope="col">\(Markup.escaped(attribute.printable))</th><th scope="col" \
            class="number">clips</th><th scope="col" class="number">answered</th><th scope="col" \
            class="number">faults</th><th scope="col">median offset</th><th scope="col"><span \
            class="unseen">chart</span></th></tr></thead>
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table></div>\(more)</section>

            """
    }

    private static func interval(_ offsets: OffsetStatistics) -> String {
        guard let range = offsets.interval else { return "" }
        let words = OffsetWords.interval(
            OffsetInterval(Offset(milliseconds: range.lowerBound), Offset(milliseconds: range.upperBound)))
        return " <small>(\(Markup.escaped(words)))</small>"
    }

    /// The median offset on an axis centred on 0.
    private static func place(_ offsets: OffsetStatistics, widest: Double) -> String {
        guard let median = offsets.median, widest > 0 else { return "" }
        func x(_ milliseconds: Double) -> String { Markup.place(60 + 52 * max(-1, min(1, milliseconds / widest))) }
        var range = ""
        if let interval = offsets.interval {
            range =
                """
                <line class=\"range\" x1=\"\(x(interval.lowerBound))\" y1=\"8\" x2=\"\(x(interval.upperBound))\" \
                y2=\"8\"/>
                """
        }
        return
            """
            <svg class=\"spot\" viewBox=\"0 0 120 16\" aria-hidden=\"true\"><line class=\"axis\" x1=\"60\" y1=\"1\" \
            x2=\"60\" y2=\"15\"/>\(range)<circle cx=\"\(x(median))\" cy=\"8\" r=\"4\"/></svg>
            """
    }
}
