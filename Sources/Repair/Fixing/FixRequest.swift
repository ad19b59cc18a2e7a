public import Muxing
public import SyncModel

/// What to fix, and where to write it.
///
/// ```swift
/// var request = FixRequest(clip: "take3.mov", output: "take3-fixed.mov")
/// request.move = SoundMove(offset: Offset(milliseconds: -118))
/// ```
public struct FixRequest: Sendable {
    public var clip: String
    /// The separate audio file, which is then fixed instead of the clip.
    public var audioFile: String?
    /// The only audio stream to measure and move, counted from 0 among them; nil: each, by its own offset.
    public var audioStream: Int?
    /// The master of the clip: the clip is measured against it only.
    public var master: String?
    /// Timed text and labels that belong to the audio.
    public var transcripts: [String] = []
    /// Whether a text that cannot be compared with the audio is left unchanged and reported; else nothing is fixed.
    public var leavesDoubtfulTexts = false
    /// Labels and other timed text that belong to the video.
    public var labels: [String] = []
    /// The given move of the subject; nil: it is measured.
    public var move: SoundMove?
    /// The subject of `move`.
    public var subject = Subject.sound
    /// Where the move comes from, such as "given" or "accepted by ann"; for messages only.
    public var moveBy = "given"
    /// The check that measured `move`: it must report in-sync afterwards, or nothing is kept; nil: given by a person.
    public var measuredBy: Check?
    /// The expected offset of the audio against the video.
    public var expectation = Expectation.together
    public var output: String
    public var isForced = false
    /// Drop streams that the container cannot hold.
    public var leavesOut = false
    /// Re-encode moved audio, so that all streams start where they did: for tools that ignore start times.
    public var rewritesAudio = false

    public enum Subject: Sendable, Hashable {
        /// The audio streams of the clip; with a given move and no stream, all of them.
        case sound
        /// Only the first of `transcripts`: the clip is unchanged.
        case text
    }

    public init(clip: String, output: String) {
        self.clip = clip
        self.output = output
    }

    /// The file with the audio.
    var source: String { audioFile ?? clip }
}

/// The result of a request.
public struct FixOutcome: Sendable {
    public enum Kind: String, Sendable, Codable {
        case refused, failed
        case fixed = "mended"
        case nothingToFix = "nothing-to-mend"
    }

    /// How a file was written.
    public enum Method: Sendable, Hashable {
        case media(FixedMedia.Method)
        /// Text with new times.
        case rewritten
        case copied
        /// A view, cut to the common part.
        case commonPart

        /// The value in JSON.
        public var name: String {
            switch self {
            case .media(let method): method.rawValue
            case .rewritten: "rewritten"
            case .copied: "copied"
            case .commonPart: "common-part"
            }
        }
    }

    /// A written file.
    public struct Written: Sendable, Hashable {
        public let subject: Track
        public let source: String
        public let output: String
        /// The audio stream, if the file has several.
        public var stream: StreamName?
        /// Its number among the audio streams, counted from 0.
        public var streamNumber: Int?
        /// The measured offset before and after; nil: unknown.
        public let was: Offset?
        public let now: Offset?
        public let check: Check?
        public let method: Method
        public let notes: [String]
    }

    public let clip: String
    public let kind: Kind
    public var written: [Written] = []
    /// What was left unchanged, and why.
    public var left: [String] = []
    public var failure: ClipFailure?
}

extension FixOutcome {
    /// A clip that is not fixed.
    public init(clip: String, _ error: FixError) {
        self.init(clip: clip, kind: error.isRefusal ? .refused : .failed, failure: error.failure)
    }

    /// A clip that cannot be read.
    public init(clip: String, failed failure: ClipFailure) {
        self.init(clip: clip, kind: .failed, failure: failure)
    }
}
