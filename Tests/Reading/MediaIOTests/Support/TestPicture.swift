import Foundation
import MediaIO
import SyncModel

/// A picture whose every point is known: slow slopes in red and green, a round spot in blue, and one marked corner.
struct TestPicture {
    let width: Int
    let height: Int

    /// Red, green and blue (0...255) at a point in pixels from the top left corner.
    func colour(_ x: Double, _ y: Double) -> (Double, Double, Double) {
        let (u, v) = (x / Double(width), y / Double(height))
        let spot = exp(-(pow((u - 0.3) / 0.4, 2) + pow((v - 0.4) / 0.4, 2)))
        return (60 + 120 * u, 60 + 120 * v, 70 + 90 * spot)
    }

    /// The pixels row by row, three bytes each, taken at their middles.
    var bytes: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(width * height * 3)
        for y in 0..<height {
            for x in 0..<width {
                let (r, g, b) = colour(Double(x) + 0.5, Double(y) + 0.5)
                for value in [r, g, b] { result.append(UInt8(value.rounded())) }
            }
        }
        return result
    }

    /// What a square should look like: the colours at the sampled points, nil outside the picture or within `margin` of
    /// its edge.
    func expected(_ square: OrientedSquare, size: Int, margin: Double) -> [(Double, Double, Double)?] {
        (0..<size * size).map { index in
            let across = ((Double(index % size) + 0.5) / Double(size) - 0.5) * square.side
            let along = ((Double(index / size) + 0.5) / Double(size) - 0.5) * square.side
            let x = square.centre.x + across * cos(square.angle) - along * sin(square.angle)
            let y = square.centre.y + across * sin(square.angle) + along * cos(square.angle)
            guard x > margin, y > margin, x < Double(width) - margin, y < Double(height) - margin else { return nil }
            return colour(x, y)
        }
    }

    /// A file of this picture, coded as the arguments say; the same picture twice, for coders that need it.
    func file(_ arguments: [String], name: String) throws -> String {
        let raw = try Scratch.write(bytes, "picture-\(width)x\(height).rgb")
        return try ffmpeg(
            [
                "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "\(width)x\(height)", "-r", "25", "-i", raw, "-frames:v",
                "1",
            ] + arguments + [name])
    }
}

/// Runs `body` on the first picture of a file.
func firstPicture(_ path: String, _ body: (Picture) throws -> Void) throws {
    let file = try MediaFile(path: path)
    var isFirst = true
    _ = try file.decode(
        MediaSelection(video: file.videoStream?.index, audio: nil),
        onPicture: { picture in
            if isFirst { try body(picture) }
            isFirst = false
        })
    if isFirst { throw MediaError(.noFrames, file: path) }
}
