/// Aligns words with audio: values in, times out.
///
/// An aligner does not know the stated times of a transcript, so two that agree are evidence about them.
public protocol SpeechAlignment: AnyObject {
    /// Its name in findings: `rendering`, `pocketsphinx`.
    var name: String { get }
    /// Whether it supports a language, as a BCP 47 tag.
    func speaks(_ language: String) -> Bool
    /// The words of a passage, in order, on its audio; nil if it cannot align them.
    func align(_ passage: SpokenPassage) -> PassageAlignment?
}

/// Words in order, and the audio that should contain them, with a margin before and after.
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

/// The words of a passage as found by an aligner.
public struct PassageAlignment: Sendable {
    /// A word's time in seconds from the start of the passage's audio.
    public struct Place: Sendable, Hashable {
        public var start: Double
        public var end: Double
        /// As the passage's `fit`, over this word alone; nil: not known.
        public var fit: Double?
        /// Probability that the aligner is lost, given its evidence for a word, 0...1.
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
    /// Fit of these words to the audio relative to other text, as a natural logarithm per frame.
    public var fit: Double
    /// Dynamic range in decibels (5 to 95 %); nil: not measured.
    public var contrast: Double?

    public init(places: [Place?], fit: Double, contrast: Double? = nil) {
        self.places = places
        self.fit = fit
        self.contrast = contrast
    }
}
