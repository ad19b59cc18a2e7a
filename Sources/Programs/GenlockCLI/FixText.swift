public import Fixing
import Foundation
import Muxing
import Reporting
public import SyncModel

/// The outcome for a clip, as text and as JSON.
public enum FixText {
    public static func explanation(_ outcome: FixOutcome) -> String {
        let clip = outcome.clip.printable
        switch outcome.kind {
        case .nothingToFix:
            return "\(clip): in sync, nothing to fix; nothing was written\n"
                + outcome.left.map { "  \($0)\n" }.joined()
        case .refused, .failed:
            let failure = outcome.failure
            let remedy = ShellWord.filled(failure?.remedy ?? "", for: outcome.clip)
            return "\(clip): not fixed\n  \(failure?.message ?? "")\n  \(remedy)\n"
        case .fixed:
            var lines = ["\(clip): fixed"]
            for part in outcome.written {
                lines.append("  \(part.output.printable): \(sentence(part))")
                lines += part.notes.map { "    \($0)" }
            }
            lines += outcome.left.map { "  \($0)" }
            return lines.joined(separator: "\n") + "\n"
        }
    }

    /// "sound was 118 ms late, is 3 ms late (lips)".
    private static func sentence(_ part: FixOutcome.Written) -> String {
        var name = OffsetWords.name(part.subject)
        if let number = part.streamNumber {
            name += " of audio stream \(number)\(part.stream?.language.map { " (\($0))" } ?? "")"
        }
        let method: String =
            switch part.method {
            case .media(.moved): "timestamps only, every packet unchanged"
            case .media(.cut): "cut and padded"
            case .media(.resampled): "resampled"
            case .commonPart: "cut to the common part"
            case .rewritten, .copied: "times rewritten"
            }
        if part.method == .copied { return "\(name) copied" }
        if part.method == .commonPart, part.now == nil { return "\(name) \(method)" }
        guard let was = part.was else {
            return part.now.map { "\(name) is \(OffsetWords.place($0)) (\(method))" } ?? "\(name) moved (\(method))"
        }
        guard let now = part.now else { return "\(name) was \(OffsetWords.place(was)) (\(method))" }
        return
            """
            \(name) was \(OffsetWords.place(was)), is \(OffsetWords.place(now)) (\(part.check?.rawValue ?? ""); \
            \(method))
            """
    }

    /// A row of a plan.
    public static func json(_ row: FixPlan.Row) -> JSONValue {
        var members: [(name: String, value: JSONValue)] = [
            ("action", .string(row.action.rawValue)), ("clip", .string(row.clip)),
            ("audio", row.audioFile.map { .string($0) } ?? .null),
            ("offset_ms", row.move.map { .number($0.offset.milliseconds, decimals: 3) } ?? .null),
            ("drift_ppm", (row.move?.drift ?? row.cut?.drift).map { .number($0.ppm, decimals: 3) } ?? .null),
        ]
        if let stream = row.audioStream { members.append(("audio_stream", .integer(stream))) }
        if let file = row.subjectFile { members.append(("subject_file", .string(file))) }
        if !row.texts.isEmpty { members.append(("texts", .array(row.texts.map { .string($0) }))) }
        if row.expectation != .together {
            members.append(("expect_ms", .number(row.expectation.offset.milliseconds, decimals: 3)))
        }
        if let check = row.measuredBy { members.append(("check", .string(check.rawValue))) }
        if let cut = row.cut {
            members += [
                ("start_s", .number(cut.span.start, decimals: 5)), ("end_s", .number(cut.span.end, decimals: 5)),
                ("views", .string(cut.views)),
            ]
        }
        return .object(members + [("output", .string(row.output)), ("by", .string(row.by)), ("why", .string(row.why))])
    }

    public static func json(_ outcome: FixOutcome) -> JSONValue {
        func milliseconds(_ offset: Offset?) -> JSONValue {
            offset.map { .number($0.milliseconds, decimals: 1) } ?? .null
        }
        var members: [(name: String, value: JSONValue)] = [
            ("schema_version", .integer(Version.schema)), ("tool_version", .string(Version.tool)),
            ("clip", .string(outcome.clip)),
            ("outcome", .string(outcome.kind.rawValue)),
            (
                "written",
                .array(
                    outcome.written.map { part in
                        .object([
                            ("subject", .string(part.subject.rawValue)), ("source", .string(part.source)),
                            ("output", .string(part.output)), ("stream", part.stream?.json ?? .null),
                            ("check", part.check.map { .string($0.rawValue) } ?? .null),
                            ("was_ms", milliseconds(part.was)), ("is_ms", milliseconds(part.now)),
                            ("method", .string(part.method.name)), ("notes", .array(part.notes.map { .string($0) })),
                        ])
                    })
            ),
        ]
        if !outcome.left.isEmpty { members.append(("left", .array(outcome.left.map { .string($0) }))) }
        if let failure = outcome.failure {
            members.append(("error", failure.json))
        }
        return .object(members)
    }
}
