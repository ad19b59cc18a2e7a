/// The verdict on a clip or a finding.
public enum Verdict: String, Sendable, CaseIterable, Codable {
    case inSync = "in-sync"
    case marginal
    case misaligned
    case measured
    case unpaired
    case inconclusive
    case notApplicable = "not-applicable"
    case failed

    /// Its rank: a clip has the verdict of its highest-ranked finding.
    public var severity: Int {
        switch self {
        case .failed: 7
        case .unpaired: 6
        case .misaligned: 5
        case .marginal: 4
        case .inconclusive: 3
        case .inSync: 2
        case .measured: 1
        case .notApplicable: 0
        }
    }

    /// Whether it comes with an offset.
    public var carriesOffset: Bool {
        switch self {
        case .inSync, .marginal, .misaligned, .measured: true
        case .unpaired, .inconclusive, .notApplicable, .failed: false
        }
    }
}

/// What a measured offset is compared with.
public enum Expectation: Sendable, Hashable, Codable {
    /// The expected offset; 0 by default.
    case offset(Offset)
    /// Nothing to judge against: the measurement is only reported.
    case unknown

    public static let together = Expectation.offset(Offset(seconds: 0))

    /// The expected offset; 0 if unknown.
    public var offset: Offset {
        if case .offset(let offset) = self { offset } else { Offset(seconds: 0) }
    }

    /// The expectation for pairs without a stated one: in sync, or unknown.
    public var ofOtherPairs: Expectation { self == .unknown ? .unknown : .together }

    /// The offset furthest from the expected one, which decides the verdict. Of equal ones the first.
    ///
    /// - Returns: nil if there is none.
    public func worst(of offsets: [Offset]) -> Offset? {
        offsets.max { abs($0.seconds - offset.seconds) < abs($1.seconds - offset.seconds) }
    }
}

extension Tolerance {
    /// The verdict on an offset with its 95 % interval: never two classes off, else `inconclusive`.
    ///
    /// - `in-sync`: the point within the inner limits, the interval within the outer ones.
    /// - `marginal`: the point between inner and outer limit of one side, the interval short of the other side's inner
    ///   limit.
    /// - `misaligned`: the point beyond an outer limit, the interval clear of the inner range.
    public func verdict(on offset: Offset, interval: OffsetInterval, expecting expectation: Expectation) -> Verdict {
        guard case .offset(let expected) = expectation else { return .measured }
        let point = offset.milliseconds - expected.milliseconds
        let lower = interval.lower.milliseconds - expected.milliseconds
        let upper = interval.upper.milliseconds - expected.milliseconds
        let inner = innerMilliseconds
        let outer = outerMilliseconds
        if inner.contains(point) {
            return outer.contains(lower) && outer.contains(upper) ? .inSync : .inconclusive
        }
        let isEarly = point > 0
        if outer.contains(point) {
            let short = isEarly ? lower > inner.lowerBound : upper < inner.upperBound
            return short ? .marginal : .inconclusive
        }
        let clear = isEarly ? lower > inner.upperBound : upper < inner.lowerBound
        return clear ? .misaligned : .inconclusive
    }
}
