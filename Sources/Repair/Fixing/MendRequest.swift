public import Muxing
public import SyncModel

/// What is to be mended, and where it goes.
public struct MendRequest: Sendable {
    public var clip: String
    /// The sound, where it lies in a file of its own: then that file is mended, not the clip.
    public var audioFile: String?
    /// The one audio stream that is measured and moved, counted from 0 among them; nil: each, by its own offset.
    public var audioStream: Int?
    /// The master that the clip is a copy of: it is measured against that, and against nothing else.
    public var master: String?
    /// Timed text and labels that belong to the sound.
    public var transcripts: [String] = []
    /// Whether a text that cannot be held against the sound is left as it is, and named; else nothing is mended.
    public var leavesDoubtfulTexts = false
    /// Labels and other timed text that belong to the picture.
    public var labels: [String] = []
    /// How far to move the subject, where somebody knows; nil: it is measured.
    public var move: SoundMove?
    /// What `move` is about.
    public var subject = Subject.sound
    /// Who says so, such as "given" or "accepted by ann"; for words only.
    public var moveBy = "given"
    /// The check that `move` was measured by: its answer must be in sync afterwards, or nothing is kept; nil: somebody
    /// knows better.
    public var measuredBy: Check?
    /// Where the sound is meant to lie against the picture.
    public var expectation = Expectation.together
    public var output: String
    public var isForced = false
    /// Leave out streams that the container cannot hold.
    public var leavesOut = false

    public enum Subject: Sendable, Hashable {
        /// The audio streams of the clip; with a given move and no stream, all of them.
        case sound
        /// The first of `transcripts`, alone: the clip stays as it is.
        case text
    }

    public init(clip: String, output: String) {
        self.clip = clip
        self.output = output
    }

    /// Where the sound lies.
    var source: String { audioFile ?? clip }
}

/// What came of it.
public struct MendOutcome: Sendable {
    public enum Kind: String, Sendable, Codable {
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
        /// The audio stream, where the file has several.
        public var stream: StreamName?
        /// Its number among the audio streams, counted from 0.
        public var streamNumber: Int?
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
    /// What was left as it is, and why.
    public var left: [String] = []
    public var failure: ClipFailure?
}

extension MendOutcome {
    /// A clip that is not mended.
    public init(clip: String, _ error: MendError) {
        self.init(clip: clip, kind: error.isRefusal ? .refused : .failed, failure: error.failure)
    }

    /// A clip that could not be read.
    public init(clip: String, failed failure: ClipFailure) {
        self.init(clip: clip, kind: .failed, failure: failure)
    }
}
