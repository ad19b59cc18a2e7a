import Foundation
import Reporting
public import SyncModel

/// A corpus as one self-contained page that loads nothing from a network.
///
/// The summary, the figures and the first clips are markup, visible before any script runs. The list with its filters
/// and the drawings of single clips are made on demand from data at the end of the file.
public struct HTMLPage {
    private let template: [String: String]

    /// - Throws: `ClipFailure` if the program's resource files are missing.
    public init() throws {
        var template: [String: String] = [:]
        for (name, ending) in [("page", "html"), ("page", "css"), ("page", "js"), ("drawing", "js")] {
            guard let url = Bundle.module.url(forResource: name, withExtension: ending, subdirectory: "Resources"),
                let text = try? String(contentsOf: url, encoding: .utf8)
            else {
                throw ClipFailure(
                    code: "incomplete-installation", message: "\(name).\(ending) of the HTML report is missing",
                    remedy: "put the folder genlock_HTMLReport.resources beside the program")
            }
            template["\(name).\(ending)"] = text
        }
        self.template = template
    }

    /// - Parameters:
    ///   - findings: those of a listed clip, with curves, and with documents for the first `content.explained` clips.
    ///     Called once per clip, in list order, so that not all curves are in memory at once.
    ///   - write: receives the text in chunks.
    public func write(
        _ content: PageContent, findings: (ClipRecord, _ withDocuments: Bool) -> [Finding],
        _ write: (String) -> Void
    ) {
        let pieces = (template["page.html"] ?? "").components(separatedBy: "<!--")
        write(pieces[0])
        for piece in pieces.dropFirst() {
            let parts = piece.components(separatedBy: "-->")
            switch parts[0] {
            case "title": write(Markup.escaped(TopSection.headline(content.report)))
            case "style": write(template["page.css"] ?? "")
            case "top": write(TopSection.html(content))
            case "figures": write(figures(content))
            case "clips": write(ClipTable.html(content))
            case "appendix": write(appendix(content))
            case "data": data(content, findings, write)
            case "script": write((template["drawing.js"] ?? "") + (template["page.js"] ?? ""))
            default: write("<!--\(parts[0])-->")
            }
            write(parts.dropFirst().joined(separator: "-->"))
        }
    }

    private func figures(_ content: PageContent) -> String {
        var text = ""
        if !content.histograms.isEmpty {
            text += "<section aria-labelledby=\"offsets\"><h2 id=\"offsets\">Offsets</h2>\n"
            for (number, histogram) in content.histograms.enumerated() {
                text += HistogramDrawing.figure(histogram, number: number)
            }
            text += "</section>\n"
        }
        return text + FileFaultSection.html(content.report.fileFaults) + RobotSection.html(content.report.pools)
            + StatisticsSection.html(content.report.statistics) + GroupSection.html(content.report)
    }

    private func appendix(_ content: PageContent) -> String {
        TimelineDrawing.section(content.timelines) + LabelDrawing.section(content.labels)
    }

    /// The script's data: rows, then explanations of the first ones, then excerpts. Each is JSON in a separate element.
    private func data(
        _ content: PageContent, _ findings: (ClipRecord, Bool) -> [Finding], _ write: (String) -> Void
    ) {
        var rows = ClipRows()
        var explanations = ""
        write("<script type=\"application/json\" id=\"rows\">[")
        for (index, record) in content.report.listed.enumerated() {
            let isExplained = index < content.explained
            let own = findings(record, isExplained)
            write((index == 0 ? "\n" : ",\n") + rows.row(record, findings: own))
            if isExplained, !own.isEmpty {
                explanations +=
                    (explanations.isEmpty ? "\n" : ",\n") + "\"\(index)\":"
                    + ClipExplanation.json(record, documents: own)
            }
        }
        write("\n]</script>\n<script type=\"application/json\" id=\"explanations\">{\(explanations)\n}</script>\n")
        write("<script type=\"application/json\" id=\"excerpts\">{")
        var isFirst = true
        for (index, record) in content.report.listed.enumerated() {
            guard let excerpt = content.excerpts[record.key] else { continue }
            write((isFirst ? "\n" : ",\n") + "\"\(index)\":" + ExcerptJSON.text(excerpt))
            isFirst = false
        }
        let head = JSONValue.object([
            ("verdicts", .array(Verdict.allCases.map { .string($0.rawValue) })),
            ("texts", .array(rows.texts.map { .string($0) })),
            ("attributes", .array(rows.attributes.map { .string($0.printable) })),
            ("clips", .integer(content.report.tally.clips)),
            ("selected", .integer(content.report.selected)),
        ])
        write(
            "\n}</script>\n<script type=\"application/json\" id=\"head\">\(Markup.scriptSafe(head.compact))</script>\n")
    }
}
