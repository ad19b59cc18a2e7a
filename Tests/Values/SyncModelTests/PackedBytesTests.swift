import SyncModel
import Testing

@Suite("Arrays as bytes")
struct PackedBytesTests {
    private var bytes: [UInt8] {
        var writer = PackedWriter()
        writer.append(-7)
        writer.append(0.125)
        writer.append(true)
        writer.append("ünï")
        writer.append([Float(1.5), -2])
        writer.append([Int8]())
        return writer.bytes
    }

    private struct Values: Equatable {
        var integer = -7
        var number = 0.125
        var flag = true
        var text = "ünï"
        var floats: [Float] = [1.5, -2]
        var none: [Int8] = []
    }

    private func read(_ bytes: [UInt8]) throws -> Values {
        var reader = PackedReader(bytes)
        let values = Values(
            integer: try reader.integer(), number: try reader.double(), flag: try reader.flag(),
            text: try reader.text(), floats: try reader.array(of: Float.self), none: try reader.array(of: Int8.self))
        guard reader.isAtEnd else { throw PackedReader.Damaged() }
        return values
    }

    @Test("what was written is read again")
    func both() throws { #expect(try read(bytes) == Values()) }

    @Test("bytes that end too early, and lengths beyond them, are damage")
    func damaged() {
        for count in 0..<bytes.count {
            #expect(throws: PackedReader.Damaged.self) { try read(Array(bytes.prefix(count))) }
        }
        var writer = PackedWriter()
        writer.append(Int.max)
        var reader = PackedReader(writer.bytes)
        #expect(throws: PackedReader.Damaged.self) { try reader.array(of: Double.self) }
        writer = PackedWriter()
        writer.append(-1)
        var other = PackedReader(writer.bytes)
        #expect(throws: PackedReader.Damaged.self) { try other.array(of: UInt8.self) }
    }
}
