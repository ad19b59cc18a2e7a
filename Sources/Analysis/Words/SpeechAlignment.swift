/// Lays words on the sound that speaks them: values in, times out.
///
/// An aligner does not see the times that a transcript states, so that two which agree say something about them.
public protocol SpeechAlignment: AnyObject {
    /// As findings name it: `rendering`, `pocketsphinx`.
    var name: String { get }
    /// Whether it knows a language, as a BCP 47 tag.
    func speaks(_ language: String) -> Bool
    /// The words of a passage, in order, on its sound; nil where it cannot tell.
    func align(_ passage: SpokenPassage) -> PassageAlignment?
}

/// Words in order, and the sound that should hold them, with some room before and after.
public struct SpokenPassage: Sendable {
    public var words: [String]
    public var language: String
    /// 16 kHz, mono, full scale at 1.
    public var samples: [Float]

    /// Samples a second.
    public static let rate = 16_000.0

    public init(words: [String], language: String, samples: [Float]) {
        self.words = words
        self.language = language
        self.samples = samples
    }

    public var seconds: Double { Double(samples.count) / SpokenPassage.rate }
}

/// Where an aligner finds the words of a passage.
public struct PassageAlignment: Sendable {
    /// A word's place in seconds from the start of the passage's sound.
    public struct Place: Sendable, Hashable {
        public var start: Double
        public var end: Double
        /// As the passage's `fit`, over this word alone; nil: not known.
        public var fit: Double?
        /// How often the aligner is lost where it finds a word with such evidence, 0...1.
        public var lost: Double

        public init(start: Double, end: Double, fit: Double? = nil, lost: Double) {
            self.start = start
            self.end = end
            self.fit = fit
            self.lost = lost
        }
    }

    /// One for each word; nil for a word that the aligner cannot say.
    public var places: [Place?]
    /// How much better these words explain the sound than what is no text of it, as a natural logarithm a frame.
    public var fit: Double
    /// Decibels by which the loud frames stand out from the quiet (5 to 95 %); nil: not measured.
    public var contrast: Double?

    public init(places: [Place?], fit: Double, contrast: Double? = nil) {
        self.places = places
        self.fit = fit
        self.contrast = contrast
    }
}
