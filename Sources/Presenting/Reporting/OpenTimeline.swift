import Foundation
import SyncModel

/// The common timeline as OpenTimelineIO: a stack of tracks, one recording each, after a gap that places it.
///
/// Written to the schemas Timeline.1, Stack.1, Track.1, Clip.2 and Gap.1. Times are in milliseconds, with fractions.
enum OpenTimeline {
    static func document(_ entries: [ClockEntry], name: String) -> JSONValue {
        let start = entries.map(\.start).min() ?? 0
        return .object([
            ("OTIO_SCHEMA", .string("Timeline.1")),
            ("name", .string("views of \(name)")),
            ("global_start_time", .null),
            (
                "metadata",
                .object([("genlock", .object([("tool_version", .string(Version.tool)), ("reference", .string(name))]))])
            ),
            (
                "tracks",
                .object([
                    ("OTIO_SCHEMA", .string("Stack.1")), ("name", .string("tracks")), ("metadata", .object([])),
                    ("source_range", .null),
                    ("effects", .array([])), ("markers", .array([])), ("enabled", .bool(true)),
                    ("children", .array(entries.map { track($0, from: start) })),
                ])
            ),
        ])
    }

    private static func track(_ entry: ClockEntry, from start: Double) -> JSONValue {
        let file = entry.clip.split(separator: "/").last.map(String.init) ?? entry.clip
        var children: [JSONValue] = []
        if entry.start > start {
            children.append(
                .object([
                    ("OTIO_SCHEMA", .string("Gap.1")), ("name", .string("")), ("metadata", .object([])),
                    ("source_range", range(0, entry.start - start)), ("effects", .array([])), ("markers", .array([])),
                    ("enabled", .bool(true)),
                ]))
        }
        var effects: [JSONValue] = []
        if let drift = entry.drift, drift.ppm != 0 {
            effects.append(
                .object([
                    ("OTIO_SCHEMA", .string("LinearTimeWarp.1")), ("name", .string("drift")),
                    ("effect_name", .string("LinearTimeWarp")),
                    ("metadata", .object([])), ("time_scalar", .number(1 / entry.rate, decimals: 9)),
                    ("enabled", .bool(true)),
                ]))
        }
        let length = entry.duration ?? 0
        let media = JSONValue.object([
            ("OTIO_SCHEMA", .string("ExternalReference.1")), ("name", .string(file)), ("metadata", .object([])),
            ("target_url", .string(url(entry.clip))), ("available_range", range(0, length)),
            ("available_image_bounds", .null),
        ])
        children.append(
            .object([
                ("OTIO_SCHEMA", .string("Clip.2")), ("name", .string(file)),
                (
                    "metadata",
                    .object([
                        (
                            "genlock",
                            .object([
                                ("drift_ppm", entry.drift.map { .number($0.ppm, decimals: 3) } ?? .null),
                                ("residual_ms", entry.residualMilliseconds.map { .number($0, decimals: 3) } ?? .null),
                            ])
                        )
                    ])
                ),
                ("source_range", range(0, length)), ("effects", .array(effects)), ("markers", .array([])),
                ("enabled", .bool(true)),
                ("media_references", .object([("DEFAULT_MEDIA", media)])),
                ("active_media_reference_key", .string("DEFAULT_MEDIA")),
            ]))
        return .object([
            ("OTIO_SCHEMA", .string("Track.1")), ("name", .string(file)), ("kind", .string("Video")),
            ("metadata", .object([])),
            ("source_range", .null), ("effects", .array([])), ("markers", .array([])), ("enabled", .bool(true)),
            ("children", .array(children)),
        ])
    }

    private static func time(_ seconds: Double) -> JSONValue {
        .object([
            ("OTIO_SCHEMA", .string("RationalTime.1")), ("rate", .number(1000, decimals: 1)),
            ("value", .number(seconds * 1000, decimals: 4)),
        ])
    }

    private static func range(_ start: Double, _ length: Double) -> JSONValue {
        .object([("OTIO_SCHEMA", .string("TimeRange.1")), ("start_time", time(start)), ("duration", time(length))])
    }

    /// A path as a URL; a relative path stays relative.
    private static func url(_ path: String) -> String {
        let escaped = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
        return path.hasPrefix("/") ? "file://" + escaped : escaped
    }
}
