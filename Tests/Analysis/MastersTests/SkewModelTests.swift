import Foundation
import SignalCore
import SyncModel
import Testing

@testable import Masters

@Suite("How far the sound strays from the picture along a copy")
struct SkewModelTests {
    private func points(_ skew: (Double) -> Double, seconds: Int = 100) -> [SkewModel.Point] {
        var generator = SplitMix64(seed: 4)
        return (0..<seconds).map { second in
            let jitter = 0.0002 * (Double(generator.index(below: 100)) / 50 - 1)
            return SkewModel.Point(seconds: Double(second), skew: skew(Double(second)) + jitter, weight: 3)
        }
    }

    @Test("one skew is one stretch without drift")
    func level() throws {
        let course = try #require(SkewModel(points { _ in -0.12 }))
        #expect(course.stretches.count == 1 && course.slope == 0)
        #expect(abs(course.skew + 0.12) < 0.0005)
    }

    @Test("a drift of 50 ppm is told")
    func drift() throws {
        let course = try #require(SkewModel(points({ 0.01 + 50e-6 * $0 }, seconds: 300)))
        #expect(abs(course.slope - 50e-6) < 3e-6)
        #expect(abs(course.skew(at: 0) - 0.01) < 0.0005)
    }

    @Test("a step is told, a single slip is not")
    func step() throws {
        let course = try #require(SkewModel(points { $0 < 60 ? 0 : -0.04 }))
        #expect(course.stretches.count == 2)
        #expect(abs(course.stretches[1].skew + 0.04) < 0.001 && course.stretches[1].span.start == 60)
        let slipped = try #require(SkewModel(points { $0 == 50 ? 0.2 : 0.01 }))
        #expect(slipped.stretches.count == 1)
    }

    @Test("what a stretcher moves about is scatter, and a step beyond it is one")
    func stretched() throws {
        let wandering = points { -0.03 + 0.005 * sin($0 / 9) }
        let course = try #require(SkewModel(wandering, scatter: 3))
        #expect(course.stretches.count == 1 && course.slope == 0 && course.agreement > 0.95)
        #expect(abs(course.skew + 0.03) < 0.002)
        let stepping = try #require(SkewModel(points { $0 < 60 ? 0 : -0.06 }, scatter: 3))
        #expect(stepping.stretches.count == 2)
    }

    @Test("moments that agree on nothing do not make an answer")
    func scattered() throws {
        var generator = SplitMix64(seed: 9)
        let course = SkewModel(
            (0..<60).map {
                SkewModel.Point(seconds: Double($0), skew: Double(generator.index(below: 1000)) / 1000, weight: 1)
            })
        #expect(course.map { $0.agreement < 0.7 } ?? true)
    }
}
