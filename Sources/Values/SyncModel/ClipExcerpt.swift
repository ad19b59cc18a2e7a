/// A few seconds of a clip for people: loudness, movement, and frames around one moment.
public struct ClipExcerpt: Sendable, Hashable, Codable {
    /// What `seen` measures.
    public enum Sight: String, Sendable, Codable {
        /// Mouth opening, in face heights.
        case mouth
        /// Change between consecutive frames, 0 to 255.
        case movement
    }

    /// A sound event with its visual counterpart.
    public struct Moment: Sendable, Hashable, Codable {
        /// When it is heard, in clip time.
        public let heard: Double
        /// When it is seen, in video time; nil if unknown.
        public let seen: Double?
        /// A description, such as "the lips part".
        public let words: String

        public init(heard: Double, seen: Double?, words: String) {
            self.heard = heard
            self.seen = seen
            self.words = words
        }
    }

    /// A small frame, as JPEG.
    public struct Still: Sendable, Hashable, Codable {
        public let seconds: Double
        public let width: Int
        public let height: Int
        public let jpeg: [UInt8]

        public init(seconds: Double, width: Int, height: Int, jpeg: [UInt8]) {
            self.seconds = seconds
            self.width = width
            self.height = height
            self.jpeg = jpeg
        }
    }

    /// The span of the frames on the clip's timeline, in seconds.
    public let span: TimeSpan
    /// Start of `sound`, the peak of each hundredth of a second, 0 to 1.
    public let soundStart: Double
    public let sound: [Float]
    public let sight: Sight
    /// One value per 20 ms from `span.start` on; nil where nothing is seen.
    public let seen: [Float?]
    public let moment: Moment?
    public let stills: [Still]
    /// Why the excerpt is incomplete; nil if it is complete.
    public let note: String?

    public static let soundStep = 0.01
    public static let sightStep = 0.02

    public init(
        span: TimeSpan, soundStart: Double = 0, sound: [Float] = [], sight: Sight = .movement, seen: [Float?] = [],
        moment: Moment? = nil,
        stills: [Still] = [], note: String? = nil
    ) {
        self.span = span
        self.soundStart = soundStart
        self.sound = sound
        self.sight = sight
        self.seen = seen
        self.moment = moment
        self.stills = stills
        self.note = note
    }

    /// An empty excerpt, with the reason.
    public static func nothing(_ note: String) -> ClipExcerpt {
        ClipExcerpt(span: TimeSpan(start: 0, end: 0), note: note)
    }
}
