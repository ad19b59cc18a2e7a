import Testing

@testable import MediaIO

@Suite("The clock that places runs of sound")
struct SoundClockTests {
    private let run = 0.02

    /// Places runs of 20 ms with these timestamps.
    private func place(_ stamps: [Double?], tick: Double = 1 / 90_000) -> (
        clock: SoundClock, placements: [SoundClock.Placement]
    ) {
        var clock = SoundClock(tick: tick)
        let placements = stamps.map { clock.place(stamp: $0, duration: run) }
        return (clock, placements)
    }

    @Test("The first run starts where its timestamp says, also before the origin")
    func first() {
        #expect(place([1.25]).placements == [.starts(at: 1.25)])
        #expect(place([-0.021]).placements == [.starts(at: -0.021)])
        #expect(place([nil]).placements == [.starts(at: 0)])
    }

    @Test("Runs that agree with their timestamps follow one another, also with rounded or missing timestamps")
    func follows() {
        let rounded: [Double?] = (0..<200).map { index in
            let exact: Double = Double(index) * run
            let sway: Double = index % 2 == 0 ? 0.0009 : -0.0009
            return index % 7 == 3 ? nil : exact + sway
        }
        let (clock, placements) = place(rounded, tick: 0.001)
        #expect(placements.dropFirst().allSatisfy { $0 == .follows })
        #expect(clock.gaps == 0 && clock.overlaps == 0)
    }

    @Test("A gap moves what comes after it at once")
    func gap() {
        let (clock, placements) = place([0, 0.02, 0.54, 0.56])
        #expect(placements == [.starts(at: 0), .follows, .starts(at: 0.54), .follows])
        #expect(clock.gaps == 1 && clock.overlaps == 0)
    }

    @Test("What overlaps is heard once, and what follows keeps its time")
    func overlap() {
        var clock = SoundClock(tick: 1 / 90_000)
        _ = clock.place(stamp: 0, duration: 1)
        guard case .overlaps(let seconds) = clock.place(stamp: 0.9, duration: 0.5) else {
            Issue.record("no overlap")
            return
        }
        #expect(abs(seconds - 0.1) < 1e-9)
        #expect(clock.place(stamp: 1.4, duration: 0.5) == .follows)
        #expect(clock.overlaps == 1)
    }

    @Test("One timestamp that is far ahead of its neighbours does not move the sound")
    func outlierAhead() {
        let (_, placements) = place([0, 0.02, 9_000, 0.06, 0.08, 0.10])
        #expect(!placements.contains(.starts(at: 9_000)))
        #expect(placements[3...].allSatisfy { $0 == .follows || $0 == .starts(at: 0.06) })
    }

    @Test("One timestamp that is far behind its neighbours costs its own run only")
    func outlierBehind() {
        let (_, placements) = place([100, 100.02, 3, 100.06, 100.08, 100.10])
        #expect(placements[4...].allSatisfy { $0 == .follows })
        if case .starts(let time) = placements[3] {
            #expect(abs(time - 100.06) < 1e-9)
        } else {
            #expect(placements[3] == .follows)
        }
    }

    @Test("A long gap that the next run confirms is believed")
    func longGap() {
        let (clock, placements) = place([0, 0.02, 500, 500.02, 500.04])
        #expect(clock.gaps == 1)
        let starts = placements.compactMap { if case .starts(let time) = $0 { time } else { nil as Double? } }
        #expect(starts.count == 2 && abs(starts[1] - 500.02) < 1e-9)
        #expect(placements[2] == .doubtful)
        #expect(placements.last == .follows)
    }

    @Test("After a lost packet the next run is placed by its own timestamp")
    func loss() {
        var clock = SoundClock(tick: 1 / 90_000)
        _ = clock.place(stamp: 0, duration: run)
        clock.expectLoss()
        #expect(clock.place(stamp: 0.04, duration: run) == .starts(at: 0.04))
        #expect(clock.place(stamp: 0.06, duration: run) == .follows)
    }

    @Test("Pictures: one timestamp far ahead is dropped, two in a row are believed")
    func pictureLeaps() {
        var clock = PictureClock(frameRate: 25)
        let times = [0, 0.04, 5000, 0.12, 0.16, 0.08, 900, 900.04, 900.08].map { clock.place($0) }
        #expect(times == [0, 0.04, nil, 0.12, 0.16, nil, nil, 900.04, 900.08])
        #expect(clock.dropped == 3)
    }

    @Test("Pictures without timestamps follow at the declared rate")
    func pictureGuesses() {
        var clock = PictureClock(frameRate: 50)
        #expect([nil, nil, 0.5, nil].map { clock.place($0) } == [0, 0.02, 0.5, 0.52])
        #expect(clock.guessed == 3)
    }

    @Test("A clock that drifts is followed within a few milliseconds")
    func drift() {
        var clock = SoundClock(tick: 0.001)
        var end = 0.0
        var worst = 0.0
        for index in 0..<5000 {
            let stamp = Double(index) * run * 1.0005
            switch clock.place(stamp: stamp, duration: run) {
            case .follows: end += run
            case .starts(let time): end = time + run
            case .overlaps(let seconds): end += run - seconds
            case .doubtful: Issue.record("a drift is no leap")
            }
            worst = max(worst, abs(end - run - stamp))
        }
        #expect(worst < 0.003)
    }
}
