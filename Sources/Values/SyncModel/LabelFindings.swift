import Foundation

/// Builds the findings of a check that compares labels with audio.
public struct LabelFindings: Sendable {
    public let check: Check
    public let method: MethodVersion
    public let tolerance: Tolerance
    public let expectation: Expectation

    public init(check: Check, method: MethodVersion, tolerance: Tolerance, expectation: Expectation) {
        self.check = check
        self.method = method
        self.tolerance = tolerance
        self.expectation = expectation
    }

    /// Without an offset.
    public func without(
        _ verdict: Verdict, _ because: [String], candidate: Offset? = nil, _ evidence: [Evidence] = []
    ) -> Finding {
        Finding(
            check: check, subject: .labels, reference: .audio,
            judgement: Judgement(verdict, candidate: candidate, tolerance: tolerance),
            because: because.map { Reason($0) }, evidence: evidence, method: method)
    }

    /// With an offset if its uncertainty allows a verdict; else `inconclusive`.
    ///
    /// - Parameter deviation: standard error of the offset, in seconds.
    public func at(_ offset: Offset, deviation: Double, _ evidence: [Evidence]) -> Finding {
        let interval = OffsetInterval(centre: offset, halfWidthSeconds: 1.96 * deviation)
        let verdict = tolerance.verdict(on: offset, interval: interval, expecting: expectation)
        guard verdict.carriesOffset else {
            return without(
                .inconclusive,
                ["the offset is uncertain by \(Int((1960 * deviation).rounded())) ms: too much for a verdict"],
                candidate: offset, [.candidate(offset)] + evidence)
        }
        return Finding(
            check: check, subject: .labels, reference: .audio,
            judgement: Judgement(
                verdict, offset: offset, interval: interval,
                confidence: 0.99 * erf(0.04 / max(deviation, 1e-9) / 2.0.squareRoot()), tolerance: tolerance,
                expectation: expectation), evidence: [.candidate(nil)] + evidence, method: method)
    }
}
