/// How far apart boundaries lie: a row of differences in milliseconds, in the contract's sign (positive: the subject is early).
public struct BoundarySample: Sendable {
    public private(set) var milliseconds: [Float] = []
    public private(set) var over = 0
    private var sum = 0.0

    public init() {}

    mutating func add(milliseconds value: Double, isOver: Bool) {
        milliseconds.append(Float(value))
        sum += value
        if isOver { over += 1 }
    }

    public var figures: BoundaryFigures {
        let sizes = milliseconds.map(abs).sorted()
        return BoundaryFigures(
            count: milliseconds.count, over: over, medianAbsolute: Quantile.of(sorted: sizes, 0.5), p95Absolute: Quantile.of(sorted: sizes, 0.95),
            bias: milliseconds.isEmpty ? .nan : sum / Double(milliseconds.count))
    }
}

/// What is said of a row of differences; milliseconds, not a number where there are none.
public struct BoundaryFigures: Sendable, Hashable {
    public let count: Int
    /// How many lie beyond the tolerance.
    public let over: Int
    public let medianAbsolute: Double
    public let p95Absolute: Double
    /// The mean, signed: positive: the subject is early.
    public let bias: Double
}

/// Quantiles by linear interpolation between order statistics (type 7 of Hyndman & Fan 1996, the usual default).
enum Quantile {
    static func of<Value: BinaryFloatingPoint>(sorted values: [Value], _ share: Double) -> Double {
        guard let last = values.indices.last else { return .nan }
        let place = share * Double(last)
        let low = min(last, max(0, Int(place)))
        let high = min(last, low + 1)
        return Double(values[low]) + (Double(values[high]) - Double(values[low])) * (place - Double(low))
    }

    static func median<Value: BinaryFloatingPoint>(_ values: [Value]) -> Double { of(sorted: values.sorted(), 0.5) }

    /// Ends of the 95 % interval of the median from order statistics (binomial, normal approximation from 6 values on); the range below.
    static func medianInterval<Value: BinaryFloatingPoint>(sorted values: [Value]) -> (lower: Double, upper: Double) {
        guard let first = values.first, let last = values.last else { return (.nan, .nan) }
        guard values.count >= 6 else { return (Double(first), Double(last)) }
        let count = Double(values.count)
        let reach = 1.96 * count.squareRoot() / 2
        let low = max(0, Int((count / 2 - reach).rounded(.down)) - 1)
        let high = min(values.count - 1, Int((count / 2 + reach).rounded(.up)))
        return (Double(values[low]), Double(values[high]))
    }
}
