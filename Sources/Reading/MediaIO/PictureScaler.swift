import CFFmpeg
import Foundation
import SyncModel

/// Cuts squares from decoded frames and scales them down, without copying the whole frame.
///
/// swscale converts only the region of the square, already reduced to about the needed size; rotation and the remaining
/// scale are bilinear. The scaling contexts of recent region sizes are cached.
final class PictureScaler {
    private struct Shape: Hashable {
        let format: Int32
        let sourceWidth, sourceHeight, width, height: Int32
        let colorspace, range: Int32
    }

    private let file: String
    private var contexts: [(shape: Shape, context: UnsafeMutableRawPointer)] = []
    private var raster: [UInt8] = []
    /// Row stride of the raster in bytes.
    private var rowStride = 0
    private var planar = PlanarSampler()
    private var luma = LumaSampler()
    /// Maximum number of cached region sizes.
    private static let kept = 12

    init(file: String) { self.file = file }

    deinit { for entry in contexts { genlock_scaler_free(entry.context) } }

    /// Fills `pixels` with `size * size` red, green, blue triples (0...255) of the square; black outside the frame.
    func sample(
        _ square: OrientedSquare, of frame: UnsafeMutablePointer<AVFrame>, geometry: PictureGeometry, size: Int,
        into pixels: inout [Float]
    ) throws(MediaError) {
        if pixels.count != size * size * 3 { pixels = [Float](repeating: 0, count: size * size * 3) }
        let half = square.side / 2
        let (sine, cosine) = (sin(square.angle), cos(square.angle))
        // The square's axes on the display, then in coded pixels.
        let origin = geometry.coded(
            PicturePoint(
                x: square.centre.x - half * cosine + half * sine, y: square.centre.y - half * sine - half * cosine))
        let right = geometry.coded(
            PicturePoint(
                x: square.centre.x + half * cosine + half * sine, y: square.centre.y + half * sine - half * cosine))
        let down = geometry.coded(
            PicturePoint(
                x: square.centre.x - half * cosine - half * sine, y: square.centre.y - half * sine + half * cosine))
        let across = (x: right.x - origin.x, y: right.y - origin.y)
        let along = (x: down.x - origin.x, y: down.y - origin.y)
        let xs = [origin.x, right.x, down.x, right.x + along.x]
        let ys = [origin.y, right.y, down.y, right.y + along.y]
        let reduction = (
            x: Double(size) / max(hypot(across.x, along.x), 1e-6), y: Double(size) / max(hypot(across.y, along.y), 1e-6)
        )
        // Beyond any frame (or NaN): positions would not fit in integers.
        let isSensible = (xs + ys).allSatisfy { abs($0) < 1e9 }
        guard isSensible, let region = Region(xs: xs, ys: ys, frame: frame, reduction: reduction) else {
            for index in pixels.indices { pixels[index] = 0 }
            return
        }
        let step = 1 / Double(size)
        let from = (
            x: origin.x - Double(region.x) + 0.5 * step * (across.x + along.x),
            y: origin.y - Double(region.y) + 0.5 * step * (across.y + along.y)
        )
        if samplePlanar(region, frame, size: size, from: from, across: across, along: along, into: &pixels) { return }
        try convert(region, frame)

        let scaleX = Double(region.width) / Double(region.sourceWidth)
        let scaleY = Double(region.height) / Double(region.sourceHeight)
        bilinear(
            size: size, width: region.width, height: region.height, x0: from.x * scaleX - 0.5,
            y0: from.y * scaleY - 0.5,
            dxAcross: across.x * step * scaleX, dyAcross: across.y * step * scaleY,
            dxAlong: along.x * step * scaleX, dyAlong: along.y * step * scaleY, into: &pixels)
    }

    /// Fills `values` with `size * size` gray values of an upright square; false if the format has no directly readable
    /// luma.
    func gray(
        _ square: OrientedSquare, of frame: UnsafeMutablePointer<AVFrame>, geometry: PictureGeometry, size: Int,
        outside: UInt8, into values: inout [UInt8]
    ) -> Bool {
        guard LumaSampler.reads(frame.pointee.format) else { return false }
        let half = square.side / 2
        let (x, y) = (square.centre.x, square.centre.y)
        guard [x, y, half].allSatisfy({ abs($0) < 1e6 }), half > 0 else { return false }
        let corner = geometry.coded(PicturePoint(x: x - half, y: y - half))
        let right = geometry.coded(PicturePoint(x: x + half, y: y - half))
        let down = geometry.coded(PicturePoint(x: x - half, y: y + half))
        return luma.sample(
            frame, corner: corner, across: (right.x - corner.x, right.y - corner.y),
            along: (down.x - corner.x, down.y - corner.y), size: size,
            isFullRange: PictureScaler.isFullRange(
                format: frame.pointee.format, range: Int32(bitPattern: frame.pointee.color_range.rawValue)),
            outside: outside, into: &values)
    }

    /// Samples a region of a common format; false for others.
    ///
    /// Never inlined: Swift 6.3 takes what its loops leave in the error register for an error of the caller.
    @inline(never)
    private func samplePlanar(
        _ region: Region, _ frame: UnsafeMutablePointer<AVFrame>, size: Int, from: (x: Double, y: Double),
        across: (x: Double, y: Double),
        along: (x: Double, y: Double), into pixels: inout [Float]
    ) -> Bool {
        guard let factors = region.planarFactors else { return false }
        let (width, height) = (region.sourceWidth / factors.x, region.sourceHeight / factors.y)
        guard planar.reduce(frame, x: region.x, y: region.y, width: width, height: height, factors: factors) else {
            return false
        }
        let (unitX, unitY) = (1 / Double(factors.x), 1 / Double(factors.y))
        let (stepX, stepY) = (unitX / Double(size), unitY / Double(size))
        planar.bilinear(
            size: size, origin: (from.x * unitX - 0.5, from.y * unitY - 0.5),
            across: (across.x * stepX, across.y * stepY),
            along: (along.x * stepX, along.y * stepY), colours: PictureScaler.colours(of: frame), into: &pixels)
        return true
    }

    /// The part of a coded frame that is converted, and its converted size.
    private struct Region {
        let x, y, sourceWidth, sourceHeight, width, height: Int
        /// Integer reduction factors for the planar sampler; nil if swscale is needed.
        let planarFactors: (x: Int, y: Int)?

        /// - Parameter reduction: converted pixels per coded pixel, at most 1.
        init?(xs: [Double], ys: [Double], frame: UnsafeMutablePointer<AVFrame>, reduction: (x: Double, y: Double)) {
            let pictureWidth = Int(frame.pointee.width)
            let pictureHeight = Int(frame.pointee.height)
            guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max(),
                left.isFinite, right.isFinite, top.isFinite, bottom.isFinite,
                left < Double(pictureWidth), top < Double(pictureHeight), right > 0, bottom > 0
            else { return nil }
            // A step that keeps chroma aligned and lets neighbouring frames share a scaling context.
            func span(_ low: Double, _ high: Double, _ limit: Int) -> (Int, Int) {
                let wanted = high - low
                let step = max(16, Int(wanted / 8) / 16 * 16)
                let start = max(0, Int(max(0, low - 2)) / 16 * 16)
                let length = (Int(wanted + 4) + 16 + step - 1) / step * step
                let clipped = min(length, limit - start)
                return (start, max(1, clipped))
            }
            let separable = Region.canOffset(AVPixelFormat(frame.pointee.format))
            let (x, sourceWidth) = separable ? span(left, right, pictureWidth) : (0, pictureWidth)
            let (y, sourceHeight) = separable ? span(top, bottom, pictureHeight) : (0, pictureHeight)
            self.x = x
            self.y = y
            self.sourceWidth = sourceWidth
            self.sourceHeight = sourceHeight
            if PlanarSampler.reads(frame.pointee.format), let across = PlanarSampler.factor(wanted: 1 / reduction.x),
                let down = PlanarSampler.factor(wanted: 1 / reduction.y), sourceWidth >= 4 * across,
                sourceHeight >= 4 * down
            {
                planarFactors = (across, down)
            } else {
                planarFactors = nil
            }
            width = max(1, Int((Double(sourceWidth) * min(1, reduction.x)).rounded()))
            height = max(1, Int((Double(sourceHeight) * min(1, reduction.y)).rounded()))
        }

        /// Whether a pointer into a plane is a valid frame: not for palettes, bit streams and hardware formats.
        static func canOffset(_ format: AVPixelFormat) -> Bool {
            guard let descriptor = av_pix_fmt_desc_get(format) else { return false }
            let odd = UInt64(
                AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BAYER)
            return descriptor.pointee.flags & odd == 0
        }
    }

    private func convert(_ region: Region, _ frame: UnsafeMutablePointer<AVFrame>) throws(MediaError) {
        let shape = Shape(
            format: frame.pointee.format, sourceWidth: Int32(region.sourceWidth),
            sourceHeight: Int32(region.sourceHeight),
            width: Int32(region.width), height: Int32(region.height),
            colorspace: Int32(bitPattern: frame.pointee.colorspace.rawValue),
            range: Int32(bitPattern: frame.pointee.color_range.rawValue))
        let context = try context(for: shape, pictureHeight: Int(frame.pointee.height))
        let stride = (region.width * 4 + 63) / 64 * 64
        // swscale's vector code may write past the end of a row.
        let needed = stride * (region.height + 1) + 64
        if raster.count < needed { raster = [UInt8](repeating: 0, count: needed) }
        rowStride = stride

        var planes = [UnsafePointer<UInt8>?](repeating: nil, count: 4)
        var strides = [Int32](repeating: 0, count: 4)
        withUnsafeBytes(of: frame.pointee.data) { raw in
            let pointers = raw.bindMemory(to: UnsafeMutablePointer<UInt8>?.self)
            for plane in 0..<4 { planes[plane] = pointers[plane].map { UnsafePointer($0) } }
        }
        withUnsafeBytes(of: frame.pointee.linesize) { raw in
            let sizes = raw.bindMemory(to: Int32.self)
            for plane in 0..<4 { strides[plane] = sizes[plane] }
        }
        if region.x != 0 || region.y != 0 {
            offset(&planes, strides, to: region, AVPixelFormat(frame.pointee.format))
        }
        let rows = raster.withUnsafeMutableBufferPointer { buffer in
            var destination: [UnsafeMutablePointer<UInt8>?] = [buffer.baseAddress, nil, nil, nil]
            let destinationStrides: [Int32] = [Int32(stride), 0, 0, 0]
            return genlock_scaler_run(
                context, planes, strides, Int32(region.sourceHeight), &destination, destinationStrides)
        }
        guard rows > 0 else { throw MediaError(.badPicture, file: file, detail: "sws_scale returned \(rows)") }
    }

    /// Moves the plane pointers to the region's first pixel.
    private func offset(
        _ planes: inout [UnsafePointer<UInt8>?], _ strides: [Int32], to region: Region, _ format: AVPixelFormat
    ) {
        guard let descriptor = av_pix_fmt_desc_get(format) else { return }
        let components = withUnsafeBytes(of: descriptor.pointee.comp) { raw in
            Array(raw.bindMemory(to: AVComponentDescriptor.self).prefix(Int(descriptor.pointee.nb_components)))
        }
        var moved = Set<Int>()
        for (index, component) in components.enumerated() where moved.insert(Int(component.plane)).inserted {
            let plane = Int(component.plane)
            let isChroma = index == 1 || index == 2
            let shiftX = isChroma ? Int(descriptor.pointee.log2_chroma_w) : 0
            let shiftY = isChroma ? Int(descriptor.pointee.log2_chroma_h) : 0
            // A packed chroma pair (YUYV) starts with luma, so its step is that of luma.
            planes[plane] = planes[plane].map {
                $0 + (region.y >> shiftY) * Int(strides[plane]) + (region.x >> shiftX) * Int(component.step)
            }
        }
    }

    private func context(for shape: Shape, pictureHeight: Int) throws(MediaError) -> UnsafeMutableRawPointer {
        if let index = contexts.firstIndex(where: { $0.shape == shape }) { return contexts[index].context }
        let context = genlock_scaler_make(
            shape.sourceWidth, shape.sourceHeight, AVPixelFormat(shape.format), shape.width, shape.height)
        guard let context else {
            throw MediaError(
                .badPicture, file: file,
                detail:
                    """
                    \(shape.sourceWidth)x\(shape.sourceHeight) \
                    \(String(cString: av_get_pix_fmt_name(AVPixelFormat(shape.format))))
                    """
            )
        }
        let matrix = PictureScaler.matrix(colorspace: shape.colorspace, pictureHeight: pictureHeight)
        genlock_scaler_set_colours(
            context, Int32(matrix), PictureScaler.isFullRange(format: shape.format, range: shape.range) ? 1 : 0)
        if contexts.count == PictureScaler.kept { genlock_scaler_free(contexts.removeFirst().context) }
        contexts.append((shape, context))
        return context
    }

    /// The four bytes of a pixel as numbers.
    @inline(__always)
    private static func pixel(_ address: UnsafePointer<UInt8>) -> SIMD4<Float> {
        SIMD4<Float>(UnsafeRawPointer(address).loadUnaligned(as: SIMD4<UInt8>.self))
    }

    /// The frame's YUV matrix, as tagged; untagged, by its size.
    private static func matrix(colorspace: Int32, pictureHeight: Int) -> Int32 {
        switch UInt32(bitPattern: colorspace) {
        case AVCOL_SPC_BT709.rawValue: SWS_CS_ITU709
        case AVCOL_SPC_BT2020_NCL.rawValue, AVCOL_SPC_BT2020_CL.rawValue: SWS_CS_BT2020
        case AVCOL_SPC_SMPTE170M.rawValue, AVCOL_SPC_BT470BG.rawValue: SWS_CS_ITU601
        default: pictureHeight >= 720 ? SWS_CS_ITU709 : SWS_CS_ITU601
        }
    }

    private static func colours(of frame: UnsafeMutablePointer<AVFrame>) -> ColourMatrix {
        let isFull = isFullRange(
            format: frame.pointee.format, range: Int32(bitPattern: frame.pointee.color_range.rawValue))
        switch matrix(
            colorspace: Int32(bitPattern: frame.pointee.colorspace.rawValue), pictureHeight: Int(frame.pointee.height))
        {
        case SWS_CS_ITU709: return ColourMatrix(redWeight: 0.2126, blueWeight: 0.0722, isFullRange: isFull)
        case SWS_CS_BT2020: return ColourMatrix(redWeight: 0.2627, blueWeight: 0.0593, isFullRange: isFull)
        default: return ColourMatrix(redWeight: 0.299, blueWeight: 0.114, isFullRange: isFull)
        }
    }

    /// Whether 0 is black: as tagged; untagged, for full-range formats and gray, as in still images.
    private static func isFullRange(format: Int32, range: Int32) -> Bool {
        switch UInt32(bitPattern: range) {
        case AVCOL_RANGE_JPEG.rawValue: return true
        case AVCOL_RANGE_MPEG.rawValue: return false
        default:
            guard let descriptor = av_pix_fmt_desc_get(AVPixelFormat(format)) else { return false }
            let name = String(cString: descriptor.pointee.name)
            return name.hasPrefix("yuvj") || name.hasPrefix("gray") || name.hasPrefix("ya")
        }
    }

    /// Steps through the raster along the square's axes, with positions in 1/65536 of a pixel, and interpolates between
    /// four neighbours. Positions are integers, since rounding a float down is a function call on plain x86-64.
    private func bilinear(
        size: Int, width: Int, height: Int, x0: Double, y0: Double, dxAcross: Double, dyAcross: Double, dxAlong: Double,
        dyAlong: Double, into pixels: inout [Float]
    ) {
        let stride = rowStride
        let unit = 65536.0
        let (stepX, stepY) = (Int(dxAcross * unit), Int(dyAcross * unit))
        let (endX, endY) = (width << 16, height << 16)
        raster.withUnsafeBufferPointer { buffer in
            pixels.withUnsafeMutableBufferPointer { target in
                guard let source = buffer.baseAddress, var out = target.baseAddress else { return }
                for row in 0..<size {
                    var x = Int((x0 + Double(row) * dxAlong) * unit)
                    var y = Int((y0 + Double(row) * dyAlong) * unit)
                    for _ in 0..<size {
                        if x >= -65536, y >= -65536, x < endX, y < endY {
                            let (column, line) = (x >> 16, y >> 16)
                            let (fx, fy) = (Float(x & 0xffff) * (1 / 65536), Float(y & 0xffff) * (1 / 65536))
                            let left = max(0, column) &* 4
                            let right = min(width &- 1, column &+ 1) &* 4
                            let top = source + max(0, line) &* stride
                            let bottom = source + min(height &- 1, line &+ 1) &* stride
                            let (a, b) = (PictureScaler.pixel(top + left), PictureScaler.pixel(top + right))
                            let (c, d) = (PictureScaler.pixel(bottom + left), PictureScaler.pixel(bottom + right))
                            let above = a + (b - a) * fx
                            let value = above + (c + (d - c) * fx - above) * fy
                            (out[0], out[1], out[2]) = (value.x, value.y, value.z)
                        } else {
                            (out[0], out[1], out[2]) = (0, 0, 0)
                        }
                        out += 3
                        x &+= stepX
                        y &+= stepY
                    }
                }
            }
        }
    }
}
