/// Serialises values in little endian, for our own files with large arrays.
public struct PackedWriter: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    public mutating func append(_ value: Int) { append(bits: UInt64(bitPattern: Int64(value))) }
    public mutating func append(_ value: Double) { append(bits: value.bitPattern) }
    public mutating func append(_ value: Bool) { bytes.append(value ? 1 : 0) }
    public mutating func append(_ text: String) { append(Array(text.utf8)) }

    /// An array of numbers of one width, preceded by its length.
    public mutating func append<Number: BitwiseCopyable>(_ values: [Number]) {
        append(values.count)
        values.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    private mutating func append(bits: UInt64) {
        withUnsafeBytes(of: bits.littleEndian) { bytes.append(contentsOf: $0) }
    }
}

/// Reads such bytes. They are untrusted: mismatches are errors, and lengths are limited by the available bytes.
public struct PackedReader: Sendable {
    public struct Damaged: Error {
        public init() {}
    }

    private let bytes: [UInt8]
    private var place = 0

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    public var isAtEnd: Bool { place == bytes.count }

    public mutating func integer() throws(Damaged) -> Int { Int(Int64(bitPattern: try bits())) }
    public mutating func double() throws(Damaged) -> Double { Double(bitPattern: try bits()) }

    public mutating func flag() throws(Damaged) -> Bool {
        guard place < bytes.count, bytes[place] < 2 else { throw Damaged() }
        place += 1
        return bytes[place - 1] == 1
    }

    public mutating func text() throws(Damaged) -> String {
        guard let text = String(validating: try array(of: UInt8.self), as: UTF8.self) else { throw Damaged() }
        return text
    }

    public mutating func array<Number: BitwiseCopyable>(of type: Number.Type) throws(Damaged) -> [Number] {
        let count = try integer()
        let width = MemoryLayout<Number>.stride
        guard count >= 0, count <= (bytes.count - place) / width else { throw Damaged() }
        let from = place
        place += count * width
        return [Number](unsafeUninitializedCapacity: count) { buffer, written in
            bytes.withUnsafeBytes { source in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: source[from..<from + count * width]))
            }
            written = count
        }
    }

    private mutating func bits() throws(Damaged) -> UInt64 {
        guard bytes.count - place >= 8 else { throw Damaged() }
        defer { place += 8 }
        return bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt64.self)) }
    }
}
