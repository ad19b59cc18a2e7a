extension FixedWidthInteger {
    /// The nearest representable integer; 0 for NaN. Files may declare times out of range.
    init(saturating value: Double) {
        self = value.isNaN ? 0 : Self(exactly: value.rounded()) ?? (value < 0 ? .min : .max)
    }
}
