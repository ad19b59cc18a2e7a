import SyncModel
import Testing

@Suite struct ToleranceParsingTests {
    private func tolerance(_ early: (Double, Double), _ late: (Double, Double)) -> Tolerance {
        Tolerance(early: .init(inner: early.0, outer: early.1), late: .init(inner: late.0, outer: late.1))
    }

    @Test func theDefaultIsFortyAndAHundredEitherWay() {
        #expect(Tolerance.standard == tolerance((40, 100), (40, 100)))
        #expect(Tolerance.standard.innerMilliseconds == -40...40)
        #expect(Tolerance.standard.outerMilliseconds == -100...100)
    }

    @Test func twoNumbersAreInnerAndOuterOfBothSides() throws {
        #expect(try Tolerance(parsing: "40,100") == .standard)
        #expect(try Tolerance(parsing: "12.5,12.5") == tolerance((12.5, 12.5), (12.5, 12.5)))
        #expect(try Tolerance(parsing: "0,0") == tolerance((0, 0), (0, 0)))
    }

    @Test func oneNumberGetsItsOuterEdgeSixtyFurtherOut() throws {
        #expect(try Tolerance(parsing: "20") == tolerance((20, 80), (20, 80)))
    }

    @Test func eachSideMayHaveItsOwnEdgesInEitherOrder() throws {
        let expected = tolerance((40, 100), (60, 120))
        #expect(try Tolerance(parsing: "early=40,100:late=60,120") == expected)
        #expect(try Tolerance(parsing: "late=60,120:early=40,100") == expected)
        #expect(try Tolerance(parsing: "early=40:late=60") == expected)
        // In the contract's sign late is negative.
        #expect(expected.innerMilliseconds == -60...40)
        #expect(expected.outerMilliseconds == -120...100)
    }

    @Test func thePresetsAreThoseOfTheContract() throws {
        #expect(try Tolerance(parsing: "default") == .standard)
        #expect(try Tolerance(parsing: "ebu-r37") == tolerance((40, 100), (60, 120)))
        #expect(try Tolerance(parsing: "bt1359") == tolerance((45, 90), (125, 185)))
        #expect(try Tolerance(parsing: "atsc-is191") == tolerance((15, 75), (45, 105)))
        #expect(try Tolerance(parsing: "EBU-R37") == Tolerance(parsing: "ebu-r37"))
    }

    @Test(arguments: [
        "", " ", ",", "40,", ",100", "40,100,200", "100,40", "-40,100", "-1", "nan", "nan,100", "40,nan", "inf",
        "40,inf", "forty",
        "40;100", "40 100", "early=40,100", "late=40,100", "early=40,100:early=40,100", "early=40,100:later=40,100",
        "early=40,100:late=", "early:late", "=", ":", "early=40,100:late=60,120:", ":early=40,100:late=60,120",
        "early=40,100::late=60,120", "early=40,100:late=60,120:late=60,120", "early=100,40:late=60,120",
        "early=-1:late=2", "ebu",
        "1e300", "40,1e12",
    ])
    func whatIsNoToleranceIsRefusedWithTheWordsThatWereGiven(text: String) {
        let error = #expect(throws: ToleranceError.self) { try Tolerance(parsing: text) }
        #expect(error?.description.hasPrefix("'\(text)' is not a tolerance") == true)
        #expect(error?.description.contains("early=40,100:late=60,120") == true)
        #expect(error?.description.contains("ebu-r37, bt1359, atsc-is191") == true)
    }

    @Test func anErrorStaysOnOneLine() {
        let error = #expect(throws: ToleranceError.self) { try Tolerance(parsing: "4\n0") }
        #expect(error?.description.contains("\n") == false)
    }
}
