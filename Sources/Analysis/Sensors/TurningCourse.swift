/// A movement with its components and their signs, moment by moment: what all of a picture does, or what a gyroscope
/// says.
public struct TurningCourse: Sendable {
    /// What it was made of, for people.
    public let source: String
    /// Increasing, in seconds.
    public let times: [Double]
    /// A value for each time in each, of any unit; which axis is which, and which way it counts, does not matter.
    public let components: [[Double]]

    /// Moments at which a component is not known are left out.
    public init(source: String, times: [Double], components: [[Double]]) {
        precondition(components.allSatisfy { $0.count == times.count }, "a value for each time")
        self.source = source
        let known = times.indices.filter { row in times[row].isFinite && components.allSatisfy { $0[row].isFinite } }
        self.times = known.map { times[$0] }
        self.components = components.map { values in known.map { values[$0] } }
    }

    /// How fast it turns, whichever way.
    public func speed(of parts: Range<Int>? = nil) -> MotionCourse {
        let kept = (parts ?? 0..<components.count).clamped(to: 0..<components.count)
        return MotionCourse.size(of: kept.map { components[$0] }, times: times, kind: .speed, source: source)
    }
}
