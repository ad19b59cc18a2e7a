/// Handles quoted text.
package enum QuotedText {
    package static let quote = UInt8(ascii: "\"")

    /// The range without its surrounding quotes; else the range itself.
    package static func inside(_ range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Range<Int> {
        guard range.count >= 2, bytes[range.lowerBound] == quote, bytes[range.upperBound - 1] == quote else {
            return range
        }
        return range.lowerBound + 1..<range.upperBound - 1
    }

    /// The text of a range, with doubled quotes as one.
    package static func undoubled(_ range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: undoubledBytes(range, in: bytes, isDoubled: true), as: UTF8.self)
    }

    static func plain(_ range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }

    static func undoubledBytes(_ range: Range<Int>, in bytes: UnsafeRawBufferPointer, isDoubled: Bool) -> [UInt8] {
        guard isDoubled else { return Array(bytes[range]) }
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var index = range.lowerBound
        while index < range.upperBound {
            text.append(bytes[index])
            let isPair = bytes[index] == quote && index + 1 < range.upperBound && bytes[index + 1] == quote
            index += isPair ? 2 : 1
        }
        return text
    }
}
