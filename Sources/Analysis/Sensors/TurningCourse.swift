/// Signed components of a rotation over time: motion of the whole frame, or a gyroscope's readings.
public struct TurningCourse: Sendable {
    /// Its source, for people.
    public let source: String
    /// Increasing, in seconds.
    public let times: [Double]
    /// One value per time in each, of any unit; order and sign of the axes do not matter.
    public let components: [[Double]]

    /// Times at which a component is unknown are omitted.
    public init(source: String, times: [Double], components: [[Double]]) {
        precondition(components.allSatisfy { $0.count == times.count }, "a value for each time")
        self.source = source
        let known = times.indices.filter { row in times[row].isFinite && components.allSatisfy { $0[row].isFinite } }
        self.times = known.map { times[$0] }
        self.components = components.map { values in known.map { values[$0] } }
    }

    /// Magnitude of the rotation.
    public func speed(of parts: Range<Int>? = nil) -> MotionSignal {
        let kept = (parts ?? 0..<components.count).clamped(to: 0..<components.count)
        return MotionSignal.size(of: kept.map { components[$0] }, times: times, kind: .speed, source: source)
    }
}
