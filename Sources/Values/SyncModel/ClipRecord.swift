/// The stored form of a clip: its report, searchable columns, and manifest attributes.
public struct ClipRecord: Sendable, Hashable {
    /// Separates the names of an attribute that has several, such as the cameras of an episode.
    public static let nameSeparator = ", "
    /// Prefix of what the file itself declares, which comes after the attributes of the manifest.
    public static let fromFile = "file."

    /// Its name within a store: the clip as given, made unique if a manifest lists it more than once.
    public var key: String
    public var clip: String
    public var audioFile: String?
    public var transcriptFile: String?
    public var labelsFile: String?
    public var group: String?
    public var language: String?
    /// Other manifest columns, in order.
    public var attributes: [Attribute]
    public var durationSeconds: Double?
    public var verdict: Verdict
    public var failure: ClipFailure?
    public var findings: [Finding]
    /// Each finding's JSON object on one line; empty if a store was read without them.
    public var documents: [String]
    /// Version of the program that measured it.
    public var toolVersion: String
    /// Method of the first finding; nil without findings.
    public var methodVersion: MethodVersion?
    /// The clip's JSON document before and after its findings; with the findings' objects in between, separated by
    /// commas, it is the whole document on one line.
    public var documentHead: String
    public var documentTail: String

    /// One named value.
    public struct Attribute: Sendable, Hashable, Codable {
        public let name: String
        public let value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// An empty record with only its name, to be filled in.
    public init(key: String, clip: String, verdict: Verdict) {
        self.key = key
        self.clip = clip
        self.verdict = verdict
        attributes = []
        findings = []
        documents = []
        toolVersion = ""
        documentHead = ""
        documentTail = ""
    }

    /// The JSON document of what was measured, on one line.
    public var document: String { documentHead + documents.joined(separator: ",") + documentTail }

    /// The same with what the manifest's row states: `audio` and `attributes`, each only if there is any. This is what
    /// `scan --format jsonl` prints.
    public var documentWithRow: String {
        var row: [(name: String, value: JSONValue)] = []
        if let audioFile { row.append(("audio", .string(audioFile))) }
        let stated = attributes.filter { !$0.name.hasPrefix(ClipRecord.fromFile) }
        if !stated.isEmpty { row.append(("attributes", .object(stated.map { ($0.name, .string($0.value)) }))) }
        guard !row.isEmpty, document.hasSuffix("}") else { return document }
        return document.dropLast() + "," + JSONValue.object(row).compact.dropFirst()
    }

    /// The record with all details of its findings' documents. These are parsed only here, because most readers of a
    /// store need only columns, or pass documents on unparsed.
    public var completed: ClipRecord {
        var result = self
        for (place, document) in documents.enumerated() { result.findings[place].complete(from: document) }
        return result
    }

    /// The finding that decides the clip's verdict.
    public var decisive: Finding? {
        findings.first { $0.verdict == verdict && $0.check != .container } ?? findings.first { $0.verdict == verdict }
    }
}
