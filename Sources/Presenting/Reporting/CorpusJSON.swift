import Statistics
import SyncModel

/// A corpus as JSON: one document, or one line per clip.
public enum CorpusJSON {
    /// `corpus` with the statistics, and `clips` with each clip's document, one line each.
    ///
    /// - Parameter write: receives the text in chunks, as in all corpus formats.
    public static func document(_ report: CorpusReport, _ write: (String) -> Void) {
        write("{\n  \"schema_version\": \(Version.schema),\n  \"tool_version\": \"\(Version.tool)\",\n  \"corpus\": ")
        write(corpus(report).compact)
        write(",\n  \"clips\": [")
        for (index, record) in report.listed.enumerated() {
            write(index == 0 ? "\n    " : ",\n    ")
            write(record.documentWithRow)
        }
        write(report.listed.isEmpty ? "]\n}\n" : "\n  ]\n}\n")
    }

    /// Each clip's document on one line, as `scan --format jsonl` prints it.
    public static func lines(_ report: CorpusReport, _ write: (String) -> Void) {
        for record in report.listed { write(record.documentWithRow + "\n") }
    }

    private static func corpus(_ report: CorpusReport) -> JSONValue {
        let statistics = report.statistics
        // With very few offsets there is no common bias: their median is used.
        let bias = report.offsets.count >= CorpusReport.leastForBias ? statistics.main?.bias?.estimate : nil
        return .object(
            [
                ("clips", .integer(report.tally.clips)), ("answered", .integer(report.tally.answered)),
                ("media_s", .number(report.mediaSeconds, decimals: 1)),
                ("verdicts", verdicts(report.tally)),
                ("bias_ms", milliseconds(bias?.milliseconds ?? report.offsets.median)),
                ("bias_ci95_ms", bias?.rangeJSON ?? range(report.offsets.interval)),
                ("share_misaligned", report.shareMisaligned.map { .number($0, decimals: 4) } ?? .null),
                (
                    "groups",
                    .array(
                        report.groupBy == nil
                            ? statistics.groups.map(\.json) : report.groups.map { group($0, statistics) })
                ),
                ("file_faults", report.fileFaults.json),
            ] + statistics.json + report.pools.json)
    }

    private static func group(_ group: CorpusGroup, _ statistics: CorpusStatistics) -> JSONValue {
        let chance = statistics.groups.first { $0.attribute == group.attribute && $0.value == group.value }?.pAdjusted
        return .object([
            ("attribute", .string(group.attribute)), ("value", .string(group.value)),
            ("clips", .integer(group.tally.clips)),
            ("answered", .integer(group.tally.answered)), ("verdicts", verdicts(group.tally)),
            ("bias_ms", milliseconds(group.offsets.median)), ("ci95_ms", range(group.offsets.interval)),
            ("p_adjusted", GroupStatistics.chance(chance)),
        ])
    }

    private static func verdicts(_ tally: VerdictTally) -> JSONValue {
        .object(Verdict.allCases.map { (name: $0.rawValue, value: .integer(tally.count($0))) })
    }

    private static func milliseconds(_ value: Double?) -> JSONValue { value.map { .number($0, decimals: 1) } ?? .null }

    private static func range(_ range: ClosedRange<Double>?) -> JSONValue {
        range.map { .array([.number($0.lowerBound, decimals: 1), .number($0.upperBound, decimals: 1)]) } ?? .null
    }
}
