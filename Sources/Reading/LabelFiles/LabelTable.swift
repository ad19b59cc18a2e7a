import DelimitedText

/// Rows of a table in text: fields parted by one delimiter, quotes doubled inside quotes (RFC 4180), any end of line.
struct LabelTable {
    private let dialect: DelimitedDialect
    private let bytes: [UInt8]

    init(bytes: [UInt8]) {
        self.bytes = bytes
        // Quotes from the middle of a field on are text, and what follows a closing one is not.
        var dialect = DelimitedDialect(separator: LabelTable.delimiter(of: bytes))
        dialect.tail = .dropped
        dialect.quotedLineEnds = .lineFeed
        self.dialect = dialect
    }

    /// The delimiter that parts the first lines into most fields, the same number in each.
    private static func delimiter(of bytes: [UInt8]) -> UInt8 {
        let comma = UInt8(ascii: ",")
        let lines = SeparatorGuess.lines(of: bytes[...], within: 16384, atMost: 20, cutsLast: true)
        return SeparatorGuess.mostFields(lines, of: [comma, UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: "|")])
            ?? comma
    }

    /// The fields of the first row.
    var firstRow: [String] {
        bytes.withUnsafeBytes { bytes in
            var reader = DelimitedTokenizer(bytes, dialect: dialect)
            var row = Row(bytes: bytes, row: reader.blankRow())
            reader.read(into: &row.row)
            return (0..<row.count).map { row.text($0) }
        }
    }

    /// Hands out each row that is not empty, with its line number counted from 1.
    func forEachRow(_ body: (Int, inout Row) -> Void) {
        bytes.withUnsafeBytes { bytes in
            var reader = DelimitedTokenizer(bytes, dialect: dialect)
            var row = Row(bytes: bytes, row: reader.blankRow())
            // Lines before the place where the reader began.
            var passed = 0
            while reader.next(into: &row.row) {
                // A quote in a comment opens nothing: the lines behind it are rows.
                if row.row.firstLine != row.row.range, bytes[row.row.range.lowerBound] == UInt8(ascii: "#") {
                    passed += row.row.line - 1
                    reader = DelimitedTokenizer(
                        bytes, dialect: dialect, range: row.row.firstLine.upperBound..<bytes.count)
                    _ = reader.next(into: &row.row)
                    continue
                }
                if !row.row.fields.allSatisfy(\.content.isEmpty) { body(passed + row.row.line, &row) }
            }
        }
    }

    /// One row of a table, while it is handed out.
    struct Row {
        fileprivate let bytes: UnsafeRawBufferPointer
        fileprivate var row: DelimitedRow

        var count: Int { row.fields.count }

        /// The text of a field without blanks around it; empty beyond the last.
        func text(_ column: Int) -> String {
            guard row.fields.indices.contains(column) else { return "" }
            let field = row.fields[column]
            return field.isQuoted ? row.text(field) : String(decoding: bytes[trimmed(field.range)], as: UTF8.self)
        }

        private func trimmed(_ range: Range<Int>) -> Range<Int> {
            var (low, high) = (range.lowerBound, range.upperBound)
            while low < high, bytes[low] == 0x20 || bytes[low] == 0x09 { low += 1 }
            while high > low, bytes[high - 1] == 0x20 || bytes[high - 1] == 0x09 { high -= 1 }
            return low..<high
        }

        /// A plain decimal number (point or comma), or hours, minutes and seconds parted by colons; nil: none.
        func number(_ column: Int) -> Double? {
            guard row.fields.indices.contains(column) else { return nil }
            let range = trimmed(row.fields[column].content)
            return TimeNumber.parse(UnsafeRawBufferPointer(rebasing: bytes[range]).bindMemory(to: UInt8.self))
        }

        /// Where a field's number stands in the text, without quotes and blanks; nil beyond the last.
        func place(_ column: Int) -> Range<Int>? {
            guard row.fields.indices.contains(column) else { return nil }
            return trimmed(row.fields[column].content)
        }
    }
}
