import CFFmpeg
import SyncModel

/// Samples an upright square of a frame's luma only: sufficient for gray, without colour conversion.
///
/// Rows and columns are weighted separately: means if the square is reduced, linear interpolation if it is enlarged.
struct LumaSampler {
    /// Weights of source rows or columns for each output one.
    private struct Taps {
        /// Index of the first weight in `weights`, the first source index, and the count.
        let start, first, count: Int
    }

    private struct Axis {
        var taps: [Taps] = []
        var weights: [Float] = []
        /// Outputs whose centre is inside the frame.
        var inside: [Bool] = []
        var low = Int.max
        var high = 0

        /// - Parameters:
        ///   - start, step: the first output's edge and the outputs' width in source pixels; a negative step runs
        ///     backwards.
        ///   - limit: source pixels along the axis.
        init(start: Double, step: Double, count: Int, limit: Int) {
            let width = abs(step)
            for index in 0..<count {
                let edge = start + Double(index) * step
                let (from, to) = step < 0 ? (edge + step, edge) : (edge, edge + step)
                let middle = (from + to) / 2
                let isInside = middle >= 0 && middle < Double(limit)
                inside.append(isInside)
                guard isInside else {
                    taps.append(Taps(start: weights.count, first: 0, count: 0))
                    continue
                }
                // An output narrower than a pixel is interpolated: it covers a whole one around its centre.
                let (a, b) = width >= 1 ? (from, to) : (middle - 0.5, middle + 0.5)
                let (first, last) = (Int(a.rounded(.down)), Int(b.rounded(.up)) - 1)
                let (kept, end) = (max(0, first), min(limit - 1, last))
                var shares = [Float](repeating: 0, count: end - kept + 1)
                for pixel in first...max(first, last) {
                    let share = (min(b, Double(pixel + 1)) - max(a, Double(pixel))) / (b - a)
                    // The edge is repeated outside.
                    shares[min(max(pixel, kept), end) - kept] += Float(share)
                }
                taps.append(Taps(start: weights.count, first: kept, count: shares.count))
                weights += shares
                low = min(low, kept)
                high = max(high, end + 1)
            }
        }
    }

    /// Whether plane 0 of the format is 8-bit luma, one byte per pixel.
    static func reads(_ format: Int32) -> Bool {
        switch format {
        case AV_PIX_FMT_YUV420P.rawValue, AV_PIX_FMT_YUVJ420P.rawValue, AV_PIX_FMT_YUV422P.rawValue,
            AV_PIX_FMT_YUVJ422P.rawValue, AV_PIX_FMT_YUV444P.rawValue, AV_PIX_FMT_YUVJ444P.rawValue,
            AV_PIX_FMT_NV12.rawValue, AV_PIX_FMT_GRAY8.rawValue:
            true
        default: false
        }
    }

    private var row: [Float] = []
    private var sampled: [Float] = []

    /// Fills `values` with `size * size` means.
    ///
    /// - Parameters:
    ///   - corner: the displayed square's top left corner in coded pixels.
    ///   - across, along: from there to its top right and its bottom left corner; one of the two components of each is
    ///     0.
    ///   - isFullRange: whether luma 0 is black; else 16, and 235 white.
    mutating func sample(
        _ frame: UnsafeMutablePointer<AVFrame>, corner: (x: Double, y: Double), across: (x: Double, y: Double),
        along: (x: Double, y: Double), size: Int, isFullRange: Bool, outside: UInt8, into values: inout [UInt8]
    ) -> Bool {
        guard let luma = frame.pointee.data.0 else { return false }
        values = [UInt8](repeating: outside, count: size * size)
        // On quarter turns the displayed rows are coded columns.
        let isTurned = abs(across.y) > abs(across.x)
        let share = 1 / Double(size)
        let columns = Axis(
            start: corner.x, step: (isTurned ? along.x : across.x) * share, count: size,
            limit: Int(frame.pointee.width))
        let rows = Axis(
            start: corner.y, step: (isTurned ? across.y : along.y) * share, count: size,
            limit: Int(frame.pointee.height))
        guard columns.low < columns.high, rows.low < rows.high else { return true }
        let width = columns.high - columns.low
        if row.count < width { row = [Float](repeating: 0, count: width) }
        if sampled.count < size { sampled = [Float](repeating: 0, count: size) }
        let (scale, offset): (Float, Float) = isFullRange ? (1, 0) : (255.0 / 219, -16 * 255.0 / 219)
        let stride = Int(frame.pointee.linesize.0)
        for index in 0..<size where rows.inside[index] {
            sum(rows.taps[index], rows.weights, luma + columns.low, stride, width)
            reduce(columns, size)
            for column in 0..<size where columns.inside[column] {
                let value = max(0, min(255, sampled[column] * scale + offset))
                values[isTurned ? column * size + index : index * size + column] = UInt8(value + 0.5)
            }
        }
        return true
    }

    /// Weighted sum of rows, pixel by pixel.
    @inline(never)
    private mutating func sum(
        _ taps: Taps, _ weights: [Float], _ source: UnsafePointer<UInt8>, _ stride: Int, _ width: Int
    ) {
        row.withUnsafeMutableBufferPointer { row in
            guard let row = row.baseAddress else { return }
            for tap in 0..<taps.count {
                let weight = weights[taps.start + tap]
                let line = source + (taps.first + tap) * stride
                if tap == 0 {
                    for column in 0..<width { row[column] = Float(line[column]) * weight }
                } else {
                    for column in 0..<width { row[column] += Float(line[column]) * weight }
                }
            }
        }
    }

    /// Weighted sums along the row.
    @inline(never)
    private mutating func reduce(_ columns: Axis, _ size: Int) {
        row.withUnsafeBufferPointer { row in
            columns.weights.withUnsafeBufferPointer { weights in
                for index in 0..<size {
                    let taps = columns.taps[index]
                    var sum: Float = 0
                    for tap in 0..<taps.count {
                        sum += row[taps.first - columns.low + tap] * weights[taps.start + tap]
                    }
                    sampled[index] = sum
                }
            }
        }
    }
}
