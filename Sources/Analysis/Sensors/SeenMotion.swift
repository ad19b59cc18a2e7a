/// The motion that a video shows.
public struct SeenMotion: Sendable {
    /// The speed of what moves, the camera's own motion omitted.
    public let speed: MotionSignal
    /// Motion beyond noise and light changes for a static camera; nil: unknown.
    public let stir: MotionSignal?
    /// Motion of the whole frame, as when the camera turns: to the right, down, and about its middle.
    public let whole: TurningCourse?
    /// Seconds from one video frame to the next.
    public let frameSeconds: Double

    public init(
        speed: MotionSignal, stir: MotionSignal? = nil, whole: TurningCourse? = nil, frameSeconds: Double
    ) {
        self.speed = speed
        self.stir = stir
        self.whole = whole
        self.frameSeconds = frameSeconds
    }

    /// The signals that logs are compared with, one by one.
    public var courses: [MotionSignal] { [speed] + (stir.map { [$0] } ?? []) }

    /// The signal that fits a log best by short profiles, with its profile; nil: there is nothing to compare.
    public func profile(of log: MotionSignal) -> LagProfile? {
        courses.compactMap {
            LagProfile(picture: log.kind == .change ? $0.change : $0, log: log, frameSeconds: frameSeconds)
        }.max { ($0.heights.max() ?? 0) < ($1.heights.max() ?? 0) }
    }
}

/// The motion that a log shows.
public struct LogMotion: Sendable {
    /// Speeds and their changes.
    public var courses: [MotionSignal]
    /// The axes of a gyroscope, which may be on the camera.
    public var turning: TurningCourse?
    /// The lag of the state after its command, where the log has both.
    public var lag: ControllerLag?
    /// Sudden changes of force or acceleration.
    public var jolts: JoltEvents?

    public init(courses: [MotionSignal], turning: TurningCourse? = nil) {
        self.courses = courses
        self.turning = turning
    }
}
