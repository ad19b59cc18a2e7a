/// A place where a transcript may lie.
struct OffsetCandidate {
    /// Seconds to add to the subject's times after the factor.
    let offset: Double
    let factor: Double
    let rateName: String?
    /// How high the curve is there, and at the best place farther away, in deviations.
    let height: Double
    let rival: Double

    /// The highest of the values that lie farther from a place than so many; `-.infinity` without any.
    static func highest<Value: BinaryFloatingPoint>(_ values: [Value], apartFrom top: Int, by apart: Int) -> Value {
        var result = -Value.infinity
        for place in 0..<values.count where abs(place - top) > apart && values[place] > result {
            result = values[place]
        }
        return result
    }
}
