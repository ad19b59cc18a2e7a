import SignalCore
import SyncModel
import Testing

@testable import LipSync

/// Crops of the lower face: what is made of them, and what is answered by them alone.
@Suite struct PixelTests {
    let fixture: Fixture
    let model: LipModel

    init() throws {
        fixture = try Fixture.shared.get()
        model = try Fixture.model.get()
    }

    private static let box = PictureBox(x: 100, y: 80, width: 118, height: 118)

    /// The fixture's crops as a face that no mesh fits, its sound made later.
    private func finding(laterMilliseconds: Double) throws -> Finding {
        let pixels = try fixture.pixels()
        var scene = LipScene()
        for (index, seconds) in pixels.times.enumerated() {
            let face = SeenFace(identity: 3, shape: nil, box: PixelTests.box)
            scene.append(pixels.seen[index] ? [face] : [], isFirstOfShot: index == 0, seconds: seconds)
            guard pixels.seen[index] else { continue }
            let crop = Array(pixels.crops[index * MouthPixels.area..<(index + 1) * MouthPixels.area])
            scene.append(SeenPixels(identity: 3, seconds: seconds, crop: crop, box: PixelTests.box))
        }
        let sound = soundFeatures([try fixture.samples()], start: Int(laterMilliseconds * 16))
        return LipAnalyser(model: model).finding(scene: scene, sound: sound)
    }

    /// The fixture's sound is 137 ms late by construction.
    @Test("A face that no mesh fits is answered by its pixels alone", arguments: [0.0, -250, 180])
    func pixelsAlone(later: Double) throws {
        let found = try finding(laterMilliseconds: later)
        let offset = try #require(found.offset?.milliseconds, "\(found.because)")
        #expect(abs(offset + 137 + later) < 40)
        #expect(found.evidence.contains(Evidence("method", .text("lower-face-pixels"))))
        #expect(found.evidence.contains(Evidence("face_pixels", .number(118, decimals: 0))))
        #expect(found.evidence.contains(Evidence("mouth_motion", .unknown)))
    }

    @Test("Of sixty pictures a second every second one is looked at, and the answer is that of thirty")
    func thinned() throws {
        let expert = try #require(model.pixels)
        let source = try fixture.pixels()
        func crop(_ index: Int) -> ArraySlice<UInt8> {
            source.crops[index * MouthPixels.area..<(index + 1) * MouthPixels.area]
        }
        var (thirty, sixty) = (MouthPixels(), MouthPixels())
        for index in 0..<30 {
            let seconds = Double(index) / 30
            thirty.times.append(seconds)
            thirty.crops += crop(index)
            for half in 0..<2 {
                sixty.times.append(seconds + Double(half) / 60)
                // What comes between would change everything if it were looked at.
                sixty.crops += half == 0 ? crop(index) : crop((index * 7) % 30)
            }
        }
        for keys in [\MouthPixels.seen] {
            thirty[keyPath: keys] = [Bool](repeating: true, count: 30)
            sixty[keyPath: keys] = [Bool](repeating: true, count: 60)
        }
        let (one, other) = (PixelTrack.segments(thirty, expert), PixelTrack.segments(sixty, expert))
        #expect(one.count == 1 && other.count == 1)
        #expect(one[0].features == other[0].features)
    }

    @Test("A gap of more than 0.15 s splits a run of crops, a shorter one does not", arguments: [(2, 1), (5, 2)])
    func gaps(missing: Int, runs: Int) throws {
        let expert = try #require(model.pixels)
        var pixels = MouthPixels()
        for index in 0..<60 {
            pixels.times.append(Double(index) * 0.04)
            pixels.crops += [UInt8](repeating: UInt8(100 + index), count: MouthPixels.area)
            pixels.seen.append(!(30..<30 + missing).contains(index))
            pixels.side.append(90)
        }
        #expect(PixelTrack.segments(pixels, expert).count == runs)
        #expect(MouthView(mouths: [], pixels: [pixels]).side == 90)
    }

    @Test("A kind that sees less than half as much as the other is left out")
    func kinds() throws {
        func segments(_ frames: Int) -> [PixelTrack.Segment] {
            [PixelTrack.Segment(first: 0, features: FrameMatrix(frames: frames, columns: 48))]
        }
        func points(_ frames: Int) -> [MouthTrack.Segment] {
            [MouthTrack.Segment(first: 0, features: FrameMatrix(frames: frames, columns: 14), opening: 0.01)]
        }
        for (landmarks, pixels, expected) in [
            (100, 100, MouthMode.both), (49, 100, .pixels), (50, 100, .both), (100, 49, .landmarks),
        ] {
            let pieces = MouthPieces(landmarks: points(landmarks), pixels: segments(pixels))
            #expect(MouthMode(MouthPieces.kinds([pieces], model: model)) == expected)
        }
    }

    @Test("Crops without contrast give finite features")
    func flat() throws {
        let stem = try #require(model.pixels).stem
        let rows = stem([[Float]](repeating: [Float](repeating: 0, count: 48 * 48), count: 3))
        #expect(rows.frames == 3 && rows.values.allSatisfy(\.isFinite))
        #expect(stem([]).frames == 0)
    }
}
