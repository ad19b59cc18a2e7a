public import RobotRecordings

/// What is asked about one recording of a robot that holds cameras and logs in one file or bag.
public struct RecordingTask: Sendable, Hashable, Codable {
    public let file: RecordingFile

    public init(_ path: String) { file = RecordingFile(path) }

    /// Files by which it is told whether anything changed.
    public var files: [String] { file.parts }
}
