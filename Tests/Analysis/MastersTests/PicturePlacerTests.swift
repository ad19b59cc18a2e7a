import Foundation
import SyncModel
import Testing

@testable import Masters

@Suite("A copy's picture on its master's")
struct PicturePlacerTests {
    private static let scene = MadeScene(seed: 5, seconds: 60)
    private static let master = MadeScene.course(MadeScene.times(50, rate: 25)) { scene.picture(at: $0) }
        .map { MasterPicture($0) }

    /// The master's frame that is on at a moment: what a copy at another rate shows.
    private func onMaster(_ seconds: Double) -> Double { (seconds * 25 + 1e-6).rounded(.down) / 25 }

    private func place(_ course: FrameSequence?) throws -> MasterPlacement {
        PicturePlacer().place(try #require(course), on: try #require(Self.master))
    }

    @Test(
        "a stretch of the master is found where it was cut, worse, cropped, mirrored or with a mark",
        arguments: [(1.0, false, false), (1.18, false, false), (1, true, false), (1.1, true, true)])
    func worse(zoom: Double, mirrored: Bool, logo: Bool) throws {
        let copy = MadeScene.course(
            MadeScene.times(30, rate: 25),
            draw: { Self.scene.picture(at: $0, zoom: zoom, mirrored: mirrored, noise: 0.6, logo: logo) },
            shows: { $0 + 10 })
        let placed = try place(copy)
        #expect(placed.pieces.count == 1, "\(placed.because)")
        #expect(abs(try #require(placed.pieces.first).offset(at: 20) - 10) < 0.002)
        #expect(placed.speed == 1)
    }

    @Test(
        "frames that are doubled or dropped to fit another rate count when they are first shown",
        arguments: [50.0, 30, 23.976])
    func rates(rate: Double) throws {
        // Rounded to the nearest, as converters do.
        let half = 0.5 / rate
        let copy = MadeScene.course(
            MadeScene.times(28, rate: rate), draw: { Self.scene.picture(at: $0, noise: 0.3) },
            shows: { self.onMaster($0 + 10 + half - 1e-4) })
        let placed = try place(copy)
        #expect(placed.pieces.count == 1, "\(placed.because)")
        let limit = rate == 50 ? 0.012 : 0.01
        #expect(abs(try #require(placed.pieces.first).offset(at: 20) - 10) < limit)
    }

    @Test(
        "a shot that was graded otherwise than the rest is no edit; another picture in its place is",
        arguments: [false, true])
    func graded(isReplaced: Bool) throws {
        let other = MadeScene(seed: 77, seconds: 90)
        let shots = 18.0..<22
        let copy = MadeScene.course(
            MadeScene.times(40, rate: 25),
            draw: { moment in
                guard shots.contains(moment - 10) else { return Self.scene.picture(at: moment, noise: 0.5) }
                if isReplaced { return other.picture(at: moment, noise: 0.5) }
                // Dark tones crushed, and all of it dimmed.
                return Self.scene.picture(at: moment, noise: 0.5).map { 90 * pow(max(0, $0) / 255, 2.2) }
            }, shows: { $0 + 10 })
        let placed = try place(copy)
        let edits = MasterEdit.of(placed, copy: try #require(copy), master: try #require(Self.master).course)
        #expect(edits.map(\.kind) == (isReplaced ? [.replaced] : []), "\(placed)")
        if isReplaced { #expect(abs(edits[0].seconds - 18) < 0.1 && abs(edits[0].length - 4) < 0.2, "\(edits)") }
    }

    @Test("doubled frames that coding changes as much as motion does count when they are first shown")
    func hiddenRepeats() throws {
        var calm = Self.scene
        calm.slowness = 8
        let master = try #require(MadeScene.course(MadeScene.times(70, rate: 25)) { calm.picture(at: $0) })
        let copy = try #require(
            MadeScene.course(
                MadeScene.times(60, rate: 50),
                draw: { moment in
                    // The noise hangs on the moment that is drawn, so that a repeat has its own.
                    let shown = self.onMaster(moment)
                    return calm.picture(at: shown + (moment - shown) / 1000, noise: 0.9)
                }, shows: { $0 + 4 }))
        let piece = try #require(PicturePlacer().place(copy, on: MasterPicture(master)).pieces.first)
        #expect(abs(piece.offset(at: 30) - 4) < 0.005, "\(piece)")
    }

    @Test("a cut is found within a frame, and what is left out is told")
    func cut() throws {
        let copy = MadeScene.course(
            MadeScene.times(40, rate: 25), draw: { Self.scene.picture(at: $0, noise: 0.5) },
            shows: { $0 < 22 ? $0 + 4 : $0 + 5 })
        let placed = try place(copy)
        try #require(placed.pieces.count == 2, "\(placed.because)")
        #expect(abs(placed.pieces[1].span.start - 22) < 0.05)
        #expect(abs(placed.pieces[0].offset(at: 10) - 4) < 0.003 && abs(placed.pieces[1].offset(at: 30) - 5) < 0.003)
        let edits = MasterEdit.of(placed, copy: try #require(copy), master: try #require(Self.master).course)
        try #require(edits.map(\.kind) == [.missing])
        #expect(abs(edits[0].length - 1) < 0.05 && abs(edits[0].master - 26) < 0.05)
    }

    @Test("what is inserted is told, and the rest stays placed")
    func insert() throws {
        let other = MadeScene(seed: 77, seconds: 90)
        let copy = MadeScene.course(
            MadeScene.times(40, rate: 25),
            draw: { $0 > 1000 ? other.picture(at: $0 - 1000, noise: 0.5) : Self.scene.picture(at: $0, noise: 0.5) },
            shows: { $0 < 20 ? $0 : $0 < 22 ? $0 + 1000 : $0 - 2 })
        let placed = try place(copy)
        let edits = MasterEdit.of(placed, copy: try #require(copy), master: try #require(Self.master).course)
        try #require(edits.map(\.kind) == [.inserted], "\(edits)")
        #expect(abs(edits[0].seconds - 20) < 0.1 && abs(edits[0].length - 2) < 0.1)
    }

    @Test("an insert of black is one insert, also where a caption ends over it")
    func blackInsert() throws {
        let copy = MadeScene.course(
            MadeScene.times(40, rate: 25),
            draw: { moment in
                guard moment > 1000 else { return Self.scene.picture(at: moment, noise: 0.5) }
                // White letters on the lower third of a black frame, for 1.2 of 2 s.
                return (0..<FrameSequence.columns * FrameSequence.rows).map { box in
                    moment < 1021.2 && box / FrameSequence.columns > 11 && box % 3 == 0 ? 235 : 16
                }
            },
            shows: { $0 < 20 ? $0 : $0 < 22 ? $0 + 1000 : $0 - 2 })
        let placed = try place(copy)
        let edits = MasterEdit.of(placed, copy: try #require(copy), master: try #require(Self.master).course)
        try #require(edits.map(\.kind) == [.inserted], "\(edits)")
        #expect(abs(edits[0].seconds - 20) < 0.05 && abs(edits[0].length - 2) < 0.05)
    }

    @Test("a picture that stands while the master moves is frozen")
    func frozen() throws {
        let copy = MadeScene.course(
            MadeScene.times(40, rate: 25), draw: { Self.scene.picture(at: $0, noise: 0) },
            shows: { $0 > 20 && $0 < 22 ? 20 : $0 })
        let placed = try place(copy)
        let edits = MasterEdit.of(placed, copy: try #require(copy), master: try #require(Self.master).course)
        try #require(edits.map(\.kind) == [.frozen], "\(edits)")
        #expect(abs(edits[0].seconds - 20) < 0.1 && abs(edits[0].length - 2) < 0.1)
    }

    @Test("film that is played as television is named with its speed")
    func speed() throws {
        let ratio = 24000.0 / 1001 / 25
        let copy = MadeScene.course(
            MadeScene.times(40, rate: 24000.0 / 1001), draw: { Self.scene.picture(at: $0, noise: 0.5) },
            shows: { $0 * ratio + 6 })
        let placed = try place(copy)
        let piece = try #require(placed.pieces.first, "\(placed.because)")
        #expect(PlaySpeed.name(of: 1 + piece.slope) == "23.976/25")
        #expect(abs(piece.master(at: 0) - 6) < 0.005 && abs(piece.master(at: 40) - 6 - 40 * ratio) < 0.005)
    }

    @Test("slow movements at another speed are that speed, and no row of cuts", arguments: [25 / 23.976, 24.0 / 25])
    func slowSpeed(ratio: Double) throws {
        var slow = Self.scene
        slow.slowness = 4
        let master = try #require(MadeScene.course(MadeScene.times(48, rate: 25)) { slow.picture(at: $0) })
        let copy = try #require(
            MadeScene.course(
                MadeScene.times(42, rate: 25), draw: { slow.picture(at: $0, noise: 0.3) }, shows: { $0 * ratio + 1 }))
        let placed = PicturePlacer().place(copy, on: MasterPicture(master))
        let piece = try #require(placed.pieces.first, "\(placed.because)")
        #expect(placed.pieces.count == 1)
        #expect(abs(1 + piece.slope - ratio) < 0.0005)
        #expect(MasterEdit.of(placed, copy: copy, master: master).isEmpty)
    }

    @Test("where single frames tell too little, blocks of whole frames do", arguments: [3, 4])
    func blocks(slowness: Double) throws {
        var slow = Self.scene
        slow.slowness = slowness
        let noise = 20 / slowness
        let master = MadeScene.course(MadeScene.times(50, rate: 25)) { slow.picture(at: $0, noise: noise / 3) }
        let copy = MadeScene.course(
            MadeScene.times(40, rate: 25), draw: { slow.picture(at: $0 + 1e-5, noise: noise) }, shows: { $0 + 4.28 })
        let placed = PicturePlacer().place(try #require(copy), on: MasterPicture(try #require(master)))
        let piece = try #require(placed.pieces.first, "\(placed.because)")
        #expect(abs(piece.offset(at: 20) - 4.28) < 0.003)
    }

    @Test("another programme is not placed", arguments: [UInt64(11), 12, 13, 14])
    func foreign(seed: UInt64) throws {
        let other = MadeScene(seed: seed, seconds: 90)
        let placed = try place(MadeScene.course(MadeScene.times(30, rate: 25)) { other.picture(at: $0, noise: 0.5) })
        #expect(placed.pieces.isEmpty && placed.isAmple && !placed.because.isEmpty)
    }

    @Test("a picture that stands still, or comes again and again, is not guessed")
    func untold() throws {
        var still = Self.scene
        still.stillUntil = 80
        let standing = try place(MadeScene.course(MadeScene.times(40, rate: 25)) { still.picture(at: $0, noise: 0.5) })
        #expect(standing.pieces.isEmpty && !standing.because.isEmpty)
        var loop = Self.scene
        loop.period = 6
        let course = try #require(MadeScene.course(MadeScene.times(45, rate: 25)) { loop.picture(at: $0) })
        let copy = try #require(
            MadeScene.course(
                MadeScene.times(30, rate: 25), draw: { loop.picture(at: $0, noise: 0.3) }, shows: { $0 + 12 }))
        let looping = PicturePlacer().place(copy, on: MasterPicture(course))
        #expect(
            looping.pieces.isEmpty && looping.because.contains { $0.description.contains("repeats") },
            "\(looping.because)")
    }
}
