import Foundation
import Inference
import SyncModel

/// The 468 points of the face mesh in one frame (Kartynnik et al. 2019, MediaPipe's numbering).
public struct FaceLandmarks: Sendable {
    public static let count = 468
    /// x, y in displayed pixels and z in the same unit (negative: towards the camera), point by point: 468 x 3.
    public let coordinates: [Float]
    /// Probability that the square contains a face.
    public let score: Double

    public init(coordinates: [Float], score: Double) {
        precondition(coordinates.count == FaceLandmarks.count * 3, "a face mesh has 468 points of three coordinates")
        self.coordinates = coordinates
        self.score = score
    }

    public func point(_ index: Int) -> (x: Double, y: Double, z: Double) {
        (Double(coordinates[index * 3]), Double(coordinates[index * 3 + 1]), Double(coordinates[index * 3 + 2]))
    }

    /// Distance of the inner lips relative to the face height from forehead to chin; nil: the mesh has no height.
    public var mouthOpening: Float? {
        func distance(_ one: Int, _ other: Int) -> Double {
            let (a, b) = (point(one), point(other))
            return ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y) + (a.z - b.z) * (a.z - b.z)).squareRoot()
        }
        let height = distance(10, 152)
        return height > 0 ? Float(distance(13, 14) / height) : nil
    }

    /// The upright bounding box of the mesh.
    var box: PictureBox {
        let xs = (0..<FaceLandmarks.count).map { Double(coordinates[$0 * 3]) }
        let ys = (0..<FaceLandmarks.count).map { Double(coordinates[$0 * 3 + 1]) }
        let (left, top) = (xs.min() ?? 0, ys.min() ?? 0)
        return PictureBox(x: left, y: top, width: (xs.max() ?? 0) - left, height: (ys.max() ?? 0) - top)
    }

    /// The square around the mesh, rotated with the eyes, for the next frame.
    var square: OrientedSquare {
        let (right, left) = (point(33), point(263))
        let angle = atan2(left.y - right.y, left.x - right.x)
        let (sine, cosine) = (sin(angle), cos(angle))
        var (lowX, lowY, highX, highY) = (Double.infinity, Double.infinity, -Double.infinity, -Double.infinity)
        for index in 0..<FaceLandmarks.count {
            let p = point(index)
            let x = cosine * p.x + sine * p.y
            let y = -sine * p.x + cosine * p.y
            lowX = min(lowX, x)
            highX = max(highX, x)
            lowY = min(lowY, y)
            highY = max(highY, y)
        }
        let (x, y) = ((lowX + highX) / 2, (lowY + highY) / 2)
        return OrientedSquare(
            centre: PicturePoint(x: cosine * x - sine * y, y: sine * x + cosine * y),
            side: 1.5 * max(highX - lowX, highY - lowY), angle: angle)
    }
}

/// The face mesh network: 192 x 192 pixels of a face in, 468 points out.
final class FaceMesh {
    private static let size = 192
    private let model: InferenceModel
    private var pixels: [Float] = []
    private let points: Int
    private let presence: Int

    init(path: String, library: InferenceLibrary) throws(InferenceError) {
        model = try InferenceModel(path: path, outputs: 2, library: library)
        let sizes = model.outputs.map(\.count)
        guard model.input.count == FaceMesh.size * FaceMesh.size * 3,
            let points = sizes.firstIndex(of: FaceLandmarks.count * 3), let presence = sizes.firstIndex(of: 1)
        else { throw InferenceError(.modelMissing, "\(path) is not the face mesh of 468 points") }
        self.points = points
        self.presence = presence
    }

    /// The mesh inside a square of a frame; its score indicates whether there is a face.
    func landmarks(in picture: some PictureSampling, within square: OrientedSquare) throws -> FaceLandmarks {
        try picture.sample(square, size: FaceMesh.size, into: &pixels)
        for index in pixels.indices { model.input[index] = pixels[index] / 255 }
        try model.run()
        let scale = square.side / Double(FaceMesh.size)
        let (sine, cosine) = (sin(square.angle), cos(square.angle))
        let half = Double(FaceMesh.size) / 2
        let raw = model.outputs[points]
        var coordinates = [Float](repeating: 0, count: FaceLandmarks.count * 3)
        for index in 0..<FaceLandmarks.count {
            let x = (Double(raw[index * 3]) - half) * scale
            let y = (Double(raw[index * 3 + 1]) - half) * scale
            coordinates[index * 3] = Float(square.centre.x + cosine * x - sine * y)
            coordinates[index * 3 + 1] = Float(square.centre.y + sine * x + cosine * y)
            coordinates[index * 3 + 2] = Float(Double(raw[index * 3 + 2]) * scale)
        }
        let score = 1 / (1 + exp(-Double(model.outputs[presence][0])))
        return FaceLandmarks(coordinates: coordinates, score: score)
    }
}
