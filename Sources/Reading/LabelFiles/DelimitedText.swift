/// Rows of a table in text: fields parted by one delimiter, quotes doubled inside quotes (RFC 4180), any end of line.
struct DelimitedText {
    let delimiter: UInt8
    private let bytes: [UInt8]

    private static let newline = UInt8(ascii: "\n"), carriage = UInt8(ascii: "\r"), quote = UInt8(ascii: "\"")

    init(bytes: [UInt8], delimiter: UInt8? = nil) {
        self.bytes = bytes
        self.delimiter = delimiter ?? DelimitedText.delimiter(of: bytes)
    }

    /// One field: where it lies, and whether it was quoted.
    struct Field {
        var range: Range<Int>
        var isQuoted: Bool
    }

    /// The delimiter that parts the first lines into most fields, the same number in each.
    private static func delimiter(of bytes: [UInt8]) -> UInt8 {
        let head = bytes.prefix(16384)
        var lines: [ArraySlice<UInt8>] = head.split(whereSeparator: { $0 == newline || $0 == carriage }).filter {
            $0.first != UInt8(ascii: "#")
        }
        if lines.count > 2, head.count < bytes.count { lines.removeLast() }
        lines = Array(lines.prefix(20))
        let best = [",", "\t", ";", "|"].map { (sign: String) -> (UInt8, Int) in
            let byte = UInt8(ascii: sign.unicodeScalars.first ?? ",")
            let counts = lines.map { line -> Int in
                var inside = false
                var count = 0
                for value in line {
                    if value == quote { inside.toggle() } else if value == byte, !inside { count += 1 }
                }
                return count
            }
            guard let first = counts.first, first > 0 else { return (byte, 0) }
            return (byte, first * 100 + counts.filter { $0 == first }.count)
        }
        return best.max { $0.1 < $1.1 }.map { $0.1 > 0 ? $0.0 : UInt8(ascii: ",") } ?? UInt8(ascii: ",")
    }

    /// The fields of the first row.
    var firstRow: [String] {
        var row = Row(bytes: bytes)
        var line = 1
        _ = scan(from: 0, into: &row.fields, line: &line)
        return (0..<row.count).map { row.text($0) }
    }

    /// Hands out each row that is not empty, with its line number counted from 1.
    func forEachRow(_ body: (Int, inout Row) -> Void) {
        var row = Row(bytes: bytes)
        var line = 1
        var index = 0
        while index < bytes.count {
            let first = line
            row.fields.removeAll(keepingCapacity: true)
            index = scan(from: index, into: &row.fields, line: &line)
            let isBlank = row.fields.allSatisfy(\.range.isEmpty)
            if !isBlank { body(first, &row) }
        }
    }

    /// Reads one row; returns where the next begins.
    private func scan(from start: Int, into fields: inout [Field], line: inout Int) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            var index = start
            while true {
                if index < bytes.count, bytes[index] == Self.quote {
                    index += 1
                    let from = index
                    while index < bytes.count {
                        if bytes[index] == Self.quote {
                            guard index + 1 < bytes.count, bytes[index + 1] == Self.quote else { break }
                            index += 1
                        } else if bytes[index] == Self.newline {
                            line += 1
                        }
                        index += 1
                    }
                    fields.append(Field(range: from..<index, isQuoted: true))
                    while index < bytes.count, bytes[index] != delimiter, bytes[index] != Self.newline,
                        bytes[index] != Self.carriage
                    { index += 1 }
                } else {
                    let from = index
                    while index < bytes.count, bytes[index] != delimiter, bytes[index] != Self.newline,
                        bytes[index] != Self.carriage
                    { index += 1 }
                    fields.append(Field(range: from..<index, isQuoted: false))
                }
                if index < bytes.count, bytes[index] == delimiter {
                    index += 1
                    continue
                }
                if index < bytes.count, bytes[index] == Self.carriage { index += 1 }
                if index < bytes.count, bytes[index] == Self.newline { index += 1 }
                line += 1
                return index
            }
        }
    }

    /// One row of a table.
    struct Row {
        let bytes: [UInt8]
        var fields: [Field] = []

        init(bytes: [UInt8]) { self.bytes = bytes }

        var count: Int { fields.count }

        /// The text of a field without blanks around it; empty beyond the last.
        func text(_ column: Int) -> String {
            guard column >= 0, column < fields.count else { return "" }
            let field = fields[column]
            if field.isQuoted {
                return String(decoding: bytes[field.range], as: UTF8.self).replacing("\"\"", with: "\"")
            }
            let range = trimmed(field.range)
            return String(decoding: bytes[range], as: UTF8.self)
        }

        private func trimmed(_ range: Range<Int>) -> Range<Int> {
            var (low, high) = (range.lowerBound, range.upperBound)
            while low < high, bytes[low] == 0x20 || bytes[low] == 0x09 { low += 1 }
            while high > low, bytes[high - 1] == 0x20 || bytes[high - 1] == 0x09 { high -= 1 }
            return low..<high
        }

        /// A plain decimal number (point or comma), or hours, minutes and seconds parted by colons; nil: none.
        func number(_ column: Int) -> Double? {
            guard column >= 0, column < fields.count else { return nil }
            let range = trimmed(fields[column].range)
            return bytes.withUnsafeBufferPointer { TimeNumber.parse(UnsafeBufferPointer(rebasing: $0[range])) }
        }
    }
}
