/// What people should check first, and how long it takes.
public struct ReviewPlan: Sendable, Hashable, Codable {
    public enum Why: String, Sendable, Hashable, Codable {
        /// One of a few from a reported group, to see what is wrong with it.
        case ofGroup = "of-group"
        /// Misaligned, and neither the common bias nor a group explains it.
        case alone
        case unpaired
        /// Nothing could be determined.
        case inconclusive
        case unreadable
    }

    public struct Item: Sendable, Hashable, Codable {
        public var key: String
        public var clip: String
        public var why: Why
        /// The group that it represents.
        public var group: String?
    }

    /// The first ones, in order.
    public var first: [Item]
    /// Total number of clips to check.
    public var clips: Int
    /// Estimated time in hours: for each clip twice its length, at most `ReviewPlan.mostSeconds`, and
    /// `ReviewPlan.handlingSeconds`.
    public var hours: Double

    /// The most that a person watches of a clip to judge its sync.
    public static let mostSeconds = 30.0
    /// Opening, deciding, writing down.
    public static let handlingSeconds = 15.0
}

/// The sample that was scanned instead of a corpus.
public struct SampleFrame: Sendable, Hashable, Codable {
    /// Clips in the corpus.
    public var of: Int
    public var clips: Int
    public var seed: UInt64

    public init(of: Int, clips: Int, seed: UInt64) {
        self.of = of
        self.clips = clips
        self.seed = seed
    }
}
