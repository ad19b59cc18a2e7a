import Assets
import Foundation
import Inference
import SyncModel
import Testing

@testable import FaceTracking

/// The anchors and boxes of BlazeFace's short range, computed anew by the options of MediaPipe's graph
/// (`SsdAnchorsCalculatorOptions` and `TensorsToDetectionsCalculatorOptions` in
/// `face_detection_short_range.pbtxt`).
private enum MediaPipe {
    /// Strides of the layers, one aspect ratio and one in between, so two anchors a layer and place; layers of one
    /// stride share a grid.
    static let anchors: [(x: Double, y: Double)] = {
        let strides = [8, 16, 16, 16]
        var result: [(x: Double, y: Double)] = []
        var layer = 0
        while layer < strides.count {
            let stride = strides[layer]
            var each = 0
            while layer < strides.count, strides[layer] == stride {
                each += 2
                layer += 1
            }
            let cells = Int((128 / Double(stride)).rounded(.up))
            for place in 0..<cells * cells * each {
                let cell = place / each
                result.append(
                    ((Double(cell % cells) + 0.5) / Double(cells), (Double(cell / cells) + 0.5) / Double(cells)))
            }
        }
        return result
    }()

    struct Box {
        /// Shares of the 128 x 128 pixels; points are the two eyes.
        var score, x, y, width, height: Double
        var points: [(x: Double, y: Double)]
    }

    /// The box with the highest score: raw boxes are x, y, width, height and six points, in pixels from the anchor.
    static func best(boxes: UnsafeBufferPointer<Float>, scores: UnsafeBufferPointer<Float>) -> Box? {
        guard let index = scores.indices.max(by: { scores[$0] < scores[$1] }) else { return nil }
        let raw = (0..<16).map { Double(boxes[index * 16 + $0]) / 128 }
        let anchor = anchors[index]
        return Box(
            score: 1 / (1 + exp(-Double(scores[index]))), x: raw[0] + anchor.x, y: raw[1] + anchor.y, width: raw[2],
            height: raw[3],
            points: [4, 6].map { (raw[$0] + anchor.x, raw[$0 + 1] + anchor.y) })
    }
}

@Suite("The face detector", .models)
struct FaceDetectorTests {
    @Test("its anchors are those of MediaPipe: 16 x 16 x 2 and 8 x 8 x 6")
    func anchors() throws {
        #expect(MediaPipe.anchors.count == 16 * 16 * 2 + 8 * 8 * 6)
        let model = try InferenceModel(path: Installed.assets.detector, outputs: 2, library: Installed.library.get())
        #expect(model.outputs.map(\.count) == [MediaPipe.anchors.count * 16, MediaPipe.anchors.count])
    }

    @Test("its best face is what the network's numbers say by a computation of our own", arguments: [0, 90, 150])
    func decoding(x: Int) throws {
        let picture = try MadeFace.resting.get().placed(x: x, y: 20, scale: 0.8, width: 420, height: 260)
        let library = try Installed.library.get()
        let faces = try FaceDetector(path: Installed.assets.detector, library: library).faces(in: picture)
        let face = try #require(faces.first)
        // The picture in the middle of a black square of its longer side.
        let model = try InferenceModel(path: Installed.assets.detector, outputs: 2, library: library)
        var pixels: [Float] = []
        picture.sample(
            OrientedSquare(centre: PicturePoint(x: 210, y: 130), side: 420, angle: 0), size: 128, into: &pixels)
        for index in pixels.indices { model.input[index] = (pixels[index] - 127.5) / 127.5 }
        try model.run()
        let best = try #require(MediaPipe.best(boxes: model.outputs[0], scores: model.outputs[1]))
        func displayed(_ x: Double, _ y: Double) -> PicturePoint { PicturePoint(x: x * 420, y: y * 420 - 80) }
        #expect(face.centre.distance(to: displayed(best.x, best.y)) < 0.1)
        #expect(face.rightEye.distance(to: displayed(best.points[0].x, best.points[0].y)) < 0.1)
        #expect(face.leftEye.distance(to: displayed(best.points[1].x, best.points[1].y)) < 0.1)
        #expect(abs(face.width - best.width * 420) < 0.1 && abs(face.height - best.height * 420) < 0.1)
        #expect(abs(face.score - best.score) < 1e-4)
        // And it lies on the face.
        let box = PictureBox(
            x: Double(x) + MadeFace.box.x * 0.8, y: 20 + MadeFace.box.y * 0.8, width: MadeFace.box.width * 0.8,
            height: MadeFace.box.height * 0.8)
        let seen = PictureBox(
            x: face.centre.x - face.width / 2, y: face.centre.y - face.height / 2, width: face.width,
            height: face.height)
        #expect(seen.overlap(with: box) > 0.5, "\(seen), placed at \(box)")
        #expect(face.rightEye.x < face.leftEye.x)
    }

    @Test("the square about a face turns with its eyes, the least way round")
    func square() {
        func face(_ right: PicturePoint, _ left: PicturePoint) -> OrientedSquare {
            DetectedFace(
                score: 1, centre: PicturePoint(x: 50, y: 50), width: 40, height: 30, rightEye: right, leftEye: left
            ).square
        }
        let (low, high) = (PicturePoint(x: 40, y: 40), PicturePoint(x: 60, y: 60))
        #expect(abs(face(low, high).angle - .pi / 4) < 1e-12)
        #expect(abs(face(high, low).angle - .pi / 4) < 1e-12)
        #expect(face(low, PicturePoint(x: 60, y: 40)).angle == 0)
        #expect(face(low, high).side == 60)
    }
}

@Suite("Models that are missing or others", .models)
struct MissingModelTests {
    /// A folder with the library and what is put under `models/`.
    private func folder(_ models: [String: String]) throws -> AssetFolder {
        let root = NSTemporaryDirectory() + "genlock-faces-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: root + "/models", withIntermediateDirectories: true)
        let folder = AssetFolder(root: root)
        for (name, from) in models { try FileManager.default.copyItem(atPath: from, toPath: "\(root)/models/\(name)") }
        return folder
    }

    private func refusal(_ models: [String: String]) throws -> (error: InferenceError, folder: AssetFolder) {
        let folder = try folder(models)
        defer { try? FileManager.default.removeItem(atPath: folder.root) }
        let library = try Installed.library.get()
        let error = #expect(throws: InferenceError.self) { try FaceTracker(assets: folder, library: library) }
        return (try #require(error), folder)
    }

    @Test("a missing model is named, and so is what brings it")
    func missing() throws {
        let none = try refusal([:])
        #expect(none.error.kind == .modelMissing)
        #expect(none.error.description.contains(none.folder.detector))
        #expect(none.error.remedy.contains("scripts/setup"))
        let half = try refusal(["face_detection_short_range.tflite": Installed.assets.detector])
        #expect(half.error.kind == .modelMissing)
        #expect(half.error.description.contains(half.folder.mesh))
        let folder = half.folder
        #expect(folder.missing.contains { $0.contains(folder.mesh) })
    }

    @Test("a model that is another one, or none at all, is named")
    func others() throws {
        let turned = try refusal([
            "face_detection_short_range.tflite": Installed.assets.mesh,
            "face_landmark.tflite": Installed.assets.detector,
        ])
        #expect(turned.error.description.contains(turned.folder.detector))
        let twice = try refusal([
            "face_detection_short_range.tflite": Installed.assets.detector,
            "face_landmark.tflite": Installed.assets.detector,
        ])
        #expect(twice.error.description.contains(twice.folder.mesh))
        let text = try refusal([
            "face_detection_short_range.tflite": #filePath, "face_landmark.tflite": Installed.assets.mesh,
        ])
        #expect(text.error.description.contains(text.folder.detector))
        #expect(!text.error.remedy.isEmpty)
    }

    @Test("a library that is missing is named, and so is what brings it")
    func library() {
        let error = #expect(throws: InferenceError.self) { try InferenceLibrary(path: "/nonexistent/libopenvino_c.so") }
        #expect(error?.kind == .runtimeMissing)
        #expect(error?.description.contains("/nonexistent/libopenvino_c.so") == true)
        #expect(error?.remedy.contains("scripts/setup") == true)
    }
}
