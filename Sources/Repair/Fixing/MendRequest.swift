public import Muxing
public import SyncModel

/// What is to be mended, and where it goes.
public struct MendRequest: Sendable {
    public var clip: String
    /// The sound, where it lies in a file of its own: then that file is mended, not the clip.
    public var audioFile: String?
    public var audioStream: Int?
    /// Timed text that belongs to the sound.
    public var transcripts: [String] = []
    /// Labels and other timed text that belong to the picture.
    public var labels: [String] = []
    /// How far to move the sound, where somebody knows; nil: it is measured.
    public var move: SoundMove?
    /// Who says so, such as "given" or "accepted by ann"; for words only.
    public var moveBy = "given"
    /// Whether `move` comes from a measurement: then the mended file must measure as in sync, or nothing is kept.
    public var isMeasured = false
    public var output: String
    public var isForced = false
    /// Leave out streams that the container cannot hold.
    public var leavesOut = false

    public init(clip: String, output: String) {
        self.clip = clip
        self.output = output
    }
}

/// What came of it.
public struct MendOutcome: Sendable {
    public enum Kind: String, Sendable {
        case mended, refused, failed
        case nothingToMend = "nothing-to-mend"
    }

    /// How a file was written.
    public enum Method: Sendable, Hashable {
        case media(MendedMedia.Method)
        /// Text with other times.
        case rewritten
        case copied
        /// A view, cut to the part that all share.
        case commonPart

        /// As JSON has it.
        public var name: String {
            switch self {
            case .media(let method): method.rawValue
            case .rewritten: "rewritten"
            case .copied: "copied"
            case .commonPart: "common-part"
            }
        }
    }

    /// A file that was written.
    public struct Written: Sendable, Hashable {
        public let subject: Track
        public let source: String
        public let output: String
        /// The offset before and after, as measured; nil: not told.
        public let was: Offset?
        public let now: Offset?
        public let check: Check?
        public let method: Method
        public let notes: [String]
    }

    public let clip: String
    public let kind: Kind
    public var written: [Written] = []
    public var failure: ClipFailure?
}

extension MendOutcome {
    /// A clip that is not mended.
    public init(clip: String, _ error: MendError) {
        self.init(clip: clip, kind: error.isRefusal ? .refused : .failed, failure: error.failure)
    }
}
