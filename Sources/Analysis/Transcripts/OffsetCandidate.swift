/// A candidate offset of a transcript.
struct OffsetCandidate {
    /// Seconds to add to the subject's times after the factor.
    let offset: Double
    let factor: Double
    let rateName: String?
    /// Height of the curve there, and of the best rival farther away, in deviations.
    let height: Double
    let rival: Double

    /// The largest value at more than a distance from an index; `-.infinity` without any.
    static func highest<Value: BinaryFloatingPoint>(_ values: [Value], apartFrom top: Int, by apart: Int) -> Value {
        var result = -Value.infinity
        for place in 0..<values.count where abs(place - top) > apart && values[place] > result {
            result = values[place]
        }
        return result
    }
}
