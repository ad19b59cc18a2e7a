/// How well annotators (or, where none are named, views) agree, by the standard measures.
public struct AgreementReport: Sendable {
    /// One measure with its interval by bootstrap over sessions.
    public struct Measure: Sendable {
        public let name: String
        /// NaN where it is undefined.
        public let value: Double
        public let lower: Double
        public let upper: Double

        init(_ name: String, _ value: Double, _ interval: (lower: Double, upper: Double) = (.nan, .nan)) {
            self.name = name
            self.value = value
            lower = interval.lower
            upper = interval.upper
        }
    }

    /// The measures of two raters.
    public struct Pair: Sendable {
        public let reference: String
        public let subject: String
        public let sessions: Int
        public let measures: [Measure]
    }

    /// One rater, class or session and its agreement.
    public struct Part: Sendable {
        public let attribute: String
        public let value: String
        /// Of a rater the mean of Cohen's kappa with each other one, of a class and a session Fleiss' kappa.
        public let kappa: Double
        /// Seconds of labels that it is based on.
        public let seconds: Double
    }

    /// What was compared: `annotator` or `view`.
    public var raters = ""
    public var raterNames: [String] = []
    public var sessions = 0
    /// Frame rate of the measures by frame.
    public var frameRate = 0.0
    public var measures: [Measure] = []
    public var pairs: [Pair] = []
    /// Lowest agreement first, by attribute.
    public var parts: [Part] = []
    /// How many sessions gamma was taken of, where not of all.
    public var gammaSessions = 0

    public init() {}

    public subscript(name: String) -> Measure? { measures.first { $0.name == name } }
}
