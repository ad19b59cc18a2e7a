import Foundation
import Reporting
import SyncModel

/// What the page stores for the clips that it explains: sentences, tolerance, evidence and items per finding.
enum ClipExplanation {
    /// Maximum number of items shown per finding.
    private static let mostItems = 600

    /// An array with an object, or null, for each finding.
    static func json(_ record: ClipRecord, documents: [Finding]) -> String {
        Markup.scriptSafe(JSONValue.array(documents.map { json($0, of: record) }).compact)
    }

    private static func json(_ finding: Finding, of record: ClipRecord) -> JSONValue {
        guard finding.tolerance != nil || !finding.evidence.isEmpty else { return .null }
        var members: [(name: String, value: JSONValue)] = [
            ("lines", .array(lines(finding).map { .string($0) })),
            (
                "sides",
                .array([.string(OffsetWords.name(finding.subject)), .string(OffsetWords.name(finding.reference))])
            ),
        ]
        if let tolerance = finding.tolerance {
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
        let evidence = finding.evidence.compactMap { item in item.value.cell.map { (item.name, $0) } }.sorted {
            $0.0 < $1.0
        }
        members.append(("evidence", .array(evidence.map { .array([.string($0.0), .string($0.1.printable)]) })))
        if let segments = finding.segments, segments.count > 1 {
            members.append(
                (
                    "segments",
                    .array(
                        segments.map {
                            .array([
                                .number($0.span.start, decimals: 2), .number($0.span.end, decimals: 2),
                                .number($0.offset.milliseconds, decimals: 1),
                            ])
                        })
                ))
        }
        if let items = finding.items, !items.isEmpty {
            members.append(("items", .array(shown(items).map(item))))
            if items.count > mostItems { members.append(("more", .integer(items.count - mostItems))) }
        }
        if let gaps = finding.gaps, !gaps.isEmpty {
            members.append(
                (
                    "gaps",
                    .array(
                        gaps.prefix(200).map {
                            .array([.number($0.start, decimals: 2), .number($0.end, decimals: 2)])
                        })
                ))
        }
        return .object(members)
    }

    /// If there are too many, flagged items are chosen first; all stay in order.
    private static func shown(_ items: [FindingItem]) -> [FindingItem] {
        guard items.count > mostItems else { return items }
        let flagged = items.indices.filter { !items[$0].flags.isEmpty }.prefix(mostItems)
        let others = items.indices.filter { items[$0].flags.isEmpty }.prefix(mostItems - flagged.count)
        return (flagged + others).sorted().map { items[$0] }
    }

    /// `[text, start, end, trust, offset, flags]`.
    private static func item(_ item: FindingItem) -> JSONValue {
        .array([
            .string(item.text.printable), .number(item.startSeconds, decimals: 2),
            .number(item.endSeconds, decimals: 2),
            item.trust.map { .number($0, decimals: 2) } ?? .null,
            item.offset.map { .number($0.milliseconds, decimals: 0) } ?? .null,
            .array(item.flags.map { .string($0.rawValue) }),
        ])
    }

    /// Sentences beyond the summary, as in the terminal.
    static func lines(_ finding: Finding) -> [String] {
        var lines: [String] = []
        if let file = finding.subjectFile { lines.append("in \(file.printable)") }
        if let confidence = finding.confidence, finding.offset != nil {
            lines.append("right within 40 ms with a probability of \(String(format: "%.2f", confidence))")
        }
        if let drift = finding.drift, finding.offset != nil {
            lines.append(OffsetWords.course(drift, rate: finding.rate))
        }
        if let segments = finding.segments, segments.count > 1 {
            for segment in segments {
                let words = OffsetWords.sentence(
                    segment.offset, subject: finding.subject, reference: finding.reference)
                lines.append("\(Clock.words(segment.span.start)) to \(Clock.words(segment.span.end)): \(words)")
            }
        }
        if let worst = finding.worst, let offset = finding.offset, worst != offset {
            lines.append(OffsetWords.worst(worst, subject: finding.subject, reference: finding.reference))
        }
        return lines
    }
}

extension EvidenceValue {
    /// As a table cell; nil for objects and for lists of anything but numbers.
    fileprivate var cell: String? {
        func words(_ value: Double) -> String {
            value == value.rounded() && abs(value) < 1e15
                ? String(Int(value)) : String((value * 10_000).rounded() / 10_000)
        }
        switch self {
        case .flag(let value): return value ? "yes" : "no"
        case .number, .count: return number.map(words)
        case .text(let text): return text
        case .list(let values):
            let numbers = values.compactMap(\.number)
            return numbers.count == values.count ? numbers.map(words).joined(separator: ", ") : nil
        case .object, .unknown: return nil
        }
    }
}
