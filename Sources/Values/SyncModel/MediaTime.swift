/// An exact instant or duration on a presentation timeline: a whole number of ticks of a rational time base.
///
/// Times stated by files stay exact; estimated times are `Double` seconds.
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
        // One rounding is correct if both sides of the fraction are exact; else the fraction gets enough bits, and a
        // sticky bit for the remainder, that rounding is correct too.
        let (product, overflow) = ticks.multipliedReportingOverflow(by: Int64(base.numerator))
        if !overflow, product.magnitude <= 1 << 53 { return Double(product) / Double(base.denominator) }
        let numerator = UInt128(ticks.magnitude) * UInt128(base.numerator.magnitude)
        let shift = numerator.leadingZeroBitCount
        let (whole, rest) = (numerator << UInt128(shift)).quotientAndRemainder(
            dividingBy: UInt128(base.denominator.magnitude))
        let magnitude = Double(sign: .plus, exponent: -shift, significand: Double(rest == 0 ? whole : whole | 1))
        return ticks < 0 ? -magnitude : magnitude
    }
}

/// The length of a tick, as a fraction of a second.
public struct TimeBase: Sendable, Hashable {
    public let numerator: Int32
    public let denominator: Int32

    /// A time base of `numerator / denominator` seconds. Non-positive values, as in broken files, are read as 1.
    public init(_ numerator: Int32, _ denominator: Int32) {
        self.numerator = max(1, numerator)
        self.denominator = max(1, denominator)
    }

    /// The length of one tick in seconds.
    public var seconds: Double { Double(numerator) / Double(denominator) }
}
