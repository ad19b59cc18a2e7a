public import SensorLogs
public import Sensors

extension LogMotion {
    /// Every channel of a log with motion, at its time since the log's first timestamp.
    public init(_ log: SensorLog, _ clock: ClockAnalyser.Result) {
        let first = clock.stamps.first ?? 0
        let times = clock.stamps.map { $0 - first }
        func values(_ role: ColumnRole) -> [[Double]]? {
            log.channels[role].map { columns in
                columns.map { column in clock.rows.map { $0 < column.values.count ? column.values[$0] : .nan } }
            }
        }
        var courses: [MotionSignal] = []
        // If a driver fills speeds with zeros, its positions are used.
        if let speed = values(.speed), log.channels[.speed]?.contains(where: { !$0.isConstant }) == true {
            courses.append(.speed(ofSpeeds: speed, times: times, source: "speed"))
        }
        let turning = values(.gyroscope).map {
            TurningCourse(source: "gyroscope", times: times, components: Array($0.prefix(3)))
        }
        if let turning { courses.append(turning.speed()) }
        if courses.isEmpty, let place = values(.position) {
            courses.append(.speed(ofPosition: place, times: times, source: "position"))
        }
        if let push = values(.acceleration) {
            // Gravity is constant in size: what differs from the median is motion.
            let size = MotionSignal.size(of: push, times: times, kind: .change, source: "acceleration")
            let middle = size.values.sorted()
            let still = middle.isEmpty ? 0 : middle[middle.count / 2]
            courses.append(
                MotionSignal(
                    kind: .change, source: "acceleration", times: size.times,
                    values: size.values.map { abs($0 - (push.count > 1 ? still : 0)) }))
        }
        self.init(courses: courses, turning: turning)
        jolts = (values(.force) ?? values(.acceleration)).flatMap { JoltEvents($0, times: times) }
        if let command = values(.command) {
            lag = ControllerLag(
                command: command, state: values(.position) ?? [], speed: values(.speed) ?? [], times: times)
        }
    }
}
