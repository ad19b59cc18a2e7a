/// Which relation was measured.
public enum Check: String, Sendable, CaseIterable, Codable {
    case lips, impacts, transcript, speakers, events, views, sensor, actions, container
}

/// One value of a finding's evidence.
public enum EvidenceValue: Sendable, Hashable, Codable {
    /// A number shown with so many decimals; not finite means not known.
    case number(Double, decimals: Int)
    case count(Int)
    case text(String)
    case flag(Bool)
    case unknown
    indirect case list([EvidenceValue])
    indirect case object([Evidence])
}

extension EvidenceValue {
    /// As a number, where it is one.
    public var number: Double? {
        switch self {
        case .number(let value, _): value
        case .count(let value): Double(value)
        default: nil
        }
    }

    public var list: [EvidenceValue]? {
        if case .list(let values) = self { return values }
        return nil
    }

    public var object: [Evidence]? {
        if case .object(let members) = self { return members }
        return nil
    }
}

/// One named value of the evidence behind a finding, in the order in which it is shown.
public struct Evidence: Sendable, Hashable, Codable {
    public let name: String
    public let value: EvidenceValue

    public init(_ name: String, _ value: EvidenceValue) {
        self.name = name
        self.value = value
    }
}

/// A reason for doubt, in words and with its figure.
public struct Doubt: Sendable, Hashable, Codable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

/// What one check says of one clip.
public struct Finding: Sendable, Codable {
    public let check: Check
    public let subject: String
    public let reference: String
    public let verdict: Verdict
    /// The measured offset at subject time 0, or that of the longest segment; nil unless the verdict carries one.
    public let offset: Offset?
    public let interval: OffsetInterval?
    /// The probability that the offset is right within 40 ms; nil where there is nothing to be right about.
    public let confidence: Double?
    public let tolerance: Tolerance
    /// What the offset was judged against.
    public let expectation: Expectation
    public let because: [Doubt]
    public private(set) var evidence: [Evidence]
    /// The correlation curve for people to look at: height by offset; empty where there is none.
    public let curve: [CurvePoint]
    public let method: String

    /// The largest offset inside the overlap, which decides the verdict; the offset itself where it is the same
    /// throughout.
    public var worst: Offset?
    /// nil: not measured, or told by `segments`.
    public var drift: Drift?
    /// A frame-rate ratio that the drift amounts to, such as `25/23.976`.
    public var rate: String?
    /// Pieces with an offset of their own; nil: one offset (and drift) throughout.
    public var segments: [OffsetSegment]?
    /// The file that holds the subject, where it is not the clip.
    public var subjectFile: String?
    /// Of `views` and `sensor`: the recording that is judged, and the one it is held against.
    public var clip: String?
    public var against: String?
    /// Cues, words, turns or events judged one by one; nil where they were not looked at.
    public var items: [FindingItem]?
    /// Speech without text, in the reference's time.
    public var gaps: [TimeSpan]?

    public init(
        check: Check, subject: String, reference: String, verdict: Verdict, offset: Offset? = nil,
        interval: OffsetInterval? = nil, confidence: Double? = nil, tolerance: Tolerance,
        expectation: Expectation = .together,
        because: [Doubt] = [], evidence: [Evidence] = [], curve: [CurvePoint] = [], method: String
    ) {
        precondition(
            verdict.carriesOffset == (offset != nil), "an offset goes with exactly the verdicts that carry one")
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
        worst = offset
    }

    /// The evidence of a name.
    public func evidence(_ name: String) -> EvidenceValue? { evidence.first { $0.name == name }?.value }

    /// The same finding with more evidence at its end.
    public func adding(_ more: [Evidence]) -> Finding {
        var copy = self
        copy.evidence += more
        return copy
    }
}

/// One point of a correlation curve.
public struct CurvePoint: Sendable, Hashable, Codable {
    public let offset: Offset
    /// Height in standard deviations above the curve's mean.
    public let height: Double

    public init(offset: Offset, height: Double) {
        self.offset = offset
        self.height = height
    }
}
