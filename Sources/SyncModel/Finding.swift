/// Which relation was measured.
public enum Check: String, Sendable, CaseIterable {
    case lips, impacts, transcript, speakers, events, views, sensor, actions, container
}

/// One value of a finding's evidence.
public enum EvidenceValue: Sendable, Hashable {
    /// A number shown with so many decimals; not finite means not known.
    case number(Double, decimals: Int)
    case count(Int)
    case text(String)
    case flag(Bool)
    case unknown
}

/// One named value of the evidence behind a finding, in the order in which it is shown.
public struct Evidence: Sendable, Hashable {
    public let name: String
    public let value: EvidenceValue

    public init(_ name: String, _ value: EvidenceValue) {
        self.name = name
        self.value = value
    }
}

/// A reason for doubt, in words and with its figure.
public struct Doubt: Sendable, Hashable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

/// What one check says of one clip.
public struct Finding: Sendable {
    public let check: Check
    public let subject: String
    public let reference: String
    public let verdict: Verdict
    /// The measured offset; nil unless the verdict carries one.
    public let offset: Offset?
    public let interval: OffsetInterval?
    /// The probability that the offset is right within 40 ms; nil where there is nothing to be right about.
    public let confidence: Double?
    public let tolerance: Tolerance
    /// What the offset was judged against.
    public let expectation: Expectation
    public let because: [Doubt]
    public let evidence: [Evidence]
    /// The correlation curve for people to look at: height by offset; empty where there is none.
    public let curve: [CurvePoint]
    public let method: String

    public init(
        check: Check, subject: String, reference: String, verdict: Verdict, offset: Offset? = nil,
        interval: OffsetInterval? = nil, confidence: Double? = nil, tolerance: Tolerance,
        expectation: Expectation = .together,
        because: [Doubt] = [], evidence: [Evidence] = [], curve: [CurvePoint] = [], method: String
    ) {
        precondition(verdict.carriesOffset == (offset != nil), "an offset goes with exactly the verdicts that carry one")
        self.check = check
        self.subject = subject
        self.reference = reference
        self.verdict = verdict
        self.offset = offset
        self.interval = interval
        self.confidence = confidence
        self.tolerance = tolerance
        self.expectation = expectation
        self.because = because
        self.evidence = evidence
        self.curve = curve
        self.method = method
    }

    /// The same finding with more evidence at its end.
    public func adding(_ more: [Evidence]) -> Finding {
        more.isEmpty
            ? self
            : Finding(
                check: check, subject: subject, reference: reference, verdict: verdict, offset: offset, interval: interval,
                confidence: confidence, tolerance: tolerance, expectation: expectation, because: because, evidence: evidence + more, curve: curve,
                method: method)
    }
}

/// One point of a correlation curve.
public struct CurvePoint: Sendable, Hashable {
    public let offset: Offset
    /// Height in standard deviations above the curve's mean.
    public let height: Double

    public init(offset: Offset, height: Double) {
        self.offset = offset
        self.height = height
    }
}
