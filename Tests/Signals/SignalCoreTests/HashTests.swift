import SignalCore
import Testing

@Suite struct HashTests {
    @Test(
        "FNV-1a gives the values published with it",
        arguments: [("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8)])
    func published(text: String, value: UInt64) {
        #expect(FNV1a(of: text).value == value)
        #expect(FNV1a(of: Array(text.utf8)).value == value)
    }

    @Test("the finaliser is what the generator makes of its state")
    func finaliser() {
        for seed: UInt64 in [0, 1, 1_234_567, .max] {
            var generator = SplitMix64(seed: seed)
            for count: UInt64 in 1...5 {
                #expect(generator.next() == SplitMix64.mix(seed &+ count &* SplitMix64.increment))
            }
        }
        #expect(SplitMix64.mix(0) == 0)
    }

    @Test("a uniform number lies in 0 ..< 1 and takes the upper 53 bits of one draw")
    func uniform() {
        var (one, other) = (SplitMix64(seed: 4), SplitMix64(seed: 4))
        var sum = 0.0
        for _ in 0..<10_000 {
            let number = one.uniform()
            #expect(number >= 0 && number < 1 && number * 0x1p53 == Double(other.next() >> 11))
            sum += number
        }
        // The mean of 10 000 lies within five deviations, 0.0029 each.
        #expect(abs(sum / 10_000 - 0.5) < 0.0145)
    }
}
