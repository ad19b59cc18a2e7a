import Foundation

/// A file's bytes with their UTF-8 text, and the mapping back to the bytes.
///
/// Invalid bytes are read as U+FFFD and stay unchanged when the file is written.
package struct EncodedText: Sendable {
    package let bytes: [UInt8]
    package let encoding: TextEncoding
    /// Whether the encoding is a guess that must be reported.
    package let isGuessed: Bool
    /// The text without a byte-order mark.
    package let utf8: [UInt8]
    /// The origin of each byte of `utf8`, and of the end; nil: the same offset plus `markLength`.
    private let origins: [Int32]?
    private let markLength: Int

    /// For binary formats.
    init(binary bytes: [UInt8]) {
        self.bytes = bytes
        encoding = .binary
        isGuessed = false
        utf8 = bytes
        origins = nil
        markLength = 0
    }

    package init(_ bytes: [UInt8], encoding: TextEncoding, isGuessed: Bool = false) {
        self.bytes = bytes
        self.encoding = encoding
        self.isGuessed = isGuessed
        switch encoding {
        case .binary, .utf8, .utf8Marked:
            markLength = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            let body = markLength == 0 ? bytes : Array(bytes[markLength...])
            if encoding == .binary || body.isValidUTF8 {
                utf8 = body
                origins = nil
            } else {
                (utf8, origins) = EncodedText.repaired(bytes, from: markLength)
            }
        case .utf16Little, .utf16Big:
            let mark: [UInt8] = encoding == .utf16Little ? [0xFF, 0xFE] : [0xFE, 0xFF]
            markLength = bytes.starts(with: mark) ? 2 : 0
            (utf8, origins) = EncodedText.fromUTF16(bytes, from: markLength, isLittle: encoding == .utf16Little)
        default:
            markLength = 0
            (utf8, origins) = EncodedText.converted(bytes, encoding)
        }
    }

    /// The offset in `bytes` of an offset in `utf8`.
    func origin(of offset: Int) -> Int {
        if let origins { return Int(origins[min(offset, origins.count - 1)]) }
        return min(bytes.count, offset + markLength)
    }

    /// Whether changed bytes are recognised as being in this encoding, if these bytes were.
    func isReadAlike(_ changed: [UInt8]) -> Bool {
        guard encoding != .binary, changed != bytes, EncodingRecognition.encoding(of: bytes) == encoding else {
            return true
        }
        return EncodingRecognition.encoding(of: changed) == encoding
    }

    /// Encodes ASCII text.
    func encode(_ ascii: [UInt8]) -> [UInt8] {
        switch encoding {
        case .utf16Little: ascii.flatMap { [$0, 0] }
        case .utf16Big: ascii.flatMap { [0, $0] }
        default: ascii
        }
    }

    /// Encodes a text; nil: the encoding lacks some of its characters.
    func encode(_ text: String) -> [UInt8]? {
        switch encoding {
        case .binary: nil
        case .utf8, .utf8Marked: Array(text.utf8)
        case .utf16Little: text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        case .utf16Big: text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        default: text.utf8.allSatisfy { $0 < 0x80 } ? Array(text.utf8) : CharacterConverter.encode(text, as: encoding)
        }
    }

    /// The text in a range of `utf8`.
    package func string(_ range: Range<Int>) -> String { String(decoding: utf8[range], as: UTF8.self) }

    // MARK: Decoding

    private static let replacement: [UInt8] = [0xEF, 0xBF, 0xBD]

    /// UTF-8 with invalid sequences replaced.
    private static func repaired(_ bytes: [UInt8], from start: Int) -> ([UInt8], [Int32]) {
        var (text, origins): ([UInt8], [Int32]) = ([], [])
        text.reserveCapacity(bytes.count)
        origins.reserveCapacity(bytes.count + 1)
        var index = start
        while index < bytes.count {
            let length = bytes.utf8Length(at: index)
            if length > 0 {
                for place in index..<index + length {
                    text.append(bytes[place])
                    origins.append(Int32(place))
                }
            } else {
                text += replacement
                origins += [Int32](repeating: Int32(index), count: replacement.count)
            }
            index += max(1, length)
        }
        origins.append(Int32(bytes.count))
        return (text, origins)
    }

    private static func fromUTF16(_ bytes: [UInt8], from start: Int, isLittle: Bool) -> ([UInt8], [Int32]) {
        var (text, origins): ([UInt8], [Int32]) = ([], [])
        func unit(_ index: Int) -> UInt16 {
            isLittle
                ? UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8
                : UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
        }
        var index = start
        while index + 1 < bytes.count {
            let first = unit(index)
            var scalar = Unicode.Scalar(first)
            var length = 2
            if (0xD800...0xDBFF).contains(first), index + 3 < bytes.count, (0xDC00...0xDFFF).contains(unit(index + 2)) {
                scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + UInt32(unit(index + 2)) - 0xDC00)
                length = 4
            }
            let encoded = scalar.map { Array(String(Character($0)).utf8) } ?? replacement
            text += encoded
            origins += [Int32](repeating: Int32(index), count: encoded.count)
            index += length
        }
        origins.append(Int32(index))
        return (text, origins)
    }

    private static func converted(_ bytes: [UInt8], _ encoding: TextEncoding) -> ([UInt8], [Int32]) {
        var (text, origins): ([UInt8], [Int32]) = ([], [])
        let converter = CharacterConverter(from: encoding)
        var index = 0
        while index < bytes.count {
            let length = encoding.unitLength(bytes, at: index)
            let encoded: [UInt8]
            if bytes[index] < 0x80, length == 1 {
                encoded = [bytes[index]]
            } else {
                encoded = converter?.convert(bytes[index..<index + length]) ?? replacement
            }
            text += encoded
            origins += [Int32](repeating: Int32(index), count: encoded.count)
            index += length
        }
        origins.append(Int32(bytes.count))
        return (text, origins)
    }
}

extension Array where Element == UInt8 {
    /// Length of the UTF-8 character at `index`; 0 if invalid.
    func utf8Length(at index: Int) -> Int {
        let lead = self[index]
        if lead < 0x80 { return 1 }
        let length = lead >= 0xF0 && lead < 0xF5 ? 4 : lead >= 0xE0 ? 3 : 2
        guard lead >= 0xC2, lead < 0xF5, index + length <= count else { return 0 }
        for place in index + 1..<index + length where self[place] & 0xC0 != 0x80 { return 0 }
        let second = self[index + 1]
        // Overlong, surrogates, beyond Unicode (Unicode Standard, table 3-7).
        if lead == 0xE0 && second < 0xA0 || lead == 0xED && second > 0x9F || lead == 0xF0 && second < 0x90
            || lead == 0xF4 && second > 0x8F
        {
            return 0
        }
        return length
    }

    var isValidUTF8: Bool {
        var index = 0
        while index < count {
            if self[index] < 0x80 {
                index += 1
                continue
            }
            let length = utf8Length(at: index)
            if length == 0 { return false }
            index += length
        }
        return true
    }
}
