/// Change of a video beyond noise and light: the speed of what moves before a static camera, even if small or noisy.
///
/// Optical flow shows noise as motion everywhere, and motion in a corner is lost in its mean. Here two frames a tenth
/// of a second apart are compared: global light changes are removed by a linear fit (gain and offset, fitted to what
/// does not move), light changes by row, as from lamps with a rolling shutter, by the median of each row; the rest
/// counts where it exceeds the median deviation and its neighbourhood. For an even thing that moves by less than its
/// size the sum is its speed times its height times its contrast.
struct Stirring: Sendable {
    private var recent: [(time: Double, values: [Float])] = []
    private var width = 0

    /// The interval of compared frames in seconds; at least one frame.
    private static let span = 0.1
    /// Frames further apart are not compared, in seconds.
    private static let widest = 0.5
    /// Threshold: this many deviations (median absolute deviation times 1.4826), and this many levels of 255.
    private static let deviations: Float = 4, least: Float = 1
    /// Least number of nine neighbours that must change with a pixel: noise is isolated.
    private static let company = 3

    /// Adds a frame; returns the time that the change belongs to, in seconds, and its size in levels times pixels a
    /// second; nil: there is nothing to compare with yet.
    mutating func append(_ image: LumaImage, seconds: Double) -> (seconds: Double, size: Float)? {
        if width != image.width || recent.last?.values.count != image.values.count { recent = [] }
        width = image.width
        recent.append((seconds, LumaImage.boxed(image.values, width: image.width, height: image.height, reach: 1)))
        // The newest one at least a span earlier.
        while recent.count > 2, recent[1].time <= seconds - Stirring.span + 0.004 { recent.removeFirst() }
        guard recent.count > 1, let before = recent.first, let now = recent.last else { return nil }
        let apart = now.time - before.time
        guard apart > 0.001 else { return nil }
        guard apart <= Stirring.widest else {
            recent.removeFirst(recent.count - 1)
            return nil
        }
        let size = Stirring.change(from: before.values, to: now.values, width: image.width, height: image.height)
        return ((before.time + now.time) / 2, size / Float(apart))
    }

    static func change(from one: [Float], to other: [Float], width: Int, height: Int) -> Float {
        var difference = relit(one, other)
        difference.withUnsafeMutableBufferPointer { values in
            var row = [Float](repeating: 0, count: width)
            for y in 0..<height {
                for x in 0..<width { row[x] = values[y * width + x] }
                let middle = median(&row)
                for x in 0..<width { values[y * width + x] -= middle }
            }
        }
        var sizes = difference.map { abs($0) }
        let limit = max(least, deviations * 1.4826 * median(&sizes))
        var sum: Float = 0
        difference.withUnsafeBufferPointer { values in
            for y in 0..<height {
                for x in 0..<width {
                    let value = abs(values[y * width + x])
                    guard value > limit else { continue }
                    var company = 0
                    for v in max(0, y - 1)...min(height - 1, y + 1) {
                        for u in max(0, x - 1)...min(width - 1, x + 1) where abs(values[v * width + u]) > limit {
                            company += 1
                        }
                    }
                    if company >= Stirring.company { sum += value }
                }
            }
        }
        return sum
    }

    /// The second frame minus the first in the light of the second.
    private static func relit(_ one: [Float], _ other: [Float]) -> [Float] {
        var (gain, offset): (Float, Float) = (1, 0)
        var limit = Float.infinity
        for _ in 0..<2 {
            var (count, a, b, aa, ab): (Float, Double, Double, Double, Double) = (0, 0, 0, 0, 0)
            for index in one.indices {
                let (x, y) = (one[index], other[index])
                guard abs(y - gain * x - offset) <= limit else { continue }
                count += 1
                a += Double(x)
                b += Double(y)
                aa += Double(x) * Double(x)
                ab += Double(x) * Double(y)
            }
            guard count > 16 else { break }
            let n = Double(count)
            // The gain of a frame without contrast is unknown: it is pulled to 1.
            let (spread, common) = (aa / n - a / n * a / n + 4, ab / n - a / n * b / n + 4)
            gain = Float(min(4, max(0.25, common / spread)))
            offset = Float(b / n) - gain * Float(a / n)
            var sizes = one.indices.map { abs(other[$0] - gain * one[$0] - offset) }
            limit = 4 * median(&sizes) + 0.5
        }
        return one.indices.map { other[$0] - gain * one[$0] - offset }
    }

    /// The median of values, which are reordered (Hoare 1961).
    private static func median(_ values: inout [Float]) -> Float {
        guard !values.isEmpty else { return 0 }
        let middle = values.count / 2
        return values.withUnsafeMutableBufferPointer { values in
            var (low, high) = (0, values.count - 1)
            while low < high {
                let pivot = values[(low + high) / 2]
                var (left, right) = (low, high)
                while left <= right {
                    while values[left] < pivot { left += 1 }
                    while values[right] > pivot { right -= 1 }
                    if left <= right {
                        values.swapAt(left, right)
                        left += 1
                        right -= 1
                    }
                }
                if middle <= right { high = right } else if middle >= left { low = left } else { break }
            }
            return values[middle]
        }
    }
}
