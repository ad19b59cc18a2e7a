import SyncModel
import Testing

@Suite struct OffsetTests {
    @Test func aSubjectThatComesLateGetsANegativeOffset() {
        let offset = Offset(subjectLateBySeconds: 0.1)
        #expect(offset.milliseconds == -100 && offset.direction == .late)
        #expect(offset == Offset(milliseconds: -100))
    }

    @Test func aSubjectThatComesEarlyGetsAPositiveOffset() {
        let offset = Offset(subjectLateBySeconds: -0.062)
        #expect(abs(offset.milliseconds - 62) < 1e-12 && offset.direction == .early)
    }

    @Test func lessThanHalfAMillisecondIsAligned() {
        for value in [0.0, -0.0, 0.49, -0.49] { #expect(Offset(milliseconds: value).direction == .aligned) }
        #expect(Offset(milliseconds: 0.51).direction == .early)
        #expect(Offset(milliseconds: -0.51).direction == .late)
    }

    @Test func wholeMillisecondsSurviveTheWayThroughSeconds() {
        for value in -300...300 { #expect(Offset(milliseconds: Double(value)).milliseconds == Double(value)) }
    }

    @Test func anIntervalTakesItsEndsInEitherOrder() {
        let (low, high) = (Offset(milliseconds: -5), Offset(milliseconds: 9))
        #expect(OffsetInterval(high, low) == OffsetInterval(low, high))
        #expect(OffsetInterval(high, low).lower == low)
        let interval = OffsetInterval(low, high)
        #expect(interval.contains(low) && interval.contains(high) && interval.contains(Offset(seconds: 0)))
        #expect(!interval.contains(Offset(milliseconds: 9.1)) && !interval.contains(Offset(milliseconds: -5.1)))
    }

    @Test func anIntervalAboutACentreReachesAsFarEitherWay() {
        let interval = OffsetInterval(centre: Offset(seconds: 0.5), halfWidthSeconds: 0.25)
        #expect(interval.lower.seconds == 0.25 && interval.upper.seconds == 0.75)
    }

    @Test func aLagBecomesSecondsByItsRate() {
        #expect(Lag(samples: -25).seconds(atRate: 50) == -0.5)
    }
}
