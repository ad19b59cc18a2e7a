import DelimitedText

/// Rows of a text table: one delimiter, doubled quotes inside quotes (RFC 4180), any line end.
struct LabelTable {
    private let dialect: DelimitedDialect
    private let bytes: [UInt8]

    init(bytes: [UInt8]) {
        self.bytes = bytes
        // Quotes inside a field are text, and text after a closing quote is dropped.
        var dialect = DelimitedDialect(separator: LabelTable.delimiter(of: bytes))
        dialect.tail = .dropped
        dialect.quotedLineEnds = .lineFeed
        self.dialect = dialect
    }

    /// The delimiter that splits the first lines into most fields, the same number in each.
    private static func delimiter(of bytes: [UInt8]) -> UInt8 {
        let comma = UInt8(ascii: ",")
        let lines = SeparatorGuess.lines(of: bytes[...], within: 16384, atMost: 20, cutsLast: true)
        return SeparatorGuess.mostFields(lines, of: [comma, UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: "|")])
            ?? comma
    }

    var separator: UInt8 { dialect.separator ?? UInt8(ascii: ",") }

    /// The fields of the first row.
    var firstRow: [String] {
        bytes.withUnsafeBytes { bytes in
            var reader = DelimitedTokenizer(bytes, dialect: dialect)
            var row = Row(bytes: bytes, row: reader.blankRow())
            reader.read(into: &row.row)
            return (0..<row.count).map { row.text($0) }
        }
    }

    /// Passes each non-empty row with its line number, from 1.
    func forEachRow(_ body: (Int, inout Row) -> Void) {
        bytes.withUnsafeBytes { bytes in
            var reader = DelimitedTokenizer(bytes, dialect: dialect)
            var row = Row(bytes: bytes, row: reader.blankRow())
            // Lines before the reader's start.
            var passed = 0
            while reader.next(into: &row.row) {
                // A quote in a comment is ignored: the following lines are rows.
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

    /// One row of a table, valid during the call.
    struct Row {
        fileprivate let bytes: UnsafeRawBufferPointer
        fileprivate var row: DelimitedRow

        var count: Int { row.fields.count }

        /// The trimmed text of a field; empty beyond the last.
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

        /// A plain decimal number (point or comma), or hours, minutes and seconds separated by colons; nil: neither.
        func number(_ column: Int) -> Double? {
            guard row.fields.indices.contains(column) else { return nil }
            let range = trimmed(row.fields[column].content)
            return TimeNumber.parse(UnsafeRawBufferPointer(rebasing: bytes[range]).bindMemory(to: UInt8.self))
        }

        /// The range of the whole row, without its line end.
        var range: Range<Int> { row.range }

        /// The range of a field in the text, with its quotes and without blanks; nil beyond the last.
        func cell(_ column: Int) -> Range<Int>? {
            row.fields.indices.contains(column) ? trimmed(row.fields[column].range) : nil
        }

        /// The range of a field's number in the text, without quotes and blanks; nil beyond the last.
        func place(_ column: Int) -> Range<Int>? {
            guard row.fields.indices.contains(column) else { return nil }
            return trimmed(row.fields[column].content)
        }
    }
}
