public import SyncModel

/// One disagreement of labels: what, where, against what, and the remedy.
public struct ActionFinding: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// A single boundary beyond tolerance.
        case movedBoundary = "moved-boundary"
        case missing, extra, split, merged, renamed, swapped, reordered
        /// All labels of a view or an annotator are early or late by the same amount.
        case lateView = "late-view"
        case earlyView = "early-view"
        case lateAnnotator = "late-annotator"
        case earlyAnnotator = "early-annotator"
        /// The same for one class of actions.
        case lateClass = "late-class"
        case earlyClass = "early-class"
        /// The difference grows over the session.
        case drift
        /// A different actor is labelled.
        case actor
        /// Actions that overlap here but are consecutive there.
        case relation
        case rowsOutOfOrder = "rows-out-of-order"
    }

    public let kind: Kind
    /// Empty: of all sessions.
    public let session: String
    /// Whose labels: a view, an annotator, or both.
    public let subject: String
    /// What they are compared with.
    public let reference: String
    public let label: String
    public var file = ""
    /// Rows of the subject's file, and those of the reference's.
    public var rows: [Int] = []
    public var referenceFile = ""
    public var referenceRows: [Int] = []
    /// Subject and reference time in seconds; nil: of the whole session.
    public var seconds: Double?
    public var referenceSeconds: Double?
    /// The offset, if times differ.
    public var offset: Offset?
    public var interval: OffsetInterval?
    public var driftPartsPerMillion: Double?
    /// The number of boundaries and sessions that it is based on.
    public var boundaries = 0
    public var sessions = 1
    /// What is labelled and what is expected, in a sentence.
    public var detail = ""
    public var remedy = ""

    init(kind: Kind, session: String, subject: String, reference: String, label: String) {
        self.kind = kind
        self.session = session
        self.subject = subject
        self.reference = reference
        self.label = label
    }

    /// The verdict: time differences are judged by their offset; different names or order are `unpaired`.
    public func finding(tolerance: Tolerance, method: MethodVersion) -> Finding {
        var evidence: [Evidence] = [
            Evidence("kind", .text(kind.rawValue)), Evidence("session", session.isEmpty ? .unknown : .text(session)),
            Evidence("label", label.isEmpty ? .unknown : .text(label)),
            Evidence("file", file.isEmpty ? .unknown : .text(file)),
            Evidence("rows", .list(rows.map { .count($0) })),
            Evidence("time_s", seconds.map { .number($0, decimals: 3) } ?? .unknown),
            Evidence("reference_file", referenceFile.isEmpty ? .unknown : .text(referenceFile)),
            Evidence("reference_rows", .list(referenceRows.map { .count($0) })),
            Evidence("reference_time_s", referenceSeconds.map { .number($0, decimals: 3) } ?? .unknown),
        ]
        if boundaries > 0 {
            evidence += [Evidence("boundaries", .count(boundaries)), Evidence("sessions", .count(sessions))]
        }
        evidence += [Evidence("detail", .text(detail)), Evidence("remedy", .text(remedy))]
        var verdict = Verdict.unpaired
        if let offset {
            verdict = tolerance.verdict(
                on: offset, interval: OffsetInterval(centre: offset, halfWidthSeconds: 0), expecting: .together)
        }
        var result = Finding(
            check: .actions, subject: .named(subject), reference: .named(reference),
            judgement: Judgement(
                verdict, offset: offset, interval: offset == nil ? nil : interval, tolerance: tolerance), because: [],
            evidence: evidence, method: method)
        if let driftPartsPerMillion { result.drift = Drift(ppm: driftPartsPerMillion) }
        result.subjectFile = file.isEmpty ? nil : file
        return result
    }

    /// Whether the exit status is 1 because of it: different names or order, or time beyond tolerance.
    public func isFault(tolerance: Tolerance) -> Bool {
        guard let offset else { return true }
        let milliseconds = offset.milliseconds
        return milliseconds > tolerance.early.outer + ActionsOptions.guardMilliseconds
            || milliseconds < -tolerance.late.outer - ActionsOptions.guardMilliseconds
    }
}
