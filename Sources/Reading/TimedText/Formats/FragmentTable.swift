/// Tables of aeneas: an identifier, begin, end, and the text in quotes (`.csv`, `.txt`); with the identifier after the
/// times (`.ssv`, `.tsv`). Times are seconds or clocks. Tables with identifiers only have no text.
enum FragmentTable {
    private struct Row {
        let begin: WrittenTime
        let end: WrittenTime
        let text: String
        let name: String
    }

    /// The first line is one, and most of the following ones; names are unique, unlike names of recordings.
    static func looksLikeIt(_ source: EncodedText) -> Bool {
        let lines = source.lines().filter { !source.isBlank($0.range) }.prefix(10)
        guard let first = lines.first, row(source, first.range) != nil else { return false }
        let rows = lines.compactMap { row(source, $0.range) }
        return rows.count * 2 > lines.count && Set(rows.map(\.name)).count == rows.count
    }

    /// A sync map as a table or as XML.
    static func readAny(_ source: EncodedText) throws(TimedTextError) -> TimedTextDocument {
        let first = source.trimmed(0..<source.utf8.count).first
        return first.map { source.utf8[$0] } == UInt8(ascii: "<") ? try FragmentMap.read(source) : read(source)
    }

    private static func read(_ source: EncodedText) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .fragments)
        var hasText = false
        for line in source.lines() where !source.isBlank(line.range) {
            guard let row = row(source, line.range) else {
                builder.fault(
                    line.number, "no identifier, begin, end and text: \(source.string(line.range).prefix(60))")
                continue
            }
            hasText = hasText || !row.text.isEmpty
            builder.add(
                TimedItem(
                    kind: .cue, text: row.text, raw: row.text.isEmpty ? row.name : row.text, start: row.begin.seconds,
                    end: row.end.seconds, line: line.number),
                from: row.begin, to: row.end)
        }
        if !hasText { builder.guess("the fragments have names but no text") }
        return builder.document()
    }

    private static func row(_ source: EncodedText, _ line: Range<Int>) -> Row? {
        let range = source.trimmed(line)
        for separator in [9, UInt8(ascii: ","), UInt8(ascii: " ")] {
            let parts = source.parts(range, by: separator, atMost: 4)
            guard parts.count >= 3 else { continue }
            let name: Range<Int>
            let begin: WrittenTime
            let end: WrittenTime
            if isName(source, parts[0]), let from = time(source, parts[1]), let to = time(source, parts[2]) {
                (name, begin, end) = (parts[0], from, to)
            } else if isName(source, parts[2]), let from = time(source, parts[0]), let to = time(source, parts[1]) {
                (name, begin, end) = (parts[2], from, to)
                // Labels may look like such names too: turns of `s001`.
                if parts.count == 3, source.utf8[source.trimmed(name).lowerBound] == UInt8(ascii: "s") { continue }
            } else {
                continue
            }
            var text = parts.count > 3 ? source.trimmed(parts[3]) : range.upperBound..<range.upperBound
            if !text.isEmpty {
                guard text.count >= 2, source.utf8[text.lowerBound] == UInt8(ascii: "\""),
                    source.utf8[text.upperBound - 1] == UInt8(ascii: "\"")
                else { continue }
                text = text.lowerBound + 1..<text.upperBound - 1
            }
            return Row(begin: begin, end: end, text: source.string(text), name: source.string(source.trimmed(name)))
        }
        return nil
    }

    /// Groups of letters and digits, as in aeneas' names of fragments: `f000001`, `p001s002`.
    private static func isName(_ source: EncodedText, _ range: Range<Int>) -> Bool {
        let bytes = source.utf8[source.trimmed(range)]
        guard let first = bytes.first, (0x61...0x7A).contains(first), bytes.count <= 60 else { return false }
        var digits = 0
        for byte in bytes.dropFirst() {
            if byte.isDigit {
                digits += 1
            } else {
                guard (0x61...0x7A).contains(byte), digits >= 3 else { return false }
                digits = 0
            }
        }
        return digits >= 3
    }

    /// A time with decimals: whole numbers are something else.
    private static func time(_ source: EncodedText, _ range: Range<Int>) -> WrittenTime? {
        let range = source.trimmed(range)
        guard source.utf8[range].contains(UInt8(ascii: ".")) else { return nil }
        if let number = source.number(range, leastDecimals: 3) { return number }
        guard let clock = source.clock(at: range.lowerBound, before: range.upperBound), clock.range == range else {
            return nil
        }
        return clock
    }
}
