public import SyncModel

extension ClipReport {
    /// The document of a clip, as `docs/json.md` and `docs/report.schema.json` describe it.
    public var json: JSONValue {
        var members: [(name: String, value: JSONValue)] = [
            ("schema_version", .integer(Version.schema)),
            ("tool_version", .string(Version.tool)),
            ("method_version", findings.first.map { .string($0.method) } ?? .null),
            ("clip", .string(clip)),
            ("duration_s", durationSeconds.map { .number($0, decimals: 3) } ?? .null),
            ("verdict", .string(verdict.rawValue)),
            ("findings", .array(findings.map(\.json))),
        ]
        if let failure {
            members.append(
                (
                    "error",
                    .object([
                        ("code", .string(failure.code)), ("message", .string(failure.message)), ("remedy", .string(failure.remedy)),
                    ])
                ))
        }
        return .object(members)
    }
}

extension Finding {
    var json: JSONValue {
        func range(_ range: ClosedRange<Double>) -> JSONValue {
            .array([.number(range.lowerBound, decimals: 1), .number(range.upperBound, decimals: 1)])
        }
        let milliseconds: JSONValue = offset.map { .number($0.milliseconds, decimals: 1) } ?? .null
        return .object([
            ("check", .string(check.rawValue)),
            ("subject", .string(subject)),
            ("reference", .string(reference)),
            ("verdict", .string(verdict.rawValue)),
            ("offset_ms", milliseconds),
            ("direction", offset.map { .string($0.direction.rawValue) } ?? .null),
            ("ci95_ms", interval.map { range($0.lower.milliseconds...$0.upper.milliseconds) } ?? .null),
            ("confidence", confidence.map { .number($0, decimals: 3) } ?? .null),
            ("worst_ms", milliseconds),
            ("drift_ppm", .null),
            ("drift_ci95_ppm", .null),
            ("rate", .null),
            ("segments", .null),
            ("tolerance_ms", .object([("inner", range(tolerance.innerMilliseconds)), ("outer", range(tolerance.outerMilliseconds))])),
            ("because", .array(because.map { .string($0.description) })),
            ("evidence", .object(evidence.map { (name: $0.name, value: $0.value.json) })),
        ])
    }
}

extension EvidenceValue {
    var json: JSONValue {
        switch self {
        case .number(let value, let decimals): .number(value, decimals: decimals)
        case .count(let value): .integer(value)
        case .text(let value): .string(value)
        case .flag(let value): .bool(value)
        case .unknown: .null
        }
    }
}
