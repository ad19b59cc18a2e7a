import SignalCore
import SyncModel
import Testing

@testable import LipSync

/// Several faces in one picture.
@Suite struct SceneTests {
    let fixture: Fixture
    let model: LipModel

    init() throws {
        fixture = try Fixture.shared.get()
        model = try Fixture.model.get()
    }

    private let box = PictureBox(x: 10, y: 20, width: 30, height: 40)

    /// The fixture's face, the one that speaks, as `speaker`, and beside it the same face with its pictures in the
    /// reverse order.
    private func scene(speaker: Int, listener: Int) throws -> LipScene {
        let pictures = try fixture.pictures()
        var scene = LipScene()
        for (index, picture) in pictures.enumerated() {
            func seen(_ identity: Int, _ landmarks: [Float]?) -> SeenFace? {
                landmarks.flatMap { MouthShape(landmarks: $0, model: model) }.map {
                    SeenFace(identity: identity, shape: $0, box: box)
                }
            }
            let faces = [
                seen(speaker, picture.landmarks), seen(listener, pictures[pictures.count - 1 - index].landmarks),
            ].compactMap { $0 }
            scene.append(
                faces.sorted { $0.identity < $1.identity }, isFirstOfShot: index == 0, seconds: picture.seconds)
        }
        return scene
    }

    @Test(arguments: [(0, 1), (5, 2)])
    func theFaceThatSpeaksCarriesTheOffset(speaker: Int, listener: Int) throws {
        let sound = soundFeatures([try fixture.samples()])
        let alone = try LipPropertyTests.unmoved.get().offset
        let scoring = try #require(
            LipScoring(
                scene: scene(speaker: speaker, listener: listener), sound: sound, stretches: [], model: model, reach: 75
            ))
        #expect(abs(scoring.evidence.offset.milliseconds - alone.milliseconds) < 15)
        let speaking = Dictionary(uniqueKeysWithValues: scoring.faces.map { ($0.face.identity, $0.speakingSeconds) })
        #expect(try #require(speaking[speaker]) > 2 * (speaking[listener] ?? 0))
    }

    @Test func aWideSearchFindsASoundThatLiesFarOff() throws {
        let samples = try fixture.samples()
        let near = try LipPropertyTests.unmoved.get().offset
        let far = soundFeatures([samples], start: 16 * 4200)
        let wide = try #require(
            LipScoring(scene: LipScene(fixture.mouth(model)), sound: far, stretches: [], model: model, reach: 500))
        #expect(abs(wide.evidence.offset.milliseconds - near.milliseconds + 4200) < 10)
    }

    @Test func stretchesPutEndToEndKeepTheirTimes() {
        var recording = SampledRecording(heard: nil, reachSeconds: 1.5)
        recording.begin(10..<15)
        recording.begin(100..<105)
        for stretch in recording.stretches {
            let place = stretch.seconds.lowerBound + stretch.shift
            #expect(
                abs(SampledRecording.mediaSeconds(place, of: recording.stretches) - stretch.seconds.lowerBound) < 1e-6)
        }
        #expect(recording.stretches[1].place >= recording.stretches[0].place + recording.stretches[0].sound.count)
    }
}
