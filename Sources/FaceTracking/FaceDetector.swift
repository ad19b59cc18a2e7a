import Foundation
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
                let centre = PicturePoint(x: (Double(column) + 0.5) / Double(cells), y: (Double(row) + 0.5) / Double(cells))
                result += Array(repeating: centre, count: each)
            }
        }
        return result
    }

    private let model: InferenceModel
    private var pixels: [Float] = []

    init(path: String, library: InferenceLibrary) throws(FaceTrackingError) {
        model = try InferenceModel(path: path, outputs: 2, library: library)
        let wanted = (FaceDetector.anchors.count * 16, FaceDetector.anchors.count)
        guard model.input.count == FaceDetector.size * FaceDetector.size * 3,
            model.outputs[0].count == wanted.0, model.outputs[1].count == wanted.1
        else { throw FaceTrackingError(.modelMissing, "\(path) is not the short-range face detector") }
    }

    /// The best face in the whole picture, or nil.
    func best(in picture: some PictureSampling) throws -> DetectedFace? {
        let whole = OrientedSquare(
            centre: PicturePoint(x: picture.displayWidth / 2, y: picture.displayHeight / 2),
            side: max(picture.displayWidth, picture.displayHeight), angle: 0)
        return try best(in: picture, within: whole)
    }

    /// The best face in pieces of the picture: what is too small to be seen in the whole.
    ///
    /// Squares of the short side and of half of it, each overlapping the next by half.
    func bestInPieces(of picture: some PictureSampling) throws -> DetectedFace? {
        let short = min(picture.displayWidth, picture.displayHeight)
        var found: DetectedFace?
        for side in [short, short / 2] where side >= 48 {
            let columns = max(1, Int(((picture.displayWidth - side) / (side / 2)).rounded(.up)) + 1)
            let rows = max(1, Int(((picture.displayHeight - side) / (side / 2)).rounded(.up)) + 1)
            guard columns * rows <= 40 else { continue }
            for row in 0..<rows {
                for column in 0..<columns {
                    let centre = PicturePoint(
                        x: min(side / 2 + Double(column) * side / 2, picture.displayWidth - side / 2),
                        y: min(side / 2 + Double(row) * side / 2, picture.displayHeight - side / 2))
                    let face = try best(in: picture, within: OrientedSquare(centre: centre, side: side, angle: 0))
                    if let face, face.score > found?.score ?? 0 { found = face }
                }
            }
            if found != nil { return found }
        }
        return found
    }

    private func best(in picture: some PictureSampling, within square: OrientedSquare) throws -> DetectedFace? {
        try picture.sample(square, size: FaceDetector.size, into: &pixels)
        for index in pixels.indices { model.input[index] = pixels[index] / 127.5 - 1 }
        try model.run()
        let scores = model.outputs[1]
        guard let top = scores.indices.max(by: { scores[$0] < scores[$1] }) else { return nil }
        let score = 1 / (1 + exp(-Double(scores[top])))
        guard score >= FaceDetector.threshold else { return nil }
        let box = (0..<16).map { Double(model.outputs[0][top * 16 + $0]) / Double(FaceDetector.size) }
        let anchor = FaceDetector.anchors[top]
        let corner = PicturePoint(x: square.centre.x - square.side / 2, y: square.centre.y - square.side / 2)
        func point(_ index: Int) -> PicturePoint {
            PicturePoint(
                x: corner.x + (anchor.x + box[index]) * square.side, y: corner.y + (anchor.y + box[index + 1]) * square.side)
        }
        return DetectedFace(
            score: score, centre: point(0), width: box[2] * square.side, height: box[3] * square.side,
            rightEye: point(4), leftEye: point(6))
    }
}
