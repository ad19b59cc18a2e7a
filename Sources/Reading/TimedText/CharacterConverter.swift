import Foundation

/// Converts an encoding to UTF-8 with the C library: the only access to `iconv`.
final class CharacterConverter {
    private let handle: iconv_t
    /// Cache of characters of one or two bytes; empty: not convertible.
    private var known: [UInt32: [UInt8]] = [:]

    /// - Returns: nil if the system lacks the encoding.
    init?(from encoding: TextEncoding) {
        guard let name = encoding.converterName, let opened = iconv_open("UTF-8", name), Int(bitPattern: opened) != -1
        else { return nil }
        handle = opened
    }

    deinit { iconv_close(handle) }

    /// The UTF-8 of one character of at most four bytes; nil if invalid.
    func convert(_ unit: ArraySlice<UInt8>) -> [UInt8]? {
        let key = unit.reduce(UInt32(unit.count)) { $0 << 8 | UInt32($1) }
        let isShort = unit.count <= 2
        if isShort, let found = known[key] { return found.isEmpty ? nil : found }
        var input = unit.map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: 16)
        let produced = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                var (from, fromLeft) = (input.baseAddress, input.count)
                var (to, toLeft) = (output.baseAddress, output.count)
                _ = iconv(handle, nil, nil, nil, nil)
                guard iconv(handle, &from, &fromLeft, &to, &toLeft) != -1, fromLeft == 0 else { return 0 }
                // Some characters are held back until the next one.
                _ = iconv(handle, nil, nil, &to, &toLeft)
                return output.count - toLeft
            }
        }
        let result = output.prefix(produced).map { UInt8(bitPattern: $0) }
        if isShort { known[key] = result }
        return result.isEmpty ? nil : result
    }

    /// Encodes a text; nil if the encoding lacks some of its characters.
    static func encode(_ text: String, as encoding: TextEncoding) -> [UInt8]? {
        guard let name = encoding.converterName, let handle = iconv_open(name, "UTF-8"), Int(bitPattern: handle) != -1
        else { return nil }
        defer { iconv_close(handle) }
        var input = text.utf8.map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: input.count * 4 + 16)
        let produced: Int? = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                var (from, fromLeft) = (input.baseAddress, input.count)
                var (to, toLeft) = (output.baseAddress, output.count)
                guard iconv(handle, &from, &fromLeft, &to, &toLeft) == 0, fromLeft == 0,
                    iconv(handle, nil, nil, &to, &toLeft) == 0
                else { return nil }
                return output.count - toLeft
            }
        }
        return produced.map { output.prefix($0).map { UInt8(bitPattern: $0) } }
    }
}
