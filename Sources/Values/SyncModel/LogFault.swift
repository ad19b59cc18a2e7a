/// A defect of a log, an episode or a set: of its clock or of its content.
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

        // Of the content, and of its list.
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
        case lagDiffers = "lag-differs"

        // Of the video.
        case repeatedFrames = "repeated-frames"
        case frozenPicture = "frozen-picture"
        case swappedCameras = "swapped-cameras"
    }

    public let kind: Kind
    /// The defect, in words and figures.
    public let sentence: String
    /// Worst-case timing error of a sample, absolute, in ms; nil: not a matter of time.
    public let costMilliseconds: Double?
    public let remedy: String
    /// The first affected row, from 0; nil: all.
    public let row: Int?

    public init(_ kind: Kind, _ sentence: String, costMilliseconds: Double? = nil, remedy: String, row: Int? = nil) {
        self.kind = kind
        self.sentence = sentence
        self.costMilliseconds = costMilliseconds
        self.remedy = remedy
        self.row = row
    }

    /// The defect and its cost, in words.
    public var complaint: String {
        sentence + (costMilliseconds.map { " (costs up to \(Figures.size(milliseconds: $0)))" } ?? "")
    }

    /// Everything on one line.
    public var reason: Reason { Reason("\(complaint); what to do: \(remedy)") }

    public var evidence: EvidenceValue {
        .object([
            Evidence("kind", .text(kind.rawValue)),
            Evidence("sentence", .text(sentence)),
            Evidence("cost_ms", costMilliseconds.map { .number($0, decimals: 1) } ?? .unknown),
            Evidence("remedy", .text(remedy)),
            Evidence("row", row.map { .count($0) } ?? .unknown),
        ])
    }

    /// Reads a fault from its evidence; nil: not a fault.
    ///
    /// - Parameter reasons: those of its finding, the only place where version 0.1.0 wrote a fault's sentence.
    init?(_ evidence: EvidenceValue, reasons: [Reason]) {
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
        let end = LogFault(kind, "", costMilliseconds: cost, remedy: remedy).reason.description
        guard let reason = reasons.first(where: { $0.description.hasSuffix(end) }) else { return nil }
        self.init(
            kind, String(reason.description.dropLast(end.count)), costMilliseconds: cost, remedy: remedy, row: row)
    }
}
