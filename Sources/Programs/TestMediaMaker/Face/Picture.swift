/// An RGB image in floating point, 0...255 per channel, rows from the top.
///
/// The fourth lane is unused; four lanes are one vector of the processor.
struct Picture: Sendable {
    typealias Colour = SIMD4<Float>

    let width: Int
    let height: Int
    var pixels: [Colour]

    init(width: Int, height: Int, filledWith colour: Colour = .zero) {
        precondition(width > 0 && height > 0, "a picture has an area")
        self.width = width
        self.height = height
        pixels = Array(repeating: colour, count: width * height)
    }

    /// Reads packed 8-bit RGB; nil if the bytes do not fill the image exactly.
    init?(width: Int, height: Int, rgb: [UInt8]) {
        guard rgb.count == width * height * 3 else { return nil }
        self.init(width: width, height: height)
        for index in pixels.indices {
            let base = index * 3
            pixels[index] = Colour(Float(rgb[base]), Float(rgb[base + 1]), Float(rgb[base + 2]), 0)
        }
    }

    /// Packed 8-bit RGB, rounded to nearest.
    func rgbBytes() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: pixels.count * 3) { bytes, count in
            for (index, colour) in pixels.enumerated() {
                let base = index * 3
                bytes[base] = Self.byte(colour.x)
                bytes[base + 1] = Self.byte(colour.y)
                bytes[base + 2] = Self.byte(colour.z)
            }
            count = pixels.count * 3
        }
    }

    @inline(__always)
    private static func byte(_ value: Float) -> UInt8 {
        UInt8(min(max(value, 0), 255) + 0.5)
    }

    /// The colour at a point in pixels, pixel centres at whole numbers, interpolated linearly; edges extend outside.
    @inline(__always)
    func colour(x: Float, y: Float) -> Colour {
        let x = min(max(x, 0), Float(width - 1))
        let y = min(max(y, 0), Float(height - 1))
        let left = min(Int(x), max(width - 2, 0))
        let top = min(Int(y), max(height - 2, 0))
        let right = min(left + 1, width - 1)
        let bottom = min(top + 1, height - 1)
        let fx = x - Float(left)
        let fy = y - Float(top)
        let upper = pixels[top * width + left] * (1 - fx) + pixels[top * width + right] * fx
        let lower = pixels[bottom * width + left] * (1 - fx) + pixels[bottom * width + right] * fx
        return upper * (1 - fy) + lower * fy
    }

    /// The colour at a point, interpolated by Catmull-Rom splines over 4 x 4 pixels: for enlarging.
    func smoothColour(x: Float, y: Float) -> Colour {
        let left = Int(x.rounded(.down))
        let top = Int(y.rounded(.down))
        let across = Self.catmullRom(x - Float(left))
        let down = Self.catmullRom(y - Float(top))
        var sum = Colour.zero
        for row in 0..<4 {
            let line = min(max(top - 1 + row, 0), height - 1) * width
            var part = Colour.zero
            for column in 0..<4 {
                part += pixels[line + min(max(left - 1 + column, 0), width - 1)] * across[column]
            }
            sum += part * down[row]
        }
        return sum.clamped(lowerBound: .zero, upperBound: .init(repeating: 255))
    }

    /// Weights of the four neighbours at a fraction 0...1 between the middle two (Catmull and Rom 1974).
    private static func catmullRom(_ t: Float) -> SIMD4<Float> {
        let t2 = t * t
        let t3 = t2 * t
        return SIMD4(-t + 2 * t2 - t3, 2 - 5 * t2 + 3 * t3, t + 4 * t2 - 3 * t3, -t2 + t3) * 0.5
    }
}
