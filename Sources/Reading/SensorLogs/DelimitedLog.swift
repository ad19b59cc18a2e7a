import SyncModel

/// Logs in text with one row a line: commas, tabs, semicolons (then `1,5` is one and a half) or blanks; `#` begins a
/// comment.
enum DelimitedLog {
    static func read(_ bytes: [UInt8], file: String) throws(ClipFailure) -> LogTable {
        var bytes = bytes[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        guard !bytes.prefix(4096).contains(0) else {
            throw ClipFailure(
                code: "not-text", message: "\(file.printable) is named as a table in text, and is none",
                remedy: "save it as CSV in UTF-8, or name it by what it is")
        }
        let delimiter = delimiter(of: bytes)
        var names: [String] = []
        var units: [String?] = []
        var builder = LogTableBuilder()
        var (line, ragged, firstRagged) = (0, 0, 0)
        var comment: [String] = []
        var isStarted = false
        var index = bytes.startIndex
        var fields: [ArraySlice<UInt8>] = []
        while index < bytes.endIndex {
            line += 1
            index = scan(bytes, from: index, delimiter: delimiter, into: &fields)
            guard let first = fields.first, !(fields.count == 1 && first.allSatisfy({ $0 == 0x20 })) else { continue }
            if first.first == UInt8(ascii: "#") {
                if !isStarted {
                    comment = fields.enumerated().map { $0 == 0 ? text($1.dropFirst()) : text($1) }
                    if delimiter == 0x20, comment.first == "" { comment.removeFirst() }
                }
                continue
            }
            let cells = fields.map { LogNumber.cell($0, decimalComma: delimiter == UInt8(ascii: ";")) }
            if !isStarted {
                let numbers = cells.filter { if case .other = $0 { false } else { true } }.count
                if names.isEmpty, numbers == 0 {
                    (names, units) = header(fields.map(text))
                    continue
                }
                // A second line without numbers holds the units.
                if !names.isEmpty, numbers == 0, cells.count == names.count, builder.columns.isEmpty {
                    units = zip(units, fields.map(text)).map { $0 ?? ($1.isEmpty ? nil : $1.trimmed) }
                    isStarted = true
                    continue
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
                Doubt(
                    """
                    \(ragged) row\(ragged == 1 ? " has" : "s have") not as many fields as there are columns, the first \
                    in line \(firstRagged): what is missing is not known
                    """
                ))
        }
        return table
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String { String(decoding: field, as: UTF8.self).trimmed }

    /// Names, and units that stand behind them in brackets.
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

    /// The sign that parts the first lines into most fields.
    private static func delimiter(of bytes: ArraySlice<UInt8>) -> UInt8 {
        let lines = bytes.prefix(8192).split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).filter {
            $0.first != UInt8(ascii: "#")
        }.prefix(10)
        for sign in [UInt8(ascii: "\t"), UInt8(ascii: ";"), UInt8(ascii: ",")] where !lines.isEmpty {
            if lines.allSatisfy({ $0.contains(sign) }) { return sign }
        }
        return lines.contains { $0.contains(UInt8(ascii: ",")) }
            ? UInt8(ascii: ",") : lines.allSatisfy { $0.contains(0x20) } ? 0x20 : UInt8(ascii: ",")
    }

    /// Parts one line; returns where the next begins.
    private static func scan(
        _ bytes: ArraySlice<UInt8>, from start: Int, delimiter: UInt8, into fields: inout [ArraySlice<UInt8>]
    ) -> Int {
        fields.removeAll(keepingCapacity: true)
        var index = start
        var from = start
        var isQuoted = false
        func field(_ range: Range<Int>) -> ArraySlice<UInt8> {
            let part = bytes[range]
            guard part.count >= 2, part.first == 0x22, part.last == 0x22 else { return part }
            return part.dropFirst().dropLast()
        }
        while index < bytes.endIndex, isQuoted || bytes[index] != 0x0A && bytes[index] != 0x0D {
            if bytes[index] == 0x22 { isQuoted.toggle() }
            if bytes[index] == delimiter, !isQuoted {
                // Several blanks are one.
                if delimiter != 0x20 || index > from { fields.append(field(from..<index)) }
                from = index + 1
            }
            index += 1
        }
        if delimiter != 0x20 || index > from { fields.append(field(from..<index)) }
        if index < bytes.endIndex, bytes[index] == 0x0D { index += 1 }
        if index < bytes.endIndex, bytes[index] == 0x0A { index += 1 }
        return index
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
