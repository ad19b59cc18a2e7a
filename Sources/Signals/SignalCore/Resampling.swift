/// Resamples values at other times.
public enum Resampling {
    /// Linear interpolation at increasing `times` of values given at increasing `knots`; held constant beyond the ends.
    public static func linear(_ values: [Float], knots: [Double], at times: [Double]) -> [Float] {
        precondition(values.count == knots.count && !values.isEmpty, "one value per knot, and at least one")
        var next = 0
        return times.map { time in
            while next < knots.count, knots[next] <= time { next += 1 }
            if next == 0 { return values[0] }
            if next == knots.count { return values[knots.count - 1] }
            let share = (time - knots[next - 1]) / (knots[next] - knots[next - 1])
            return values[next - 1] + Float(share) * (values[next] - values[next - 1])
        }
    }
}
