public import Foundation

/// An MCAP file of a robot as ROS 2 writes it, made byte by byte: a camera that sees a square move, and joints that
/// tell where it stood.
public struct MadeRecording {
    /// A seed gives always the same motion.
    public struct Motion {
        private let moments: [(time: Double, width: Double, height: Double)]

        public init(seed: UInt64, seconds: Double) {
            var state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1
            func next() -> Double {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                return Double(state >> 11) / Double(1 << 53)
            }
            moments = (0..<Int(seconds * 0.8)).map { _ in
                (next() * seconds, 0.12 + 0.2 * next(), next() * 2 - 1)
            }
        }

        /// From 0 to 1: steps of different sizes and speeds, one after the other.
        public func place(_ time: Double) -> Double {
            let sum = moments.reduce(0.0) { $0 + $1.height / (1 + exp(-(time - $1.time) / ($1.width / 3))) }
            return 0.5 + 0.5 * sin(2 * sum)
        }
    }

    public static let start: Int64 = 1_700_000_000

    private var bytes: [UInt8] = [0x89, 0x4D, 0x43, 0x41, 0x50, 0x30, 0x0D, 0x0A]
    private var channels: UInt16 = 0

    public init() {
        record(1) {
            $0.text("ros2")
            $0.text("made")
        }
    }

    /// - Parameter late: how much later than what happened the joints are stamped, in seconds; the camera is right.
    public static func square(
        seconds: Double, late: Double, seed: UInt64, framesPerSecond: Double = 30, rate: Double = 100,
        logOf other: UInt64? = nil
    ) -> Data {
        let seen = Motion(seed: seed, seconds: seconds)
        let told = Motion(seed: other ?? seed, seconds: seconds)
        var made = MadeRecording()
        let joints = made.topic(
            "/joint_states", "sensor_msgs/msg/JointState",
            "std_msgs/Header header\nstring[] name\nfloat64[] position\nfloat64[] velocity\nfloat64[] effort")
        let camera = made.topic(
            "/camera/image_raw", "sensor_msgs/msg/Image",
            """
            std_msgs/Header header
            uint32 height
            uint32 width
            string encoding
            uint8 is_bigendian
            uint32 step
            uint8[] data
            """)
        let (width, height, side) = (96, 72, 14)
        var events: [(time: Double, isPicture: Bool)] =
            (0..<Int(seconds * framesPerSecond)).map { (Double($0) / framesPerSecond, true) }
            + (0..<Int(seconds * rate)).map { (Double($0) / rate, false) }
        events.sort { ($0.time, $0.isPicture ? 0 : 1) < ($1.time, $1.isPicture ? 0 : 1) }
        for (time, isPicture) in events {
            var message = CDR()
            if isPicture {
                message.header(time)
                message.number(UInt32(height))
                message.number(UInt32(width))
                message.text("mono8")
                message.number(UInt8(0))
                message.number(UInt32(width))
                var pixels = [UInt8](repeating: 60, count: width * height)
                let left = 4 + seen.place(time) * Double(width - side - 8)
                for y in 28..<28 + side {
                    for x in 0..<width {
                        // How much of the pixel the square covers.
                        let covered =
                            min(1, max(0, Double(x + 1) - left)) - min(1, max(0, Double(x) - left - Double(side)))
                        pixels[y * width + x] = UInt8(60 + 160 * max(0, covered))
                    }
                }
                message.number(UInt32(pixels.count))
                message.bytes += pixels
                made.message(camera, time + 0.02, message.bytes)
            } else {
                message.header(time + late)
                message.number(UInt32(1))
                message.text("slide")
                message.number(UInt32(1))
                message.number(told.place(time).bitPattern)
                message.number(UInt32(0))
                message.number(UInt32(0))
                made.message(joints, time + late + 0.002, message.bytes)
            }
        }
        return made.finished()
    }

    // MARK: Records

    private struct Record {
        var bytes: [UInt8] = []
        mutating func number<T: FixedWidthInteger>(_ value: T) {
            withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
        }
        mutating func text(_ text: String) {
            number(UInt32(text.utf8.count))
            bytes += Array(text.utf8)
        }
    }

    private mutating func record(_ operation: UInt8, _ fill: (inout Record) -> Void) {
        var record = Record()
        fill(&record)
        bytes.append(operation)
        withUnsafeBytes(of: UInt64(record.bytes.count).littleEndian) { bytes += $0 }
        bytes += record.bytes
    }

    /// A channel of a ROS 2 type.
    public mutating func topic(_ name: String, _ type: String, _ definition: String) -> UInt16 {
        channels += 1
        let id = channels
        record(3) {
            $0.number(id)
            $0.text(type)
            $0.text("ros2msg")
            $0.text(definition)
        }
        record(4) {
            $0.number(id)
            $0.number(id)
            $0.text(name)
            $0.text("cdr")
            $0.number(UInt32(0))
        }
        return id
    }

    /// - Parameter time: when it was recorded, in seconds from the start.
    public mutating func message(_ channel: UInt16, _ time: Double, _ content: [UInt8]) {
        record(5) {
            $0.number(channel)
            $0.number(UInt32(0))
            let moment = UInt64(MadeRecording.start) * 1_000_000_000 + UInt64(max(0, time) * 1e9)
            $0.number(moment)
            $0.number(moment)
            $0.bytes += content
        }
    }

    public func finished() -> Data {
        var copy = self
        copy.record(15) { $0.number(UInt32(0)) }
        copy.record(2) {
            $0.number(UInt64(0))
            $0.number(UInt64(0))
            $0.number(UInt32(0))
        }
        return Data(copy.bytes + [0x89, 0x4D, 0x43, 0x41, 0x50, 0x30, 0x0D, 0x0A])
    }

    /// A message in CDR, little endian.
    public struct CDR {
        public var bytes: [UInt8] = [0, 1, 0, 0]

        public init() {}

        public mutating func number<T: FixedWidthInteger>(_ value: T) {
            while (bytes.count - 4) % MemoryLayout<T>.size != 0 { bytes.append(0) }
            withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
        }

        public mutating func text(_ text: String) {
            number(UInt32(text.utf8.count + 1))
            bytes += Array(text.utf8) + [0]
        }

        /// A stamp, in seconds from the start, and an empty name.
        public mutating func header(_ time: Double) {
            let nanoseconds = MadeRecording.start * 1_000_000_000 + Int64((time * 1e9).rounded())
            number(Int32(nanoseconds / 1_000_000_000))
            number(UInt32(nanoseconds % 1_000_000_000))
            text("")
        }
    }
}
