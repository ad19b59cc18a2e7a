/// An exact instant or duration on a presentation timeline: a whole number of ticks of a rational time base.
///
/// Times that a file states are exact and stay so; times that are estimated are `Double` seconds.
public struct MediaTime: Sendable, Hashable {
    /// The number of ticks; may be negative.
    public let ticks: Int64
    /// The length of one tick in seconds, as numerator over denominator; both positive.
    public let base: TimeBase

    public init(ticks: Int64, base: TimeBase) {
        self.ticks = ticks
        self.base = base
    }

    /// The time in seconds, rounded to the nearest `Double`.
    public var seconds: Double {
        // Whole seconds and the rest apart, so that large tick counts lose nothing.
        let perSecond = Double(base.denominator) / Double(base.numerator)
        if base.numerator == 1 {
            let (whole, rest) = ticks.quotientAndRemainder(dividingBy: Int64(base.denominator))
            return Double(whole) + Double(rest) / perSecond
        }
        return Double(ticks) / perSecond
    }
}

/// The length of a tick, as a fraction of a second.
public struct TimeBase: Sendable, Hashable {
    public let numerator: Int32
    public let denominator: Int32

    /// A time base of `numerator / denominator` seconds. Values that are not positive are read as 1, as broken files state them.
    public init(_ numerator: Int32, _ denominator: Int32) {
        self.numerator = max(1, numerator)
        self.denominator = max(1, denominator)
    }

    /// The length of one tick in seconds.
    public var seconds: Double { Double(numerator) / Double(denominator) }
}
