import Foundation
import SyncModel

/// A picture made of numbers, so that what is on it, and where, is known.
struct MadePicture: PictureSampling {
    let width: Int
    let height: Int
    /// Red, green, blue (0...255), row by row.
    var pixels: [Float]

    var displayWidth: Double { Double(width) }
    var displayHeight: Double { Double(height) }

    init(width: Int, height: Int, pixels: [Float]) {
        precondition(pixels.count == width * height * 3, "three values a pixel")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// - Parameter draw: the gray value of a column and row.
    init(width: Int, height: Int, gray draw: (Int, Int) -> Float) {
        var pixels: [Float] = []
        for row in 0..<height {
            for column in 0..<width { pixels += [Float](repeating: draw(column, row), count: 3) }
        }
        self.init(width: width, height: height, pixels: pixels)
    }

    /// Each pixel of the result is the mean of as many points, linearly interpolated, as it covers pixels.
    func sample(_ square: OrientedSquare, size: Int, into result: inout [Float]) {
        result = [Float](repeating: 0, count: size * size * 3)
        let step = square.side / Double(size)
        let points = max(1, Int(step.rounded(.up)))
        let (sine, cosine) = (sin(square.angle), cos(square.angle))
        let share = 1 / Float(points * points)
        let part = step / Double(points)
        pixels.withUnsafeBufferPointer { source in
            result.withUnsafeMutableBufferPointer { target in
                var row = 0
                while row < size * points {
                    let v = (Double(row) + 0.5) * part - square.side / 2
                    var column = 0
                    while column < size * points {
                        let u = (Double(column) + 0.5) * part - square.side / 2
                        add(
                            square.centre.x + cosine * u - sine * v, square.centre.y + sine * u + cosine * v, share,
                            of: source, to: target, at: (row / points * size + column / points) * 3)
                        column += 1
                    }
                    row += 1
                }
            }
        }
    }

    /// Adds the colour at a point, pixel centres at halves; black outside.
    private func add(
        _ x: Double, _ y: Double, _ share: Float, of source: UnsafeBufferPointer<Float>,
        to target: UnsafeMutableBufferPointer<Float>, at place: Int
    ) {
        guard x >= 0, y >= 0, x < displayWidth, y < displayHeight else { return }
        let (column, row) = (min(max(x - 0.5, 0), Double(width - 1)), min(max(y - 0.5, 0), Double(height - 1)))
        let (left, top) = (Int(column), Int(row))
        let (right, bottom) = (left + 1 < width ? left + 1 : left, top + 1 < height ? top + 1 : top)
        let (fx, fy) = (Float(column - Double(left)), Float(row - Double(top)))
        let (a, b) = ((top * width + left) * 3, (top * width + right) * 3)
        let (c, d) = ((bottom * width + left) * 3, (bottom * width + right) * 3)
        let (upperLeft, upperRight) = (share * (1 - fx) * (1 - fy), share * fx * (1 - fy))
        let (lowerLeft, lowerRight) = (share * (1 - fx) * fy, share * fx * fy)
        var channel = 0
        while channel < 3 {
            target[place + channel] +=
                source[a + channel] * upperLeft + source[b + channel] * upperRight + source[c + channel] * lowerLeft
                + source[d + channel] * lowerRight
            channel += 1
        }
    }

    /// Right and left exchanged.
    var mirrored: MadePicture {
        var result = self
        for row in 0..<height {
            for column in 0..<width {
                for channel in 0..<3 {
                    result.pixels[(row * width + column) * 3 + channel] =
                        pixels[(row * width + width - 1 - column) * 3 + channel]
                }
            }
        }
        return result
    }

    /// The picture on a dark gray ground of another size, its top left corner at a point, enlarged by a factor.
    func placed(x: Int, y: Int, scale: Double = 1, width: Int, height: Int) -> MadePicture {
        var made = [Float](repeating: 40, count: width * height * 3)
        pixels.withUnsafeBufferPointer { source in
            made.withUnsafeMutableBufferPointer { target in
                for place in 0..<width * height {
                    let (column, row) = (place % width, place / width)
                    let (u, v) = ((Double(column - x) + 0.5) / scale, (Double(row - y) + 0.5) / scale)
                    guard u >= 0, v >= 0, u < displayWidth, v < displayHeight else { continue }
                    for channel in 0..<3 { target[place * 3 + channel] = 0 }
                    add(u, v, 1, of: source, to: target, at: place * 3)
                }
            }
        }
        return MadePicture(width: width, height: height, pixels: made)
    }
}
