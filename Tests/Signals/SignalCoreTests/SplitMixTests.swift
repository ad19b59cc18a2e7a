import SignalCore
import Testing

@Suite struct SplitMixTests {
    /// The first outputs for this seed as published with the algorithm's reference code.
    @Test func seed1234567GivesThePublishedFirstOutputs() {
        var generator = SplitMix64(seed: 1_234_567)
        let outputs = (0..<5).map { _ in generator.next() }
        #expect(
            outputs == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821,
            ])
    }

    @Test func anIndexIsAlwaysBelowItsCountAndReachesEveryPlace() {
        var generator = SplitMix64(seed: 1)
        for count in [1, 2, 3, 7, 100] {
            let drawn = (0..<100 * count).map { _ in generator.index(below: count) }
            #expect(Set(drawn) == Set(0..<count))
        }
    }

    @Test func copiesOfAGeneratorGiveTheSameNumbers() {
        var one = SplitMix64(seed: 9)
        var other = one
        #expect((0..<10).map { _ in one.next() } == (0..<10).map { _ in other.next() })
    }
}
