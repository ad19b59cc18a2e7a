/// A reduced decoded frame: what is needed to judge the health of a stream.
public struct HealthFrame: Sendable {
    public static let columns = 32
    public static let rows = 18
    /// Presentation time in seconds from the file's origin.
    public let seconds: Double
    /// Means of luma 0...255 over boxes, row by row.
    public let boxes: [Float]
    /// Single luma pixels on a grid of the same size, as they were decoded.
    public let pixels: [Float]
    /// Whether the decoder concealed some or all of it.
    public let isConcealed: Bool

    public init(seconds: Double, boxes: [Float], pixels: [Float], isConcealed: Bool) {
        self.seconds = seconds
        self.boxes = boxes
        self.pixels = pixels
        self.isConcealed = isConcealed
    }

    /// Difference from another frame: the mean over the most changed twentieth of the boxes, in grey levels.
    func change(from other: HealthFrame) -> Float {
        let count = max(1, boxes.count / 20)
        return withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { most in
            // The largest differences found, ascending.
            most.initialize(repeating: 0)
            boxes.withUnsafeBufferPointer { here in
                other.boxes.withUnsafeBufferPointer { there in
                    for index in 0..<min(here.count, there.count) {
                        let difference = abs(here[index] - there[index])
                        guard difference > most[0] else { continue }
                        var place = 0
                        while place + 1 < count, most[place + 1] < difference {
                            most[place] = most[place + 1]
                            place += 1
                        }
                        most[place] = difference
                    }
                }
            }
            return most.reversed().reduce(0, +) / Float(count)
        }
    }

    /// The share of single pixels that differ from another frame.
    func renewed(from other: HealthFrame) -> Float {
        Float(zip(pixels, other.pixels).count { abs($0 - $1) > 1 }) / Float(max(1, pixels.count))
    }

    var mean: Float { boxes.reduce(0, +) / Float(max(1, boxes.count)) }
    var lightest: Float { boxes.max() ?? 0 }

    /// Similarity of two frames irrespective of brightness: the correlation of their boxes.
    func likeness(to other: HealthFrame, rows: Range<Int>? = nil) -> Float {
        let range =
            (rows.map { $0.lowerBound * HealthFrame.columns..<$0.upperBound * HealthFrame.columns }) ?? 0..<boxes.count
        let count = Float(range.count)
        var (sumA, sumB): (Float, Float) = (0, 0)
        for index in range {
            sumA += boxes[index]
            sumB += other.boxes[index]
        }
        let (meanA, meanB) = (sumA / count, sumB / count)
        var (both, a, b): (Float, Float, Float) = (0, 0, 0)
        for index in range {
            let (x, y) = (boxes[index] - meanA, other.boxes[index] - meanB)
            both += x * y
            a += x * x
            b += y * y
        }
        return a > 0 && b > 0 ? both / (a * b).squareRoot() : 0
    }
}
