import Reporting
import SyncModel

/// The first clips of the list as markup: visible at once, and without any script.
enum ClipTable {
    static let shownFirst = 50

    static func html(_ content: PageContent) -> String {
        let report = content.report
        guard report.tally.clips > 0 else { return "" }
        let rows = report.listed.prefix(shownFirst).map { record in
            """
            <tr role="row"><th role="rowheader" scope="row">\(Markup.escaped(record.clip.printable))</th><td \
            role="cell"><span class="verdict \(record.verdict.rawValue)">\(record.verdict.rawValue)</span></td><td \
            role="cell">\(Markup.escaped(ClipText.summary(record)))</td><td role="cell" class="number"></td><td \
            role="cell" class="number"></td></tr>
            """
        }
        let cut =
            report.selected > report.listed.count
            ? """
            <p class=\"note\">The list shows the \(report.listed.count) worst of \(report.selected) clips; the figures \
            above include all \(report.tally.clips).</p>
            """
            : ""
        return cut + """
            <table class="clips" role="table" id="list"><caption class="unseen">Clips, worst first</caption>
            <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col" data-sort="path">clip</th><th \
            role="columnheader" scope="col" data-sort="worst">verdict</th><th role="columnheader" scope="col" \
            data-sort="offset">result</th><th role="columnheader" scope="col" class="number" \
            data-sort="confidence">confidence</th><th role="columnheader" scope="col" class="number" \
            data-sort="duration">length</th></tr></thead>
            <tbody role="rowgroup">
            \(rows.joined(separator: "\n"))
            </tbody></table>

            """
    }
}
