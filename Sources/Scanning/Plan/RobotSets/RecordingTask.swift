public import RobotRecordings

/// The task of one robot's recording with cameras and logs in one file or bag.
public struct RecordingTask: Sendable, Hashable, Codable {
    public let file: RecordingFile

    public init(_ path: String) { file = RecordingFile(path) }

    /// Files whose changes invalidate the result.
    public var files: [String] { file.parts }
}
