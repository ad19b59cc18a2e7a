/// Something that is the matter with a log, an episode or a set of them: of its clock, or of what was recorded at all.
public struct LogFault: Sendable, Hashable, Codable {
    /// Names as in `evidence.faults`.
    public enum Kind: String, Sendable, CaseIterable, Codable {
        // Of the clock.
        case rate = "rate-differs"
        case jitter
        case dropped = "dropped-samples"
        case doubled = "doubled-samples"
        case backwards = "not-monotonic"
        case gap
        case unit = "wrong-unit"
        case mixedUnits = "mixed-units"
        case mixedClocks = "mixed-clocks"
        case coarse = "coarse-stamps"
        case length = "length-differs"
        case count = "count-differs"
        case unknown = "no-stamp"
        case stopped = "stopped-clock"
        case lateStart = "late-start"
        case stampsDiffer = "stamps-differ"
        case noOwnStamp = "no-own-stamp"

        // Of what was recorded, and of the list of it.
        case noValues = "no-values"
        case constantChannel = "constant-channel"
        case noColumn = "no-column"
        case noVideo = "no-video"
        case extraVideo = "extra-video"
        case otherEpisode = "other-episode"
        case badList = "bad-list"
        case noList = "no-list"
        case notListed = "not-listed"
        case overlap = "episodes-overlap"
        case unclaimed = "unclaimed-frames"
        case actionIsState = "action-is-state"

        // Of what the pictures show.
        case repeatedFrames = "repeated-frames"
        case frozenPicture = "frozen-picture"
    }

    public let kind: Kind
    /// What is the matter, in words and with figures.
    public let sentence: String
    /// How far a sample comes to lie from where it belongs, at worst, for whoever is taken in: milliseconds without a
    /// sign; nil: it is not a matter of time.
    public let costMilliseconds: Double?
    public let remedy: String
    /// The first row concerned, counted from 0; nil: all of them.
    public let row: Int?

    public init(_ kind: Kind, _ sentence: String, costMilliseconds: Double? = nil, remedy: String, row: Int? = nil) {
        self.kind = kind
        self.sentence = sentence
        self.costMilliseconds = costMilliseconds
        self.remedy = remedy
        self.row = row
    }

    /// What is the matter and how much it costs, in words.
    public var complaint: String {
        sentence + (costMilliseconds.map { " (costs up to \(Figures.size(milliseconds: $0)))" } ?? "")
    }

    /// The whole of it on one line.
    public var doubt: Doubt { Doubt("\(complaint); what to do: \(remedy)") }

    public var evidence: EvidenceValue {
        .object([
            Evidence("kind", .text(kind.rawValue)),
            Evidence("sentence", .text(sentence)),
            Evidence("cost_ms", costMilliseconds.map { .number($0, decimals: 1) } ?? .unknown),
            Evidence("remedy", .text(remedy)),
            Evidence("row", row.map { .count($0) } ?? .unknown),
        ])
    }

    /// A fault as its evidence tells it; nil: that is none.
    ///
    /// - Parameter reasons: those of its finding. Version 0.1.0 wrote a fault's sentence there alone.
    init?(_ evidence: EvidenceValue, reasons: [Doubt]) {
        let members = Dictionary((evidence.object ?? []).map { ($0.name, $0.value) }) { first, _ in first }
        guard case .text(let name)? = members["kind"], let kind = Kind(rawValue: name),
            case .text(let remedy)? = members["remedy"]
        else { return nil }
        let cost = members["cost_ms"]?.number
        let row = members["row"]?.number.flatMap { Int(exactly: $0) }
        if case .text(let sentence)? = members["sentence"] {
            self.init(kind, sentence, costMilliseconds: cost, remedy: remedy, row: row)
            return
        }
        let end = LogFault(kind, "", costMilliseconds: cost, remedy: remedy).doubt.description
        guard let reason = reasons.first(where: { $0.description.hasSuffix(end) }) else { return nil }
        self.init(
            kind, String(reason.description.dropLast(end.count)), costMilliseconds: cost, remedy: remedy, row: row)
    }
}
