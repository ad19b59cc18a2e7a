import SignalCore

/// Differences of boundaries in milliseconds (positive: the subject is early).
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
            count: milliseconds.count, over: over, medianAbsolute: Quantile.of(sorted: sizes, 0.5),
            p95Absolute: Quantile.of(sorted: sizes, 0.95),
            bias: milliseconds.isEmpty ? .nan : sum / Double(milliseconds.count))
    }
}

/// Statistics of a list of differences, in milliseconds; NaN where there are none.
public struct BoundaryFigures: Sendable, Hashable {
    public let count: Int
    /// How many are beyond the tolerance.
    public let over: Int
    public let medianAbsolute: Double
    public let p95Absolute: Double
    /// The signed mean; positive: the subject is early.
    public let bias: Double
}
