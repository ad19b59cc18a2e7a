/// How much of a picture changes that neither noise nor light accounts for: the speed of what moves before a camera
/// that stands, however small and however noisy.
///
/// Optical flow sees noise as motion everywhere, and what moves in a corner is lost in its mean. Here two pictures of a
/// tenth of a second apart are compared: light that changes as a whole is taken out by a line through both (gain and
/// offset, fitted to what does not move), light that changes row by row, as lamps make it on a rolling shutter, by the
/// median of each row; what is left counts where it stands clear of the middle deviation and of its neighbourhood. For
/// an even thing that moves by less than its size the sum is its speed times its height times its contrast.
struct Stirring: Sendable {
    private var recent: [(time: Double, values: [Float])] = []
    private var width = 0

    /// Over so many seconds pictures are compared, at least from one to the next.
    private static let span = 0.1
    /// Pictures further apart are not compared, in seconds.
    private static let widest = 0.5
    /// What counts: so many middle deviations (median absolute deviation times 1.4826), and so many levels of 255.
    private static let deviations: Float = 4, least: Float = 1
    /// Of nine neighbours so many change with a pixel that counts: noise comes one by one.
    private static let company = 3

    /// Takes a picture; returns the moment that the change belongs to, in seconds, and its size in levels times pixels
    /// a second; nil: there is nothing to compare with yet.
    mutating func append(_ image: LumaImage, seconds: Double) -> (seconds: Double, size: Float)? {
        if width != image.width || recent.last?.values.count != image.values.count { recent = [] }
        width = image.width
        recent.append((seconds, LumaImage.boxed(image.values, width: image.width, height: image.height, reach: 1)))
        // The newest that lies a span back.
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

    /// The second picture less the first as the light of the second shows it.
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
            // A picture without contrast tells no gain: it is drawn to 1.
            let (spread, common) = (aa / n - a / n * a / n + 4, ab / n - a / n * b / n + 4)
            gain = Float(min(4, max(0.25, common / spread)))
            offset = Float(b / n) - gain * Float(a / n)
            var sizes = one.indices.map { abs(other[$0] - gain * one[$0] - offset) }
            limit = 4 * median(&sizes) + 0.5
        }
        return one.indices.map { other[$0] - gain * one[$0] - offset }
    }

    /// The middle of values, which are put in another order (Hoare 1961).
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
