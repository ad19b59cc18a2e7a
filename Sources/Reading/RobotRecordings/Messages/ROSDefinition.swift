/// Message types from ROS definitions: the text of a `.msg` file, followed by its dependencies after lines of `=`
/// (rosbag2's and MCAP's `ros2msg`, and ROS 1's `ros1msg`).
struct ROSDefinition {
    enum Primitive: String {
        case bool, byte, char, int8, uint8, int16, uint16, int32, uint32, int64, uint64, float32, float64

        /// Size in bytes.
        var size: Int {
            switch self {
            case .bool, .byte, .char, .int8, .uint8: 1
            case .int16, .uint16: 2
            case .int32, .uint32, .float32: 4
            case .int64, .uint64, .float64: 8
            }
        }
    }

    enum Kind: Equatable {
        case primitive(Primitive)
        case text
        /// Two 32-bit numbers, in ROS 1.
        case moment(isSigned: Bool)
        /// By its full name, `package/Type`.
        case message(String)
    }

    enum Repetition: Equatable {
        case once
        case fixed(Int)
        case counted
    }

    struct Field {
        let name: String
        let kind: Kind
        let repetition: Repetition
    }

    /// Fields by the full name of the message.
    private(set) var messages: [String: [Field]] = [:]
    let root: String

    private static let mostFields = 4096
    private static let mostRepeats = 1 << 20

    /// - Parameter isFirst: whether it is ROS 1, with the built-in types `time`, `duration` and `Header`.
    /// - Returns: nil if a type is unknown or the text is not a definition.
    init?(_ text: String, name: String, isFirst: Bool) {
        root = ROSDefinition.full(name)
        var count = 0
        var current = root
        var fields: [Field] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let bare = line.prefix { $0 != "#" }
            if bare.count > 10, bare.allSatisfy({ $0 == "=" }) {
                messages[current] = fields
                (current, fields) = ("", [])
                continue
            }
            let words = bare.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" })
            guard let first = words.first else { continue }
            if first == "MSG:" {
                guard words.count > 1 else { return nil }
                current = ROSDefinition.full(String(words[1]))
                continue
            }
            guard words.count > 1 else { return nil }
            // A constant, not a default: `int32 X=1`, `int32 X = 1`.
            if words[1].contains("=") || words.count > 2 && words[2].hasPrefix("=") { continue }
            guard let field = ROSDefinition.field(String(first), String(words[1]), in: current, isFirst) else {
                return nil
            }
            fields.append(field)
            count += 1
            guard count <= ROSDefinition.mostFields else { return nil }
        }
        messages[current] = fields
    }

    /// `sensor_msgs/msg/JointState` and `sensor_msgs/JointState` are equivalent.
    static func full(_ name: String) -> String {
        let parts = name.split(separator: "/")
        return parts.count == 3 ? "\(parts[0])/\(parts[2])" : name
    }

    private static func field(_ type: String, _ name: String, in message: String, _ isFirst: Bool) -> Field? {
        var type = Substring(type)
        var repetition = Repetition.once
        if type.hasSuffix("]") {
            guard let open = type.lastIndex(of: "[") else { return nil }
            let size = type[type.index(after: open)...].dropLast()
            if let count = Int(size) {
                guard (0...mostRepeats).contains(count) else { return nil }
                repetition = .fixed(count)
            } else {
                guard size.isEmpty || size.hasPrefix("<=") else { return nil }
                repetition = .counted
            }
            type = type[..<open]
        }
        let kind: Kind
        if let primitive = Primitive(rawValue: String(type)) {
            kind = .primitive(primitive)
        } else if type == "string" || type.hasPrefix("string<=") {
            kind = .text
        } else if isFirst, type == "time" || type == "duration" {
            kind = .moment(isSigned: type == "duration")
        } else if isFirst, type == "Header" {
            kind = .message("std_msgs/Header")
        } else if type.contains("/") {
            kind = .message(full(String(type)))
        } else {
            guard type.first?.isUppercase == true else { return nil }
            let package = message.split(separator: "/").first.map(String.init) ?? ""
            kind = .message("\(package)/\(type)")
        }
        return Field(name: name, kind: kind, repetition: repetition)
    }

    /// The fields of a message; built-in ROS types need no definition.
    func fields(of message: String) -> [Field]? {
        messages[message] ?? KnownMessages.definition(of: message)?.messages[message]
    }
}

/// Definitions of common messages: SQLite bags before 2023 have none.
enum KnownMessages {
    /// nil: not one of these.
    static func definition(of name: String) -> ROSDefinition? {
        let name = ROSDefinition.full(name)
        guard let text = texts[name] else { return nil }
        return ROSDefinition(text, name: name, isFirst: false)
    }

    /// From the packages `std_msgs`, `geometry_msgs` and `sensor_msgs` of ROS 2.
    private static let texts: [String: String] = [
        "builtin_interfaces/Time": "int32 sec\nuint32 nanosec",
        "builtin_interfaces/Duration": "int32 sec\nuint32 nanosec",
        "std_msgs/Header": "builtin_interfaces/Time stamp\nstring frame_id",
        "std_msgs/MultiArrayDimension": "string label\nuint32 size\nuint32 stride",
        "std_msgs/MultiArrayLayout": "MultiArrayDimension[] dim\nuint32 data_offset",
        "std_msgs/Float64MultiArray": "MultiArrayLayout layout\nfloat64[] data",
        "std_msgs/Float32MultiArray": "MultiArrayLayout layout\nfloat32[] data",
        "geometry_msgs/Vector3": "float64 x\nfloat64 y\nfloat64 z",
        "geometry_msgs/Point": "float64 x\nfloat64 y\nfloat64 z",
        "geometry_msgs/Quaternion": "float64 x\nfloat64 y\nfloat64 z\nfloat64 w",
        "geometry_msgs/Pose": "Point position\nQuaternion orientation",
        "geometry_msgs/PoseStamped": "std_msgs/Header header\nPose pose",
        "geometry_msgs/Twist": "Vector3 linear\nVector3 angular",
        "geometry_msgs/TwistStamped": "std_msgs/Header header\nTwist twist",
        "geometry_msgs/Wrench": "Vector3 force\nVector3 torque",
        "geometry_msgs/WrenchStamped": "std_msgs/Header header\nWrench wrench",
        "sensor_msgs/JointState":
            "std_msgs/Header header\nstring[] name\nfloat64[] position\nfloat64[] velocity\nfloat64[] effort",
        "sensor_msgs/Imu":
            """
        std_msgs/Header header
        geometry_msgs/Quaternion orientation
        float64[9] orientation_covariance
        geometry_msgs/Vector3 angular_velocity
        float64[9] angular_velocity_covariance
        geometry_msgs/Vector3 linear_acceleration
        float64[9] linear_acceleration_covariance
        """,
        "sensor_msgs/CompressedImage": "std_msgs/Header header\nstring format\nuint8[] data",
        "sensor_msgs/Image":
            """
        std_msgs/Header header
        uint32 height
        uint32 width
        string encoding
        uint8 is_bigendian
        uint32 step
        uint8[] data
        """,
        "sensor_msgs/RegionOfInterest":
            "uint32 x_offset\nuint32 y_offset\nuint32 height\nuint32 width\nbool do_rectify",
        "sensor_msgs/CameraInfo":
            """
        std_msgs/Header header
        uint32 height
        uint32 width
        string distortion_model
        float64[] d
        float64[9] k
        float64[9] r
        float64[12] p
        uint32 binning_x
        uint32 binning_y
        RegionOfInterest roi
        """,
        "foxglove_msgs/CompressedVideo":
            "builtin_interfaces/Time timestamp\nstring frame_id\nuint8[] data\nstring format",
    ]
}
