import Foundation
import SyncModel

/// The lower half of a face on one picture, as gray pixels: mouth, chin and cheeks, upright.
public struct LowerFaceCrop: Sendable {
    /// Pixels a side.
    public static let size = 56
    /// Side of the square that is cut out, and how far its middle lies below that of the face's box, in sides of that
    /// box: the square of 1.12 boxes is taken as 112 x 112, and of it 80 x 80 about a point 24 below its middle.
    static let share = 0.8
    static let lowered = 0.24

    /// The number of the face's track.
    public let identity: Int
    /// Presentation time in seconds.
    public let seconds: Double
    /// `size` x `size` values, row by row.
    public let pixels: [UInt8]
    /// The face's box, smoothed over time, in displayed pixels.
    public let box: FaceBox

    /// The square of the picture that is cut out for a box.
    static func square(of box: FaceBox) -> OrientedSquare {
        OrientedSquare(
            centre: PicturePoint(x: box.centre.x, y: box.centre.y + lowered * box.side), side: share * box.side,
            angle: 0)
    }
}

/// Somewhat more of a face than its crop, kept until later pictures have said where the crop's box lies.
struct LowerFacePatch {
    /// Pixels a side, each a hundredth of the box: the crop's own 80, and room for the box to move by a fifth of itself
    /// either way.
    static let size = 120
    static let perBox = 100.0
    /// Value of what lies outside the picture.
    static let outside: UInt8 = 110
    /// A Gaussian blur of 0.6 pixels, since the crop has a pixel for 1.4 of these.
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

    /// Whether the crop for a box lies in the patch, all but a rim of it.
    func holds(_ box: FaceBox) -> Bool {
        let wanted = LowerFaceCrop.square(of: box)
        let reach = max(abs(wanted.centre.x - square.centre.x), abs(wanted.centre.y - square.centre.y))
        return reach + wanted.side / 2 <= square.side * 0.6
    }

    /// The crop's pixels for a box: the blurred patch, interpolated between its pixels; beyond its edge that repeats.
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

    /// Which patch pixels, and how much of each, go into each row or column of the crop.
    ///
    /// - Parameter middle: the crop's middle from that of the patch, in displayed pixels.
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
