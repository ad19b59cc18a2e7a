import Foundation
import SyncModel

/// The lower half of a face in one frame, in gray: mouth, chin and cheeks, upright.
public struct LowerFaceCrop: Sendable {
    /// Side in pixels.
    public static let size = 56
    /// Side of the crop, and its centre's distance below that of the face's box, in box sides: of a square of 1.12
    /// boxes at 112 x 112 pixels, the 80 x 80 pixels around a point 24 below its centre.
    static let share = 0.8
    static let lowered = 0.24

    /// The face's track number.
    public let identity: Int
    /// Presentation time in seconds.
    public let seconds: Double
    /// `size` x `size` values, row by row.
    public let pixels: [UInt8]
    /// The face's box, smoothed over time, in displayed pixels.
    public let box: FaceBox

    /// The square of the frame that is cropped for a box.
    static func square(of box: FaceBox) -> OrientedSquare {
        OrientedSquare(
            centre: PicturePoint(x: box.centre.x, y: box.centre.y + lowered * box.side), side: share * box.side,
            angle: 0)
    }
}

/// A larger region than the crop, kept until later frames have determined the crop's box.
struct LowerFacePatch {
    /// Side in pixels of a hundredth of the box: the crop's 80, with room for the box to move by a fifth of its side.
    static let size = 120
    static let perBox = 100.0
    /// Value outside the frame.
    static let outside: UInt8 = 110
    /// A Gaussian blur of 0.6 pixels, since a crop pixel covers 1.4 of these.
    private static let blur: [Float] = {
        let values = (-2...2).map { Float(exp(-0.5 * pow(Double($0) / 0.6, 2))) }
        return values.map { $0 / values.reduce(0, +) }
    }()

    let seconds: Double
    private let square: OrientedSquare
    private var pixels: [UInt8] = []

    init(_ picture: some PictureSampling, about box: FaceBox, seconds: Double) throws {
        self.seconds = seconds
        let side = Double(LowerFacePatch.size) / LowerFacePatch.perBox * box.side
        square = OrientedSquare(centre: LowerFaceCrop.square(of: box).centre, side: side, angle: 0)
        try picture.gray(square, size: LowerFacePatch.size, outside: LowerFacePatch.outside, into: &pixels)
    }

    /// Whether the patch contains the crop for a box, except for a margin.
    func holds(_ box: FaceBox) -> Bool {
        let wanted = LowerFaceCrop.square(of: box)
        let reach = max(abs(wanted.centre.x - square.centre.x), abs(wanted.centre.y - square.centre.y))
        return reach + wanted.side / 2 <= square.side * 0.6
    }

    /// The crop for a box: the blurred patch, interpolated; its edge is repeated outside.
    func crop(of box: FaceBox) -> [UInt8] {
        let wanted = LowerFaceCrop.square(of: box)
        let (size, count) = (LowerFaceCrop.size, LowerFacePatch.size)
        let columns = taps(middle: wanted.centre.x - square.centre.x, side: wanted.side)
        let rows = taps(middle: wanted.centre.y - square.centre.y, side: wanted.side)
        var line = [Float](repeating: 0, count: count)
        return [UInt8](unsafeUninitializedCapacity: size * size) { result, filled in
            pixels.withUnsafeBufferPointer { source in
                line.withUnsafeMutableBufferPointer { line in
                    for row in 0..<size {
                        for column in 0..<count { line[column] = 0 }
                        for (index, weight) in rows[row] {
                            for column in 0..<count { line[column] += weight * Float(source[index * count + column]) }
                        }
                        for column in 0..<size {
                            var sum: Float = 0.5
                            for (index, weight) in columns[column] { sum += weight * line[index] }
                            result[row * size + column] = UInt8(max(0, min(255, sum)))
                        }
                    }
                }
            }
            filled = size * size
        }
    }

    /// The patch pixels and weights of each row or column of the crop.
    ///
    /// - Parameter middle: the crop's centre relative to the patch's, in displayed pixels.
    private func taps(middle: Double, side: Double) -> [[(index: Int, weight: Float)]] {
        let unit = Double(LowerFacePatch.size) / square.side
        let step = side * unit / Double(LowerFaceCrop.size)
        let start = Double(LowerFacePatch.size) / 2 + (middle - side / 2) * unit - 0.5
        return (0..<LowerFaceCrop.size).map { place in
            let position = start + (Double(place) + 0.5) * step
            let whole = position.rounded(.down)
            let share = Float(position - whole)
            return (-2...3).map { tap in
                let near = tap <= 2 ? LowerFacePatch.blur[tap + 2] * (1 - share) : 0
                let far = tap >= -1 ? LowerFacePatch.blur[tap + 1] * share : 0
                let index = min(max(Int(whole) + tap, 0), LowerFacePatch.size - 1)
                return (index, near + far)
            }
        }
    }
}
