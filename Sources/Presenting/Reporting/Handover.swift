import DelimitedText
public import Statistics
public import SyncModel

/// What annotators should fix: by annotator, file and position.
public struct Handover: Sendable {
    public struct Entry: Sendable {
        public var annotator: String
        public var clip: String
        public var file: String
        /// Line of the file; nil: about the whole file, or unknown.
        public var line: Int?
        public var kind: String
        public var start: Double?
        public var end: Double?
        public var text: String
        /// The problem's code, such as `moved`, `wrong-text`, `missing-text`, `late`.
        public var problem: String
        /// As text.
        public var what: String
        public var offsetMilliseconds: Double?
        public var trust: Double?
        /// Values set by a person.
        public var correctStart: Double?
        public var correctEnd: Double?
        public var correctText: String?
        /// The source: a person's name, or the check's.
        public var by: String

        public init(annotator: String, clip: String, file: String, problem: String, what: String, by: String) {
            (self.annotator, self.clip, self.file) = (annotator, clip, file)
            (self.problem, self.what, self.by) = (problem, what, by)
            (kind, text) = ("", "")
        }
    }

    /// One file that was checked, even if nothing is wrong with it.
    public struct File: Sendable {
        public var annotator: String
        public var clip: String
        public var file: String
        public var verdict: Verdict
        public var entries: Int

        public init(annotator: String, clip: String, file: String, verdict: Verdict, entries: Int) {
            (self.annotator, self.clip, self.file) = (annotator, clip, file)
            (self.verdict, self.entries) = (verdict, entries)
        }
    }

    /// By annotator, clip, file and time.
    public var entries: [Entry]
    public var files: [File]
    public var sample: SamplePlan?
    /// Units of the sample that people reviewed.
    public var looked: Set<String>
    /// Names of the units of the sample; empty: they are texts, named by their clips.
    public var cues: [String: Cue] = [:]
    /// Texts whose cues cannot be drawn, because they cannot be read or are inside media.
    public var unread: [String] = []

    /// One cue to review, or one word of a text without cues.
    public struct Cue: Sendable {
        public var clip: String
        public var file: String
        public var line: Int
        public var start: Double
        public var text: String

        public init(clip: String, file: String, line: Int, start: Double, text: String) {
            (self.clip, self.file, self.line, self.start, self.text) = (clip, file, line, start, text)
        }
    }

    /// What is drawn, as counted.
    private var noun: String { cues.isEmpty ? "texts" : "cues" }

    public init(entries: [Entry], files: [File], sample: SamplePlan?, looked: Set<String>) {
        self.entries = entries.sorted {
            ($0.annotator, $0.clip, $0.file, $0.start ?? -1, $0.line ?? 0, $0.problem)
                < ($1.annotator, $1.clip, $1.file, $1.start ?? -1, $1.line ?? 0, $1.problem)
        }
        self.files = files.sorted { ($0.annotator, $0.clip, $0.file) < ($1.annotator, $1.clip, $1.file) }
        (self.sample, self.looked) = (sample, looked)
    }

    /// The work of each annotator: files, files to fix, and places.
    public var annotators: [(name: String, files: Int, faulty: Int, entries: Int)] {
        Dictionary(grouping: files) { $0.annotator }.sorted { $0.key < $1.key }.map { name, files in
            (name, files.count, files.count { $0.entries > 0 }, files.reduce(0) { $0 + $1.entries })
        }
    }

    private static let columns = [
        "annotator", "clip", "file", "line", "kind", "start_s", "end_s", "text", "problem", "what", "offset_ms",
        "trust", "correct_start_s", "correct_end_s", "correct_text", "by",
    ]

    private static func values(_ entry: Entry) -> [JSONValue] {
        func number(_ value: Double?, _ decimals: Int) -> JSONValue {
            value.map { .number($0, decimals: decimals) } ?? .null
        }
        return [
            .string(entry.annotator), .string(entry.clip), .string(entry.file),
            entry.line.map { .integer($0) } ?? .null, .string(entry.kind), number(entry.start, 3),
            number(entry.end, 3), .string(entry.text), .string(entry.problem), .string(entry.what),
            number(entry.offsetMilliseconds, 1), number(entry.trust, 3), number(entry.correctStart, 3),
            number(entry.correctEnd, 3), entry.correctText.map { .string($0) } ?? .null, .string(entry.by),
        ]
    }

    /// One row per place.
    public var csv: String {
        let rows = entries.map { entry in
            Handover.values(entry).map { value -> String in
                switch value {
                case .null: ""
                case .string(let text): text
                default: value.compact
                }
            }
        }
        return ([Handover.columns] + rows).map(CSVText.row).joined()
    }

    /// One row per text of the sample to review.
    public var sampleCSV: String? {
        guard let sample else { return nil }
        guard cues.isEmpty else {
            let rows = sample.strata.flatMap { stratum in
                stratum.drawn.compactMap { key in
                    cues[key].map { cue in
                        [
                            cue.clip, cue.file, String(cue.line), JSONValue.number(cue.start, decimals: 3).compact,
                            cue.text, stratum.names.joined(separator: ", "), looked.contains(key) ? "yes" : "no",
                        ]
                    }
                }
            }
            return ([["clip", "file", "line", "start_s", "text", "stratum", "looked_at"]] + rows).map(CSVText.row)
                .joined()
        }
        let rows = sample.strata.flatMap { stratum in
            stratum.drawn.map { [$0, stratum.names.joined(separator: ", "), looked.contains($0) ? "yes" : "no"] }
        }
        return ([["clip", "stratum", "looked_at"]] + rows).map(CSVText.row).joined()
    }

    public var json: JSONValue {
        var members: [(name: String, value: JSONValue)] = [
            ("schema_version", .integer(1)),
            (
                "annotators",
                .array(
                    annotators.map { one in
                        .object([
                            ("annotator", .string(one.name)), ("files", .integer(one.files)),
                            ("files_to_correct", .integer(one.faulty)), ("places", .integer(one.entries)),
                        ])
                    })
            ),
            (
                "files",
                .array(
                    files.map { file in
                        .object([
                            ("annotator", .string(file.annotator)), ("clip", .string(file.clip)),
                            ("file", .string(file.file)), ("verdict", .string(file.verdict.rawValue)),
                            ("places", .integer(file.entries)),
                        ])
                    })
            ),
            (
                "places",
                .array(
                    entries.map { entry in
                        .object(zip(Handover.columns, Handover.values(entry)).map { (name: $0.0, value: $0.1) })
                    })
            ),
        ]
        if let sample { members.append(("sample", json(of: sample))) }
        return .object(members)
    }

    private func json(of sample: SamplePlan) -> JSONValue {
        .object([
            (noun, .integer(sample.units)), ("looked_at", .integer(sample.looked)),
            ("wrong", sample.rate.map { .integer($0.count) } ?? .null),
            ("error_rate", sample.rate.map { .number($0.value, decimals: 4) } ?? .null),
            (
                "error_rate_ci95",
                sample.rate.map { .array([.number($0.lower, decimals: 4), .number($0.upper, decimals: 4)]) } ?? .null
            ),
            ("goal", .number(sample.goal, decimals: 4)),
            ("more_to_look_at", sample.more.map { .integer($0) } ?? .null),
            ("strata_not_looked_at", .integer(sample.unseen)),
            (
                "strata",
                .array(
                    sample.strata.map { stratum in
                        .object([
                            ("stratum", .array(stratum.names.map { .string($0) })),
                            (noun, .integer(stratum.units)), ("looked_at", .integer(stratum.looked)),
                            ("wrong", .integer(stratum.wrong)),
                            (
                                "look_at",
                                .array(
                                    stratum.drawn.filter { !looked.contains($0) }.map { key in
                                        .string(cues[key].map { "\($0.file):\($0.line)" } ?? key)
                                    })
                            ),
                        ])
                    })
            ),
        ])
    }

    /// The sample's result as text.
    public var sampleSentence: String? {
        guard let sample else { return nil }
        func percent(_ value: Double) -> String { JSONValue.number(100 * value, decimals: 1).compact }
        let drawn = sample.strata.reduce(0) { $0 + $1.drawn.count }
        let first =
            "\(drawn) of \(sample.units) \(noun) are in the sample, by language, annotator and length; "
            + "\(sample.looked) reviewed"
        guard let rate = sample.rate else { return first + ": no estimate for all of them yet" }
        let said =
            "\(first), \(rate.count) of them wrong: \(percent(rate.value)) % of all "
            + "(95 %: \(percent(rate.lower)) to \(percent(rate.upper)) %)"
        let blind = sample.unseen > 0 ? "; \(sample.unseen) strata without any review" : ""
        switch sample.more {
        case nil: return said + blind + "; with fewer than five it is unknown how many more are needed"
        case 0?: return said + blind + "; that is within \(percent(sample.goal)) points"
        case let more?: return said + blind + "; \(more) more are needed for ±\(percent(sample.goal)) points"
        }
    }
}
