import Foundation

/// Standardises signals: removes averages and sets deviations to one.
public enum Standardisation {
    /// Subtracts the mean and divides by the standard deviation (divided by n), but by no less than `floor`; clips to
    /// +-`limit`.
    public static func scaled(_ x: [Float], deviationFloor floor: Double, limit: Float) -> [Float] {
        let (mean, deviation) = moments(x)
        let divisor = max(deviation, floor)
        return x.map { min(limit, max(-limit, Float((Double($0) - mean) / divisor))) }
    }

    /// Mean and standard deviation (divided by n); zeros for no values.
    public static func moments(_ x: [Float]) -> (mean: Double, deviation: Double) {
        guard !x.isEmpty else { return (0, 0) }
        let mean = x.reduce(0.0) { $0 + Double($1) } / Double(x.count)
        let variance = x.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(x.count)
        return (mean, variance.squareRoot())
    }

    /// Subtracts the average over 2 `reach` + 1 values, weighted `0.5 + 0.5 cos(pi k / (reach + 1))` at distance k;
    /// at the ends over the values that exist.
    public static func movingAverageRemoved(_ x: [Float], reach: Int) -> [Float] {
        let weights = (0...reach).map { 0.5 + 0.5 * cos(.pi * Double($0) / Double(reach + 1)) }
        return x.indices.map { centre in
            var (sum, total) = (0.0, 0.0)
            for index in max(0, centre - reach)...min(x.count - 1, centre + reach) {
                let weight = weights[abs(index - centre)]
                sum += weight * Double(x[index])
                total += weight
            }
            return Float(Double(x[centre]) - sum / total)
        }
    }

    /// The mean of the 2 `reach` + 1 values around each; at the ends over those that exist.
    public static func boxAverage(_ x: [Float], reach: Int) -> [Float] {
        x.indices.map { centre in
            let range = max(0, centre - reach)...min(x.count - 1, centre + reach)
            return Float(x[range].reduce(0.0) { $0 + Double($1) } / Double(range.count))
        }
    }

    /// The percentile of a share, interpolated linearly; nil for no values.
    public static func percentile(_ x: [Float], _ share: Double) -> Double? {
        guard !x.isEmpty else { return nil }
        let sorted = x.sorted()
        let position = share * Double(sorted.count - 1)
        let low = Int(position.rounded(.down))
        let high = min(sorted.count - 1, low + 1)
        return Double(sorted[low]) + (position - Double(low)) * Double(sorted[high] - sorted[low])
    }
}
