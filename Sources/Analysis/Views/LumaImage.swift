/// A small grey frame, row by row, 0...255.
public struct LumaImage: Sendable, Hashable {
    public let width: Int
    public let height: Int
    public var values: [Float]

    public init(width: Int, height: Int, values: [Float]) {
        precondition(values.count == width * height, "a value a pixel")
        self.width = width
        self.height = height
        self.values = values
    }

    /// Half the size, each pixel the mean of four; a last odd row or column is omitted.
    var halved: LumaImage {
        let (w, h) = (max(1, width / 2), max(1, height / 2))
        guard width > 1, height > 1 else { return self }
        let values = [Float](unsafeUninitializedCapacity: w * h) { out, count in
            self.values.withUnsafeBufferPointer { source in
                for y in 0..<h {
                    let (top, bottom) = (2 * y * width, (2 * y + 1) * width)
                    for x in 0..<w {
                        let left = 2 * x
                        out[y * w + x] =
                            0.25
                            * (source[top + left] + source[top + left + 1] + source[bottom + left]
                                + source[bottom + left + 1])
                    }
                }
            }
            count = w * h
        }
        return LumaImage(width: w, height: h, values: values)
    }

    /// The mean over a square of 2 `reach` + 1 pixels around each, within the image.
    static func boxed(_ x: [Float], width: Int, height: Int, reach: Int) -> [Float] {
        var rows = [Float](repeating: 0, count: x.count)
        var result = rows
        x.withUnsafeBufferPointer { x in
            rows.withUnsafeMutableBufferPointer { rows in
                for y in 0..<height {
                    let base = y * width
                    var sum: Float = 0
                    for place in 0..<min(reach, width) { sum += x[base + place] }
                    for place in 0..<width {
                        if place + reach < width { sum += x[base + place + reach] }
                        if place - reach - 1 >= 0 { sum -= x[base + place - reach - 1] }
                        rows[base + place] = sum / Float(min(width - 1, place + reach) - max(0, place - reach) + 1)
                    }
                }
            }
        }
        rows.withUnsafeBufferPointer { rows in
            result.withUnsafeMutableBufferPointer { result in
                var sums = [Float](repeating: 0, count: width)
                for y in 0..<min(reach, height) { for place in 0..<width { sums[place] += rows[y * width + place] } }
                for y in 0..<height {
                    if y + reach < height {
                        for place in 0..<width { sums[place] += rows[(y + reach) * width + place] }
                    }
                    if y - reach - 1 >= 0 {
                        for place in 0..<width { sums[place] -= rows[(y - reach - 1) * width + place] }
                    }
                    let scale = 1 / Float(min(height - 1, y + reach) - max(0, y - reach) + 1)
                    for place in 0..<width { result[y * width + place] = sums[place] * scale }
                }
            }
        }
        return result
    }
}
