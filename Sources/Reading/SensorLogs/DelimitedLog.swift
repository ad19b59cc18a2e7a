import DelimitedText
import SyncModel

/// Reads text logs with one row per line: commas, tabs, semicolons (then `1,5` is one and a half) or blanks; `#` starts
/// a comment.
enum DelimitedLog {
    static func read(_ bytes: [UInt8], file: String) throws(ClipFailure) -> LogTable {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let body = bytes.starts(with: mark) ? bytes[mark.count...] : bytes[...]
        guard !body.prefix(4096).contains(0) else {
            throw ClipFailure(
                code: "not-text", message: "\(file.printable) is named like a text table, but is not one",
                remedy: "save it as CSV in UTF-8, or give it the extension of its actual format")
        }
        let delimiter = delimiter(of: body)
        var names: [String] = []
        var units: [String?] = []
        var builder = LogTableBuilder()
        var (ragged, firstRagged) = (0, 0)
        var comment: [String] = []
        var isStarted = false
        forEachRow(of: body, delimiter) { line, fields in
            guard let first = fields.first, !(fields.count == 1 && first.allSatisfy({ $0 == 0x20 })) else { return }
            if first.first == UInt8(ascii: "#") {
                if !isStarted {
                    comment = fields.enumerated().map { $0 == 0 ? text($1.dropFirst()) : text($1) }
                    if delimiter == 0x20, comment.first == "" { comment.removeFirst() }
                }
                return
            }
            let cells = fields.map { LogNumber.cell($0, decimalComma: delimiter == UInt8(ascii: ";")) }
            if !isStarted {
                let numbers = cells.filter { if case .other = $0 { false } else { true } }.count
                if names.isEmpty, numbers == 0 {
                    (names, units) = header(fields.map(text))
                    return
                }
                // A second line without numbers has the units.
                if !names.isEmpty, numbers == 0, cells.count == names.count, builder.columns.isEmpty {
                    units = zip(units, fields.map(text)).map { $0 ?? ($1.isEmpty ? nil : $1.trimmed) }
                    isStarted = true
                    return
                }
                if names.isEmpty {
                    if comment.count == fields.count {
                        (names, units) = header(comment)
                    } else {
                        names = fields.indices.map { "column \($0 + 1)" }
                    }
                }
                isStarted = true
            }
            while units.count < names.count { units.append(nil) }
            if cells.count != names.count {
                ragged += 1
                if firstRagged == 0 { firstRagged = line }
            }
            for (place, name) in names.enumerated() {
                switch place < cells.count ? cells[place] : .empty {
                case .number(let value): builder.put(value, at: builder.place(name, unit: units[place]))
                case .vector(let values): builder.put(vector: values, name: name, unit: units[place])
                case .empty: builder.put(.nan, at: builder.place(name, unit: units[place]))
                case .other: builder.refuse(at: builder.place(name, unit: units[place]), row: line)
                }
            }
            builder.endRow()
        }
        var table = LogTable(file: file, columns: builder.finish())
        if ragged > 0 {
            table.notes.append(
                Reason(
                    """
                    \(ragged) row\(ragged == 1 ? " has" : "s have") a different number of fields than columns, the \
                    first in line \(firstRagged): missing values are unknown
                    """
                ))
        }
        return table
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String { String(decoding: field, as: UTF8.self).trimmed }

    /// Names, and units in brackets after them.
    private static func header(_ fields: [String]) -> ([String], [String?]) {
        var names: [String] = []
        var units: [String?] = []
        for (index, field) in fields.enumerated() {
            let (name, unit) = LogUnit.split(field)
            let plain = name.isEmpty ? "column \(index + 1)" : name
            names.append(names.contains(plain) ? "\(plain) (\(index + 1))" : plain)
            units.append(unit)
        }
        return (names, units)
    }

    /// The separator that splits the first lines into most fields.
    private static func delimiter(of bytes: ArraySlice<UInt8>) -> UInt8 {
        let (tab, semicolon, comma, blank) = (
            UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: " ")
        )
        let lines = SeparatorGuess.lines(of: bytes, within: 8192, atMost: 10)
        if let sign = SeparatorGuess.heldByAll(lines, of: [tab, semicolon, comma]) { return sign }
        if lines.contains(where: { $0.contains(comma) }) { return comma }
        return lines.allSatisfy { $0.contains(blank) } ? blank : comma
    }

    /// Calls with each row's number and its fields, without quotes.
    ///
    /// The number counts rows, not lines.
    private static func forEachRow(
        of bytes: ArraySlice<UInt8>, _ delimiter: UInt8, _ body: (Int, [ArraySlice<UInt8>]) -> Void
    ) {
        var dialect = DelimitedDialect(separator: delimiter)
        dialect.quotes = .anywhere
        dialect.mergesSeparators = delimiter == UInt8(ascii: " ")
        bytes.withUnsafeBytes { raw in
            var reader = DelimitedTokenizer(raw, dialect: dialect)
            var row = reader.blankRow()
            var fields: [ArraySlice<UInt8>] = []
            var count = 0
            func take(_ row: DelimitedRow) {
                count += 1
                fields.removeAll(keepingCapacity: true)
                for field in row.fields {
                    if field.isQuoted {
                        fields.append(ArraySlice(row.text(field).utf8))
                    } else {
                        let (low, high) = (field.range.lowerBound, field.range.upperBound)
                        fields.append(bytes[bytes.startIndex + low..<bytes.startIndex + high])
                    }
                }
                body(count, fields)
            }
            while reader.next(into: &row) {
                guard row.firstLine != row.range, raw[row.range].first(where: { $0 != 0x20 }) == UInt8(ascii: "#")
                else {
                    take(row)
                    continue
                }
                // A quote in a comment is ignored: the following lines are rows.
                let line = row.firstLine
                var plain = dialect
                plain.quotes = .none
                var alone = DelimitedTokenizer(raw, dialect: plain, range: line)
                if let comment = alone.next() { take(comment) }
                reader = DelimitedTokenizer(raw, dialect: dialect, range: line.upperBound..<raw.count)
                // The end of the comment line.
                _ = reader.next(into: &row)
            }
        }
    }
}

extension String {
    var trimmed: String {
        var text = Substring(self)
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}
