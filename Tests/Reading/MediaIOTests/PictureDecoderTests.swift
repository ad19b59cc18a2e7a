import MediaIO
import Testing

@Suite("Pictures that come one by one, without a container about them")
struct PictureDecoderTests {
    /// Left half dark, right half bright.
    private let width = 32, height = 16

    private func halves(_ dark: [UInt8], _ bright: [UInt8]) -> [UInt8] {
        (0..<height).flatMap { _ in (0..<width).flatMap { $0 < width / 2 ? dark : bright } }
    }

    /// Mean brightness of either half of what is shown.
    private func means(_ picture: Picture) throws -> (Float, Float) {
        var scratch: [Float] = []
        let grey = try picture.luma(side: 32, scratch: &scratch)
        var (left, right): (Float, Float) = (0, 0)
        for y in 0..<grey.height {
            for x in 0..<grey.width {
                if x < grey.width / 2 {
                    left += grey.values[y * grey.width + x]
                } else {
                    right += grey.values[y * grey.width + x]
                }
            }
        }
        let count = Float(grey.values.count / 2)
        return (left / count, right / count)
    }

    @Test("a JPEG is shown at its time; bytes that are none are counted and end nothing")
    func jpeg() throws {
        let bytes = try JPEGStill.encode(
            pixels: halves([20, 20, 20], [220, 220, 220]), width: width, height: height)
        let coding = bytes.withUnsafeBytes { PictureDecoder.Coding(format: "bgr8; jpeg compressed bgr8", begins: $0) }
        #expect(coding == .jpeg)
        let decoder = try PictureDecoder(.jpeg, file: "made")
        var shown: [(Double, Float, Float)] = []
        for second in 0..<3 {
            try bytes.withUnsafeBytes { bytes in
                try decoder.decode(bytes, seconds: Double(second)) { picture in
                    let (left, right) = try means(picture)
                    shown.append((picture.seconds, left, right))
                }
            }
        }
        try [UInt8](repeating: 7, count: 99).withUnsafeBytes { bytes in
            try decoder.decode(bytes, seconds: 9) { _ in }
        }
        try decoder.finish { _ in }
        #expect(shown.map(\.0) == [0, 1, 2] && decoder.damaged > 0)
        #expect(shown.allSatisfy { abs($0.1 - 20) < 12 && abs($0.2 - 220) < 12 })
    }

    @Test(
        "raw pixels are shown as their layout says",
        arguments: [
            ("mono8", [UInt8(30)], [UInt8(200)]), ("rgb8", [30, 30, 30], [200, 200, 200]),
            ("bgr8", [30, 30, 30], [200, 200, 200]), ("bgra8", [30, 30, 30, 255], [200, 200, 200, 255]),
            ("mono16", [0, 30], [0, 200]),
        ])
    func raw(_ encoding: String, _ dark: [UInt8], _ bright: [UInt8]) throws {
        let pixels = halves(dark, bright)
        var seen: (Float, Float)?
        let isShown = try pixels.withUnsafeBytes { bytes in
            try RawPictures(file: "made").show(
                bytes, encoding: encoding, width: width, height: height, step: 0, seconds: 0
            ) { seen = try means($0) }
        }
        #expect(isShown)
        let (left, right) = try #require(seen)
        #expect(abs(left - 30) < 4 && abs(right - 200) < 4)
    }

    @Test("pixels that do not fill their size are refused")
    func short() throws {
        let pixels = [UInt8](repeating: 0, count: 100)
        for (width, height, step) in [(32, 16, 0), (32, 3, 90), (0, 4, 0), (1 << 40, 1 << 40, 0), (10, 10, -5)] {
            let isShown = try pixels.withUnsafeBytes { bytes in
                try RawPictures(file: "made").show(
                    bytes, encoding: "mono8", width: width, height: height, step: step, seconds: 0
                ) { _ in }
            }
            #expect(!isShown)
        }
        #expect(!RawPictures.reads("32FC1") && RawPictures.reads("RGB8"))
    }
}
