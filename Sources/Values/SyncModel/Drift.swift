/// Clock drift of a subject against its reference: `t_reference = t_subject + offset + drift * t_subject`.
public struct Drift: Sendable, Hashable, Codable {
    /// ppm of subject time; positive: the subject's clock is slow, it gets increasingly early.
    public let ppm: Double
    /// Its 95 % interval in ppm; nil if exact, like a declared rate.
    public let interval: ClosedRange<Double>?

    public init(ppm: Double, interval: ClosedRange<Double>? = nil) {
        self.ppm = ppm
        self.interval = interval
    }

    /// The offset at subject time `seconds`, given the one at subject time 0.
    public func offset(_ atZero: Offset, atSubjectSeconds seconds: Double) -> Offset {
        Offset(seconds: atZero.seconds + ppm * 1e-6 * seconds)
    }
}

/// A span of time in seconds, `start <= end`.
public struct TimeSpan: Sendable, Hashable, Codable {
    public var start: Double
    public var end: Double

    public init(start: Double, end: Double) {
        precondition(start <= end, "a span starts before it ends")
        self.start = start
        self.end = end
    }

    /// Its length in seconds.
    public var length: Double { end - start }

    public func moved(by seconds: Double) -> TimeSpan { TimeSpan(start: start + seconds, end: end + seconds) }
}

/// A segment of the subject with its own offset.
public struct OffsetSegment: Sendable, Hashable, Codable {
    /// In subject time.
    public let span: TimeSpan
    public let offset: Offset

    public init(span: TimeSpan, offset: Offset) {
        self.span = span
        self.offset = offset
    }
}
