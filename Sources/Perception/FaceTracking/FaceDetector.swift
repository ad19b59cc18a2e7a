import Foundation
import Inference
import SyncModel

/// A detected face, in displayed pixels.
struct DetectedFace {
    /// Probability that it is a face.
    let score: Double
    let centre: PicturePoint
    let width: Double
    let height: Double
    let rightEye: PicturePoint
    let leftEye: PicturePoint

    /// The square for the mesh: 1.5 times the box, rotated with the eyes.
    var square: OrientedSquare {
        var (dx, dy) = (leftEye.x - rightEye.x, leftEye.y - rightEye.y)
        if dx < 0 { (dx, dy) = (-dx, -dy) }
        return OrientedSquare(centre: centre, side: 1.5 * max(width, height), angle: atan2(dy, dx))
    }
}

/// BlazeFace (Bazarevsky et al. 2019): detects faces in a square frame; short range for large faces, full range for
/// small ones.
final class FaceDetector {
    /// A detector's geometry: its input side in pixels, and its anchors as shares of it.
    struct Reach {
        let size: Int
        let anchors: [PicturePoint]
        let words: String

        /// 128 pixels: 16 x 16 cells with 2 anchors and 8 x 8 cells with 6.
        static let short = Reach(
            size: 128, anchors: anchors(cells: 16, each: 2) + anchors(cells: 8, each: 6), words: "short-range")
        /// 192 pixels: 48 x 48 cells with one anchor.
        static let full = Reach(size: 192, anchors: anchors(cells: 48, each: 1), words: "full-range")

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
    }

    /// Minimum probability of a face.
    private static let threshold = 0.5
    /// Minimum probability of a tracked face.
    private static let followed = 0.4
    /// Tracked faces are searched in a square of this many box sides.
    private static let surroundings = 2.2

    private let reach: Reach
    private let model: InferenceModel
    private var pixels: [Float] = []

    init(path: String, reach: Reach = .short, library: InferenceLibrary) throws(InferenceError) {
        self.reach = reach
        model = try InferenceModel(path: path, outputs: 2, library: library)
        let wanted = (reach.anchors.count * 16, reach.anchors.count)
        guard model.input.count == reach.size * reach.size * 3,
            model.outputs[0].count == wanted.0, model.outputs[1].count == wanted.1
        else { throw InferenceError(.modelMissing, "\(path) is not the \(reach.words) face detector") }
    }

    /// Faces in the whole frame.
    func faces(in picture: some PictureSampling) throws -> [DetectedFace] {
        let whole = OrientedSquare(
            centre: PicturePoint(x: picture.displayWidth / 2, y: picture.displayHeight / 2),
            side: max(picture.displayWidth, picture.displayHeight), angle: 0)
        return FaceDetector.distinct(try faces(in: picture, within: whole))
    }

    /// Faces in squares of the frame's short side divided by each of `shares`, overlapping by half: those too small to
    /// be found in the whole frame. Stops at the first share with a face.
    func faces(inPiecesOf picture: some PictureSampling, shares: [Double]) throws -> [DetectedFace] {
        let short = min(picture.displayWidth, picture.displayHeight)
        for side in shares.map({ short / $0 }) where side >= 48 {
            let columns = max(1, Int(((picture.displayWidth - side) / (side / 2)).rounded(.up)) + 1)
            let rows = max(1, Int(((picture.displayHeight - side) / (side / 2)).rounded(.up)) + 1)
            guard columns * rows <= 60 else { continue }
            var found: [DetectedFace] = []
            for row in 0..<rows {
                for column in 0..<columns {
                    let centre = PicturePoint(
                        x: min(side / 2 + Double(column) * side / 2, picture.displayWidth - side / 2),
                        y: min(side / 2 + Double(row) * side / 2, picture.displayHeight - side / 2))
                    found += FaceDetector.distinct(
                        try faces(in: picture, within: OrientedSquare(centre: centre, side: side, angle: 0)))
                }
            }
            if !found.isEmpty { return FaceDetector.distinct(found) }
        }
        return []
    }

    /// A tracked face in this frame: the score-weighted mean of all boxes around it, which jitters less than the best
    /// one. nil: lost.
    func face(in picture: some PictureSampling, near box: FaceBox) throws -> DetectedFace? {
        let square = OrientedSquare(centre: box.centre, side: FaceDetector.surroundings * box.side, angle: 0)
        let all = try faces(in: picture, within: square, from: FaceDetector.followed)
        let near = all.filter { box.isNear(FaceBox($0)) }
        guard let best = near.max(by: { $0.score < $1.score }) else { return nil }
        let group = all.filter { $0.centre.distance(to: best.centre) < 0.5 * best.width }
        let weight = group.reduce(0) { $0 + $1.score }
        func mean(_ value: (DetectedFace) -> Double) -> Double {
            group.reduce(0) { $0 + $1.score * value($1) } / weight
        }
        func point(_ value: (DetectedFace) -> PicturePoint) -> PicturePoint {
            PicturePoint(x: mean { value($0).x }, y: mean { value($0).y })
        }
        return DetectedFace(
            score: best.score, centre: point(\.centre), width: mean(\.width), height: mean(\.height),
            rightEye: point(\.rightEye), leftEye: point(\.leftEye))
    }

    /// The best box of each face (non-maximum suppression).
    private static func distinct(_ faces: [DetectedFace]) -> [DetectedFace] {
        var kept: [DetectedFace] = []
        for face in faces.sorted(by: { $0.score > $1.score }) {
            let isNew = kept.allSatisfy { $0.centre.distance(to: face.centre) > 0.5 * max($0.width, face.width) }
            if isNew { kept.append(face) }
        }
        return kept
    }

    /// All boxes, including several of one face.
    private func faces(
        in picture: some PictureSampling, within square: OrientedSquare, from threshold: Double = threshold
    ) throws -> [DetectedFace] {
        try picture.sample(square, size: reach.size, into: &pixels)
        for index in pixels.indices { model.input[index] = pixels[index] / 127.5 - 1 }
        try model.run()
        let scores = model.outputs[1]
        let least = Float(log(threshold / (1 - threshold)))
        return scores.indices.filter { scores[$0] >= least }.map { face(at: $0, within: square) }
    }

    /// The face at one of the network's anchors.
    private func face(at index: Int, within square: OrientedSquare) -> DetectedFace {
        let box = (0..<16).map { Double(model.outputs[0][index * 16 + $0]) / Double(reach.size) }
        let anchor = reach.anchors[index]
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
