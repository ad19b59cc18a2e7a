import Foundation

/// The bytes of a text file, converted to UTF-8.
struct TextBytes {
    let bytes: [UInt8]
    /// The recognised encoding, if it is not plain UTF-8.
    let encoding: String?

    /// UTF-8 with or without a BOM, UTF-16 with a BOM or with every other byte zero, else Windows-1252 (a superset of
    /// Latin-1).
    init(_ data: [UInt8]) {
        if data.starts(with: [0xEF, 0xBB, 0xBF]) {
            self.init(valid: Array(data.dropFirst(3)))
        } else if data.starts(with: [0xFF, 0xFE]) {
            self.init(utf16: data.dropFirst(2), bigEndian: false)
        } else if data.starts(with: [0xFE, 0xFF]) {
            self.init(utf16: data.dropFirst(2), bigEndian: true)
        } else if data.count >= 4, data[1] == 0, data[3] == 0 {
            self.init(utf16: data[...], bigEndian: false)
        } else if data.count >= 4, data[0] == 0, data[2] == 0 {
            self.init(utf16: data[...], bigEndian: true)
        } else {
            self.init(valid: data)
        }
    }

    private init(valid data: [UInt8]) {
        let isASCII = data.withUnsafeBufferPointer { !$0.contains { $0 >= 0x80 } }
        if isASCII || String(validating: data, as: UTF8.self) != nil {
            bytes = data
            encoding = nil
        } else {
            let text =
                String(data: Data(data), encoding: .windowsCP1252) ?? String(data: Data(data), encoding: .isoLatin1)
            bytes = text.map { Array($0.utf8) } ?? data
            encoding = "Windows-1252"
        }
    }

    private init(utf16 data: ArraySlice<UInt8>, bigEndian: Bool) {
        var units: [UInt16] = []
        units.reserveCapacity(data.count / 2)
        var index = data.startIndex
        while index + 1 < data.endIndex {
            let (one, two) = (UInt16(data[index]), UInt16(data[index + 1]))
            units.append(bigEndian ? one << 8 | two : two << 8 | one)
            index += 2
        }
        bytes = Array(String(decoding: units, as: UTF16.self).utf8)
        encoding = "UTF-16"
    }

    var string: String { String(decoding: bytes, as: UTF8.self) }
}
