/// Quantiles by linear interpolation between order statistics (type 7 of Hyndman & Fan 1996, the usual default).
public enum Quantile {
    public static func of<Value: BinaryFloatingPoint>(sorted values: [Value], _ share: Double) -> Double {
        guard let last = values.indices.last else { return .nan }
        let place = share * Double(last)
        let low = min(last, max(0, Int(place)))
        let high = min(last, low + 1)
        return Double(values[low]) + (Double(values[high]) - Double(values[low])) * (place - Double(low))
    }

    public static func median<Value: BinaryFloatingPoint>(_ values: [Value]) -> Double {
        of(sorted: values.sorted(), 0.5)
    }

    /// The 95 % interval of the median from order statistics (binomial; normal approximation from 6 values on); for
    /// fewer values the range.
    public static func medianInterval<Value: BinaryFloatingPoint>(sorted values: [Value]) -> (
        lower: Double, upper: Double
    ) {
        guard let first = values.first, let last = values.last else { return (.nan, .nan) }
        guard values.count >= 6 else { return (Double(first), Double(last)) }
        let count = Double(values.count)
        let reach = 1.96 * count.squareRoot() / 2
        let low = max(0, Int((count / 2 - reach).rounded(.down)) - 1)
        let high = min(values.count - 1, Int((count / 2 + reach).rounded(.up)))
        return (Double(values[low]), Double(values[high]))
    }
}
