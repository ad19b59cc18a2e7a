import Foundation
import SyncModel
import Testing

@testable import MediaIO

@Suite("How coded pixels lie on the display")
struct OrientationTests {
    /// A white block in the coded picture's top left corner, and where it is seen.
    private func corner(_ path: String) throws -> (x: Double, y: Double, width: Double, height: Double) {
        var found = (x: 0.0, y: 0.0, width: 0.0, height: 0.0)
        try firstPicture(path) { picture in
            let (width, height) = (picture.displayWidth, picture.displayHeight)
            found.width = width
            found.height = height
            var pixels: [Float] = []
            var best: Float = 128
            for (x, y) in [(0.08, 0.08), (0.92, 0.08), (0.08, 0.92), (0.92, 0.92)] {
                let centre = PicturePoint(x: x * width, y: y * height)
                try picture.sample(OrientedSquare(centre: centre, side: 4, angle: 0), size: 4, into: &pixels)
                let mean = pixels.reduce(0, +) / 48
                if mean > best { (found.x, found.y, best) = (x.rounded(), y.rounded(), mean) }
            }
            #expect(best > 180)
        }
        return found
    }

    private static let marked = Result {
        try ffmpeg(
            ["-f", "lavfi", "-i", "color=black:s=96x64:r=25:d=0.2,drawbox=x=0:y=0:w=24:h=16:c=white:t=fill"]
                + Clips.h264 + ["marked.mp4"])
    }

    /// The file with the linear part of its display matrix replaced.
    private func file(matrix: [Int32], name: String) throws -> String {
        var bytes = try Scratch.bytes(Self.marked.get())
        let box = try #require(bytes.indices.dropLast(4).first { Array(bytes[$0..<$0 + 4]) == Array("tkhd".utf8) })
        // Version 0: 40 bytes from the name to the matrix.
        let start = box + 4 + 40
        for (index, value) in [(0, matrix[0]), (1, matrix[1]), (3, matrix[2]), (4, matrix[3])] {
            for byte in 0..<4 {
                bytes[start + index * 4 + byte] = UInt8(truncatingIfNeeded: (value << 16) >> Int32(24 - 8 * byte))
            }
        }
        return try Scratch.write(bytes, name)
    }

    /// Linear part (a, b, c, d) of the matrix, and the corner of the display where the coded top left comes to lie.
    static let turns: [([Int32], Double, Double, Bool)] = [
        ([1, 0, 0, 1], 0, 0, false), ([0, 1, -1, 0], 1, 0, true), ([-1, 0, 0, -1], 1, 1, false),
        ([0, -1, 1, 0], 0, 1, true),
        ([-1, 0, 0, 1], 1, 0, false), ([1, 0, 0, -1], 0, 1, false), ([0, 1, 1, 0], 0, 0, true),
        ([0, -1, -1, 0], 1, 1, true),
    ]

    @Test("Quarter turns and mirrors of the display matrix put the marked corner in its place", arguments: 0..<8)
    func displayMatrix(turn: Int) throws {
        let (matrix, x, y, isUpright) = Self.turns[turn]
        let seen = try corner(file(matrix: matrix, name: "turn-\(turn).mp4"))
        #expect(seen.width == (isUpright ? 64 : 96) && seen.height == (isUpright ? 96 : 64))
        #expect(seen.x == x && seen.y == y)
    }

    @Test("The ffmpeg program's own rotation is followed", arguments: [90, 180, 270])
    func rotationTag(degrees: Int) throws {
        let path = try ffmpeg(
            "-i", Self.marked.get(), "-c", "copy", "-metadata:s:v", "rotate=\(degrees)", "rotated-\(degrees).mp4")
        let seen = try corner(path)
        // What 'ffmpeg -i FILE' makes of it, which turns pictures upright by itself.
        let truth: [Int: (Double, Double)] = [90: (0, 1), 180: (1, 1), 270: (1, 0)]
        #expect(seen.x == truth[degrees]?.0 && seen.y == truth[degrees]?.1)
    }

    @Test(
        "Displayed points go to coded pixels and cover them exactly, for every turn and pixel shape", arguments: 0..<8,
        [1.0, 16.0 / 11, 0.5])
    func inverse(turn: Int, aspect: Double) {
        let m = Self.turns[turn].0.map(Double.init)
        let geometry = PictureGeometry(
            codedWidth: 96, codedHeight: 64, aspect: aspect, matrix: (m[0], m[1], m[2], m[3]))
        let (width, height) = (geometry.displayWidth, geometry.displayHeight)
        let points = [(0.0, 0.0), (width, 0), (0, height), (width, height)].map {
            geometry.coded(PicturePoint(x: $0.0, y: $0.1))
        }
        for (x, y) in [(0.0, 0.0), (96, 0), (0, 64), (96, 64)] {
            #expect(points.contains { abs($0.x - x) < 1e-9 && abs($0.y - y) < 1e-9 })
        }
        let corner = geometry.coded(PicturePoint(x: Self.turns[turn].1 * width, y: Self.turns[turn].2 * height))
        #expect(abs(corner.x) < 1e-9 && abs(corner.y) < 1e-9)
    }

    @Test("A matrix that is no quarter turn is not followed")
    func skewedMatrix() {
        for matrix in [(0.0, 0.0, 0.0, 0.0), (1.0, 1.0, 0.0, 1.0), (0.9, 0.9, -0.9, 0.9), (.nan, 0, 0, 1)] {
            let geometry = PictureGeometry(codedWidth: 40, codedHeight: 20, aspect: 1, matrix: matrix)
            #expect(geometry.displayWidth == 40 && geometry.displayHeight == 20)
        }
    }

    @Test("Pixels that are not square are shown as wide as they are meant")
    func sampleAspect() throws {
        let path = try ffmpeg("-i", Self.marked.get(), "-vf", "setsar=2", "-c:v", "ffv1", "wide.mkv")
        let seen = try corner(path)
        #expect(seen.width == 192 && seen.height == 64)
        #expect(seen.x == 0 && seen.y == 0)
    }

    @Test("Interlaced pictures come at their own rate, in order")
    func interlaced() throws {
        let path = try ffmpeg(
            Clips.picture() + [
                "-i", Clips.wave.get(), "-c:v", "libx264", "-preset", "veryfast", "-x264-params", "tff=1", "-pix_fmt",
                "yuv420p", "-c:a", "aac", "interlaced.ts",
            ])
        let seen = try Observation(path)
        #expect(seen.times.count == 75)
        #expect(abs(seen.soundLate) < 0.001)
    }
}
