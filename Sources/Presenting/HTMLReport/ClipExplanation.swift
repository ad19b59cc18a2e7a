import Foundation
import Reporting
import SyncModel

/// What the page has of the clips that it explains: per finding its words, edges, evidence, items.
enum ClipExplanation {
    /// Items of one finding that are shown; a film's captions are more than anybody reads here.
    private static let mostItems = 600

    /// An array with an object, or null, for each finding.
    static func json(_ record: ClipRecord, documents: [FindingRecord]) -> String {
        Markup.scriptSafe(JSONValue.array(documents.map { json($0, of: record) }).compact)
    }

    private static func json(_ finding: FindingRecord, of record: ClipRecord) -> JSONValue {
        guard let document = FindingDocument(finding.document) else { return .null }
        var members: [(name: String, value: JSONValue)] = [
            ("lines", .array(lines(finding, document, record).map { .string($0) })),
            (
                "sides",
                .array([.string(OffsetWords.name(finding.subject)), .string(OffsetWords.name(finding.reference))])
            ),
        ]
        if let tolerance = document.tolerance {
            let (inner, outer) = (tolerance.innerMilliseconds, tolerance.outerMilliseconds)
            members.append(
                (
                    "tolerance",
                    .array(
                        [inner.lowerBound, inner.upperBound, outer.lowerBound, outer.upperBound].map {
                            .number($0, decimals: 1)
                        })
                ))
        }
        let evidence = (document.evidence ?? [:]).compactMap { name, cell in cell.words.map { (name, $0) } }.sorted {
            $0.0 < $1.0
        }
        members.append(("evidence", .array(evidence.map { .array([.string($0.0), .string($0.1.printable)]) })))
        if let segments = document.segments, segments.count > 1 {
            members.append(
                (
                    "segments",
                    .array(
                        segments.map {
                            .array([
                                .number($0.start_s, decimals: 2), .number($0.end_s, decimals: 2),
                                .number($0.offset_ms, decimals: 1),
                            ])
                        })
                ))
        }
        if let items = document.items, !items.isEmpty {
            members.append(("items", .array(shown(items).map(item))))
            if items.count > mostItems { members.append(("more", .integer(items.count - mostItems))) }
        }
        if let gaps = document.gaps, !gaps.isEmpty {
            members.append(
                (
                    "gaps",
                    .array(
                        gaps.prefix(200).map {
                            .array([.number($0.start_s, decimals: 2), .number($0.end_s, decimals: 2)])
                        })
                ))
        }
        return .object(members)
    }

    /// Where there are too many, those that something is wrong with come first in the choice, and all stay in their
    /// order.
    private static func shown(_ items: [FindingDocument.Item]) -> [FindingDocument.Item] {
        guard items.count > mostItems else { return items }
        let flagged = items.indices.filter { !items[$0].flags.isEmpty }.prefix(mostItems)
        let others = items.indices.filter { items[$0].flags.isEmpty }.prefix(mostItems - flagged.count)
        return (flagged + others).sorted().map { items[$0] }
    }

    /// `[text, start, end, trust, offset, flags]`.
    private static func item(_ item: FindingDocument.Item) -> JSONValue {
        .array([
            .string(item.text.printable), .number(item.start_s, decimals: 2), .number(item.end_s, decimals: 2),
            item.trust.map { .number($0, decimals: 2) } ?? .null,
            item.offset_ms.map { .number($0, decimals: 0) } ?? .null,
            .array(item.flags.map { .string($0) }),
        ])
    }

    /// Sentences beyond the summary, as the terminal says them.
    static func lines(_ finding: FindingRecord, _ document: FindingDocument, _ record: ClipRecord) -> [String] {
        var lines: [String] = []
        if let file = document.subject_file { lines.append("in \(file.printable)") }
        if let confidence = finding.confidence, finding.offset != nil {
            lines.append("right within 40 ms with a probability of \(String(format: "%.2f", confidence))")
        }
        if let drift = document.drift_ppm, finding.offset != nil {
            let interval = document.drift_ci95_ppm.flatMap { $0.count == 2 && $0[0] <= $0[1] ? $0[0]...$0[1] : nil }
            lines.append(OffsetWords.course(Drift(ppm: drift, interval: interval), rate: document.rate))
        }
        for segment in document.segments ?? [] where (document.segments?.count ?? 0) > 1 {
            let words = OffsetWords.sentence(
                Offset(milliseconds: segment.offset_ms), subject: finding.subject, reference: finding.reference)
            lines.append("\(Clock.words(segment.start_s)) to \(Clock.words(segment.end_s)): \(words)")
        }
        if let worst = finding.worst, let offset = finding.offset, worst != offset {
            lines.append(OffsetWords.worst(worst, subject: finding.subject, reference: finding.reference))
        }
        return lines
    }
}
