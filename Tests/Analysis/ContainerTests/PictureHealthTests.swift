import Container
import Foundation
import SignalCore
import SyncModel
import Testing

/// Pictures of a textured scene that pans by a tenth of a box from one to the next.
private enum Pan {
    static let step = 0.04

    static func picture(_ place: Double, at seconds: Double, scene: Double = 0, gain: Float = 1) -> HealthFrame {
        let (columns, rows) = (HealthFrame.columns, HealthFrame.rows)
        let boxes = (0..<columns * rows).map { index -> Float in
            let (x, y) = (Double(index % columns) + place / 10, Double(index / columns) + scene)
            return gain * Float(110 + 40 * sin(0.4 * x + 1.7 * y + scene) + 30 * sin(0.2 * x - 0.8 * y))
        }
        return HealthFrame(seconds: seconds, boxes: boxes, pixels: boxes, isConcealed: false)
    }

    static func pictures(_ places: [Double]) -> [HealthFrame] {
        places.enumerated().map { picture($0.element, at: step * Double($0.offset)) }
    }

    /// The same picture as a coder repaints it that spares bits: noise of so many grey levels on everything.
    static func repainted(_ frame: HealthFrame, boxes noise: Float, pixels: Float, seed: UInt64) -> HealthFrame {
        var generator = SplitMix64(seed: seed)
        func noisy(_ values: [Float], _ level: Float) -> [Float] {
            values.map { $0 + Float.random(in: -level...level, using: &generator) }
        }
        return HealthFrame(
            seconds: frame.seconds, boxes: noisy(frame.boxes, noise), pixels: noisy(frame.pixels, pixels),
            isConcealed: false)
    }

    static func steady(_ count: Int = 75) -> [Double] { (0..<count).map(Double.init) }
}

private func told(_ frames: [HealthFrame], holes: [TimeSpan] = []) -> [ContainerFault.Kind: [TimeSpan]] {
    var health = PictureHealth(step: Pan.step, holes: holes)
    health.look(at: frames)
    return Dictionary(uniqueKeysWithValues: health.faults.map { ($0.kind, $0.moments) })
}

@Suite("Health of pictures")
struct PictureHealthTests {
    @Test("a pan that goes on is well")
    func well() { #expect(told(Pan.pictures(Pan.steady())).isEmpty) }

    @Test("a picture that is held in the midst of a pan is frozen, for as long as it is held")
    func frozen() throws {
        var places = Pan.steady()
        for index in 30..<45 { places[index] = 29 }
        let told = told(Pan.pictures(places))
        let moment = try #require(told[.frozen]?.first)
        #expect(told.count == 1 && abs(moment.start - 1.2) < 1e-9 && abs(moment.length - 0.6) < 1e-9)
    }

    @Test("one picture shown twice is doubled")
    func doubled() throws {
        var places = Pan.steady()
        places[40] = 39
        let told = told(Pan.pictures(places))
        #expect(told.count == 1)
        #expect(told[.doubled]?.map { ($0.start * 100).rounded() } == [160])
    }

    @Test("a repeat that a coder repaints is doubled; one that the motion goes on in is not")
    func repainted() {
        var places = Pan.steady()
        places[40] = 39
        var frames = Pan.pictures(places)
        frames[40] = Pan.repainted(frames[40], boxes: 0.4, pixels: 1.4, seed: 3)
        #expect(told(frames)[.doubled]?.map { ($0.start * 100).rounded() } == [160])
        places[40] = 39.4
        frames = Pan.pictures(places)
        frames[40] = Pan.repainted(frames[40], boxes: 0.4, pixels: 1.4, seed: 3)
        #expect(told(frames).isEmpty)
    }

    @Test("a held picture whose coding mounts up by less than a step of the motion is frozen")
    func mounting() throws {
        let places = (0..<120).map { index -> Double in
            if index < 30 { return Double(index) }
            return index < 90 ? 29 + 0.008 * Double(index - 29) : Double(index - 60)
        }
        let told = told(Pan.pictures(places))
        let moment = try #require(told[.frozen]?.first)
        #expect(told.count == 1 && abs(moment.start - 1.2) < 1e-9 && abs(moment.length - 2.4) < 1e-9)
    }

    @Test("a slide between two cuts, a title that stands at the end, and a scene that comes to rest are not accused")
    func meant() {
        let moving = Pan.pictures(Pan.steady(30))
        let slide = (30..<60).map { Pan.picture(5, at: Pan.step * Double($0), scene: 40) }
        let rest = (60..<90).map { Pan.picture(Double($0), at: Pan.step * Double($0), scene: 90) }
        #expect(told(moving + slide + rest).isEmpty)
        #expect(told(moving + (30..<60).map { Pan.picture(29, at: Pan.step * Double($0)) }).isEmpty)
    }

    @Test("a scene that often stands still of itself is not accused of one time more")
    func limited() {
        // Held for eight, moved by twelve, as cartoons are.
        var (places, place) = ([Double](), 0.0)
        for index in 0..<300 {
            if index % 20 >= 8 { place += 1 }
            places.append(place)
        }
        #expect(told(Pan.pictures(places))[.frozen] == nil)
    }

    @Test("black in the midst of a scene is told; a fade to black and a cut over black are not")
    func black() {
        var frames = Pan.pictures(Pan.steady())
        for index in 30..<34 { frames[index] = Pan.picture(0, at: frames[index].seconds, gain: 0.1) }
        #expect(told(frames)[.black]?.count == 1)
        var faded = Pan.pictures(Pan.steady())
        for index in 20..<50 {
            let gain = Float(abs(Double(index) - 35)) / 15
            faded[index] = Pan.picture(Double(index), at: faded[index].seconds, gain: max(0.05, gain))
        }
        #expect(told(faded)[.black] == nil)
        var cut = Pan.pictures(Pan.steady())
        for index in 30..<34 { cut[index] = Pan.picture(0, at: cut[index].seconds, gain: 0.1) }
        for index in 34..<75 { cut[index] = Pan.picture(Double(index), at: cut[index].seconds, scene: 40) }
        #expect(told(cut)[.black] == nil)
    }

    @Test("a picture whose lower half is another's is torn; a flash is not")
    func torn() {
        var frames = Pan.pictures(Pan.steady())
        let half = HealthFrame.columns * HealthFrame.rows / 2
        var boxes = frames[40].boxes
        boxes.replaceSubrange(half..., with: [Float](repeating: 128, count: half))
        frames[40] = HealthFrame(seconds: frames[40].seconds, boxes: boxes, pixels: boxes, isConcealed: false)
        #expect(told(frames)[.torn]?.map { ($0.start * 100).rounded() } == [160])
        var flash = Pan.pictures(Pan.steady())
        flash[40] = Pan.picture(40, at: flash[40].seconds, gain: 1.4)
        #expect(told(flash).isEmpty)
    }

    @Test("what the decoder made up is torn")
    func concealed() {
        var frames = Pan.pictures(Pan.steady())
        for index in 50..<53 {
            let boxes = frames[index].boxes
            frames[index] = HealthFrame(
                seconds: frames[index].seconds, boxes: boxes, pixels: boxes, isConcealed: true)
        }
        #expect(told(frames)[.torn]?.count == 1)
    }

    @Test("a hole of the timestamps across which the picture moved lacks pictures; one across which it stood does not")
    func missing() {
        let hole = TimeSpan(start: 1.2, end: 1.32)
        let moved = Pan.pictures(Pan.steady()).filter { !(1.19..<1.31).contains($0.seconds) }
        #expect(told(moved, holes: [hole])[.missingFrames] == [hole])
        let places: [Double] = (0..<75).map { (index: Int) -> Double in
            if index < 30 { return Double(index) }
            return index < 33 ? 29 : Double(index - 4)
        }
        let stood = Pan.pictures(places).filter { !(1.19..<1.31).contains($0.seconds) }
        #expect(told(stood, holes: [hole])[.missingFrames] == nil)
    }
}

@Suite("Packets that are looked at")
struct PictureSuspectsTests {
    /// A stream in which every 25th picture is a key picture.
    private func facts(_ change: (Int) -> Int32?) -> StreamFacts {
        var facts = Made.picture(seconds: 60)
        facts.packets = facts.stamps.indices.map { index in
            let usual: Int32 = index % 25 == 0 ? 20_000 : 3000 + Int32(index * 37 % 400)
            return PacketFacts(bytes: change(index) ?? usual, isKey: index % 25 == 0, isBroken: index == 1200)
        }
        return facts
    }

    @Test("a stream like itself throughout is not decoded but where a packet is broken")
    func quiet() throws {
        let suspects = try #require(PictureSuspects(facts { _ in nil }))
        #expect(suspects.spans.count == 1)
        #expect(suspects.spans[0].start < 48 && suspects.spans[0].end > 48 && suspects.spans[0].length < 3)
    }

    @Test("packets that are much smaller or larger than their neighbours are looked at")
    func odd() throws {
        let suspects = try #require(PictureSuspects(facts { $0 == 310 ? 90 : $0 == 710 ? 16_000 : nil }))
        #expect(suspects.spans.count == 3)
        #expect(suspects.spans[0].start < 12.4 && suspects.spans[0].end > 12.4)
        #expect(suspects.spans[1].start < 28.4 && suspects.spans[1].end > 28.4)
    }

    @Test("at low rates, pictures coded out of order across a hole are one piece")
    func reordered() throws {
        // Six a second, each third one coded before the two that are shown first; five are lost.
        var facts = Made.picture(seconds: 12)
        let shown = (0..<72).filter { !(29..<34).contains($0) }
        let order = stride(from: 0, to: shown.count, by: 3).flatMap { first in
            [first + 2, first, first + 1].filter { $0 < shown.count }
        }
        facts.stamps = order.map { Double(shown[$0]) / 6 }
        facts.packets = order.map { PacketFacts(bytes: 3000, isKey: $0 == 0, isBroken: false) }
        let hole = try #require(PictureSuspects(facts)?.holes.first)
        #expect(abs(hole.start - 29.0 / 6) < 1e-6 && abs(hole.length - 5.0 / 6) < 1e-6)
    }

    @Test("a hole of whole pictures is one")
    func hole() throws {
        var facts = facts { _ in nil }
        facts.stamps.removeSubrange(500..<503)
        facts.packets.removeSubrange(500..<503)
        let hole = try #require(PictureSuspects(facts)?.holes.first)
        #expect(abs(hole.start - 20) < 1e-6 && abs(hole.length - 0.12) < 1e-6)
    }
}
