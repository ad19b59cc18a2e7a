import Foundation
import MediaIO
import SyncModel
import Testing

@Suite("Pictures seen through squares")
struct PictureSamplingTests {
    /// Squares over a picture: whole, small, at odd places, turned, partly outside, larger than the picture.
    private func squares(_ width: Double, _ height: Double) -> [OrientedSquare] {
        func square(_ x: Double, _ y: Double, _ side: Double, _ angle: Double = 0) -> OrientedSquare {
            OrientedSquare(
                centre: PicturePoint(x: x * width, y: y * height), side: side * min(width, height), angle: angle)
        }
        return [
            square(0.5, 0.5, 1), square(0.31, 0.43, 0.37), square(0.713, 0.621, 0.293), square(0.5, 0.5, 0.6, 0.4),
            square(0.45, 0.55, 0.5, -2.1), square(0.4, 0.5, 0.45, .pi / 2), square(0.05, 0.1, 0.5),
            square(0.95, 0.9, 0.6, 0.7),
            square(0.5, 0.5, 2.3), square(0.5, 0.5, 1.7, 1),
        ]
    }

    /// The worst difference between what is seen and what is there, over all squares.
    private func worst(_ path: String, _ truth: TestPicture, sizes: [Int]) throws -> (levels: Double, where: String) {
        var result = (levels: 0.0, where: "")
        try firstPicture(path) { picture in
            #expect(
                abs(picture.displayWidth - Double(truth.width)) < 0.01
                    && abs(picture.displayHeight - Double(truth.height)) < 0.01)
            var pixels: [Float] = []
            for square in squares(Double(truth.width), Double(truth.height)) {
                for size in sizes {
                    try picture.sample(square, size: size, into: &pixels)
                    #expect(pixels.count == size * size * 3)
                    let margin = max(2, 1.5 * square.side / Double(size))
                    for (index, colour) in truth.expected(square, size: size, margin: margin).enumerated() {
                        guard let colour else { continue }
                        let seen = (
                            Double(pixels[index * 3]), Double(pixels[index * 3 + 1]), Double(pixels[index * 3 + 2])
                        )
                        let off = max(abs(seen.0 - colour.0), abs(seen.1 - colour.1), abs(seen.2 - colour.2))
                        if off > result.levels {
                            result = (off, "size \(size) of \(square) at \(index): \(seen) for \(colour)")
                        }
                    }
                }
            }
        }
        return result
    }

    private static let tv = ["-vf", "scale=out_color_matrix=bt601:out_range=tv:flags=accurate_rnd+full_chroma_inp"]
    private static let tvTags = ["-colorspace", "smpte170m", "-color_range", "tv"]

    @Test(
        "Colours are right in every pixel format",
        arguments: [
            "yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le", "yuv444p10le", "yuv420p12le", "yuva420p",
            "yuv410p", "yuv411p", "yuv440p",
            "rgb24", "bgra", "0rgb", "gbrp", "gbrp10le", "rgb48le", "rgba64le", "yuyv422", "uyvy422", "nv12",
        ])
    func pixelFormats(format: String) throws {
        let truth = TestPicture(width: 200, height: 152)
        let path = try truth.file(
            Self.tv + ["-pix_fmt", format] + Self.tvTags + ["-c:v", "rawvideo"], name: "format-\(format).nut")
        let seen = try worst(path, truth, sizes: [64, 31])
        // YUV of 8 bits rounds by a few levels, twice: when the file is made and when it is read.
        let tolerance = format.hasPrefix("y") || format == "uyvy422" || format == "nv12" ? 8.0 : 4.5
        #expect(seen.levels < tolerance, "\(seen.where)")
    }

    @Test(
        "Gray is the luma of what is there",
        arguments: ["yuv420p", "yuv422p", "yuv444p", "nv12", "rgb24", "yuv420p10le"])
    func gray(format: String) throws {
        let truth = TestPicture(width: 200, height: 152)
        let path = try truth.file(
            Self.tv + ["-pix_fmt", format] + Self.tvTags + ["-c:v", "rawvideo"], name: "gray-\(format).nut")
        try firstPicture(path) { picture in
            var values: [UInt8] = []
            for square in squares(200, 152) where square.angle == 0 {
                for size in [64, 31] {
                    try picture.gray(square, size: size, outside: 110, into: &values)
                    let margin = max(2, 1.5 * square.side / Double(size))
                    for (index, colour) in truth.expected(square, size: size, margin: margin).enumerated() {
                        guard let colour else { continue }
                        let luma = 0.299 * colour.0 + 0.587 * colour.1 + 0.114 * colour.2
                        #expect(abs(Double(values[index]) - luma) < 5, "size \(size) of \(square) at \(index)")
                    }
                }
            }
        }
    }

    @Test("Gray is as it is displayed, on its side, on its head and not", arguments: [0, 90, 180, 270])
    func grayTurned(degrees: Int) throws {
        let truth = TestPicture(width: 200, height: 152)
        let plain = try truth.file(
            Self.tv + ["-pix_fmt", "yuv420p"] + Self.tvTags + ["-c:v", "libx264", "-crf", "4"],
            name: "gray-turned-from-\(degrees).mp4")
        let path = try ffmpeg(
            "-i", plain, "-c", "copy", "-metadata:s:v", "rotate=\(degrees)", "gray-turned-\(degrees).mp4")
        try firstPicture(path) { picture in
            #expect((picture.displayWidth > picture.displayHeight) == (degrees % 180 == 0))
            let square = OrientedSquare(centre: PicturePoint(x: 70, y: 80), side: 90, angle: 0)
            var (values, others): ([UInt8], [UInt8]) = ([], [])
            try picture.gray(square, size: 40, outside: 110, into: &values)
            try picture.grayOfColours(square, size: 40, outside: 110, into: &others)
            #expect(zip(values, others).allSatisfy { abs(Int($0) - Int($1)) <= 6 })
            #expect(Set(values).count > 20)
        }
    }

    @Test(
        "Colours are right in what coders make",
        arguments: [
            ["libx264", "yuv420p", "mp4"], ["libx264", "yuv420p10le", "mkv"], ["libx264", "yuv422p", "mp4"],
            ["libx264", "yuv444p", "mkv"],
            ["prores_ks", "yuv422p10le", "mov"], ["ffv1", "bgr0", "mkv"], ["png", "rgb24", "png"],
            ["mpeg2video", "yuv420p", "mpg"], ["libx264rgb", "rgb24", "mkv"],
        ])
    func coders(coder: [String]) throws {
        let truth = TestPicture(width: 320, height: 240)
        let quality = coder[0].hasPrefix("libx264") ? ["-crf", "4"] : coder[0] == "mpeg2video" ? ["-q:v", "1"] : []
        let tags = coder[1].hasPrefix("yuv") ? Self.tvTags : []
        let path = try truth.file(
            Self.tv + ["-pix_fmt", coder[1]] + tags + ["-c:v", coder[0]] + quality,
            name: "coder-\(coder[0])-\(coder[1]).\(coder[2])")
        let seen = try worst(path, truth, sizes: [96, 32])
        #expect(seen.levels < 6.5, "\(seen.where)")
    }

    @Test(
        "Full range is told from video range, with and without the tag",
        arguments: [
            ["-pix_fmt", "yuvj420p", "-c:v", "mjpeg", "-q:v", "1", "full.jpg"],
            ["-pix_fmt", "yuvj420p", "-c:v", "mjpeg", "-q:v", "1", "full.avi"],
            ["-pix_fmt", "yuvj420p", "-c:v", "libx264", "-crf", "4", "-colorspace", "smpte170m", "full.mp4"],
        ])
    func fullRange(arguments: [String]) throws {
        let truth = TestPicture(width: 320, height: 240)
        let filter = ["-vf", "scale=out_color_matrix=bt601:out_range=pc:flags=accurate_rnd"]
        let path = try truth.file(filter + arguments.dropLast(), name: arguments.last ?? "")
        let seen = try worst(path, truth, sizes: [96, 32])
        #expect(seen.levels < 6.5, "\(seen.where)")
    }

    @Test("High definition is read with its own matrix, tagged or not", arguments: [true, false])
    func highDefinition(isTagged: Bool) throws {
        let truth = TestPicture(width: 1280, height: 720)
        let path = try truth.file(
            ["-vf", "scale=out_color_matrix=bt709:out_range=tv", "-pix_fmt", "yuv420p", "-c:v", "rawvideo"]
                + (isTagged ? ["-colorspace", "bt709", "-color_range", "tv"] : []), name: "hd-\(isTagged).nut")
        let seen = try worst(path, truth, sizes: [128, 51])
        #expect(seen.levels < 6.5, "\(seen.where)")
    }

    @Test(
        "Gray is gray, at its own brightness",
        arguments: [
            ["-pix_fmt", "gray", "gray.png"], ["-pix_fmt", "gray16be", "gray16.png"],
            ["-pix_fmt", "gray", "-c:v", "mjpeg", "-q:v", "1", "gray.jpg"],
            ["-pix_fmt", "gray", "-c:v", "ffv1", "gray.mkv"], ["-pix_fmt", "ya8", "ya8.png"],
        ])
    func gray(arguments: [String]) throws {
        let level: UInt8 = 150
        let raw = try Scratch.write([UInt8](repeating: level, count: 48 * 48), "gray.raw")
        let path = try ffmpeg(
            ["-f", "rawvideo", "-pix_fmt", "gray", "-s", "48x48", "-i", raw, "-frames:v", "1"] + arguments)
        try firstPicture(path) { picture in
            var pixels: [Float] = []
            try picture.sample(
                OrientedSquare(centre: PicturePoint(x: 24, y: 24), side: 40, angle: 0), size: 16, into: &pixels)
            #expect(pixels.allSatisfy { abs($0 - Float(level)) <= 2 }, "\(pixels[0])")
        }
    }

    @Test(
        "Palettes are followed",
        arguments: [
            ["-pix_fmt", "pal8", "palette.png"], ["palette.gif"],
            ["-pix_fmt", "monob", "-c:v", "rawvideo", "mono.nut"],
        ])
    func palettes(arguments: [String]) throws {
        // Four flat quarters: black, white, and two that a palette of few entries holds.
        let side = 64
        let colours: [[UInt8]] =
            arguments.last == "mono.nut"
            ? [[0, 0, 0], [255, 255, 255], [255, 255, 255], [0, 0, 0]]
            : [[0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 0, 255]]
        var raw: [UInt8] = []
        for y in 0..<side { for x in 0..<side { raw += colours[(y * 2 / side) * 2 + x * 2 / side] } }
        let source = try Scratch.write(raw, "quarters-\(arguments.last ?? "")")
        let filter =
            arguments.last == "mono.nut"
            ? []
            : ["-filter_complex", "split[a][b];[a]palettegen=reserve_transparent=0[p];[b][p]paletteuse=dither=none"]
        let path = try ffmpeg(
            ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "64x64", "-i", source] + filter + arguments)
        try firstPicture(path) { picture in
            var pixels: [Float] = []
            for (quarter, colour) in colours.enumerated() {
                let centre = PicturePoint(x: quarter % 2 == 0 ? 16 : 48, y: quarter < 2 ? 16 : 48)
                try picture.sample(OrientedSquare(centre: centre, side: 20, angle: 0.3), size: 10, into: &pixels)
                let worst = pixels.indices.map { abs(pixels[$0] - Float(colour[$0 % 3])) }.max() ?? 255
                #expect(worst <= 6, "quarter \(quarter)")
            }
        }
    }

    @Test(
        "Any sample size of any small picture stays within its memory",
        arguments: [(1, 1), (2, 2), (3, 5), (4, 1), (1, 7), (6, 4), (17, 13), (33, 2)])
    func smallPictures(width: Int, height: Int) throws {
        let raw = try Scratch.write([UInt8](repeating: 120, count: width * height * 3), "small-\(width)x\(height).rgb")
        for format in ["rgb24", "yuv420p", "yuv444p10le"] {
            let path = try ffmpeg(
                "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "\(width)x\(height)", "-i", raw, "-pix_fmt", format,
                "-color_range", "tv", "-c:v", "ffv1", "small-\(width)x\(height)-\(format).mkv")
            try firstPicture(path) { picture in
                var pixels: [Float] = []
                for size in [1, 2, 3, 4, 5, 7, 8, 16, 31] {
                    for side in [0.1, 1, 2, 5, 40, 1000] {
                        let middle = PicturePoint(x: Double(width) / 2, y: Double(height) / 2)
                        try picture.sample(
                            OrientedSquare(centre: middle, side: side, angle: 0.1), size: size, into: &pixels)
                        let stray = pixels.filter { !($0 >= 0 && $0 <= 130) }
                        #expect(stray.isEmpty, "\(format), size \(size) of \(side): \(stray.prefix(6))")
                        if side <= 0.1 {
                            #expect(pixels.allSatisfy { abs($0 - 120) <= 4 }, "\(format) \(size): \(pixels)")
                        }
                    }
                }
            }
        }
    }

    @Test("Every width that a region can be reduced to works")
    func everyWidth() throws {
        let truth = TestPicture(width: 400, height: 400)
        let path = try truth.file(
            Self.tv + ["-pix_fmt", "yuv420p"] + Self.tvTags + ["-c:v", "rawvideo"], name: "widths.nut")
        try firstPicture(path) { picture in
            var pixels: [Float] = []
            for size in 1...70 {
                let square = OrientedSquare(centre: PicturePoint(x: 200, y: 200), side: 400, angle: 0)
                try picture.sample(square, size: size, into: &pixels)
                let middle = (size / 2 * size + size / 2) * 3
                let at = (Double(size / 2) + 0.5) / Double(size) * 400
                let colour = truth.colour(at, at)
                // Chroma has half the sampled width: up to three quarters of a sample of the slope, 120 over the
                // picture.
                let tolerance = 3.5 + 90 / Double(size)
                #expect(abs(Double(pixels[middle]) - colour.0) < tolerance, "size \(size)")
                #expect(abs(Double(pixels[middle + 1]) - colour.1) < tolerance, "size \(size)")
            }
        }
    }

    @Test("Squares that are nowhere, endless or not numbers are black")
    func senselessSquares() throws {
        let path = try TestPicture(width: 64, height: 48).file(["-c:v", "png"], name: "senseless.png")
        try firstPicture(path) { picture in
            var pixels: [Float] = []
            for (x, side, angle) in [
                (-500.0, 40.0, 0.0), (9000, 40, 1), (.nan, 40, 0), (32, .nan, 0), (32, 40, .nan), (32, .infinity, 0),
                (32, 1e300, 0), (1e300, 5, 0), (32, 1e12, 0.3), (32, 40, .infinity),
            ] {
                try picture.sample(
                    OrientedSquare(centre: PicturePoint(x: x, y: 24), side: side, angle: angle), size: 6, into: &pixels)
                #expect(pixels.count == 108 && pixels.allSatisfy { $0 >= 0 && $0 <= 255 })
            }
            for side in [0.0, -10] {
                try picture.sample(
                    OrientedSquare(centre: PicturePoint(x: 32, y: 24), side: side, angle: 0), size: 6, into: &pixels)
                #expect(pixels.count == 108)
            }
        }
    }

    @Test("An 8K picture is looked at without a copy of it")
    func eightK() throws {
        let path = try ffmpeg(
            "-f", "lavfi", "-i", "color=red:s=7680x4320:d=0.04", "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "2",
            "huge.avi")
        try firstPicture(path) { picture in
            var pixels: [Float] = []
            for side in [7680.0, 500, 20_000] {
                try picture.sample(
                    OrientedSquare(centre: PicturePoint(x: 3840, y: 2160), side: side, angle: 0.2), size: 128,
                    into: &pixels)
                #expect(pixels[(64 * 128 + 64) * 3] > 240)
            }
        }
    }
}
