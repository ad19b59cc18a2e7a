import SignalCore
import SyncModel
import Testing

@Suite struct MediaTimeTests {
    @Test func commonTimesAreTheirDecimalNumbers() {
        #expect(MediaTime(ticks: 90_000, base: TimeBase(1, 90_000)).seconds == 1)
        #expect(MediaTime(ticks: 1, base: TimeBase(1, 1000)).seconds == 0.001)
        #expect(MediaTime(ticks: -3, base: TimeBase(1, 10)).seconds == -0.3)
        #expect(MediaTime(ticks: 3, base: TimeBase(1, 10)).seconds == 0.3)
        #expect(MediaTime(ticks: 7, base: TimeBase(1001, 1001)).seconds == 7)
        #expect(MediaTime(ticks: 30_000, base: TimeBase(1001, 30_000)).seconds == 1001)
        #expect(MediaTime(ticks: 0, base: TimeBase(1001, 30_000)).seconds == 0)
    }

    @Test func basesThatAreNotPositiveAreReadAsOne() {
        #expect(TimeBase(0, 0) == TimeBase(1, 1))
        #expect(TimeBase(-5, 25).seconds == 1.0 / 25)
        #expect(MediaTime(ticks: 4, base: TimeBase(1, -9)).seconds == 4)
    }

    /// The seconds are the nearest `Double` of the exact fraction: no neighbour lies nearer. Seed 1.
    @Test func secondsAreTheNearestDoubleOfAnyTicksAndBase() {
        var generator = SplitMix64(seed: 1)
        let bases = [
            TimeBase(1, 90_000), TimeBase(1001, 30_000), TimeBase(1, 44_100), TimeBase(125, 2997),
            TimeBase(1, 1_000_000_007),
        ]
        for round in 0..<500 {
            let ticks = Int64(bitPattern: generator.next()) >> Int64(round % 40 + 10)
            let base = bases[round % bases.count]
            let seconds = MediaTime(ticks: ticks, base: base).seconds
            guard seconds != 0 else {
                #expect(ticks == 0)
                continue
            }
            let bits = max(0, 54 - Int(seconds.exponent))
            let here = distance(seconds, ticks, base, bits: bits)
            #expect(here <= distance(seconds.nextUp, ticks, base, bits: bits), "\(ticks) of \(base)")
            #expect(here <= distance(seconds.nextDown, ticks, base, bits: bits), "\(ticks) of \(base)")
        }
    }

    @Test func theLargestTickCountsAreTimesToo() {
        for ticks in [Int64.max, Int64.min, Int64.min + 1] {
            let fine = MediaTime(ticks: ticks, base: TimeBase(1, 1_000_000)).seconds
            #expect(abs(fine - Double(ticks) / 1e6) <= 0.001)
            let coarse = MediaTime(ticks: ticks, base: TimeBase(.max, 1)).seconds
            #expect(coarse.isFinite && (coarse < 0) == (ticks < 0))
        }
    }

    @Test func neighbouringTicksNearTheEndOfALongRecordingStayApart() {
        // A 33-bit MPEG-TS clock after some wraps, and nanoseconds since 1970.
        for (ticks, base) in [(Int64(1) << 36, TimeBase(1, 90_000)), (1_700_000_000_000_000, TimeBase(1, 1_000_000))] {
            let step = MediaTime(ticks: ticks + 1, base: base).seconds - MediaTime(ticks: ticks, base: base).seconds
            #expect(step > 0 && abs(step - base.seconds) < 3e-7)
        }
    }

    /// |seconds - ticks * base| times the denominator and 2^`bits`, in whole numbers.
    private func distance(_ seconds: Double, _ ticks: Int64, _ base: TimeBase, bits: Int) -> UInt128 {
        let significand = Int128(seconds.significand * 4_503_599_627_370_496) * (seconds < 0 ? -1 : 1)
        let value = significand << Int128(Int(seconds.exponent) - 52 + bits)
        return (value * Int128(base.denominator) - (Int128(ticks) * Int128(base.numerator)) << Int128(bits)).magnitude
    }
}
