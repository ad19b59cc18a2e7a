public import SyncModel

/// The measurement of two recordings by one kind of evidence: the subject's position on the reference's timeline, or
/// why it cannot be determined.
public struct PairMeasurement: Sendable {
    public enum Method: String, Sendable, CaseIterable { case sound, picture }

    /// `t_reference = t_subject + offset(t_subject)`, with its errors.
    public struct Fit: Sendable, Hashable {
        /// The offset at subject time `middle`, in seconds.
        public var offset: Double
        /// The middle of what was compared, in subject seconds.
        public var middle: Double
        /// Standard error of `offset` in seconds.
        public var error: Double
        /// The drift as a fraction (1e-6 is one part per million); 0 where it was not measured.
        public var slope: Double
        /// Standard error of `slope`; nil where drift was not measured.
        public var slopeError: Double?

        public init(offset: Double, middle: Double, error: Double, slope: Double = 0, slopeError: Double? = nil) {
            self.offset = offset
            self.middle = middle
            self.error = error
            self.slope = slope
            self.slopeError = slopeError
        }

        /// The offset in seconds at a subject time.
        public func offset(at seconds: Double) -> Double { offset + slope * (seconds - middle) }

        /// Standard error of the offset at a subject time.
        public func error(at seconds: Double) -> Double {
            let swing = (slopeError ?? 0) * (seconds - middle)
            return (error * error + swing * swing).squareRoot()
        }

        /// The same relation with the roles exchanged.
        public var reversed: Fit {
            Fit(
                offset: -offset, middle: middle + offset, error: error, slope: -slope / (1 + slope),
                slopeError: slopeError.map { $0 / ((1 + slope) * (1 + slope)) })
        }
    }

    public let method: Method
    /// The best guess, accepted or not; nil where there was nothing to compare.
    public var fit: Fit?
    /// The part of the subject that overlaps the reference at the best guess, in subject seconds.
    public var overlap: TimeSpan?
    /// Segments with separate offsets (`fit` is the longest one's), in subject seconds; nil: one offset throughout.
    public var segments: [OffsetSegment]?
    /// The probability that the offset is right: within 40 ms for audio, within the video's own resolution for frames.
    public var confidence: Double
    /// Whether the evidence suffices alone.
    public var isAnswered: Bool
    /// Why not, or notes on the answer.
    public var because: [Reason]
    /// The figures behind it.
    public var evidence: [Evidence]
    /// Standard error common to all pairs of a recording, which closure cannot detect, in seconds.
    public var systematic = 0.0
    /// How well each offset fits, near the best guess.
    public var curve: [CurvePoint] = []
    /// The share of segments that are on the line of the best guess.
    public var shareFitting = 1.0
    /// The subject's speed if it is not about 1: one of the known ones, in seconds of the reference per second of the
    /// subject.
    public var speed: Double?
    /// Whether there was ample material on both sides, so that an overlap would have been found.
    public var isAmple = false

    public init(
        method: Method, fit: Fit?, overlap: TimeSpan? = nil, segments: [OffsetSegment]? = nil, confidence: Double,
        isAnswered: Bool, because: [Reason] = [], evidence: [Evidence] = []
    ) {
        self.method = method
        self.fit = fit
        self.overlap = overlap
        self.segments = segments
        self.confidence = confidence
        self.isAnswered = isAnswered
        self.because = because
        self.evidence = evidence
    }
}
