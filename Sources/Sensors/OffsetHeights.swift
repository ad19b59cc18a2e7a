/// How well each offset fits, in deviations of chance, on a grid that all matches share: heights of several episodes that have one
/// offset may be added, and their sum divided by the root of their number is in deviations again.
public struct OffsetHeights: Sendable, Hashable {
    /// Seconds from one offset to the next.
    public static let step = 0.01
    /// The first offset, in steps.
    public internal(set) var first: Int
    /// Minus infinity where too little meets.
    public let values: [Float]

    public init(first: Int, values: [Float]) {
        self.first = first
        self.values = values
    }

    /// The height at an offset given in steps; nil where it was not searched or too little meets.
    public func height(atStep step: Int) -> Double? {
        guard values.indices.contains(step - first), values[step - first].isFinite else { return nil }
        return Double(values[step - first])
    }
}
