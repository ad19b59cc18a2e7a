import DelimitedText
public import Foundation
import Muxing
import Plan
public import SyncModel

/// The tables of planted faults: also manifests, so that they can be scanned.
public enum TruthTable {
    /// Of faults in clips and their texts, which a scan looks for.
    public static let name = "truth.csv"
    /// Of faults in labels, logs and camera sets.
    public static let setsName = "truth-sets.csv"
    private static let columns = [
        "media", "audio", "transcript", "labels", "name", "source", "fault", "offset_ms", "drift_ppm", "segments",
        "scatter_ms", "items", "group", "log", "duration_s",
    ]

    public static func text(_ rows: [Perturber.Row]) -> String {
        CSVText.row(columns)
            + rows.map { row in
                let planted = row.planted
                let segments = (planted.move?.segments ?? []).map {
                    // In the copy's times, with what to add there.
                    "\(number(planted.move?.time($0.span.start, anchor: $0.span.start) ?? $0.span.start, 3)):"
                        + number(-$0.offset.milliseconds, 1)
                }
                return CSVText.row([
                    row.media, row.audio ?? "", row.transcript ?? "", row.labels ?? "", row.name, row.source,
                    planted.fault.rawValue, planted.offsetMilliseconds.map { number($0, 1) } ?? "",
                    planted.driftPPM.map { number($0, 1) } ?? "", segments.joined(separator: " "),
                    planted.scatterSeconds.map { number($0 * 1000, $0 < 0.1 ? 3 : 0) } ?? "",
                    planted.items.map(String.init).joined(separator: " "), row.group ?? "", row.log ?? "",
                    row.durationSeconds.map { number($0, 3) } ?? "",
                ])
            }.joined()
    }

    /// Without a sign where the digits are 0.
    private static func number(_ value: Double, _ decimals: Int) -> String {
        let text = String(format: "%.\(decimals)f", value)
        return text.hasPrefix("-") && !text.contains { "123456789".contains($0) } ? String(text.dropFirst()) : text
    }

    /// One row, for scoring.
    public struct Entry: Sendable {
        public let name: String
        public let source: String
        public let fault: Fault
        /// What should be found in addition to the untouched clip's answer; nil: no offset.
        public let planted: OffsetCourse?
        /// Its camera set, and the file that is the view; both empty for other material.
        public var group = ""
        public var media = ""
        /// Length of the recording in seconds, where the planted offset changes; nil: unknown.
        public var durationSeconds: Double?
    }

    /// - Throws: `ClipFailure` if it is not such a table.
    public static func read(_ data: Data, name path: String) throws(ClipFailure) -> [Entry] {
        var entries: [Entry] = []
        var problem: String?
        CSVTable(data: data, separator: UInt8(ascii: ",")).rows { number, row in
            guard case .success(let values) = row else {
                problem = problem ?? "row \(number) cannot be read"
                return
            }
            func value(_ column: String) -> String { values.first { $0.name == column }?.value ?? "" }
            guard let fault = Fault(rawValue: value("fault")), !value("name").isEmpty else {
                problem = problem ?? "row \(number) has no fault"
                return
            }
            entries.append(
                Entry(
                    name: value("name"), source: value("source"), fault: fault,
                    planted: OffsetCourse(
                        milliseconds: Double(value("offset_ms")), driftPPM: Double(value("drift_ppm")),
                        segments: value("segments")),
                    group: value("group"), media: value("media"), durationSeconds: Double(value("duration_s"))))
        }
        if entries.isEmpty, problem == nil { problem = "it has no rows" }
        if let problem {
            throw ClipFailure(
                code: "no-truth", message: "\(path.printable) is not a table of planted faults: \(problem)",
                remedy: "give the \(name) that 'genlock perturb' wrote")
        }
        return entries
    }
}
