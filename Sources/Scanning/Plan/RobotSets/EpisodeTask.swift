public import RobotSets
public import Sensors
public import SyncModel

/// The task of one episode of a robot set, and its facts before its video is examined.
public struct EpisodeTask: Sendable, Hashable, Codable {
    /// A channel's motion over time, as sent to the process that examines the video.
    public struct Course: Sendable, Hashable, Codable {
        public let kind: String
        public let source: String
        /// Seconds of the episode.
        public let times: [Double]
        public let values: [Double]

        public init(_ course: MotionSignal) {
            (kind, source, times, values) = (course.kind.rawValue, course.source, course.times, course.values)
        }

        public var motion: MotionSignal? {
            guard let kind = MotionSignal.Kind(rawValue: kind), times.count == values.count else { return nil }
            return MotionSignal(kind: kind, source: source, times: times, values: values)
        }
    }

    public internal(set) var faults: [LogFault]
    /// Why it cannot be measured at all.
    public let failure: ClipFailure?
    public let rows: Int
    public let framesPerSecond: Double
    /// Cameras whose video can be examined.
    public let cameras: [RobotEpisode.Video]
    /// Whether this is about the set as a whole, not about one of its episodes.
    public let isWhole: Bool
    /// Files whose changes invalidate the result.
    public let files: [String]
    /// By how many ms the states of the episode follow its commands; nil: not known.
    public let lag: Double?
    /// Of the set as a whole: the same by joint.
    public let lags: [JointLag]
    /// Whether the video is to be examined.
    public var wantsContent = false
    /// Filled in shortly before that.
    public var courses: [Course] = []
    public var notes: [String] = []

    public init(_ found: SetSurvey.Case, framesPerSecond: Double) {
        faults = found.faults
        failure = found.failure
        rows = found.rows
        self.framesPerSecond = framesPerSecond
        cameras = found.cameras
        isWhole = false
        files = [found.episode.table] + found.episode.videos.map(\.path)
        lag = found.lag
        lags = []
    }

    /// The set as a whole, with its faults.
    public init(_ survey: SetSurvey, _ faults: [LogFault]) {
        self.faults = faults
        failure = nil
        rows = survey.cases.reduce(0) { $0 + $1.rows }
        framesPerSecond = survey.set.framesPerSecond
        cameras = []
        isWhole = true
        files = [survey.set.root + "/meta/info.json"]
        lag = nil
        lags = survey.lags
    }

    /// Everything except the content of its files: a stored result is valid only for the same.
    public var identity: String {
        let videos = cameras.map { "\($0.camera) \($0.from ?? 0) \($0.to ?? 0)" }
        let joints = lags.map { "\($0.joint) \($0.episodes) \($0.median) \($0.spread)" }
        return "episode \(rows) rows, \(framesPerSecond) a second, \(wantsContent ? "with" : "without") content; "
            + (videos + joints + faults.map { "\($0.kind.rawValue) \($0.sentence)" }).joined(separator: "; ")
    }

    public var seconds: Double { Double(rows) / framesPerSecond }
}
