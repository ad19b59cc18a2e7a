/// What people should look at first, and how long it takes them.
public struct ReviewPlan: Sendable, Hashable, Codable {
    public enum Why: String, Sendable, Hashable, Codable {
        /// One of a few from a named group, to see what is wrong with all of it.
        case ofGroup = "of-group"
        /// Misaligned, and neither the common bias nor a group explains it.
        case alone
        case unpaired
        /// Nothing could be told.
        case inconclusive
        case unreadable
    }

    public struct Item: Sendable, Hashable, Codable {
        public var key: String
        public var clip: String
        public var why: Why
        /// The group that it stands for.
        public var group: String?
    }

    /// The first ones, in order.
    public var first: [Item]
    /// How many clips there are to look at in all.
    public var clips: Int
    /// How long that takes, in hours: for each clip so long as it is, at most `ReviewPlan.mostSeconds`, twice, and
    /// `ReviewPlan.handlingSeconds`.
    public var hours: Double

    /// Nobody watches more of a clip than this to tell whether it is in sync.
    public static let mostSeconds = 30.0
    /// Opening, deciding, writing down.
    public static let handlingSeconds = 15.0
}

/// The sample that was scanned in place of a corpus.
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
