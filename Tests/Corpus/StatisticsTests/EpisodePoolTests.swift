import Foundation
import SyncModel
import Testing

@testable import Statistics

/// Profiles of made episodes: a bump of chance's width where the log lies, in noise of the same smoothness.
private struct MadeProfiles {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    private mutating func unit() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 11) / Double(1 << 53)
    }

    mutating func normal() -> Double { (-2 * log(max(1e-12, unit()))).squareRoot() * cos(2 * .pi * unit()) }

    /// - Parameters:
    ///   - place: where the log lies, ms; nil: nowhere.
    ///   - height: of the bump, in deviations of the noise.
    mutating func curve(at place: Double?, height: Double = 3) -> [CurvePoint] {
        let width = 90.0
        let centres = (0..<40).map { (Double($0) * 80 - 1600, normal() * 0.9) }
        return (-150...150).map { step in
            let offset = Double(step) * 10
            var value = centres.reduce(0.0) { $0 + $1.1 * exp(-pow((offset - $1.0) / width, 2)) }
            if let place { value += height * exp(-pow((offset - place) / width, 2) / 2) }
            return CurvePoint(offset: Offset(milliseconds: offset), height: value)
        }
    }

    mutating func pool(_ places: [Double?], height: Double = 3, framesPerSecond: Double? = nil) -> EpisodePool {
        EpisodePool(
            robot: "r", camera: "c", day: nil,
            members: places.enumerated().map {
                .init(
                    clip: "e\($0.offset)", curve: curve(at: $0.element, height: height), seconds: 10, isAnswered: false)
            }, framesPerSecond: framesPerSecond)
    }
}

@Suite("Episodes of one robot tell together what none of them tells")
struct EpisodePoolTests {
    @Test("fifty episodes that are late alike give their offset within 10 ms, inside the interval", arguments: 1...6)
    func together(seed: Int) throws {
        var made = MadeProfiles(seed: UInt64(seed))
        let pool = made.pool([Double?](repeating: -80, count: 50))
        let estimate = try #require(pool.estimate)
        #expect(abs(estimate.milliseconds + 80) < 10)
        #expect(estimate.lower < -80 && estimate.upper > -80)
        #expect(estimate.upper - estimate.lower < 40)
        #expect(pool.because.isEmpty)
    }

    @Test("half a frame early is told as such at that rate of frames, and nothing else is")
    func halfFrame() {
        func halved(_ place: Double, _ rate: Double?, height: Double = 8) -> Double? {
            var made = MadeProfiles(seed: 77)
            return made.pool([Double?](repeating: place, count: 200), height: height, framesPerSecond: rate).halvedFrame
        }
        #expect(halved(20, 25) == 40)
        #expect(halved(20, nil) == nil)
        // Late, aligned, a whole frame, half a frame of another camera, a quarter.
        for place in [-20.0, 0, 40, 10] { #expect(halved(place, 25) == nil) }
        #expect(halved(20, 60) == nil)
        // What the episodes do not tell closely enough.
        var wide = MadeProfiles(seed: 77)
        #expect(wide.pool([Double?](repeating: 20, count: 30), framesPerSecond: 25).halvedFrame == nil)
    }

    @Test("moved profiles move the estimate by as much")
    func moved() throws {
        var one = MadeProfiles(seed: 5)
        var other = MadeProfiles(seed: 5)
        let (here, there) = (
            one.pool([Double?](repeating: -80, count: 30)), other.pool([Double?](repeating: 120, count: 30))
        )
        let first = try #require(here.estimate)
        let second = try #require(there.estimate)
        #expect(abs(second.milliseconds - first.milliseconds - 200) < 15)
    }

    @Test("unrelated logs give nothing", arguments: 1...12)
    func unrelated(seed: Int) {
        var made = MadeProfiles(seed: UInt64(seed) &* 977)
        let pool = made.pool([Double?](repeating: nil, count: 50))
        #expect(pool.estimate == nil)
        #expect(!pool.because.isEmpty)
    }

    @Test("episodes that disagree are not averaged", arguments: [150.0, 300, 700])
    func disagree(apart: Double) {
        var made = MadeProfiles(seed: 3)
        let pool = made.pool((0..<50).map { $0 % 2 == 0 ? -50 : -50 + apart })
        #expect(pool.estimate == nil)
        #expect(pool.candidate != nil)
    }

    @Test("too few episodes are refused")
    func few() {
        var made = MadeProfiles(seed: 8)
        #expect(made.pool([-80, -80, -80]).because.first?.contains("3 episodes") == true)
    }

    @Test("days that differ are told one by one, and not as one")
    func days() throws {
        var made = MadeProfiles(seed: 21)
        let records = (0..<60).map { index -> ClipRecord in
            let day = index < 30 ? "2026-03-01" : "2026-03-02"
            let finding = Finding(
                check: .sensor, subject: .sensor, reference: .video,
                judgement: Judgement(.inconclusive, tolerance: .standard),
                curve: made.curve(at: index < 30 ? -80 : -20, height: 5), method: "m")
            var record = ClipRecord(key: "e\(index)", clip: "e\(index)", verdict: .inconclusive)
            record.attributes = [.init("robot", "r"), .init("cameras", "top"), .init("day", day)]
            record.durationSeconds = 10
            record.findings = [finding]
            return record
        }
        let pools = EpisodePools(records).pools
        #expect(pools.map(\.day) == [nil, "2026-03-01", "2026-03-02"])
        #expect(pools[0].estimate == nil)
        #expect(abs((pools[1].estimate?.milliseconds ?? 0) + 80) < 12)
        #expect(abs((pools[2].estimate?.milliseconds ?? 0) + 20) < 12)
    }

    @Test("faults are counted by kind, each with the first episode's words")
    func faults() {
        var finding = Finding(
            check: .sensor, subject: .sensor, reference: .video,
            judgement: Judgement(.inconclusive, tolerance: .standard), because: [Reason("motion agrees too little")],
            method: "m")
        finding.faults = [
            LogFault(.gap, "a gap", costMilliseconds: 300, remedy: "cut"), LogFault(.doubled, "twice", remedy: "drop"),
        ]
        func record(_ name: String, _ kinds: String) -> ClipRecord {
            var record = ClipRecord(key: name, clip: name, verdict: .inconclusive)
            record.attributes = [.init("faults", kinds)]
            record.findings = [finding]
            return record
        }
        let faults = EpisodePools([
            record("a", "gap doubled-samples"), record("b", "doubled-samples gap"), record("c", "gap gap"),
        ]).faults
        #expect(faults.map(\.kind) == [.gap, .doubled])
        #expect(faults.map(\.episodes) == [3, 2])
        #expect(faults[0].fault?.reason.description == "a gap (costs up to 300 ms); what to do: cut")
    }
}
