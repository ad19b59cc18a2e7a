import CFFmpeg

/// Reduces a region of a planar 4:2:0 frame of 8 bits by integer factors and samples it along any axes.
///
/// The common case of `PictureScaler`, in a third of swscale's time: boxes of luma and chroma are averaged in integers,
/// and only the requested pixels are converted to red, green and blue.
struct PlanarSampler {
    /// Rows of luma, blue and red difference and a padding byte, with a border of one pixel that repeats the edge.
    private var raster: [UInt8] = []
    private var columnSums: [UInt16] = []
    private(set) var width = 0
    private(set) var height = 0
    private var rowBytes: Int { (width + 2) * 4 }

    /// The largest factor: sums of a box fit into 16 bits far beyond it.
    private static let largestFactor = 64

    /// Source pixels per kept pixel: 1, or the even number nearest to `wanted`; nil if too many.
    ///
    /// Even, since a chroma sample covers two by two pixels.
    static func factor(wanted: Double) -> Int? {
        guard wanted < Double(largestFactor) else { return nil }
        return wanted < 1.5 ? 1 : 2 * max(1, Int((wanted / 2).rounded()))
    }

    /// Whether the format is supported.
    static func reads(_ format: Int32) -> Bool {
        format == AV_PIX_FMT_YUV420P.rawValue || format == AV_PIX_FMT_YUVJ420P.rawValue
    }

    /// Reduces the region whose top left pixel is (x, y), both even, to `width` x `height` pixels of `factors` source
    /// pixels each.
    ///
    /// The region must be inside the frame.
    mutating func reduce(
        _ frame: UnsafeMutablePointer<AVFrame>, x: Int, y: Int, width: Int, height: Int, factors: (x: Int, y: Int)
    ) -> Bool {
        let data = frame.pointee.data
        let strides = frame.pointee.linesize
        guard let luma = data.0, let blue = data.1, let red = data.2 else { return false }
        self.width = width
        self.height = height
        if raster.count < rowBytes * (height + 2) { raster = [UInt8](repeating: 0, count: rowBytes * (height + 2)) }
        let sums = max(width * factors.x, 1)
        if columnSums.count < sums { columnSums = [UInt16](repeating: 0, count: sums) }
        let rowBytes = self.rowBytes
        let half = (x: max(1, factors.x / 2), y: max(1, factors.y / 2))
        raster.withUnsafeMutableBytes { raster in
            columnSums.withUnsafeMutableBytes { sums in
                guard let sums = sums.baseAddress, let base = raster.baseAddress else { return }
                for row in 0..<height {
                    let line = (base + (row + 1) * rowBytes).assumingMemoryBound(to: UInt32.self)
                    let top = luma + (y + row * factors.y) * Int(strides.0) + x
                    PlanarSampler.add(top, Int(strides.0), factors.x * width, factors.y, sums)
                    PlanarSampler.boxes(sums, width, factors.x, factors.y, place: 0, line + 1)
                    // If luma is not reduced, a row or column of chroma serves two.
                    let chromaRow = factors.y == 1 ? (y + row) / 2 : y / 2 + row * half.y
                    for (plane, stride, place) in [
                        (blue, Int(strides.1), UInt32(8)), (red, Int(strides.2), UInt32(16)),
                    ] {
                        let top = plane + chromaRow * stride + x / 2
                        if factors.x == 1 {
                            PlanarSampler.doubled(top, width, place: place, line + 1)
                        } else {
                            PlanarSampler.add(top, stride, half.x * width, half.y, sums)
                            PlanarSampler.boxes(sums, width, half.x, half.y, place: place, line + 1)
                        }
                    }
                    line[0] = line[1]
                    line[width + 1] = line[width]
                }
                base.copyMemory(from: base + rowBytes, byteCount: rowBytes)
                (base + (height + 1) * rowBytes).copyMemory(from: base + height * rowBytes, byteCount: rowBytes)
            }
        }
        return true
    }

    /// Sums of `down` rows, column by column, as 16-bit numbers.
    private static func add(
        _ source: UnsafePointer<UInt8>, _ stride: Int, _ length: Int, _ down: Int, _ target: UnsafeMutableRawPointer
    ) {
        let sums = target.assumingMemoryBound(to: UInt16.self)
        if down == 1 {
            for column in 0..<length { sums[column] = UInt16(truncatingIfNeeded: source[column]) }
            return
        }
        let next = source + stride
        for column in 0..<length {
            sums[column] = UInt16(truncatingIfNeeded: source[column]) &+ UInt16(truncatingIfNeeded: next[column])
        }
        for row in 2..<max(2, down) {
            let next = source + row * stride
            for column in 0..<length { sums[column] &+= UInt16(truncatingIfNeeded: next[column]) }
        }
    }

    /// Means of boxes, from their column sums, stored in each pixel `place` bits from its lowest; place 0 must be
    /// first.
    ///
    /// The loops are written so that compilers vectorise them.
    private static func boxes(
        _ sums: UnsafeMutableRawPointer, _ count: Int, _ across: Int, _ down: Int, place: UInt32,
        _ line: UnsafeMutablePointer<UInt32>
    ) {
        let size = UInt32(across * down)
        // 2^20 / size, rounded up: exact enough, and no product exceeds 32 bits.
        let share = ((1 << 20) + size - 1) / size
        let half = size / 2
        let kept: UInt32 = place == 0 ? 0 : ~0
        @inline(__always) func put(_ sum: UInt32, _ column: Int) {
            line[column] = (line[column] & kept) | ((((sum &+ half) &* share) &>> 20) &<< place)
        }
        switch across {
        case 1:
            let single = sums.assumingMemoryBound(to: UInt16.self)
            for column in 0..<count { put(UInt32(truncatingIfNeeded: single[column]), column) }
        case 2:
            let pairs = sums.assumingMemoryBound(to: UInt32.self)
            for column in 0..<count { put((pairs[column] & 0xffff) &+ (pairs[column] &>> 16), column) }
        case 4:
            let fours = sums.assumingMemoryBound(to: SIMD2<UInt32>.self)
            for column in 0..<count {
                let pair: SIMD2<UInt32> = (fours[column] & 0xffff) &+ (fours[column] &>> 16)
                put(pair.x &+ pair.y, column)
            }
        default:
            var some = sums.assumingMemoryBound(to: UInt16.self)
            for column in 0..<count {
                var sum: UInt32 = 0
                for index in 0..<across { sum &+= UInt32(truncatingIfNeeded: some[index]) }
                put(sum, column)
                some += across
            }
        }
    }

    /// Each byte for two pixels.
    private static func doubled(
        _ source: UnsafePointer<UInt8>, _ count: Int, place: UInt32, _ line: UnsafeMutablePointer<UInt32>
    ) {
        for column in 0..<count { line[column] |= UInt32(truncatingIfNeeded: source[column &>> 1]) &<< place }
    }

    /// Steps through the reduced region in units of 1/65536 of its pixels, and interpolates between the four neighbours
    /// of each position; black outside.
    ///
    /// - Parameters:
    ///   - origin, across, along: the first position, the step from one pixel to the next, and from one row to the
    ///     next.
    ///   - colours: the conversion of luma and colour differences to red, green and blue.
    func bilinear(
        size: Int, origin: (x: Double, y: Double), across: (x: Double, y: Double), along: (x: Double, y: Double),
        colours: ColourMatrix,
        into pixels: inout [Float]
    ) {
        let rowBytes = self.rowBytes
        let unit = 65536.0
        let (stepX, stepY) = (Int(across.x * unit), Int(across.y * unit))
        let (endX, endY) = (width << 16, height << 16)
        // Interpolated values are scaled by 256.
        let luma = colours.luma / 256
        let blue = colours.blue / 256
        let red = colours.red / 256
        let offset = colours.offset
        let black = SIMD4<Float>(repeating: 0)
        raster.withUnsafeBytes { buffer in
            pixels.withUnsafeMutableBytes { target in
                guard let base = buffer.baseAddress, let out = target.baseAddress else { return }
                // The border is at column and row -1.
                let source = base + rowBytes + 4
                var place = 0
                let last = (size * size - 1) * 12
                for row in 0..<size {
                    var x = Int((origin.x + Double(row) * along.x) * unit)
                    var y = Int((origin.y + Double(row) * along.y) * unit)
                    for _ in 0..<size {
                        var value = black
                        if x >= -65536, y >= -65536, x < endX, y < endY {
                            let (line, column): (Int, Int) = (y >> 16, x >> 16)
                            let start: Int = line * rowBytes + column * 4
                            let top: UnsafeRawPointer = source + start
                            let above = SIMD8<UInt16>(truncatingIfNeeded: top.loadUnaligned(as: SIMD8<UInt8>.self))
                            let below = SIMD8<UInt16>(
                                truncatingIfNeeded: (top + rowBytes).loadUnaligned(as: SIMD8<UInt8>.self))
                            let down = UInt16(truncatingIfNeeded: (y & 0xffff) &>> 8)
                            let upper: SIMD8<UInt16> = above &* SIMD8<UInt16>(repeating: 256 &- down)
                            let mixed: SIMD8<UInt16> = upper &+ below &* SIMD8<UInt16>(repeating: down)
                            let left = SIMD4<Float>(mixed.lowHalf)
                            let right = SIMD4<Float>(mixed.highHalf)
                            let share = Float(x & 0xffff) * (1 / 65536)
                            let pixel: SIMD4<Float> = left + (right - left) * share
                            var sum: SIMD4<Float> = offset + luma * pixel.x
                            sum += blue * pixel.y
                            sum += red * pixel.z
                            value = sum
                        }
                        if place < last {
                            // The fourth value is overwritten by the next pixel.
                            out.storeBytes(of: value, toByteOffset: place, as: SIMD4<Float>.self)
                        } else {
                            let end = out + place
                            end.storeBytes(of: value.x, as: Float.self)
                            end.storeBytes(of: value.y, toByteOffset: 4, as: Float.self)
                            end.storeBytes(of: value.z, toByteOffset: 8, as: Float.self)
                        }
                        place &+= 12
                        x &+= stepX
                        y &+= stepY
                    }
                }
            }
        }
        // Colours outside the displayable range.
        for index in pixels.indices { pixels[index] = max(0, min(255, pixels[index])) }
    }
}

/// Converts 8-bit luma and colour differences to red, green and blue of 0...255 (ITU-R BT.601, BT.709, BT.2020).
struct ColourMatrix {
    /// Contributions of a unit of luma, blue and red difference to red, green and blue, and a common offset for the
    /// zero points.
    let luma, blue, red, offset: SIMD4<Float>

    /// - Parameters:
    ///   - redWeight, blueWeight: Kr and Kb of the standard.
    ///   - isFullRange: whether luma 0 is black and 255 white; else 16 and 235.
    init(redWeight: Float, blueWeight: Float, isFullRange: Bool) {
        let greenWeight = 1 - redWeight - blueWeight
        let lumaScale: Float = isFullRange ? 1 : 255 / 219
        let chromaScale: Float = isFullRange ? 1 : 255 / 224
        luma = SIMD4(lumaScale, lumaScale, lumaScale, 0)
        let blueShare = 2 * (1 - blueWeight) * chromaScale
        let redShare = 2 * (1 - redWeight) * chromaScale
        blue = SIMD4(0, -blueShare * blueWeight / greenWeight, blueShare, 0)
        red = SIMD4(redShare, -redShare * redWeight / greenWeight, 0, 0)
        offset = -(luma * (isFullRange ? 0 : 16) + blue * 128 + red * 128)
    }
}
