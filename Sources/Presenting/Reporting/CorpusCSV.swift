import DelimitedText
import SyncModel

/// A corpus as CSV (RFC 4180, lines end in LF): a header, then one row per clip with its decisive finding. Unknown
/// values are empty. Attributes of the manifest follow, one column each.
public enum CorpusCSV {
    private static let columns = [
        "clip", "verdict", "check", "offset_ms", "ci_low_ms", "ci_high_ms", "confidence", "worst_ms", "drift_ppm",
        "rate",
        "duration_s", "audio_file", "transcript_file", "labels_file", "group", "language", "because", "error_code",
        "error_message",
        "error_remedy", "method_version", "tool_version",
    ]

    /// The columns that hold numbers.
    public static let numbers = [
        "offset_ms", "ci_low_ms", "ci_high_ms", "confidence", "worst_ms", "drift_ppm", "duration_s",
    ]

    public static func table(_ report: CorpusReport, _ write: (String) -> Void) {
        var names: [String] = []
        var known = Set<String>()
        for record in report.listed {
            for attribute in record.attributes where known.insert(attribute.name).inserted {
                names.append(attribute.name)
            }
        }
        // An attribute named like one of these columns would be ambiguous.
        let headers = names.map { columns.contains($0) ? "attribute_" + $0 : $0 }
        write(CSVText.row(columns + headers))
        for record in report.listed { write(CSVText.row(values(record) + names.map { value($0, record) })) }
    }

    private static func value(_ name: String, _ record: ClipRecord) -> String {
        record.attributes.first { $0.name == name }?.value ?? ""
    }

    private static func values(_ record: ClipRecord) -> [String] {
        let finding = record.decisive
        func number(_ value: Double?, _ decimals: Int) -> String {
            value.map { JSONValue.number($0, decimals: decimals).compact }.flatMap { $0 == "null" ? "" : $0 } ?? ""
        }
        return [
            record.clip, record.verdict.rawValue, finding?.check.rawValue ?? "",
            number(finding?.offset?.milliseconds, 1),
            number(finding?.interval?.lower.milliseconds, 1), number(finding?.interval?.upper.milliseconds, 1),
            number(finding?.confidence, 3), number(finding?.worst?.milliseconds, 1), number(finding?.drift?.ppm, 2),
            finding?.rate ?? "",
            number(record.durationSeconds, 3), record.audioFile ?? "", record.transcriptFile ?? "",
            record.labelsFile ?? "",
            record.group ?? "", record.language ?? "",
            finding?.because.map(\.description).joined(separator: "; ") ?? "",
            record.failure?.code ?? "",
            record.failure?.message ?? "", record.failure?.remedy ?? "", record.methodVersion?.rawValue ?? "",
            record.toolVersion,
        ]
    }
}
