public import Muxing
public import SyncModel

/// A known fault that is planted in a copy of the user's material.
public enum Fault: String, Sendable, CaseIterable {
    /// No fault: the baseline for the other answers.
    case none
    /// The audio has an offset, drifts, or has an offset from some point on.
    case soundMoved = "sound-moved"
    case soundDrifted = "sound-drifted"
    case soundCut = "sound-cut"
    /// The audio of another clip.
    case soundSwapped = "sound-swapped"
    /// Only the second audio track has an offset.
    case trackMoved = "track-moved"
    /// The same for a clip's text; and for one word or cue in ten.
    case textMoved = "text-moved"
    case textDrifted = "text-drifted"
    case textCut = "text-cut"
    case textSwapped = "text-swapped"
    case wordsMoved = "words-moved"
    /// Labels have an offset; each of their boundaries is scattered; two neighbours have each other's name; one in ten
    /// is missing.
    case labelsMoved = "labels-moved"
    case labelsScattered = "labels-scattered"
    case labelsSwapped = "labels-swapped"
    case labelsMissing = "labels-missing"
    /// A sensor log as it is: the baseline for the following ones.
    case logNone = "log-none"
    /// The log starts later, or its clock drifts; its stamps are scattered; rows are missing; it is
    /// another recording's.
    case logMoved = "log-moved"
    case logDrifted = "log-drifted"
    case logJitter = "log-jitter"
    case logDropped = "log-dropped"
    case logSwapped = "log-swapped"
    /// A view of a camera set as it is: the baseline for the following ones.
    case viewNone = "view-none"
    /// One view of a set starts later, its clock drifts, its audio has an offset from some point on, or it is another
    /// set's.
    case viewMoved = "view-moved"
    case viewDrifted = "view-drifted"
    case viewCut = "view-cut"
    case viewSwapped = "view-swapped"
    /// The other views of such a set: nothing was planted in them; and its reference.
    case viewKept = "view-kept"
    case viewReference = "view-reference"

    /// Those that can be asked for; the others are added where they are needed.
    public static var choices: [Fault] {
        allCases.filter { ![Fault.logNone, .viewNone, .viewKept, .viewReference].contains($0) }
    }

    /// What a fault is planted in.
    public enum Material: Sendable { case clip, labels, log, views }

    public var material: Material {
        switch self {
        case .none, .soundMoved, .soundDrifted, .soundCut, .soundSwapped, .trackMoved, .textMoved, .textDrifted,
            .textCut, .textSwapped, .wordsMoved:
            .clip
        case .labelsMoved, .labelsScattered, .labelsSwapped, .labelsMissing: .labels
        case .logNone, .logMoved, .logDrifted, .logJitter, .logDropped, .logSwapped: .log
        case .viewNone, .viewMoved, .viewDrifted, .viewCut, .viewSwapped, .viewKept, .viewReference: .views
        }
    }

    /// The check that should find it.
    public var check: Check? {
        switch self {
        case .none: nil
        case .soundMoved, .soundDrifted, .soundCut, .soundSwapped: .lips
        case .trackMoved: .tracks
        case .textMoved, .textDrifted, .textCut, .textSwapped, .wordsMoved: .transcript
        case .labelsMoved, .labelsScattered, .labelsSwapped, .labelsMissing: .actions
        case .logNone, .logMoved, .logDrifted, .logJitter, .logDropped, .logSwapped: .sensor
        case .viewNone, .viewMoved, .viewDrifted, .viewCut, .viewSwapped, .viewKept, .viewReference: .views
        }
    }

    /// The names of an answer with several segments, and of one with a drift.
    public static let segments = "segments"
    public static let drift = "drift"

    /// The names under which a tool reports it, where it is not a matter of one offset; empty: none.
    public var names: Set<String> {
        switch self {
        case .soundCut, .textCut, .viewCut: [Self.segments]
        case .soundDrifted, .textDrifted, .logDrifted, .viewDrifted: [Self.drift]
        case .wordsMoved: ["moved"]
        case .labelsMoved: ["late-annotator", "early-annotator", "late-view", "early-view"]
        case .labelsScattered: ["moved-boundary"]
        case .labelsSwapped: ["swapped", "reordered"]
        case .labelsMissing: ["missing"]
        case .logJitter: [LogFault.Kind.jitter.rawValue]
        case .logDropped: [LogFault.Kind.dropped.rawValue, LogFault.Kind.gap.rawValue]
        default: []
        }
    }

    /// What an answer is compared with.
    enum Baseline {
        /// The answer for the row of this fault with the same source.
        case row(Fault)
        /// The original, which is the reference: 0.
        case original
    }

    /// nil: answers have no offset to be compared.
    var baseline: Baseline? {
        switch self {
        case .none, .logNone, .viewNone, .viewReference: nil
        default:
            switch material {
            case .clip: .row(.none)
            case .labels: .original
            case .log: .row(.logNone)
            case .views: .row(.viewNone)
            }
        }
    }
}

/// The planted change of the subject's times, and so what a tool should find.
public struct PlantedFault: Sendable, Hashable {
    public var fault: Fault
    /// The move of the subject; nil: it is another clip's, or its boundaries were moved individually.
    public var move: SoundMove?
    /// Seconds by which single boundaries or items were moved: a standard deviation, or the amount.
    public var scatterSeconds: Double?
    /// Moved, exchanged or missing items, or the first of missing rows, counted from 0.
    public var items: [Int] = []

    public init(_ fault: Fault, move: SoundMove? = nil, scatterSeconds: Double? = nil) {
        (self.fault, self.move, self.scatterSeconds) = (fault, move, scatterSeconds)
    }

    /// Milliseconds to add to the subject's times to undo it, at subject time 0 or for the longest segment; nil: it
    /// cannot be undone.
    public var offsetMilliseconds: Double? {
        guard let move else {
            // Scattered or missing stamps leave the log where it is.
            return [Fault.none, .logNone, .logJitter, .logDropped, .viewNone, .viewKept].contains(fault) ? 0 : nil
        }
        guard move.segments.count < 2 else {
            let longest = move.segments.max { $0.span.length < $1.span.length }
            return longest.map { -$0.offset.milliseconds }
        }
        // t_new = (1 + d) t + o, so t = t_new / (1 + d) - o / (1 + d).
        return (0 - move.offset.milliseconds) / (1 + (move.drift?.ppm ?? 0) * 1e-6)
    }

    /// Whether its offset changes inside the recording.
    var changesInside: Bool { move.map { $0.drift != nil || $0.segments.count > 1 } ?? false }

    /// The expected drift, in ppm.
    public var driftPPM: Double? {
        move?.drift.map { (1 / (1 + $0.ppm * 1e-6) - 1) * 1e6 }
    }
}
