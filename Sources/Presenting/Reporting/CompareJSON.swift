public import SyncModel

/// What `genlock compare --json` prints: one document for all copies of a master.
public struct CompareDocument: Sendable {
    private let master: String
    private let reports: [ClipReport]

    public init(master: String, reports: [ClipReport]) {
        (self.master, self.reports) = (master, reports)
    }

    public var json: JSONValue {
        let findings = reports.flatMap(\.findings)
        let verdict = reports.map(\.verdict).max { $0.severity < $1.severity } ?? .failed
        var members: [(name: String, value: JSONValue)] = [
            ("schema_version", .integer(Version.schema)),
            ("tool_version", .string(Version.tool)),
            ("method_version", findings.first.map { .string($0.method.rawValue) } ?? .null),
            ("clip", .string(master)),
            ("verdict", .string(verdict.rawValue)),
            ("findings", .array(findings.map(\.json))),
        ]
        let failures = reports.compactMap { report in report.failure.map { (clip: report.clip, failure: $0) } }
        if !failures.isEmpty {
            members.append(("errors", .array(failures.map { $0.failure.json(of: $0.clip) })))
        }
        return .object(members)
    }
}
