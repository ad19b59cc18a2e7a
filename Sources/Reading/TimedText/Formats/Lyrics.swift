/// LRC: `[mm:ss.xx]` before each line, `<mm:ss.xx>` before words; `[offset:ms]` moves all, positive to earlier. Some
/// files have a colon before the hundredths.
enum Lyrics {
    static func looksLikeIt(_ source: EncodedText) -> Bool {
        source.lines().prefix(40).contains {
            tag(source, at: $0.range.lowerBound, before: $0.range.upperBound, open: "[", close: "]") != nil
        }
    }

    /// A time in brackets, and its end.
    private static func tag(
        _ source: EncodedText, at start: Int, before limit: Int, open: Unicode.Scalar, close: Unicode.Scalar
    ) -> (WrittenTime, Int)? {
        guard start < limit, source.utf8[start] == UInt8(ascii: open),
            let time = hundredths(source, at: start + 1, before: limit) ?? source.clock(at: start + 1, before: limit),
            time.range.upperBound < limit, source.utf8[time.range.upperBound] == UInt8(ascii: close)
        else { return nil }
        return (time, time.range.upperBound + 1)
    }

    /// `mm:ss:xx`.
    private static func hundredths(_ source: EncodedText, at start: Int, before limit: Int) -> WrittenTime? {
        let end = start + 8
        guard end < limit, !source.utf8[end].isDigit, ![0x2E, 0x2C, 0x3A].contains(source.utf8[end]) else { return nil }
        let groups = source.parts(start..<end, by: UInt8(ascii: ":")).map { range in
            range.count == 2 && range.allSatisfy { source.utf8[$0].isDigit } ? Double(source.string(range)) : nil
        }
        guard groups.count == 3, let minutes = groups[0], let seconds = groups[1], seconds < 60, let rest = groups[2]
        else { return nil }
        return WrittenTime(
            seconds: minutes * 60 + seconds + rest / 100,
            style: .clock(hourDigits: 0, minuteDigits: 2, mark: UInt8(ascii: ":"), decimals: 2), range: start..<end)
    }

    static func read(_ source: EncodedText) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .lyrics)
        var rows: [Row] = []
        let lines = source.lines()
        var sequence = MarkSequence(cleared: "", isLines: true)
        /// Whether every line has one time and no times of words.
        var isPlain = true
        var shift = 0.0
        for line in lines {
            let text = source.string(line.range)
            guard text.lowercased().hasPrefix("[offset:"), let close = text.firstIndex(of: "]") else { continue }
            let value = text[text.index(text.startIndex, offsetBy: 8)..<close].filter { !$0.isWhitespace }
            if let milliseconds = Double(value), abs(milliseconds) < 1e9 { shift = -milliseconds / 1000 }
        }
        if shift != 0 {
            let milliseconds = Int((abs(shift) * 1000).rounded())
            builder.guess(
                """
                [offset] moves all times \(milliseconds) ms \(shift < 0 ? "earlier" : "later"), as in most players
                """)
        }
        for line in lines {
            guard !source.isBlank(line.range) else { continue }
            var index = source.trimmed(line.range).lowerBound
            var starts: [WrittenTime] = []
            while let (time, next) = tag(source, at: index, before: line.range.upperBound, open: "[", close: "]") {
                starts.append(time)
                index = next
            }
            if starts.isEmpty {
                let isTag =
                    source.utf8[index] == UInt8(ascii: "[")
                    && source.find(":", in: index..<line.range.upperBound) != nil
                if !isTag { builder.fault(line.number, "no time in brackets: \(source.string(line.range).prefix(60))") }
                continue
            }
            let raw = source.string(index..<line.range.upperBound)
            let body = source.trimmed(index..<line.range.upperBound)
            let inner = words(source, index..<line.range.upperBound, shift, starts[0].seconds + shift, into: &builder)
            for start in starts {
                builder.fields.append(start.field(bias: shift))
                // A text with several times occurs at each of them.
                let isAlone = starts.count == 1
                rows.append(
                    Row(
                        start: start.seconds + shift, line: line.number, text: inner.text, raw: raw,
                        words: isAlone ? inner.words : [], place: isAlone && inner.words.isEmpty ? body : nil,
                        part: sequence.parts.count))
            }
            isPlain = isPlain && starts.count == 1 && inner.words.isEmpty
            let end = line.number < lines.count ? lines[line.number].range.lowerBound : source.utf8.count
            sequence.add(MarkSequence.Mark(time: starts[0], bias: shift, range: line.range.lowerBound..<end))
            _ = sequence.add(channel: 0, body.lowerBound..<line.range.upperBound, text: body)
        }
        // A line lasts until the next one; an empty line only ends the previous one.
        let order = rows.sorted { ($0.start, $0.line) < ($1.start, $1.line) }
        for (place, row) in order.enumerated() where !row.text.isEmpty {
            let end = place + 1 < order.count ? order[place + 1].start : row.start + 5
            if row.words.isEmpty {
                var item = TimedItem(
                    kind: .cue, text: row.text, raw: row.raw, start: row.start, end: end, line: row.line)
                item.place = row.place.map { ItemPlace(text: TextPlace(range: $0, style: .trimmedLine)) }
                if isPlain { item.place?.part = row.part }
                builder.items.append(item)
                continue
            }
            for (index, word) in row.words.enumerated() where !word.1.isEmpty {
                let until = index + 1 < row.words.count ? row.words[index + 1].0 : end
                builder.items.append(TimedItem(kind: .word, text: word.1, start: word.0, end: until, line: row.line))
            }
        }
        if isPlain { builder.finish(sequence) }
        return builder.document()
    }

    private struct Row {
        let start: Double
        let line: Int
        let text: String
        let raw: String
        let words: [(Double, String)]
        /// The range of the text, if it occurs once.
        let place: Range<Int>?
        let part: Int
    }

    private static func words(
        _ source: EncodedText, _ range: Range<Int>, _ shift: Double, _ anchor: Double,
        into builder: inout DocumentBuilder
    ) -> (text: String, words: [(Double, String)]) {
        var words: [(Double, String)] = []
        var text: [UInt8] = []
        var (index, current, word) = (range.lowerBound, Double?.none, [UInt8]())
        func plain(_ bytes: [UInt8]) -> String { CueText.plain(String(decoding: bytes, as: UTF8.self)) }
        while index < range.upperBound {
            if let (time, next) = tag(source, at: index, before: range.upperBound, open: "<", close: ">") {
                if let current { words.append((current, plain(word))) }
                builder.fields.append(time.field(anchor: anchor, bias: shift))
                current = time.seconds + shift
                word = []
                index = next
            } else {
                text.append(source.utf8[index])
                word.append(source.utf8[index])
                index += 1
            }
        }
        if let current { words.append((current, plain(word))) }
        return (plain(text), words)
    }
}
