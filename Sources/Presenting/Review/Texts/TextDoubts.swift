public import Foundation
import Reporting
public import SyncModel

/// The check's result on a text: the whole, and its items by index.
public struct TextDoubts: Sendable {
    struct Item: Sendable {
        var flags: [String]
        var offsetMilliseconds: Double?
        var trust: Double?
    }

    let verdict: String
    /// The result in words; nil: nothing was measured.
    let sentence: String?
    let because: [String]
    let items: [Int: Item]
    /// Intervals of speech without text, in seconds.
    let gaps: [(start: Double, end: Double)]

    /// From a finding of a store.
    public init(_ finding: Finding) {
        verdict = finding.verdict.rawValue
        sentence = finding.offset.map {
            OffsetWords.sentence($0, subject: finding.subject, reference: finding.reference)
        }
        because = finding.because.map(\.description)
        items = Dictionary(
            (finding.items ?? []).map {
                (
                    $0.index,
                    Item(
                        flags: $0.flags.map(\.rawValue), offsetMilliseconds: $0.offset?.milliseconds, trust: $0.trust)
                )
            }
        ) { first, _ in first }
        gaps = (finding.gaps ?? []).map { ($0.start, $0.end) }
    }

    /// From the document that `genlock transcript --json` prints; nil: it is not one.
    public init?(document: Data) {
        guard let object = (try? JSONSerialization.jsonObject(with: document)) as? [String: Any],
            let finding = (object["findings"] as? [[String: Any]])?.first
        else { return nil }
        func number(_ value: Any?) -> Double? { (value as? NSNumber)?.doubleValue }
        verdict = finding["verdict"] as? String ?? ""
        sentence = number(finding["offset_ms"]).map {
            OffsetWords.sentence(Offset(milliseconds: $0), subject: .text, reference: .audio)
        }
        because = finding["because"] as? [String] ?? []
        var items: [Int: Item] = [:]
        for item in finding["items"] as? [[String: Any]] ?? [] {
            guard let index = (item["index"] as? NSNumber)?.intValue else { continue }
            items[index] = Item(
                flags: item["flags"] as? [String] ?? [], offsetMilliseconds: number(item["offset_ms"]),
                trust: number(item["trust"]))
        }
        self.items = items
        gaps = (finding["gaps"] as? [[String: Any]] ?? []).compactMap { gap in
            guard let start = number(gap["start_s"]), let end = number(gap["end_s"]) else { return nil }
            return (start, end)
        }
    }

    var json: JSONValue {
        .object([
            ("verdict", .string(verdict)), ("words", sentence.map { .string($0) } ?? .null),
            ("because", .array(because.prefix(5).map { .string($0) })),
            (
                "gaps",
                .array(
                    gaps.prefix(2000).map {
                        .object([("start_s", .number($0.start, decimals: 3)), ("end_s", .number($0.end, decimals: 3))])
                    })
            ),
        ])
    }
}
