public import SyncModel

/// A named stream of messages in a robot recording, with its encoding.
public struct RecordedTopic: Sendable, Hashable {
    /// Such as `/joint_states`.
    public let name: String
    /// Message encoding: `cdr`, `ros1`, `protobuf`, `json`.
    public let encoding: String
    /// The type's name, such as `sensor_msgs/msg/JointState`.
    public let schemaName: String
    /// Schema encoding: `ros2msg`, `ros1msg`, `protobuf`, `jsonschema`; empty: no schema.
    public let schemaEncoding: String
    public let schema: [UInt8]

    public init(name: String, encoding: String, schemaName: String, schemaEncoding: String, schema: [UInt8]) {
        self.name = name
        self.encoding = encoding
        self.schemaName = schemaName
        self.schemaEncoding = schemaEncoding
        self.schema = schema
    }

    /// Only the name: schemas are long, and topics are looked up for every message.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// One message in the file; valid only during the call.
public struct RecordedMessage {
    public let topic: RecordedTopic
    /// Log time, in nanoseconds of the recorder's clock.
    public let logNanoseconds: UInt64
    public let bytes: UnsafeRawBufferPointer
}

/// The result of reading a recording.
public struct RecordingEnd: Sendable, Hashable {
    public var messages = 0
    /// What could not be read, in words; empty: everything was read.
    public var damages: [Reason] = []

    public init() {}
}

/// Receives messages one by one; throws to stop.
public typealias MessageReceiver = (RecordedMessage) throws(ClipFailure) -> Void
