/// What a picture shows of motion.
public struct SeenMotion: Sendable {
    /// The speed of what moves, the camera's own motion left out.
    public let speed: MotionCourse
    /// How much moves beyond noise and light before a camera that stands; nil: that is not known.
    public let stir: MotionCourse?
    /// What all of the picture does, as it does where the camera turns: to the right, down, and about its middle.
    public let whole: TurningCourse?
    /// Seconds from one video frame to the next.
    public let frameSeconds: Double

    public init(
        speed: MotionCourse, stir: MotionCourse? = nil, whole: TurningCourse? = nil, frameSeconds: Double
    ) {
        self.speed = speed
        self.stir = stir
        self.whole = whole
        self.frameSeconds = frameSeconds
    }

    /// What logs are laid against, one by one.
    public var courses: [MotionCourse] { [speed] + (stir.map { [$0] } ?? []) }

    /// The course that fits a log best by short profiles, with its profile; nil: there is nothing to compare.
    public func profile(of log: MotionCourse) -> LagProfile? {
        courses.compactMap {
            LagProfile(picture: log.kind == .change ? $0.change : $0, log: log, frameSeconds: frameSeconds)
        }.max { ($0.heights.max() ?? 0) < ($1.heights.max() ?? 0) }
    }
}

/// What a log tells of motion.
public struct LogMotion: Sendable {
    /// Speeds and their changes.
    public var courses: [MotionCourse]
    /// A gyroscope's axes, which may sit on the camera.
    public var turning: TurningCourse?
    /// How long the state takes to follow its command, where the log has both.
    public var lag: ControllerLag?
    /// Sudden changes of force or acceleration.
    public var jolts: JoltEvents?

    public init(courses: [MotionCourse], turning: TurningCourse? = nil) {
        self.courses = courses
        self.turning = turning
    }
}
