/// What is kept of a clip: its report beside the columns that people search by, and what a manifest said of it.
public struct ClipRecord: Sendable, Hashable {
    /// Between the names of an attribute that holds several, such as the cameras of an episode.
    public static let nameSeparator = ", "

    /// Its name within a store: the clip as it was given, told apart where a manifest names it more than once.
    public var key: String
    public var clip: String
    public var audioFile: String?
    public var transcriptFile: String?
    public var labelsFile: String?
    public var group: String?
    public var language: String?
    /// What else the manifest said, in its order.
    public var attributes: [Attribute]
    public var durationSeconds: Double?
    public var verdict: Verdict
    public var failure: ClipFailure?
    public var findings: [Finding]
    /// Each finding's whole JSON object on one line; empty where a store was read without them.
    public var documents: [String]
    /// Of the program that measured it.
    public var toolVersion: String
    /// Of the first finding; nil without findings.
    public var methodVersion: MethodVersion?
    /// The clip's JSON document up to its findings, and from there on: with the findings' own, separated by commas,
    /// between them it is the whole document on one line.
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

    /// A record of nothing but its name, to be filled in.
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

    /// The clip's JSON document on one line, byte for byte as `scan --format jsonl` prints it.
    public var document: String { documentHead + documents.joined(separator: ",") + documentTail }

    /// With all that its documents say of its findings. They are not read before somebody asks: most readers of a store
    /// need columns only, or pass documents on as they are.
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
