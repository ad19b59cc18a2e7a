public import SyncModel

extension ViewsReport {
    /// The document of `genlock views --json`: that of a clip, with `clock` and `pairs`; see `docs/views.md`.
    public var json: JSONValue {
        var members: [(name: String, value: JSONValue)] = [
            ("schema_version", .integer(Version.schema)),
            ("tool_version", .string(Version.tool)),
            ("method_version", findings.first.map { .string($0.method.rawValue) } ?? .null),
            ("clip", .string(reference)),
            ("duration_s", durationSeconds.map { .number($0, decimals: 3) } ?? .null),
            ("verdict", .string((clock.isEmpty ? .failed : verdict).rawValue)),
            ("findings", .array(findings.map(\.json))),
            ("clock", .array(clock.map(\.json))),
            ("pairs", .array(pairs.map(\.json))),
            (
                "notes",
                .array(notes.map { .object([("clip", .string($0.clip)), ("note", .string($0.note.description))]) })
            ),
        ]
        if !failures.isEmpty {
            members.append(("errors", .array(failures.map { $0.failure.json(of: $0.clip) })))
        }
        return .object(members)
    }
}

extension ClockEntry {
    var json: JSONValue {
        var members: [(name: String, value: JSONValue)] = [
            ("clip", .string(clip)),
            ("offset_ms", offset.map { .number($0.milliseconds, decimals: 2) } ?? .null),
            ("drift_ppm", drift.map { .number($0.ppm, decimals: 3) } ?? .null),
            ("group", .integer(group)),
            ("residual_ms", residualMilliseconds.map { .number($0, decimals: 3) } ?? .null),
            ("start_s", .number(start, decimals: 6)),
            ("duration_s", duration.map { .number($0, decimals: 3) } ?? .null),
        ]
        if let chapterOf { members.append(("chapter_of", .string(chapterOf))) }
        return .object(members)
    }
}

extension PairReport {
    var json: JSONValue {
        .object([
            ("clip", .string(clip)),
            ("against", .string(against)),
            ("method", .string(method)),
            ("use", .string(use.rawValue)),
            ("offset_ms", offset.map { .number($0.milliseconds, decimals: 2) } ?? .null),
            (
                "ci95_ms",
                interval.map {
                    .array([.number($0.lower.milliseconds, decimals: 2), .number($0.upper.milliseconds, decimals: 2)])
                } ?? .null
            ),
            ("drift_ppm", drift.map { .number($0.ppm, decimals: 3) } ?? .null),
            ("confidence", .number(confidence, decimals: 3)),
            ("residual_ms", residualMilliseconds.map { .number($0, decimals: 3) } ?? .null),
            ("because", .array(because.map { .string($0.description) })),
            ("evidence", .object(evidence.map { (name: $0.name, value: $0.value.json) })),
        ])
    }
}
