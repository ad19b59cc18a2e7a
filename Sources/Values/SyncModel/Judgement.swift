/// What was measured, and how it was judged.
public struct Judgement: Sendable, Hashable, Codable {
    public let verdict: Verdict
    /// The measured offset at subject time 0, or that of the longest segment; nil unless the verdict carries one.
    public let offset: Offset?
    public let interval: OffsetInterval?
    /// The probability that the offset is right within 40 ms; nil if there is no offset to be right.
    public let confidence: Double?
    /// The best guess without a verdict; nil: none.
    public let candidate: Offset?
    /// The tolerance it was judged by; nil only if a store was read without its documents.
    public let tolerance: Tolerance?
    /// What the offset was judged against.
    public let expectation: Expectation

    public init(
        _ verdict: Verdict, offset: Offset? = nil, interval: OffsetInterval? = nil, confidence: Double? = nil,
        candidate: Offset? = nil, tolerance: Tolerance, expectation: Expectation = .together
    ) {
        precondition(
            verdict.carriesOffset == (offset != nil), "exactly the verdicts that carry an offset have one")
        self.verdict = verdict
        self.offset = offset
        self.interval = interval
        self.confidence = confidence
        self.candidate = candidate
        self.tolerance = tolerance
        self.expectation = expectation
    }

    /// The same tolerance without an answer: its offset becomes the best guess.
    public func withholding(_ verdict: Verdict) -> Judgement {
        precondition(!verdict.carriesOffset, "a verdict that carries an offset is given with it")
        return Judgement(
            kept: verdict, offset: nil, interval: nil, confidence: nil, candidate: candidate ?? offset,
            tolerance: tolerance, expectation: expectation)
    }

    /// As stored, without checks.
    package init(
        kept verdict: Verdict, offset: Offset?, interval: OffsetInterval?, confidence: Double?,
        candidate: Offset? = nil, tolerance: Tolerance? = nil, expectation: Expectation = .together
    ) {
        self.verdict = verdict
        self.offset = offset
        self.interval = interval
        self.confidence = confidence
        self.candidate = candidate
        self.tolerance = tolerance
        self.expectation = expectation
    }
}
