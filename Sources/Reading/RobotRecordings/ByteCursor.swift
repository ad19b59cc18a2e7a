/// Reads little-endian numbers and texts sequentially, with bounds checks.
struct ByteCursor {
    let bytes: UnsafeRawBufferPointer
    private(set) var place = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var left: Int { bytes.count - place }

    mutating func number<T: FixedWidthInteger>(_ type: T.Type = T.self) -> T? {
        guard left >= MemoryLayout<T>.size else { return nil }
        defer { place += MemoryLayout<T>.size }
        return T(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: T.self))
    }

    /// A 64-bit count of something in memory.
    mutating func count() -> Int? { number(UInt64.self).flatMap { Int(exactly: $0) } }

    mutating func take(_ count: Int) -> UnsafeRawBufferPointer? {
        guard count >= 0, left >= count else { return nil }
        defer { place += count }
        return UnsafeRawBufferPointer(rebasing: bytes[place..<place + count])
    }

    mutating func skip(_ count: Int) -> Bool { take(count) != nil }

    /// Bytes preceded by their 32-bit length.
    mutating func block() -> UnsafeRawBufferPointer? { number(UInt32.self).flatMap { take(Int($0)) } }

    mutating func text() -> String? { block().map { String(decoding: $0, as: UTF8.self) } }
}
