import Testing

@testable import SensorLogs

@Suite("Decompression of DEFLATE data")
struct InflateTests {
    static let text = Array(String(repeating: "genlock ", count: 40).utf8)
    static let waves: [UInt8] = (0..<3000).map { (at: Int) -> UInt8 in UInt8((at * at / 7 + at) % 23 + 60) }

    /// Made by zlib: codes of its own, the fixed codes, and no compression.
    static let packed: [(kind: String, hexadecimal: String, content: [UInt8])] = [
        (
            "dynamic",
            """
            edce8111c3200840d1c5822242352246d97f98a6771d833fc0bf774142e2366c4391f100f505ac4ec3eb4c6d5743cd23\
            8dac65f1e9d90426837df0a8a0db2d05ced2bb49a582bf0a5569b7aef3ee6e73143df831e00962b91f5ee5ff43abbba5\
            597d902bc3ea04cf7877db4663c204979f37bf0218c000063080010c60000318c0007e01
            """,
            waves
        ),
        (
            "fixed",
            "4b4fcdcbc94fce56481fa5c9a201",
            text
        ),
        (
            "stored",
            """
            014001bffe67656e6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e\
            6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e\
            6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e\
            6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e\
            6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e\
            6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e\
            6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e6c6f636b2067656e6c6f636b20
            """,
            text
        ),
    ]

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = Array(hexadecimal.utf8)
        return stride(from: 0, to: digits.count, by: 2).map { place in
            UInt8(String(decoding: digits[place..<place + 2], as: UTF8.self), radix: 16) ?? 0
        }
    }

    @Test("what zlib packed is unpacked", arguments: packed.indices)
    func unpacks(number: Int) {
        let (_, hexadecimal, content) = InflateTests.packed[number]
        #expect(Inflate.unpack(InflateTests.bytes(hexadecimal)[...], most: content.count) == content)
    }

    @Test("cut short, or larger than allowed, it is damaged", arguments: packed.indices)
    func refuses(number: Int) {
        let (_, hexadecimal, content) = InflateTests.packed[number]
        let bytes = InflateTests.bytes(hexadecimal)
        for length in 0..<bytes.count - 1 { #expect(Inflate.unpack(bytes[..<length], most: content.count) == nil) }
        #expect(Inflate.unpack(bytes[...], most: content.count - 1) == nil)
    }

    @Test("no block has the reserved type, and no copy reaches before the beginning")
    func hostile() {
        #expect(Inflate.unpack([0b111], most: 100) == nil)
        // Fixed codes: a copy of three bytes from one byte back, with nothing before it.
        #expect(Inflate.unpack([0x03, 0x02, 0x00], most: 100) == nil)
    }
}
