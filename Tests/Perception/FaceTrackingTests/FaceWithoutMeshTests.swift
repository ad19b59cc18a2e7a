import Assets
import Foundation
import SyncModel
import Testing

@testable import FaceTracking

@Suite("Faces that no mesh fits, and small ones", .models)
struct FaceWithoutMeshTests {
    /// The portrait foreshortened about its middle, as a face that turns away.
    private func portrait(width share: Double) throws -> MadePicture {
        let portrait = try MadeFace.resting.get()
        var result = MadePicture(width: portrait.width, height: portrait.height) { _, _ in 40 }
        for row in 0..<portrait.height {
            for column in 0..<portrait.width {
                let from = 160 + Int((Double(column - 160) / share).rounded())
                guard (0..<portrait.width).contains(from) else { continue }
                let (target, source) = ((row * portrait.width + column) * 3, (row * portrait.width + from) * 3)
                result.pixels.replaceSubrange(target..<target + 3, with: portrait.pixels[source..<source + 3])
            }
        }
        return result
    }

    @Test("a face that turns away until no mesh fits keeps its track: it is followed by its box, and has its crops")
    func turning() throws {
        let tracker = try Installed.tracker()
        let widths = (0..<24).map { max(0.4, 1 - 0.03 * Double($0)) }
        var crops: [LowerFaceCrop] = []
        var views: [FaceView] = []
        for (index, width) in widths.enumerated() {
            let view = try tracker.track(portrait(width: width), seconds: Double(index) * 0.08)
            crops += view.crops
            views.append(view)
        }
        crops += tracker.finish()
        #expect(views.first?.faces.map(\.identity) == [0])
        let last = try #require(views.last)
        #expect(last.faces.isEmpty && last.boxes.map(\.identity) == [0])
        let middle = try #require(last.boxes.first?.box.centre)
        #expect(abs(middle.x - 160) < 25 && abs(middle.y - MadeFace.box.y - MadeFace.box.height / 2) < 25, "\(middle)")
        #expect(crops.count == widths.count && crops.allSatisfy { $0.identity == 0 })
    }

    @Test("a face too small for the detector of large ones is found, followed and cut out", arguments: [0.15, 0.12])
    func small(scale: Double) throws {
        let picture = try MadeFace.resting.get().placed(x: 400, y: 60, scale: scale, width: 640, height: 360)
        let detector = try FaceDetector(path: Installed.assets.detector, library: Installed.library.get())
        #expect(try detector.faces(in: picture).isEmpty)
        #expect(try detector.faces(inPiecesOf: picture, shares: [1, 2]).isEmpty)
        let tracker = try Installed.tracker()
        var crops: [LowerFaceCrop] = []
        for index in 0..<5 { crops += try tracker.track(picture, seconds: Double(index) / 25).crops }
        crops += tracker.finish()
        #expect(crops.count == 5)
        let placed = PicturePoint(
            x: 400 + scale * (MadeFace.box.x + MadeFace.box.width / 2),
            y: 60 + scale * (MadeFace.box.y + MadeFace.box.height / 2))
        #expect(crops.allSatisfy { $0.box.centre.distance(to: placed) < 0.4 * $0.box.side && $0.box.side < 30 })
    }

    @Test("at 50 and 60 pictures a second every second one is cut out", arguments: [50.0, 60])
    func fast(rate: Double) throws {
        let tracker = try Installed.tracker()
        let portrait = try MadeFace.resting.get()
        var crops: [LowerFaceCrop] = []
        for index in 0..<8 { crops += try tracker.track(portrait, seconds: Double(index) / rate).crops }
        crops += tracker.finish()
        #expect(crops.map { Int(($0.seconds * rate).rounded()) } == [0, 2, 4, 6])
    }

    @Test("followed without meshes, a face has the same track and nearly the same crops as with them")
    func boxesAlone() throws {
        func looked(_ followsMeshes: Bool) throws -> (crops: [LowerFaceCrop], views: [FaceView]) {
            let tracker = try Installed.tracker()
            tracker.followsMeshes = followsMeshes
            tracker.beginClip()
            var result: (crops: [LowerFaceCrop], views: [FaceView]) = ([], [])
            for index in 0..<20 {
                let picture = try MadeFace.picture(opening: abs(sin(Double(index) / 3)))
                    .placed(x: 30 + 2 * index, y: 20, width: 480, height: 320)
                let view = try tracker.track(picture, seconds: Double(index) / 25)
                result.crops += view.crops
                result.views.append(view)
            }
            result.crops += tracker.finish()
            return result
        }
        let (boxes, meshes) = (try looked(false), try looked(true))
        #expect(boxes.views.allSatisfy { $0.faces.isEmpty && $0.boxes.map(\.identity) == [0] })
        #expect(meshes.views.allSatisfy { $0.faces.map(\.identity) == [0] })
        try #require(boxes.crops.count == 20 && meshes.crops.count == 20)
        for (one, other) in zip(boxes.crops, meshes.crops) {
            #expect(one.seconds == other.seconds && one.box.centre.distance(to: other.box.centre) < 0.03 * one.box.side)
            #expect(abs(one.box.side / other.box.side - 1) < 0.04)
        }
    }

    @Test("followed without meshes, a face is lost where it goes, and found where it comes back")
    func goneAndBack() throws {
        let tracker = try Installed.tracker()
        tracker.followsMeshes = false
        tracker.beginClip()
        let (face, none) = (try MadeFace.resting.get(), MadePicture(width: 320, height: 240) { _, _ in 90 })
        var identities: [[Int]] = []
        for index in 0..<30 {
            let view = try tracker.track((8..<20).contains(index) ? none : face, seconds: Double(index) / 25)
            identities.append(view.boxes.map(\.identity))
        }
        #expect(identities[7] == [0] && identities[19].isEmpty && identities[29] == [1])
    }
}
