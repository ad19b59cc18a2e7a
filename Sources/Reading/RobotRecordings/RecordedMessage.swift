public import SyncModel

/// A named stream of messages in a recording of a robot, and how its messages are written.
public struct RecordedTopic: Sendable, Hashable {
    /// Such as `/joint_states`.
    public let name: String
    /// How messages are coded: `cdr`, `ros1`, `protobuf`, `json`.
    public let encoding: String
    /// The type's name, such as `sensor_msgs/msg/JointState`.
    public let schemaName: String
    /// How the schema is written: `ros2msg`, `ros1msg`, `protobuf`, `jsonschema`; empty: there is none.
    public let schemaEncoding: String
    public let schema: [UInt8]

    public init(name: String, encoding: String, schemaName: String, schemaEncoding: String, schema: [UInt8]) {
        self.name = name
        self.encoding = encoding
        self.schemaName = schemaName
        self.schemaEncoding = schemaEncoding
        self.schema = schema
    }

    /// By the name: schemas are long, and topics are looked up message by message.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// One message as it lies in the file; valid only while it is handed out.
public struct RecordedMessage {
    public let topic: RecordedTopic
    /// When the recorder took it, in nanoseconds of its clock.
    public let logNanoseconds: UInt64
    public let bytes: UnsafeRawBufferPointer
}

/// How the reading of a recording came to its end.
public struct RecordingEnd: Sendable, Hashable {
    public var messages = 0
    /// What could not be read, in words; empty: all of it was.
    public var damages: [Doubt] = []

    public init() {}
}

/// Takes one message after the other; throws to stop.
public typealias MessageReceiver = (RecordedMessage) throws(ClipFailure) -> Void
