import Foundation
import Inference
import SyncModel

/// A face as the detector sees it, in displayed pixels.
struct DetectedFace {
    /// Probability that it is a face.
    let score: Double
    let centre: PicturePoint
    let width: Double
    let height: Double
    let rightEye: PicturePoint
    let leftEye: PicturePoint

    /// The square about the face that the mesh looks at: half as large again as the box, turned with the eyes.
    var square: OrientedSquare {
        var (dx, dy) = (leftEye.x - rightEye.x, leftEye.y - rightEye.y)
        if dx < 0 { (dx, dy) = (-dx, -dy) }
        return OrientedSquare(centre: centre, side: 1.5 * max(width, height), angle: atan2(dy, dx))
    }
}

/// BlazeFace, short range (Bazarevsky et al. 2019): finds faces in a square picture of 128 x 128 pixels.
final class FaceDetector {
    private static let size = 128
    private static let threshold = 0.5
    /// 16 x 16 cells with 2 anchors and 8 x 8 cells with 6, as shares of the picture.
    private static let anchors: [PicturePoint] = anchors(cells: 16, each: 2) + anchors(cells: 8, each: 6)

    private static func anchors(cells: Int, each: Int) -> [PicturePoint] {
        var result: [PicturePoint] = []
        for row in 0..<cells {
            for column in 0..<cells {
                let centre = PicturePoint(
                    x: (Double(column) + 0.5) / Double(cells), y: (Double(row) + 0.5) / Double(cells))
                result += Array(repeating: centre, count: each)
            }
        }
        return result
    }

    private let model: InferenceModel
    private var pixels: [Float] = []

    init(path: String, library: InferenceLibrary) throws(InferenceError) {
        model = try InferenceModel(path: path, outputs: 2, library: library)
        let wanted = (FaceDetector.anchors.count * 16, FaceDetector.anchors.count)
        guard model.input.count == FaceDetector.size * FaceDetector.size * 3,
            model.outputs[0].count == wanted.0, model.outputs[1].count == wanted.1
        else { throw InferenceError(.modelMissing, "\(path) is not the short-range face detector") }
    }

    /// Faces in the whole picture.
    func faces(in picture: some PictureSampling) throws -> [DetectedFace] {
        let whole = OrientedSquare(
            centre: PicturePoint(x: picture.displayWidth / 2, y: picture.displayHeight / 2),
            side: max(picture.displayWidth, picture.displayHeight), angle: 0)
        return try faces(in: picture, within: whole)
    }

    /// Faces in squares of the picture's short side over each of `shares`, overlapping by half: what is too small to be
    /// seen in the whole. Ends with the first share that shows any.
    func faces(inPiecesOf picture: some PictureSampling, shares: [Double]) throws -> [DetectedFace] {
        let short = min(picture.displayWidth, picture.displayHeight)
        for side in shares.map({ short / $0 }) where side >= 48 {
            let columns = max(1, Int(((picture.displayWidth - side) / (side / 2)).rounded(.up)) + 1)
            let rows = max(1, Int(((picture.displayHeight - side) / (side / 2)).rounded(.up)) + 1)
            guard columns * rows <= 40 else { continue }
            var found: [DetectedFace] = []
            for row in 0..<rows {
                for column in 0..<columns {
                    let centre = PicturePoint(
                        x: min(side / 2 + Double(column) * side / 2, picture.displayWidth - side / 2),
                        y: min(side / 2 + Double(row) * side / 2, picture.displayHeight - side / 2))
                    found += try faces(in: picture, within: OrientedSquare(centre: centre, side: side, angle: 0))
                }
            }
            if !found.isEmpty { return FaceDetector.distinct(found) }
        }
        return []
    }

    /// The best of each group of boxes about one face (non-maximum suppression).
    private static func distinct(_ faces: [DetectedFace]) -> [DetectedFace] {
        var kept: [DetectedFace] = []
        for face in faces.sorted(by: { $0.score > $1.score }) {
            let isNew = kept.allSatisfy { $0.centre.distance(to: face.centre) > 0.5 * max($0.width, face.width) }
            if isNew { kept.append(face) }
        }
        return kept
    }

    private func faces(in picture: some PictureSampling, within square: OrientedSquare) throws -> [DetectedFace] {
        try picture.sample(square, size: FaceDetector.size, into: &pixels)
        for index in pixels.indices { model.input[index] = pixels[index] / 127.5 - 1 }
        try model.run()
        let scores = model.outputs[1]
        let least = Float(log(FaceDetector.threshold / (1 - FaceDetector.threshold)))
        return FaceDetector.distinct(scores.indices.filter { scores[$0] >= least }.map { face(at: $0, within: square) })
    }

    /// The face that the network puts at one of its anchors.
    private func face(at index: Int, within square: OrientedSquare) -> DetectedFace {
        let box = (0..<16).map { Double(model.outputs[0][index * 16 + $0]) / Double(FaceDetector.size) }
        let anchor = FaceDetector.anchors[index]
        let corner = PicturePoint(x: square.centre.x - square.side / 2, y: square.centre.y - square.side / 2)
        func point(_ index: Int) -> PicturePoint {
            PicturePoint(
                x: corner.x + (anchor.x + box[index]) * square.side,
                y: corner.y + (anchor.y + box[index + 1]) * square.side)
        }
        return DetectedFace(
            score: 1 / (1 + exp(-Double(model.outputs[1][index]))), centre: point(0), width: box[2] * square.side,
            height: box[3] * square.side, rightEye: point(4), leftEye: point(6))
    }
}
