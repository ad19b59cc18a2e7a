import SyncModel
import Testing

/// The verdict rules of the contract, in milliseconds; positive: the subject is early.
@Suite struct VerdictTests {
    private func verdict(
        _ point: Double, _ interval: ClosedRange<Double>, _ tolerance: Tolerance = .standard,
        expecting expected: Double = 0
    ) -> Verdict {
        tolerance.verdict(
            on: Offset(milliseconds: point),
            interval: OffsetInterval(
                Offset(milliseconds: interval.lowerBound), Offset(milliseconds: interval.upperBound)),
            expecting: .offset(Offset(milliseconds: expected)))
    }

    /// Every rule on one side and mirrored on the other.
    private func expect(
        _ point: Double, _ interval: ClosedRange<Double>, _ expected: Verdict,
        _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(verdict(point, interval) == expected, "\(point) in \(interval)", sourceLocation: location)
        let mirrored = -interval.upperBound ... -interval.lowerBound
        #expect(verdict(-point, mirrored) == expected, "\(-point) in \(mirrored)", sourceLocation: location)
    }

    @Test func inSyncIsAPointWithinTheInnerEdgesAndAnIntervalWithinTheOuterOnes() {
        expect(0, -10...10, .inSync)
        expect(30, -100...100, .inSync)
        expect(40, 39...100, .inSync)
        expect(39, 10...100.5, .inconclusive)
        expect(0, -101...50, .inconclusive)
    }

    @Test func marginalIsAPointBetweenTheEdgesAndAnIntervalShortOfTheOtherSide() {
        expect(41, 30...50, .marginal)
        expect(100, 80...120, .marginal)
        expect(70, -39.5...180, .marginal)
        expect(70, -40...180, .inconclusive)
        expect(70, -80...220, .inconclusive)
    }

    @Test func misalignedIsAPointBeyondAnOuterEdgeAndAnIntervalClearOfTheInnerZone() {
        expect(101, 90...110, .misaligned)
        expect(400, 40.5...800, .misaligned)
        expect(400, 40...800, .inconclusive)
        expect(101, 0...202, .inconclusive)
        expect(101, -300...500, .inconclusive)
    }

    @Test func edgesBelongToTheInnerAndToTheOuterZone() {
        for edge in 1...300 {
            let (inner, outer) = (Double(edge), Double(edge + 60))
            let tolerance = Tolerance(early: .init(inner: inner, outer: outer), late: .init(inner: inner, outer: outer))
            for sign in [1.0, -1] {
                let at = { (value: Double) in sign * value...sign * value }
                #expect(verdict(sign * inner, at(inner), tolerance) == .inSync, "\(edge)")
                #expect(verdict(sign * inner, -outer...outer, tolerance) == .inSync, "\(edge)")
                #expect(verdict(sign * outer, at(outer), tolerance) == .marginal, "\(edge)")
                #expect(verdict(sign * (outer + 0.001), at(outer + 0.001), tolerance) == .misaligned, "\(edge)")
                #expect(verdict(sign * (inner + 0.001), at(inner + 0.001), tolerance) == .marginal, "\(edge)")
            }
        }
    }

    @Test func eachSideIsJudgedByItsOwnEdges() throws {
        let tolerance = try Tolerance(parsing: "early=15,75:late=45,105")
        #expect(verdict(-45, -50 ... -40, tolerance) == .inSync)
        #expect(verdict(45, 40...50, tolerance) == .marginal)
        #expect(verdict(80, 70...90, tolerance) == .misaligned)
        #expect(verdict(-80, -90 ... -70, tolerance) == .marginal)
        #expect(verdict(-106, -110 ... -100, tolerance) == .misaligned)
        // Marginal early must not reach the late inner edge, and the other way round.
        #expect(verdict(20, -44...84, tolerance) == .marginal)
        #expect(verdict(20, -45...85, tolerance) == .inconclusive)
        #expect(verdict(-50, -114...14, tolerance) == .marginal)
        #expect(verdict(-50, -115...15, tolerance) == .inconclusive)
    }

    @Test func aToleranceOfZeroLeavesOnlyTheExactPointInSync() throws {
        let tolerance = try Tolerance(parsing: "0,0")
        #expect(verdict(0, 0...0, tolerance) == .inSync)
        #expect(verdict(0.5, 0.25...0.75, tolerance) == .misaligned)
        #expect(verdict(0, -1...1, tolerance) == .inconclusive)
    }

    @Test func anExpectedOffsetIsTheZeroOfTheJudgement() {
        #expect(verdict(-250, -260 ... -240, expecting: -250) == .inSync)
        #expect(verdict(-250, -260 ... -240, expecting: 0) == .misaligned)
        #expect(verdict(0, -10...10, expecting: -250) == .misaligned)
        #expect(verdict(-310, -320 ... -300, expecting: -250) == .marginal)
        #expect(verdict(240, 240...240, expecting: 200) == .inSync)
        #expect(verdict(300, 300...300, expecting: 200) == .marginal)
    }

    @Test func withNothingExpectedWhateverWasMeasuredIsMeasured() {
        for (point, half) in [(0.0, 1.0), (500, 5), (-70, 1000), (30, .infinity)] {
            let interval = OffsetInterval(centre: Offset(milliseconds: point), halfWidthSeconds: half / 1000)
            #expect(
                Tolerance.standard.verdict(on: Offset(milliseconds: point), interval: interval, expecting: .unknown)
                    == .measured)
        }
    }

    @Test func anEndlessIntervalIsInconclusive() {
        for point in [0.0, 70, 500] { expect(point, -Double.infinity...Double.infinity, .inconclusive) }
    }

    /// Over a grid of points and widths, no verdict is two classes from any value of its interval.
    @Test func noVerdictIsTwoClassesOff() {
        for point in stride(from: -160.0, through: 160, by: 5) {
            for half in stride(from: 0.0, through: 200, by: 5) {
                let values = [point - half, point + half].map { abs($0) }
                let touchesInSync = point - half <= 40 && point + half >= -40
                switch verdict(point, point - half...point + half) {
                case .inSync: #expect(values.allSatisfy { $0 <= 100 } && abs(point) <= 40)
                case .misaligned: #expect(!touchesInSync && abs(point) > 100)
                case .marginal: #expect(abs(point) > 40 && abs(point) <= 100)
                default: break
                }
            }
        }
    }

    @Test func offsetsGoWithExactlyTheVerdictsOfTheContract() {
        #expect(Verdict.allCases.filter(\.carriesOffset) == [.inSync, .marginal, .misaligned, .measured])
        #expect(
            Set(Verdict.allCases.map(\.rawValue)) == [
                "in-sync", "marginal", "misaligned", "measured", "unpaired", "inconclusive", "not-applicable", "failed",
            ])
    }
}
