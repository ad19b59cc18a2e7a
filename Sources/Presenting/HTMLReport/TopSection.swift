import Reporting
import SyncModel

/// The summary: what is wrong, and what to do about it.
enum TopSection {
    static func html(_ content: PageContent) -> String {
        let report = content.report
        let tally = report.tally
        let lines = CorpusText.top(report, withFirst: false).prefix { !$0.isEmpty }
        var parts = [
            "<section class=\"top\" aria-labelledby=\"title\">",
            "<h1 id=\"title\">\(Markup.escaped(headline(report)))</h1>",
        ]
        parts.append("<p class=\"facts\">" + lines.map { Markup.escaped(sentence($0)) }.joined(separator: " ") + "</p>")
        if tally.clips > 0 { parts.append(bar(tally)) }
        parts.append(jobs(report))
        parts.append("</section>\n")
        return parts.joined(separator: "\n")
    }

    /// The headline.
    static func headline(_ report: CorpusReport) -> String {
        let tally = report.tally
        let wrong = tally.count(.misaligned) + tally.count(.unpaired)
        guard tally.clips > 0 else { return "No clips" }
        let clips = "\(tally.clips) clip\(tally.clips == 1 ? "" : "s")"
        guard tally.answered + tally.count(.unpaired) > 0 else { return "None of \(clips) could be answered" }
        return wrong == 0
            ? "Nothing is misaligned or unpaired in \(clips)"
            : "\(wrong) of \(clips) \(wrong == 1 ? "is" : "are") wrong"
    }

    private static func sentence(_ line: String) -> String { line.prefix(1).uppercased() + line.dropFirst() + "." }

    private static func bar(_ tally: VerdictTally) -> String {
        let shown = CorpusText.advices.map(\.0).filter { tally.count($0) > 0 }
        let words = shown.map { "\(tally.count($0)) \($0.rawValue)" }.joined(separator: ", ")
        let pieces = shown.map { "<span class=\"\($0.rawValue)\" style=\"flex-grow:\(tally.count($0))\"></span>" }
        return "<div class=\"verdict-bar\" role=\"img\" aria-label=\"\(words)\">\(pieces.joined())</div>"
    }

    /// One card per verdict present: count, advice, and a link to the clips.
    private static func jobs(_ report: CorpusReport) -> String {
        let cards = CorpusText.advices.filter { report.tally.count($0.0) > 0 }.map { verdict, advice -> String in
            let count = report.tally.count(verdict)
            // An option is not broken after its hyphens.
            let words = Markup.escaped(advice).split(separator: " ")
                .map { $0.hasPrefix("--") ? "<span class=\"option\">\($0)</span>" : String($0) }
            return """
                <li><a class="job \(verdict.rawValue)" href="#clips" data-verdict="\(verdict.rawValue)"><span \
                class="count">\(count)</span> \
                <span class="verdict \(verdict.rawValue)">\(verdict.rawValue)</span> <span \
                class="share">\(CorpusText.share(count, report.tally.clips))</span> \
                <span class="advice">\(words.joined(separator: " "))</span></a></li>
                """
        }
        return "<ul class=\"jobs\">\n\(cards.joined(separator: "\n"))\n</ul>"
    }
}
