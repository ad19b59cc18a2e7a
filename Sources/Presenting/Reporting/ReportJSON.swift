public import SyncModel

extension ClipReport {
    /// The document of a clip; see `docs/json.md` and `docs/report.schema.json`.
    public var json: JSONValue {
        .object(head + [("findings", .array(findings.map(\.json)))] + tail)
    }

    private var head: [(name: String, value: JSONValue)] {
        [
            ("schema_version", .integer(Version.schema)),
            ("tool_version", .string(Version.tool)),
            ("method_version", findings.first.map { .string($0.method.rawValue) } ?? .null),
            ("clip", .string(clip)),
            ("duration_s", durationSeconds.map { .number($0, decimals: 3) } ?? .null),
            ("verdict", .string(verdict.rawValue)),
        ]
    }

    private var tail: [(name: String, value: JSONValue)] {
        guard let failure else { return [] }
        return [("error", failure.json)]
    }

    /// The report as stored: columns, and its document in three parts, which together are `json.compact`.
    ///
    /// - Parameter key: its key within a store.
    public func record(key: String) -> ClipRecord {
        let head = JSONValue.object(head).compact.dropLast() + ",\"findings\":["
        let tail = tail.isEmpty ? "]}" : "]," + JSONValue.object(tail).compact.dropFirst()
        var record = ClipRecord(key: key, clip: clip, verdict: verdict)
        record.audioFile = soundFile
        record.attributes = facts
        record.durationSeconds = durationSeconds
        record.failure = failure
        record.findings = findings
        record.documents = findings.map(\.json.compact)
        record.toolVersion = Version.tool
        record.methodVersion = findings.first?.method
        record.documentHead = String(head)
        record.documentTail = String(tail)
        return record
    }
}

extension Finding {
    /// The finding as a member of a document's `findings`.
    public var json: JSONValue {
        func range(_ range: ClosedRange<Double>) -> JSONValue {
            .array([.number(range.lowerBound, decimals: 1), .number(range.upperBound, decimals: 1)])
        }
        func milliseconds(_ offset: Offset?) -> JSONValue {
            offset.map { .number($0.milliseconds, decimals: 1) } ?? .null
        }
        var members = name.members
        members += [
            ("verdict", .string(verdict.rawValue)),
            ("offset_ms", milliseconds(offset)),
            ("direction", offset.map { .string($0.direction.rawValue) } ?? .null),
            ("ci95_ms", interval.map { range($0.lower.milliseconds...$0.upper.milliseconds) } ?? .null),
            ("confidence", confidence.map { .number($0, decimals: 3) } ?? .null),
            ("worst_ms", milliseconds(worst)),
            ("drift_ppm", drift.map { .number($0.ppm, decimals: 2) } ?? .null),
            (
                "drift_ci95_ppm",
                drift?.interval.map {
                    .array([.number($0.lowerBound, decimals: 2), .number($0.upperBound, decimals: 2)])
                } ?? .null
            ),
            ("rate", rate.map { .string($0) } ?? .null),
            ("segments", segments.map { .array($0.map(\.json)) } ?? .null),
            (
                "tolerance_ms",
                tolerance.map {
                    .object([("inner", range($0.innerMilliseconds)), ("outer", range($0.outerMilliseconds))])
                } ?? .null
            ),
        ]
        if expectation != .together {
            members.append(("expected_ms", expectation == .unknown ? .null : milliseconds(expectation.offset)))
        }
        members += [
            ("because", .array(because.map { .string($0.description) })),
            ("evidence", .object(evidence.map { (name: $0.name, value: $0.value.json) })),
        ]
        if let items { members.append(("items", .array(items.map(\.json)))) }
        if let gaps { members.append(("gaps", .array(gaps.map(\.json)))) }
        return .object(members)
    }
}

extension FindingName {
    /// The first members of a finding's own document.
    fileprivate var members: [(name: String, value: JSONValue)] {
        var members: [(name: String, value: JSONValue)] = [
            ("check", .string(check.rawValue)),
            ("subject", .string(subject.rawValue)),
            ("reference", .string(reference.rawValue)),
        ]
        if let clip { members.append(("clip", .string(clip))) }
        if let against { members.append(("against", .string(against))) }
        if let subjectFile { members.append(("subject_file", .string(subjectFile))) }
        if let subjectStream { members.append(("subject_stream", subjectStream.json)) }
        if let referenceStream { members.append(("reference_stream", referenceStream.json)) }
        return members
    }

    public var json: JSONValue { .object(members) }
}

extension StreamName {
    public var json: JSONValue {
        .object([
            ("index", index.map { .integer($0) } ?? .null), ("language", language.map { .string($0) } ?? .null),
            ("channel", channel.map { .integer($0) } ?? .null),
        ])
    }
}

extension TimeSpan {
    var json: JSONValue { .object([("start_s", .number(start, decimals: 3)), ("end_s", .number(end, decimals: 3))]) }
}

extension OffsetSegment {
    var json: JSONValue {
        .object([
            ("start_s", .number(span.start, decimals: 3)), ("end_s", .number(span.end, decimals: 3)),
            ("offset_ms", .number(offset.milliseconds, decimals: 1)),
        ])
    }
}

extension FindingItem {
    var json: JSONValue {
        .object([
            ("index", .integer(index)), ("kind", .string(kind.rawValue)), ("text", .string(text)),
            ("start_s", .number(startSeconds, decimals: 3)), ("end_s", .number(endSeconds, decimals: 3)),
            ("offset_ms", offset.map { .number($0.milliseconds, decimals: 1) } ?? .null),
            ("trust", trust.map { .number($0, decimals: 3) } ?? .null),
            ("flags", .array(flags.map { .string($0.rawValue) })),
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
        case .list(let values): .array(values.map(\.json))
        case .object(let members): .object(members.map { (name: $0.name, value: $0.value.json) })
        }
    }
}

extension ClipFailure {
    /// Its code, message and remedy.
    public var json: JSONValue { .object(members) }

    /// The same with its clip, for documents about several clips.
    func json(of clip: String) -> JSONValue { .object([("clip", .string(clip))] + members) }

    private var members: [(name: String, value: JSONValue)] {
        [("code", .string(code)), ("message", .string(message)), ("remedy", .string(remedy))]
    }
}
