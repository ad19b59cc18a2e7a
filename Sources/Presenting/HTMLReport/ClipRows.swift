import Reporting
import SyncModel

/// The listed clips as compact rows of JSON.
struct ClipRows {
    /// Strings that occur more than once, by index.
    private(set) var texts: [String] = []
    private var numbers: [String: Int] = [:]
    /// Names of the manifest's attributes, in order of first occurrence, including `group` and `language`.
    private(set) var attributes: [String] = []
    private var attributeNumbers: [String: Int] = [:]

    private mutating func number(_ text: String) -> Int {
        if let known = numbers[text] { return known }
        numbers[text] = texts.count
        texts.append(text)
        return texts.count - 1
    }

    private mutating func attributeNumber(_ name: String) -> Int {
        if let known = attributeNumbers[name] { return known }
        attributeNumbers[name] = attributes.count
        attributes.append(name)
        return attributes.count - 1
    }

    /// `[clip, verdict, words, offset, size, seconds, confidence, attributes, findings, decisive]`, on one line.
    ///
    /// - Parameter findings: those of the record, with curves.
    mutating func row(_ record: ClipRecord, findings: [Finding]) -> String {
        let words = ClipText.summary(record)
        let decisive = record.decisive
        let place = record.findings.firstIndex {
            $0.check == decisive?.check && $0.verdict == decisive?.verdict && $0.offset == decisive?.offset
        }
        var attributes: [JSONValue] = []
        for (name, value) in named(record) where !value.isEmpty {
            attributes += [.integer(attributeNumber(name)), .integer(number(value.printable))]
        }
        var cells: [JSONValue] = [
            .string(record.clip.printable), .integer(ClipRows.code(record.verdict)), .string(words),
            milliseconds(decisive?.offset), milliseconds(decisive?.worst ?? decisive?.offset),
            record.durationSeconds.map { .number($0, decimals: 1) } ?? .null,
            decisive?.confidence.map { .number($0, decimals: 2) } ?? .null,
            .array(attributes),
        ]
        cells.append(
            .array(findings.enumerated().map { cell($0.element, of: record.clip, isDecisive: $0.offset == place) }))
        cells.append(place.map { .integer($0) } ?? .null)
        return Markup.scriptSafe(JSONValue.array(cells).compact)
    }

    private func named(_ record: ClipRecord) -> [(String, String)] {
        var result: [(String, String)] = []
        if let group = record.group { result.append(("group", group)) }
        if let language = record.language { result.append(("language", language)) }
        return result + record.attributes.map { ($0.name, $0.value) }
    }

    /// `[check, verdict, words, offset, low, high, confidence, reasons, curve]`; the decisive finding has its words in
    /// the row.
    private mutating func cell(_ finding: Finding, of clip: String, isDecisive: Bool) -> JSONValue {
        .array([
            .integer(number(finding.check.rawValue)), .integer(ClipRows.code(finding.verdict)),
            .string(isDecisive ? "" : ClipText.summary(finding)), milliseconds(finding.offset),
            milliseconds(finding.interval?.lower),
            milliseconds(finding.interval?.upper), finding.confidence.map { .number($0, decimals: 2) } ?? .null,
            .array(finding.because.map { .integer(number(ShellWord.filled($0.description, for: clip).printable)) }),
            ClipRows.curve(finding.curve),
        ])
    }

    /// `[first, step, bottom, top, letters]`: offsets in ms, heights in standard deviations; 0 if there is no curve.
    static func curve(_ points: [CurvePoint]) -> JSONValue {
        let heights = points.map(\.height).filter(\.isFinite)
        guard points.count > 2, let low = heights.min(), let high = heights.max(), high > low, let first = points.first,
            let last = points.last
        else {
            return .integer(0)
        }
        // A figure cannot show more points than it has columns.
        let stride = max(1, points.count / 360)
        let kept = Swift.stride(from: 0, to: points.count, by: stride).map { points[$0] }
        let step = (last.offset.milliseconds - first.offset.milliseconds) / Double(points.count - 1) * Double(stride)
        return .array([
            .number(first.offset.milliseconds, decimals: 1), .number(step, decimals: 3), .number(low, decimals: 1),
            .number(high, decimals: 1),
            .string(LetterCode.letters(kept.map { $0.height.isFinite ? $0.height : nil }, low: low, high: high)),
        ])
    }

    private func milliseconds(_ offset: Offset?) -> JSONValue {
        offset.map { .number($0.milliseconds, decimals: 1) } ?? .null
    }

    /// A verdict's index in `Verdict.allCases`.
    static func code(_ verdict: Verdict) -> Int { Verdict.allCases.firstIndex(of: verdict) ?? 0 }
}
