import Foundation
import SensorLogs
import SyncModel
import Testing

@testable import RobotRecordings

/// Files that the official libraries wrote (`Fixtures/make_fixtures.py`): what a message says follows from its number.
@Suite("Recordings of robots are read by the names of their fields")
struct RecordingTests {
    static func fixture(_ name: String) throws -> String {
        try #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures/\(name)").path
    }

    private static let start = 1_700_000_000.0

    /// The columns of a topic by name.
    private func columns(_ name: String) throws -> [String: [Double]] {
        Dictionary(
            uniqueKeysWithValues: try RecordingLog.table(try Self.fixture(name)).columns.map { ($0.name, $0.values) })
    }

    private func expect(
        _ values: [Double]?, _ count: Int, sourceLocation: SourceLocation = #_sourceLocation,
        _ truth: (Double) -> Double
    ) throws {
        let values = try #require(values, sourceLocation: sourceLocation)
        #expect(values.count == count, sourceLocation: sourceLocation)
        for (index, value) in values.enumerated() {
            #expect(abs(value - truth(Double(index))) < 1e-6, sourceLocation: sourceLocation)
        }
    }

    @Test("joint states of ROS 2: stamps are those of the header, an empty list is no column")
    func jointStates() throws {
        let table = try columns("ros2-zstd.mcap#/joint_states")
        try expect(table["time"], 60) { Self.start + $0 * 0.01 }
        try expect(table["position[0]"], 60) { $0 * 0.5 }
        try expect(table["position[1]"], 60) { $0 * -0.25 }
        try expect(table["velocity[0]"], 60) { $0 * 2 }
        #expect(Set(table.keys) == ["time", "position[0]", "position[1]", "velocity[0]", "velocity[1]"])
    }

    @Test("inertial units, wrenches and poses of ROS 2 take their roles by name; covariances are no motion")
    func others() throws {
        let unit = try columns("ros2-zstd.mcap#/imu")
        try expect(unit["angular_velocity[x]"], 60) { $0 * 0.125 }
        try expect(unit["linear_acceleration[y]"], 60) { $0 }
        #expect(!unit.keys.contains { $0.contains("covariance") })
        let log = try SensorLog(RecordingLog.table(Self.fixture("ros2-zstd.mcap#/imu")))
        #expect(
            log.channels[.gyroscope]?.map(\.name) == [
                "angular_velocity[x]", "angular_velocity[y]", "angular_velocity[z]",
            ])
        #expect(log.channels[.acceleration]?.count == 3)
        let wrench = try SensorLog(RecordingLog.table(Self.fixture("ros2-zstd.mcap#/wrench")))
        try expect(wrench.channels[.force]?.last?.values, 60) { $0 * 4 }
        let pose = try SensorLog(RecordingLog.table(Self.fixture("ros2-zstd.mcap#/pose")))
        try expect(pose.channels[.position]?.first?.values, 60) { $0 * 0.25 }
    }

    @Test("constants, defaults, bounds, nested and empty messages of ROS 2 do not shift what comes behind them")
    func odd() throws {
        let table = try columns("ros2-zstd.mcap#/odd")
        try expect(table["later"], 60) { $0 * 7 }
        try expect(table["wide"], 60) { 1000 + $0 }
        try expect(table["long"], 60) { -1_099_511_627_776 - $0 }
        try expect(table["few[1]"], 60) { _ in 0.25 }
    }

    @Test("JSON: lz4, no compression and no chunks tell the same", arguments: ["lz4", "none", "unchunked"])
    func json(_ kind: String) throws {
        let table = try columns("json-\(kind).mcap")
        try expect(table["time"], 50) { Self.start + $0 * 0.02 }
        try expect(table["position[0]"], 50) { $0 * 0.5 }
        try expect(table["gripper.width"], 50) { $0 * 0.125 }
    }

    @Test("protocol buffers: what is left out on the wire is 0")
    func protobuf() throws {
        let table = try columns("protobuf.mcap#/arm")
        try expect(table["time"], 50) { Self.start + $0 * 0.02 }
        try expect(table["velocity[0]"], 50) { $0 * 0.5 }
        try expect(table["tip[x]"], 50) { $0.truncatingRemainder(dividingBy: 2) == 1 ? $0 * 0.25 : 0 }
        try expect(table["count"], 50) { -$0 }
    }

    @Test("a bag of ROS 2 in SQLite, in two files without descriptions of its types, tells the same as MCAP")
    func bag() throws {
        let folder = try Self.fixture("bag")
        #expect(RecordingFile.isRecording(folder))
        var seen: [String: [Double]] = [:]
        var readers: [RecordedTopic: TopicReader] = [:]
        let end = try RecordingFile(folder).read { message in
            let reader = readers[message.topic] ?? TopicReader(message.topic)
            readers[message.topic] = reader
            #expect(reader.read(message))
            seen[message.topic.name, default: []].append(reader.stamp ?? .nan)
        }
        #expect(end.messages == 120 && end.damages.isEmpty)
        try expect(seen["/imu"], 60) { Self.start + $0 * 0.01 }
        try expect(seen["/joint_states"], 60) { Self.start + $0 * 0.01 }
        let second = try RecordingLog.table(folder + "/bag_1.db3#/joint_states").columns
        try expect(second.first { $0.name == "position[0]" }?.values, 30) { ($0 + 30) * 0.5 }
    }

    @Test("a bag that lacks a file is read as far as it goes, and its parts come by their numbers")
    func lacking() throws {
        #expect(["b_10.mcap", "b_9.mcap"].sorted(by: BagFolder.comes) == ["b_9.mcap", "b_10.mcap"])
        let folder = NSTemporaryDirectory() + "bag-\(UUID().uuidString)"
        try FileManager.default.copyItem(atPath: try Self.fixture("bag"), toPath: folder)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.removeItem(atPath: folder + "/bag_1.db3")
        let end = try RecordingFile(folder).read { _ in }
        #expect(end.messages == 60 && end.damages.count == 1)
        try Data(repeating: 7, count: 4096).write(to: URL(fileURLWithPath: folder + "/bag_0.db3"))
        let failure = #expect(throws: ClipFailure.self) { try RecordingFile(folder + "/bag_0.db3").read { _ in } }
        #expect(failure?.code == "not-bag")
    }

    @Test("a recording with several logs and none named is refused with their names")
    func several() throws {
        let failure = #expect(throws: ClipFailure.self) {
            try RecordingLog.table(try Self.fixture("ros2-zstd.mcap"))
        }
        #expect(failure?.code == "several-topics")
        #expect(failure?.message.contains("/joint_states") == true)
        let missing = #expect(throws: ClipFailure.self) {
            try RecordingLog.table(try Self.fixture("ros2-zstd.mcap#/nowhere"))
        }
        #expect(missing?.code == "no-topic")
    }

    @Test("pictures are told by their fields, and lenses are no pictures")
    func kinds() throws {
        var kinds: [String: TopicReader.Kind] = [:]
        var readers: [RecordedTopic: TopicReader] = [:]
        var delays: Set<Int> = []
        let end = try RecordingFile(try Self.fixture("ros2-zstd.mcap")).read { message in
            let reader = readers[message.topic] ?? TopicReader(message.topic)
            readers[message.topic] = reader
            #expect(reader.read(message))
            kinds[message.topic.name] = reader.kind
            if message.topic.name == "/camera/raw" {
                delays.insert(Int((Double(message.logNanoseconds) * 1e-9 - (reader.stamp ?? 0)) * 1000 + 0.5))
                let size = reader.withPixels(of: message) { pixels -> Int in
                    guard case .raw("bgr8", 32, 24, 96, let bytes) = pixels else { return 0 }
                    return bytes.count
                }
                #expect(size == 96 * 24)
            }
        }
        #expect(end.damages.isEmpty && end.messages == 60 * 5 + 12 * 4)
        #expect(kinds["/camera/compressed"] == .codedPictures && kinds["/camera/video"] == .codedPictures)
        #expect(kinds["/camera/raw"] == .rawPictures && kinds["/camera/info"] == .calibration)
        #expect(kinds["/joint_states"] == .log)
        #expect(delays == [20])
    }

    // MARK: Damaged files

    private func changed(_ name: String, _ change: (inout [UInt8]) -> Void) throws -> String {
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: try Self.fixture(name))))
        change(&bytes)
        let path = NSTemporaryDirectory() + "recording-\(UUID().uuidString).mcap"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// Messages that could be read, and what was said of the rest.
    private func read(_ path: String) throws -> RecordingEnd {
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try RecordingFile(path).read { _ in }
    }

    @Test("a file that is cut off anywhere is read as far as it goes, and says so")
    func cut() throws {
        for name in ["json-lz4.mcap", "json-unchunked.mcap", "ros2-zstd.mcap"] {
            let whole = try Data(contentsOf: URL(fileURLWithPath: try Self.fixture(name))).count
            let all = try RecordingFile(try Self.fixture(name)).read { _ in }.messages
            var before = 0
            for share in stride(from: 10, through: 80, by: 5) {
                let end = try read(try changed(name) { $0.removeLast($0.count - whole * share / 100) })
                #expect(end.messages >= before)
                // Behind the last message there is nothing to miss.
                #expect(end.damages.count == 1 || end.messages == all)
                before = end.messages
            }
            #expect(before > 0)
        }
    }

    @Test("a changed byte within a chunk or among messages without one is told by their checksum")
    func changedByte() throws {
        for name in ["json-none.mcap", "json-lz4.mcap", "json-unchunked.mcap"] {
            let end = try read(
                try changed(name) { bytes in
                    // A digit of a number: still JSON, still a record.
                    let place = bytes.indices.last { bytes[$0...].starts(with: Array("width".utf8)) } ?? 0
                    bytes[place + 8] ^= 1
                })
            #expect(!end.damages.isEmpty, "\(name)")
        }
    }

    @Test("every byte set to every extreme: an answer or a named failure, never an end of the program")
    func hostile() throws {
        var random = SystemRandomNumberGenerator()
        for name in ["json-unchunked.mcap", "json-lz4.mcap", "protobuf.mcap", "ros2-zstd.mcap"] {
            for round in 0..<60 {
                let path = try changed(name) { bytes in
                    for _ in 0..<(round % 4 + 1) {
                        let place = Int.random(in: 8..<bytes.count, using: &random)
                        bytes[place] = [0, 0xFF, 0x7F, 0x80][Int.random(in: 0..<4, using: &random)]
                    }
                }
                defer { try? FileManager.default.removeItem(atPath: path) }
                for topic in ["", "#/arm", "#/joint_states"] {
                    do { _ = try RecordingLog.table(path + topic) } catch { #expect(!error.remedy.isEmpty) }
                }
            }
        }
    }

    @Test("an empty file, another file and none are named")
    func none() throws {
        let empty = try changed("json-lz4.mcap") { $0 = [] }
        #expect(throws: ClipFailure.self) { try RecordingLog.table(empty) }
        let other = try changed("json-lz4.mcap") { $0[0] = 0 }
        let failure = #expect(throws: ClipFailure.self) { try RecordingLog.table(other) }
        #expect(failure?.code == "not-mcap")
        #expect(#expect(throws: ClipFailure.self) { try RecordingLog.table("/nowhere/a.mcap") }?.code == "no-such-file")
    }
}
