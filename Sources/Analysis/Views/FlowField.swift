/// Dense optical flow from one frame to the next, in pixels.
///
/// Lucas & Kanade (1981) over windows of 5 x 5 pixels, on a pyramid of three sizes, the flow smoothed after each.
struct FlowField {
    let width: Int
    let height: Int
    var x: [Float]
    var y: [Float]

    private static let reach = 2
    /// Added to the mean square gradient, in squared grey levels: flat areas do not move.
    private static let stiffness: Float = 6
    private static let rounds = 3

    /// - Parameters: pyramids, the largest image first.
    init(from before: [LumaImage], to after: [LumaImage]) {
        precondition(before.count == after.count && !before.isEmpty, "pyramids of one height")
        let smallest = before[before.count - 1]
        var (u, v) = (
            [Float](repeating: 0, count: smallest.values.count), [Float](repeating: 0, count: smallest.values.count)
        )
        var size = (smallest.width, smallest.height)
        for level in before.indices.reversed() {
            let image = before[level]
            if (image.width, image.height) != size {
                u = FlowField.enlarged(u, from: size, to: (image.width, image.height))
                v = FlowField.enlarged(v, from: size, to: (image.width, image.height))
                size = (image.width, image.height)
            }
            FlowField.refine(&u, &v, image, after[level])
        }
        (width, height) = size
        (x, y) = (u, v)
    }

    /// Twice the flow at the nearest pixel of the smaller image.
    private static func enlarged(_ small: [Float], from: (Int, Int), to: (Int, Int)) -> [Float] {
        var result = [Float](repeating: 0, count: to.0 * to.1)
        for y in 0..<to.1 {
            let row = min(from.1 - 1, y / 2) * from.0
            for x in 0..<to.0 { result[y * to.0 + x] = 2 * small[row + min(from.0 - 1, x / 2)] }
        }
        return result
    }

    private static func refine(_ u: inout [Float], _ v: inout [Float], _ one: LumaImage, _ two: LumaImage) {
        let (w, h) = (one.width, one.height)
        let count = w * h
        var (gx, gy) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
        var (xx, xy, yy) = (gx, gx, gx)
        one.values.withUnsafeBufferPointer { image in
            for row in 0..<h {
                let (up, down) = (max(0, row - 1) * w, min(h - 1, row + 1) * w)
                for column in 0..<w {
                    let place = row * w + column
                    let a = 0.5 * (image[row * w + min(w - 1, column + 1)] - image[row * w + max(0, column - 1)])
                    let b = 0.5 * (image[down + column] - image[up + column])
                    (gx[place], gy[place]) = (a, b)
                    (xx[place], xy[place], yy[place]) = (a * a, a * b, b * b)
                }
            }
        }
        xx = LumaImage.boxed(xx, width: w, height: h, reach: reach)
        xy = LumaImage.boxed(xy, width: w, height: h, reach: reach)
        yy = LumaImage.boxed(yy, width: w, height: h, reach: reach)
        var (bx, by) = (gx, gy)
        for _ in 0..<rounds {
            two.values.withUnsafeBufferPointer { second in
                one.values.withUnsafeBufferPointer { first in
                    for row in 0..<h {
                        for column in 0..<w {
                            let place = row * w + column
                            let px = min(max(Float(column) + u[place], 0), Float(w - 1) - 0.001)
                            let py = min(max(Float(row) + v[place], 0), Float(h - 1) - 0.001)
                            let (ix, iy) = (Int(px), Int(py))
                            let (fx, fy) = (px - Float(ix), py - Float(iy))
                            let (right, below) = (min(w - 1, ix + 1), min(h - 1, iy + 1) * w)
                            let top = second[iy * w + ix] * (1 - fx) + second[iy * w + right] * fx
                            let bottom = second[below + ix] * (1 - fx) + second[below + right] * fx
                            let change = top * (1 - fy) + bottom * fy - first[place]
                            bx[place] = gx[place] * change
                            by[place] = gy[place] * change
                        }
                    }
                }
            }
            let sx = LumaImage.boxed(bx, width: w, height: h, reach: reach)
            let sy = LumaImage.boxed(by, width: w, height: h, reach: reach)
            for place in 0..<count {
                let (a, b, c) = (xx[place] + stiffness, xy[place], yy[place] + stiffness)
                let scale = 1 / (a * c - b * b)
                u[place] += min(2, max(-2, -(c * sx[place] - b * sy[place]) * scale))
                v[place] += min(2, max(-2, -(a * sy[place] - b * sx[place]) * scale))
            }
        }
        u = LumaImage.boxed(u, width: w, height: h, reach: 1)
        v = LumaImage.boxed(v, width: w, height: h, reach: 1)
    }

    /// The median of values, by counting in steps of 1/32 pixel within 16 pixels.
    static func median(_ values: [Float]) -> Float {
        var counts = [Int](repeating: 0, count: 1025)
        for value in values { counts[min(1024, max(0, Int(value * 32 + 512.5)))] += 1 }
        var seen = 0
        for (index, count) in counts.enumerated() {
            seen += count
            if 2 * seen >= values.count { return (Float(index) - 512) / 32 }
        }
        return 0
    }
}
