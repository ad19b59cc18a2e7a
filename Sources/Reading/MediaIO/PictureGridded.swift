import CFFmpeg
import SyncModel

extension Picture {
    /// The whole displayed frame in gray, as `columns` x `rows` boxes of equal size whatever its shape: means of
    /// 0...255, row by row.
    ///
    /// `scratch` is a buffer that is reused from frame to frame.
    public func boxes(columns: Int, rows: Int, into values: inout [Float], scratch: inout [Float]) throws {
        if values.count != columns * rows { values = [Float](repeating: 0, count: columns * rows) }
        if lumaBoxes(columns: columns, rows: rows, into: &values) { return }
        let grey = try luma(side: 2 * max(columns, rows), scratch: &scratch)
        grey.values.withUnsafeBufferPointer { source in
            for row in 0..<rows {
                let top = row * grey.height / rows
                let bottom = max(top + 1, (row + 1) * grey.height / rows)
                for column in 0..<columns {
                    let left = column * grey.width / columns
                    let right = max(left + 1, (column + 1) * grey.width / columns)
                    var sum: Float = 0
                    for y in top..<min(bottom, grey.height) {
                        for x in left..<min(right, grey.width) { sum += source[y * grey.width + x] }
                    }
                    values[row * columns + column] = sum / Float((bottom - top) * (right - left))
                }
            }
        }
    }

    /// Means of luma only, if it is a plane of bytes and the frame is upright; else false.
    private func lumaBoxes(columns: Int, rows: Int, into values: inout [Float]) -> Bool {
        let (width, height) = (Int(frame.pointee.width), Int(frame.pointee.height))
        guard width >= 2 * columns, height >= 2 * rows, isUpright, let luma = frame.pointee.data.0,
            let format = av_pix_fmt_desc_get(AVPixelFormat(frame.pointee.format)), Self.hasLumaPlane(format.pointee)
        else { return false }
        let stride = Int(frame.pointee.linesize.0)
        var sums = [UInt32](repeating: 0, count: width)
        sums.withUnsafeMutableBufferPointer { sums in
            for row in 0..<rows {
                let (top, bottom) = (row * height / rows, (row + 1) * height / rows)
                for x in 0..<width { sums[x] = 0 }
                // Every second line is sufficient for large frames.
                let step = bottom - top >= 16 ? 2 : 1
                var lines = 0
                for y in Swift.stride(from: top, to: bottom, by: step) {
                    let line = luma + y * stride
                    for x in 0..<width { sums[x] &+= UInt32(line[x]) }
                    lines += 1
                }
                for column in 0..<columns {
                    let (left, right) = (column * width / columns, (column + 1) * width / columns)
                    var sum: UInt32 = 0
                    for x in left..<right { sum &+= sums[x] }
                    values[row * columns + column] = Float(sum) / Float(lines * (right - left))
                }
            }
        }
        return true
    }

    private static func hasLumaPlane(_ format: AVPixFmtDescriptor) -> Bool {
        let odd = UInt64(
            AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_BAYER
                | AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_FLOAT)
        return format.flags & odd == 0 && format.comp.0.plane == 0 && format.comp.0.step == 1
            && format.comp.0.depth == 8 && format.comp.0.shift == 0
    }
}
