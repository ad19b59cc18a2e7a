import Assets
import Foundation
import Inference
import SyncModel
import Testing

@testable import FaceTracking

@Suite("Faces followed from picture to picture", .models)
struct FaceTrackerTests {
    private func only(_ view: FaceView) throws -> TrackedFace {
        try #require(view.faces.count == 1 ? view.faces.first : nil, "\(view.faces.count) faces")
    }

    /// The only face on a picture, looked at long enough for the tracker's square to settle.
    private func face(on picture: MadePicture) throws -> TrackedFace {
        let tracker = try Installed.tracker()
        for index in 0..<3 { _ = try tracker.track(picture, seconds: Double(index) / 25) }
        return try only(tracker.track(picture, seconds: 0.12))
    }

    @Test("a face is found where the portrait was placed, its mouth where the mouth was drawn")
    func placed() throws {
        let face = try face(on: MadeFace.resting.get())
        #expect(face.box.overlap(with: MadeFace.box) > 0.7, "\(face.box), placed at \(MadeFace.box)")
        let (upper, lower) = (face.landmarks.point(13), face.landmarks.point(14))
        let mouth = PicturePoint(x: (upper.x + lower.x) / 2, y: (upper.y + lower.y) / 2)
        #expect(mouth.distance(to: MadeFace.mouth) < 6, "\(mouth), drawn at \(MadeFace.mouth)")
        #expect(face.landmarks.score > 0.9)
    }

    @Test("a face that moves by some pixels a picture stays the same one, and its mesh moves by as much")
    func moving() throws {
        let tracker = try Installed.tracker()
        let portrait = try MadeFace.resting.get()
        var places: [PictureBox] = []
        for index in 0..<8 {
            let picture = portrait.placed(x: 10 + 6 * index, y: 10 + 3 * index, width: 400, height: 300)
            let view = try tracker.track(picture, seconds: Double(index) / 25)
            #expect(try only(view).identity == 0)
            #expect(view.isFirstOfShot == (index == 0))
            places.append(try only(view).box)
        }
        // The first pictures are those on which the square still settles.
        let (from, to) = (places[3], places[7])
        #expect(abs(to.x - from.x - 24) < 2, "\(from), \(to)")
        #expect(abs(to.y - from.y - 12) < 2, "\(from), \(to)")
        #expect(abs(to.width / from.width - 1) < 0.03)
    }

    @Test("the same picture elsewhere gives the same mesh elsewhere, point by point")
    func elsewhere() throws {
        let portrait = try MadeFace.resting.get()
        let here = try face(on: portrait.placed(x: 10, y: 5, width: 400, height: 300))
        let there = try face(on: portrait.placed(x: 47, y: 34, width: 400, height: 300))
        for index in 0..<FaceLandmarks.count {
            let (one, other) = (here.landmarks.point(index), there.landmarks.point(index))
            #expect(abs(other.x - one.x - 37) < 2.5 && abs(other.y - one.y - 29) < 2.5, "point \(index)")
        }
    }

    @Test("a mirrored picture gives the mirrored mesh: its left eye where the right one was")
    func mirrored() throws {
        let portrait = try MadeFace.resting.get()
        let (plain, mirrored) = (try face(on: portrait), try face(on: portrait.mirrored))
        // Outer and inner corners of both eyes, corners of the mouth; then what lies in the middle.
        for (one, other) in [(33, 263), (263, 33), (133, 362), (61, 291), (291, 61), (1, 1), (152, 152), (10, 10)] {
            let (here, there) = (plain.landmarks.point(one), mirrored.landmarks.point(other))
            #expect(abs(Double(MadeFace.width) - here.x - there.x) < 5, "point \(one)")
            #expect(abs(here.y - there.y) < 5, "point \(one)")
        }
    }

    @Test("a picture of another size gives a face of another size", arguments: [0.6, 1.5, 2])
    func scaled(scale: Double) throws {
        let portrait = try MadeFace.resting.get()
        let size = (Int(Double(MadeFace.width) * scale), Int(Double(MadeFace.height) * scale))
        let plain = try face(on: portrait)
        let scaled = try face(on: portrait.placed(x: 0, y: 0, scale: scale, width: size.0, height: size.1))
        let box = PictureBox(
            x: plain.box.x * scale, y: plain.box.y * scale, width: plain.box.width * scale,
            height: plain.box.height * scale)
        #expect(scaled.box.overlap(with: box) > 0.9, "\(scaled.box), and \(box)")
        let (one, other) = (try #require(plain.landmarks.mouthOpening), try #require(scaled.landmarks.mouthOpening))
        #expect(abs(one - other) < 0.012)
    }

    @Test("a small face in a large picture is found in its pieces")
    func small() throws {
        let picture = try MadeFace.resting.get().placed(x: 400, y: 40, scale: 0.35, width: 640, height: 360)
        let box = PictureBox(
            x: 400 + MadeFace.box.x * 0.35, y: 40 + MadeFace.box.y * 0.35, width: MadeFace.box.width * 0.35,
            height: MadeFace.box.height * 0.35)
        let face = try face(on: picture)
        #expect(face.box.overlap(with: box) > 0.6, "\(face.box), placed at \(box)")
    }

    @Test("two faces are two, each with an identity of its own that it keeps")
    func two() throws {
        let portrait = try MadeFace.resting.get()
        var picture = portrait.placed(x: 0, y: 0, width: 640, height: 240)
        let other = portrait.mirrored.placed(x: 320, y: 0, width: 640, height: 240)
        for row in 0..<240 {
            let right = (row * 640 + 320) * 3..<(row + 1) * 640 * 3
            picture.pixels.replaceSubrange(right, with: other.pixels[right])
        }
        let tracker = try Installed.tracker()
        var seen: [[Int: Bool]] = []
        for index in 0..<4 {
            let view = try tracker.track(picture, seconds: Double(index) / 25)
            seen.append(
                Dictionary(uniqueKeysWithValues: view.faces.map { ($0.identity, $0.box.x + $0.box.width / 2 < 320) }))
        }
        #expect(Set(seen[0].keys) == [0, 1] && Set(seen[0].values) == [true, false])
        #expect(seen.allSatisfy { $0 == seen[0] })
    }

    @Test("the wider the jaw was drawn open, the wider is the mouth seen open")
    func opening() throws {
        let tracker = try Installed.tracker()
        let drawn = [0, 0, 0, 0.2, 0.4, 0.6, 0.8, 1]
        var seen: [Double] = []
        for (index, opening) in drawn.enumerated() {
            let view = try tracker.track(MadeFace.picture(opening: opening), seconds: Double(index) / 25)
            seen.append(Double(try #require(try only(view).landmarks.mouthOpening)))
            #expect(try only(view).identity == 0)
        }
        let (course, truth) = (Array(seen.dropFirst(2)), Array(drawn.dropFirst(2)))
        #expect(zip(course, course.dropFirst()).allSatisfy { $0 < $1 + 0.001 }, "\(course)")
        #expect(correlation(course, truth) > 0.95, "\(course)")
        // Drawn are 7 % of the face's height; the mesh sees a good half of that.
        #expect(course[5] - course[0] > 0.02 && course[5] - course[0] < 0.09, "\(course)")
    }

    private func correlation(_ one: [Double], _ other: [Double]) -> Double {
        let (a, b) = (one.reduce(0, +) / Double(one.count), other.reduce(0, +) / Double(other.count))
        var (both, first, second) = (0.0, 0.0, 0.0)
        for (x, y) in zip(one, other) {
            both += (x - a) * (y - b)
            first += (x - a) * (x - a)
            second += (y - b) * (y - b)
        }
        return both / (first * second).squareRoot()
    }

    @Test("nothing is a face on a gray picture, a gradient, noise or a pattern", arguments: Faceless.allCases)
    func faceless(kind: Faceless) throws {
        let tracker = try Installed.tracker()
        for index in 0..<2 {
            #expect(try tracker.track(kind.picture, seconds: Double(index)).faces.isEmpty)
        }
    }

    @Test("after a cut to nothing the face is gone; when it comes back it is another one")
    func cut() throws {
        let tracker = try Installed.tracker()
        let (portrait, empty) = (try MadeFace.resting.get(), Faceless.gradient.picture)
        var shots: [Bool] = []
        var identities: [[Int]] = []
        for (index, picture) in [portrait, portrait, portrait, empty, empty, portrait, portrait].enumerated() {
            let view = try tracker.track(picture, seconds: Double(index) / 25)
            shots.append(view.isFirstOfShot)
            identities.append(view.faces.map(\.identity))
        }
        #expect(shots == [true, false, false, true, false, true, false])
        #expect(identities == [[0], [0], [0], [], [], [1], [1]])
        // Another place goes on counting, another clip begins again.
        tracker.reset()
        #expect(try only(tracker.track(portrait, seconds: 0)).identity == 2)
        tracker.beginClip()
        #expect(try only(tracker.track(portrait, seconds: 0)).identity == 0)
    }

    @Test("a picture too small to hold a face holds none")
    func tiny() throws {
        let view = try Installed.tracker().track(MadePicture(width: 15, height: 300) { _, _ in 90 }, seconds: 0)
        #expect(view.faces.isEmpty && !view.isFirstOfShot)
    }
}

/// Pictures without a face.
enum Faceless: CaseIterable {
    case gray, gradient, noise, checks

    var picture: MadePicture {
        var state: UInt64 = 7
        return MadePicture(width: 320, height: 240) { column, row in
            switch self {
            case .gray: return 128
            case .gradient: return Float(column + row) * 255 / 558
            case .checks: return (column / 20 + row / 20) % 2 == 0 ? 30 : 220
            case .noise:
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Float(state >> 56)
            }
        }
    }
}
