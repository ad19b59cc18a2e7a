public import Actions
public import SyncModel

extension ActionsReport {
    /// The document of `genlock actions --json`, as `docs/actions.md` describes it.
    public var json: JSONValue { .object(members(withFindings: true)) }

    /// Its members in order; the findings, which may be many, can be omitted and printed one by one.
    public func members(withFindings: Bool) -> [(name: String, value: JSONValue)] {
        var members: [(name: String, value: JSONValue)] = [
            ("schema_version", .integer(Version.schema)),
            ("tool_version", .string(Version.tool)),
            ("method_version", .string(ActionsReport.method.rawValue)),
            ("verdict", .string(verdict.rawValue)),
            ("summary", summaryJSON),
            ("differing_pairs", views.differingJSON),
            ("annotators", annotators.pairs == 0 ? .null : annotatorsJSON),
            ("groups", .array(groups.map(\.json))),
            ("relations", .array(relations.map(\.json))),
            ("descriptions", .array(descriptions.map(\.json))),
            ("agreement", agreement?.json ?? .null),
            ("recording", .array(recording.map(\.json))),
            ("problems", .array(problems.map(\.json))),
        ]
        if withFindings {
            members.append(
                (
                    "findings",
                    .array(findings.map { $0.finding(tolerance: tolerance, method: ActionsReport.method).json })
                ))
        }
        return members
    }

    /// The document's `summary`.
    public var summaryJSON: JSONValue {
        let figures = views.same.figures
        return .object([
            ("sessions", .integer(sessions)), ("segments", .integer(segments)), ("view_pairs", .integer(views.pairs)),
            ("view_pairs_same_labels", .integer(views.sameLabels)), ("boundaries_matched", .integer(figures.count)),
            ("boundaries_over_tolerance", .integer(figures.over)),
            ("median_abs_ms", .number(figures.medianAbsolute, decimals: 2)),
            ("p95_abs_ms", .number(figures.p95Absolute, decimals: 2)), ("bias_ms", .number(figures.bias, decimals: 2)),
            ("findings", .integer(findings.count)),
        ])
    }

    private var annotatorsJSON: JSONValue {
        let figures = annotators.same.figures
        return .object([
            ("annotator_pairs", .integer(annotators.pairs)),
            ("annotator_pairs_same_labels", .integer(annotators.sameLabels)),
            ("boundaries_matched", .integer(figures.count)), ("boundaries_over_tolerance", .integer(figures.over)),
            ("median_abs_ms", .number(figures.medianAbsolute, decimals: 2)),
            ("p95_abs_ms", .number(figures.p95Absolute, decimals: 2)),
            ("bias_ms", .number(figures.bias, decimals: 2)), ("differing_pairs", annotators.differingJSON),
        ])
    }
}

extension ActionsReport.PairTally {
    var differingJSON: JSONValue {
        let figures = differing.figures
        let kinds = counts.sorted { $0.key.rawValue < $1.key.rawValue }.map {
            (name: $0.key.rawValue, value: JSONValue.integer($0.value))
        }
        return .object([
            ("pairs", .integer(pairs - sameLabels)), ("boundaries_matched", .integer(figures.count)),
            ("boundaries_over_tolerance", .integer(figures.over)),
            ("median_abs_ms", .number(figures.medianAbsolute, decimals: 2)),
            ("p95_abs_ms", .number(figures.p95Absolute, decimals: 2)), ("bias_ms", .number(figures.bias, decimals: 2)),
            ("differences", .object(kinds)),
        ])
    }
}

extension ActionsReport.Group {
    var json: JSONValue {
        .object([
            ("attribute", .string(attribute)), ("value", .string(value)), ("boundaries", .integer(figures.count)),
            ("over_tolerance", .integer(figures.over)),
            ("share_over_tolerance", .number(Double(figures.over) / Double(max(1, figures.count)), decimals: 4)),
            ("median_abs_ms", .number(figures.medianAbsolute, decimals: 2)),
            ("p95_abs_ms", .number(figures.p95Absolute, decimals: 2)),
            ("bias_ms", .number(figures.bias, decimals: 2)),
        ])
    }
}

extension DescriptionDifference {
    var json: JSONValue {
        .object([
            ("session", .string(session)), ("label", .string(label)), ("time_s", .number(seconds, decimals: 3)),
            ("subject", .string(subject)),
            ("reference", .string(reference)), ("subject_text", .string(subjectText)),
            ("reference_text", .string(referenceText)),
        ])
    }
}

extension LabelProblem {
    var json: JSONValue {
        .object([
            ("code", .string(code)), ("file", .string(file)), ("row", row.map { .integer($0) } ?? .null),
            ("message", .string(message)),
            ("remedy", .string(remedy)), ("left_out", .bool(isLoss)),
        ])
    }

    /// "labels.csv, row 12: ends before it starts: swap the times".
    public var line: String {
        "\(file.printable)\(row.map { ", row \($0)" } ?? ""): \(message.printable): \(remedy.printable)"
    }
}

extension RelationDifference {
    var json: JSONValue {
        .object([
            ("first", .string(first)), ("second", .string(second)), ("reference_relation", .string(reference.rawValue)),
            ("subject_relation", .string(subject.rawValue)), ("count", .integer(count)), ("session", .string(session)),
            ("subject", .string(track)),
            ("time_s", .number(seconds, decimals: 3)),
        ])
    }
}

extension RecordingBias {
    var json: JSONValue {
        .object([
            ("subject", .string(name)), ("reference", .string(kind.rawValue)), ("boundaries", .integer(boundaries)),
            ("sessions", .integer(sessions)),
            ("offset_ms", offset.map { .number($0.milliseconds, decimals: 1) } ?? .null),
            ("direction", offset.map { .string($0.direction.rawValue) } ?? .null),
            (
                "ci95_ms",
                interval.map {
                    .array([.number($0.lower.milliseconds, decimals: 1), .number($0.upper.milliseconds, decimals: 1)])
                } ?? .null
            ),
            ("confidence", confidence.map { .number($0, decimals: 3) } ?? .null),
            ("height", .number(height, decimals: 2)),
            ("because", because.isEmpty ? .array([]) : .array([.string(because)])),
        ])
    }
}
