import Testing

@testable import RobotRecordings

@Suite("The checksum of MCAP is that of zlib")
struct CRC32Tests {
    /// "123456789" gives 0xCBF43926 in every catalogue of checksums.
    @Test("the check value, in one piece and in several")
    func checkValue() {
        let bytes = Array("123456789".utf8)
        #expect(bytes.withUnsafeBytes { CRC32.of($0) } == 0xCBF4_3926)
        for cut in 0...bytes.count {
            var sum = CRC32()
            bytes[..<cut].withUnsafeBytes { sum.add($0) }
            bytes[cut...].withUnsafeBytes { sum.add($0) }
            #expect(sum.value == 0xCBF4_3926)
        }
    }
}
