extension FixedWidthInteger {
    /// The nearest whole number that there is room for; of what is no number 0. Files declare times beyond all measure.
    init(saturating value: Double) {
        self = value.isNaN ? 0 : Self(exactly: value.rounded()) ?? (value < 0 ? .min : .max)
    }
}
