/// A few seconds of a clip as people look at them: how loud it is, what moves, and the pictures about one moment.
public struct ClipExcerpt: Sendable, Hashable, Codable {
    /// What `seen` is about.
    public enum Sight: String, Sendable, Codable {
        /// How far the lips are apart, in heights of the face.
        case mouth
        /// How much the picture changes from one to the next, of 255.
        case movement
    }

    /// A sound that can be seen, or could be.
    public struct Moment: Sendable, Hashable, Codable {
        /// When it is heard, in the clip's time as it stands.
        public let heard: Double
        /// When it is seen, in the picture's time; nil where nothing tells.
        public let seen: Double?
        /// What it is, such as "the lips part".
        public let words: String

        public init(heard: Double, seen: Double?, words: String) {
            self.heard = heard
            self.seen = seen
            self.words = words
        }
    }

    /// A small picture, as JPEG.
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

    /// Of the pictures, on the clip's timeline, in seconds.
    public let span: TimeSpan
    /// The largest sample of each hundredth of a second, 0 to 1, from `soundStart` on.
    public let soundStart: Double
    public let sound: [Float]
    public let sight: Sight
    /// Every 20 ms from `span.start` on; nil where nothing is seen.
    public let seen: [Float?]
    public let moment: Moment?
    public let stills: [Still]
    /// Why there is less than could be; nil where all is there.
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

    /// Nothing, and why.
    public static func nothing(_ note: String) -> ClipExcerpt {
        ClipExcerpt(span: TimeSpan(start: 0, end: 0), note: note)
    }
}
