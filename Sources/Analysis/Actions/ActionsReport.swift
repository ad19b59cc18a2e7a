public import SyncModel

/// The result for a corpus of labels.
public struct ActionsReport: Sendable {
    /// The method and its version.
    public static let method: MethodVersion = "actions-1"

    public var tolerance: Tolerance
    public var sessions = 0
    public var segments = 0
    /// Pairs of views of a session (or of annotators, where every session has one view).
    public var views = PairTally()
    public var annotators = PairTally()
    /// The same by session, class, view and annotator; only of pairs whose sequences are equal.
    public var groups: [Group] = []
    public var findings: [ActionFinding] = []
    public var relations: [RelationDifference] = []
    public var descriptions: [DescriptionDifference] = []
    public var agreement: AgreementReport?
    public var recording: [RecordingBias] = []
    public var problems: [LabelProblem] = []

    public init(tolerance: Tolerance) { self.tolerance = tolerance }

    /// Pairs of tracks and the differences of their boundaries.
    public struct PairTally: Sendable {
        public var pairs = 0
        public var sameLabels = 0
        /// Of pairs whose label sequences are equal.
        public var same = BoundarySample()
        /// Of pairs that differ, matched.
        public var differing = BoundarySample()
        /// The differences of those pairs, by kind.
        public var counts: [ActionFinding.Kind: Int] = [:]

        public init() {}
    }

    /// Figures of one session, class, view or annotator.
    public struct Group: Sendable {
        public let attribute: String
        public let value: String
        public let figures: BoundaryFigures
    }

    /// Whether something is beyond tolerance or disagrees.
    public var isFaulty: Bool {
        views.same.over + annotators.same.over + views.differing.over + annotators.differing.over > 0
            || views.pairs > views.sameLabels || annotators.pairs > annotators.sameLabels
            || findings.contains { $0.isFault(tolerance: tolerance) }
    }

    public var verdict: Verdict {
        if isFaulty { return .misaligned }
        return views.pairs + annotators.pairs > 0
            ? .inSync : problems.contains(where: \.isLoss) ? .failed : .notApplicable
    }
}

/// Two descriptions of the same action, side by side; they are not judged.
public struct DescriptionDifference: Sendable {
    public let session: String
    public let label: String
    public let seconds: Double
    public let subject: String
    public let reference: String
    public let subjectText: String
    public let referenceText: String
}
