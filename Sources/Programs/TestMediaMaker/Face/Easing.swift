/// Smooth steps and mixes, used for all fades.
enum Easing {
    /// 0 up to `start`, 1 from `end` on, a cubic with zero slope at its ends between (Hermite). `start` may be above
    /// `end`.
    @inline(__always)
    static func step<Value: BinaryFloatingPoint>(_ value: Value, from start: Value, to end: Value) -> Value {
        let t = min(max((value - start) / (end - start), 0), 1)
        return t * t * (3 - 2 * t)
    }

    /// `share` 0 gives `a`, 1 gives `b`.
    @inline(__always)
    static func mix<Value: BinaryFloatingPoint>(_ a: Value, _ b: Value, _ share: Value) -> Value {
        a + (b - a) * share
    }
}
