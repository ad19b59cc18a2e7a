import Foundation
import SensorLogs
import SyncModel
import Testing

@testable import RobotRecordings

/// Recordings that no recorder writes in good faith.
@Suite("Recordings of robots that are made to harm")
struct HostileRecordingTests {
    // MARK: Bytes of an MCAP file

    private func number<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian, Array.init)
    }
    private func block(_ bytes: [UInt8]) -> [UInt8] { number(UInt32(bytes.count)) + bytes }
    private func text(_ text: String) -> [UInt8] { block([UInt8](text.utf8)) }
    private func record(_ operation: UInt8, _ content: [UInt8]) -> [UInt8] {
        [operation] + number(UInt64(content.count)) + content
    }

    /// A file whose topic `/arm` is described once for each schema, in ROS 2's way.
    private func file(schemas: [String], messages: [(schema: Int, payload: [UInt8])]) throws -> String {
        let magic: [UInt8] = [0x89, 0x4D, 0x43, 0x41, 0x50, 0x30, 0x0D, 0x0A]
        var bytes = magic + record(1, text("") + text(""))
        for (index, schema) in schemas.enumerated() {
            let id = UInt16(index + 1)
            bytes += record(3, number(id) + text("own/Type\(id)") + text("ros2msg") + text(schema))
            bytes += record(4, number(id) + number(id) + text("/arm") + text("cdr") + number(UInt32(0)))
        }
        for (index, message) in messages.enumerated() {
            let time = number(UInt64(index) * 10_000_000)
            bytes += record(
                5, number(UInt16(message.schema + 1)) + number(UInt32(index)) + time + time + message.payload)
        }
        bytes += record(15, number(UInt32(0))) + record(2, [UInt8](repeating: 0, count: 20)) + magic
        let path = NSTemporaryDirectory() + "hostile-\(UUID().uuidString).mcap"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// A message of CDR that holds nothing but numbers of 64 bits.
    private func numbers(_ values: [Double]) -> [UInt8] { [0, 1, 0, 0] + values.flatMap { number($0.bitPattern) } }

    @Test("a topic that is described twice, each time otherwise, gives each column what bears its name")
    func twice() throws {
        let path = try file(
            schemas: ["float64 a\nfloat64 b\nfloat64 c", "float64 c"],
            messages: (0..<40).map { index in
                let value = Double(index)
                return index % 2 == 0 ? (0, numbers([value, 2 * value, 3 * value])) : (1, numbers([-value]))
            })
        defer { try? FileManager.default.removeItem(atPath: path) }
        let table = try RecordingLog.table(path)
        let columns = Dictionary(uniqueKeysWithValues: table.columns.map { ($0.name, $0.values) })
        try #require(columns["a"]?.count == 40 && columns["c"]?.count == 40)
        for index in 0..<40 {
            let value = Double(index)
            #expect(columns["c"]?[index] == (index % 2 == 0 ? 3 * value : -value))
            #expect(index % 2 == 0 ? columns["a"]?[index] == value : columns["a"]?[index].isNaN == true)
        }
    }

    @Test("a message of elements without a byte comes to an end", .timeLimit(.minutes(1)))
    func elementsWithoutBytes() throws {
        // A thousand parts of forty empty lists each; and an element for every byte of a million.
        let inner = (0..<40).map { "uint8[0] x\($0)" }.joined(separator: "\n")
        let part = (0..<1000).map { "Inner i\($0)" }.joined(separator: "\n")
        let line = String(repeating: "=", count: 80)
        let schema = "Part[] parts\n\(line)\nMSG: own/Part\n\(part)\n\(line)\nMSG: own/Inner\n\(inner)\n"
        let topic = RecordedTopic(
            name: "/arm", encoding: "cdr", schemaName: "own/Type", schemaEncoding: "ros2msg",
            schema: [UInt8](schema.utf8))
        let decoder = try #require(ROSDecoder(topic))
        let message = [0, 1, 0, 0] + number(UInt32(1_000_000)) + [UInt8](repeating: 0, count: 1_000_000)
        var values = MessageValues()
        #expect(!message.withUnsafeBytes { decoder.decode($0, into: &values) })
    }

    // MARK: Descriptors of protocol buffers

    private func field(_ number: UInt8, _ content: [UInt8]) -> [UInt8] {
        var length = content.count
        var bytes: [UInt8] = [number << 3 | 2]
        repeat {
            bytes.append(UInt8(length & 0x7F) | (length > 0x7F ? 0x80 : 0))
            length >>= 7
        } while length > 0
        return bytes + content
    }

    @Test("a message that holds forty of itself is known in no time", .timeLimit(.minutes(1)))
    func ring() throws {
        let members = (1...40).flatMap { index -> [UInt8] in
            // A name, a number, a label and the type `message`.
            let facts: [UInt8] = [3 << 3, UInt8(index), 4 << 3, 1, 5 << 3, 11]
            return field(2, field(1, [UInt8]("m\(index)".utf8)) + facts + field(6, [UInt8](".own.Ring".utf8)))
        }
        let count = field(1, [UInt8]("count".utf8)) + [3 << 3, 41, 4 << 3, 1, 5 << 3, 4]
        let ring = field(1, [UInt8]("Ring".utf8)) + field(2, count) + members
        let schema = field(1, field(2, [UInt8]("own".utf8)) + field(4, ring))
        let topic = RecordedTopic(
            name: "/arm", encoding: "protobuf", schemaName: "own.Ring", schemaEncoding: "protobuf", schema: schema)
        let decoder = try #require(ProtobufDecoder(topic))
        var values = MessageValues()
        // Field 41, a number: 7.
        #expect([UInt8]([0xC8, 0x02, 7]).withUnsafeBytes { decoder.decode($0, into: &values) })
        let place = try #require(decoder.fields.firstIndex { $0.path == "count" })
        #expect(values.number(place) == 7)
    }
}
