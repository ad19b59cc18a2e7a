/// A portable hash: FNV-1a, 64 bits (Fowler, Noll & Vo 1991; RFC 9923). It detects mistakes, not attacks.
public struct FNV1a: Hashable, Sendable {
    public private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    public init(of bytes: some Sequence<UInt8>) {
        for byte in bytes { add(byte) }
    }

    /// The hash of consecutive byte runs.
    public init(joining runs: [ArraySlice<UInt8>]) {
        for run in runs {
            run.withUnsafeBufferPointer { bytes in
                for byte in bytes { add(byte) }
            }
        }
    }

    @inline(__always)
    private mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }

    /// The hash of a text's UTF-8.
    public init(of text: String) { self.init(of: text.utf8) }
}
