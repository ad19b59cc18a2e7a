import DelimitedText
import Foundation
public import SyncModel

/// Export of the common timeline. Only the reference's group is exported: others have no position on its clock.
public enum ViewsExport {
    /// The format by file extension.
    public enum Format: String, Sendable, CaseIterable {
        case json, csv, otio, sh, fcpxml, xml

        /// Whether it needs facts of the media.
        public var needsMedia: Bool { self == .fcpxml || self == .xml }
    }

    /// - Parameter media: by clip name, for formats that need it.
    public static func text(_ report: ViewsReport, as format: Format, media: [String: TimelineMedia] = [:]) -> String {
        let entries = report.clock.filter { $0.group == 0 }
        switch format {
        case .json: return document(entries).pretty + "\n"
        case .csv: return table(entries)
        case .otio: return OpenTimeline.document(entries, name: report.reference).pretty + "\n"
        case .sh: return CutCommands.script(entries)
        case .fcpxml:
            return FinalCutTimeline.document(EditedTimeline(entries, media: media, name: report.reference))
        case .xml: return PremiereTimeline.document(EditedTimeline(entries, media: media, name: report.reference))
        }
    }

    private static func document(_ entries: [ClockEntry]) -> JSONValue {
        let common = ClockEntry.common(entries)
        func seconds(_ value: Double?) -> JSONValue { value.map { .number($0, decimals: 6) } ?? .null }
        return .object([
            ("schema_version", .integer(Version.schema)),
            ("common", common.map { .object([("start_s", seconds($0.start)), ("end_s", seconds($0.end))]) } ?? .null),
            (
                "clips",
                .array(
                    entries.map { entry -> JSONValue in
                        var members: [(name: String, value: JSONValue)] = [
                            ("clip", .string(entry.clip)), ("start_s", seconds(entry.start)),
                            ("duration_s", seconds(entry.duration)),
                            ("rate", .number(entry.rate, decimals: 9)),
                            ("drift_ppm", entry.drift.map { .number($0.ppm, decimals: 3) } ?? .null),
                            ("in_s", seconds(common.flatMap { entry.own($0)?.start })),
                            ("out_s", seconds(common.flatMap { entry.own($0)?.end })),
                        ]
                        if let first = entry.chapterOf { members.append(("chapter_of", .string(first))) }
                        return .object(members)
                    })
            ),
        ])
    }

    private static func table(_ entries: [ClockEntry]) -> String {
        let common = ClockEntry.common(entries)
        func number(_ value: Double?) -> String { value.map { String(format: "%.6f", $0) } ?? "" }
        let rows = entries.map { entry in
            [
                CSVText.field(entry.clip), number(entry.start), number(entry.duration),
                entry.drift.map { String(format: "%.3f", $0.ppm) } ?? "",
                entry.residualMilliseconds.map { String(format: "%.3f", $0) } ?? "",
                number(common.flatMap { entry.own($0)?.start }), number(common.flatMap { entry.own($0)?.end }),
            ].joined(separator: ",")
        }
        return (["clip,start_s,duration_s,drift_ppm,residual_ms,common_in_s,common_out_s"] + rows).joined(
            separator: "\r\n") + "\r\n"
    }
}
