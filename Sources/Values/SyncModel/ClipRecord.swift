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
    public var findings: [FindingRecord]
    /// Of the program that measured it.
    public var toolVersion: String
    /// Of the first finding; nil without findings.
    public var methodVersion: String?
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

    public init(
        key: String, clip: String, audioFile: String? = nil, transcriptFile: String? = nil, labelsFile: String? = nil,
        group: String? = nil, language: String? = nil, attributes: [Attribute] = [], durationSeconds: Double?,
        verdict: Verdict,
        failure: ClipFailure?, findings: [FindingRecord], toolVersion: String, methodVersion: String?,
        documentHead: String,
        documentTail: String
    ) {
        self.key = key
        self.clip = clip
        self.audioFile = audioFile
        self.transcriptFile = transcriptFile
        self.labelsFile = labelsFile
        self.group = group
        self.language = language
        self.attributes = attributes
        self.durationSeconds = durationSeconds
        self.verdict = verdict
        self.failure = failure
        self.findings = findings
        self.toolVersion = toolVersion
        self.methodVersion = methodVersion
        self.documentHead = documentHead
        self.documentTail = documentTail
    }

    /// The clip's JSON document on one line, byte for byte as `scan --format jsonl` prints it.
    public var document: String { documentHead + findings.map(\.document).joined(separator: ",") + documentTail }

    /// The finding that decides the clip's verdict.
    public var decisive: FindingRecord? {
        findings.first { $0.verdict == verdict && $0.check != .container } ?? findings.first { $0.verdict == verdict }
    }
}

/// What is kept of a finding.
public struct FindingRecord: Sendable, Hashable {
    public var check: Check
    public var subject: String
    public var reference: String
    public var verdict: Verdict
    public var offset: Offset?
    public var interval: OffsetInterval?
    public var confidence: Double?
    public var worst: Offset?
    /// Parts per million.
    public var driftPPM: Double?
    public var rate: String?
    public var because: [String]
    public var method: String
    /// Its whole JSON object on one line.
    public var document: String
    /// The correlation curve; empty where there is none, or where it was not asked for.
    public var curve: [CurvePoint]

    public init(
        check: Check, subject: String, reference: String, verdict: Verdict, offset: Offset?, interval: OffsetInterval?,
        confidence: Double?, worst: Offset?, driftPPM: Double?, rate: String?, because: [String], method: String,
        document: String,
        curve: [CurvePoint]
    ) {
        self.check = check
        self.subject = subject
        self.reference = reference
        self.verdict = verdict
        self.offset = offset
        self.interval = interval
        self.confidence = confidence
        self.worst = worst
        self.driftPPM = driftPPM
        self.rate = rate
        self.because = because
        self.method = method
        self.document = document
        self.curve = curve
    }
}
