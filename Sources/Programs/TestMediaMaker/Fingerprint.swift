import SignalCore

/// A hash of bytes: FNV-1a as text.
struct Fingerprint: Equatable, Sendable {
    private let hash: FNV1a

    init(of bytes: some Sequence<UInt8>) { hash = FNV1a(of: bytes) }

    /// Hexadecimal, 16 digits.
    var text: String {
        let digits = String(hash.value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
