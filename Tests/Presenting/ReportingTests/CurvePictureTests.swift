import Foundation
import SyncModel
import Testing

@testable import Reporting

@Suite struct CurvePictureTests {
    private func curve(_ range: ClosedRange<Double>, _ count: Int, _ height: (Double) -> Double) -> [CurvePoint] {
        (0..<count).map { index in
            let milliseconds =
                range.lowerBound + (range.upperBound - range.lowerBound) * Double(index) / Double(max(1, count - 1))
            return CurvePoint(offset: Offset(milliseconds: milliseconds), height: height(milliseconds))
        }
    }

    @Test(arguments: [0, 1, 2, 3, 5, 60, 61, 62, 151, 1000])
    func noLineIsWiderThanSeventyFiveColumns(count: Int) {
        for range in [-1500.0...1500, -1502...1498, 200...900, -90_000 ... -80_000, 0...0] {
            for mark in [nil, 0.0, -240, 560, 3000] {
                let points = curve(range, count) { 5 - abs($0) / 300 }
                let lines = CurvePicture.lines(points, marking: mark.map { Offset(milliseconds: $0) })
                #expect(lines.allSatisfy { $0.count <= 75 && !$0.hasSuffix(" ") })
                #expect(lines.isEmpty || lines.count == 6)
            }
        }
    }

    @Test func aSmoothCurveHasNoHolesWhateverItsNumberOfPoints() {
        for count in [20, 58, 59, 60, 61, 62, 75, 151] {
            let lines = CurvePicture.lines(curve(-590...590, count) { _ in 1 }, marking: nil)
            #expect(lines.prefix(4).allSatisfy { $0 == "  " + String(repeating: "█", count: 61) }, "\(count) points")
        }
    }

    @Test func thePeakAndItsMarkStandAboveEachOther() throws {
        for milliseconds in [-560.0, -240, 0, 20, 560] {
            let lines = CurvePicture.lines(Made.spike(at: milliseconds), marking: Offset(milliseconds: milliseconds))
            let peak = try #require(lines[3].firstIndex(of: "█"))
            let mark = try #require(lines[4].firstIndex(of: "▲"))
            #expect(
                lines[3].distance(from: lines[3].startIndex, to: peak)
                    == lines[4].distance(from: lines[4].startIndex, to: mark))
        }
    }

    @Test func lateIsLeftAndEarlyIsRight() throws {
        let last = try #require(CurvePicture.lines(Made.spike(at: 0), marking: nil).last)
        #expect(last.hasPrefix("  1500 ms late ") && last.hasSuffix(" 1500 ms early") && last.contains(" 0 "))
    }

    @Test func curvesWithoutAPeakOrWithoutNumbersHaveNoPicture() {
        #expect(CurvePicture.lines([], marking: nil).isEmpty)
        #expect(CurvePicture.lines(curve(-100...100, 11) { _ in 0 }, marking: nil).isEmpty)
        #expect(CurvePicture.lines(curve(-100...100, 11) { _ in -1 }, marking: nil).isEmpty)
        #expect(CurvePicture.lines(curve(-100...100, 11) { _ in .nan }, marking: Offset(seconds: 0)).isEmpty)
        let holed = curve(-100...100, 11) { $0 == 0 ? .infinity : 1 }
        #expect(CurvePicture.lines(holed, marking: Offset(seconds: .infinity)).count <= 6)
    }
}
