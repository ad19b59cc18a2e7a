/// A small, portable random number generator: SplitMix64 (Steele, Lea & Flood 2014, "Fast splittable pseudorandom
/// number generators", with the constants of Vigna's reference code).
///
/// ```swift
/// var random = SplitMix64(seed: 1)
/// let resampling = (0..<20).map { _ in random.index(below: 20) }
/// ```
public struct SplitMix64: RandomNumberGenerator, Sendable {
    /// The state's increment per draw: 2^64 divided by the golden ratio, made odd.
    public static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= SplitMix64.increment
        return SplitMix64.mix(state)
    }

    /// A number in `0 ..< count`, from the upper half of one draw.
    public mutating func index(below count: Int) -> Int { Int(((next() >> 32) &* UInt64(count)) >> 32) }

    /// A number in `0 ..< 1`, from the upper 53 bits of one draw.
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// The generator's finaliser: bijective, each bit of the result depends on all bits of `word`.
    public static func mix(_ word: UInt64) -> UInt64 { multiplied(word ^ (word >> 30)) }

    /// The finaliser from its first multiplication on.
    public static func multiplied(_ word: UInt64) -> UInt64 {
        var z = word &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
