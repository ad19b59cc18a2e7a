/// SubRip (`.srt`): a number, a line of times, lines of text, an empty line.
///
/// Read as players do: numbers may be missing, decimals may follow a point, empty lines may stand within a text.
enum SubRip {
    static func read(_ source: EncodedText) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .subRip)
        let lines = source.lines()
        var index = 0
        var isBroken = false
        while index < lines.count {
            let line = lines[index]
            if let cue = CueLine(source, line.range) {
                isBroken = false
                let first = index + 1
                let last = endOfText(source, lines, from: first)
                let raw = text(source, lines[first..<last])
                let item = TimedItem(
                    kind: .cue, text: CueText.plain(raw), raw: raw, start: cue.start.seconds, end: cue.end.seconds,
                    line: line.number)
                builder.add(item, from: cue.start, to: cue.end)
                index = last
            } else {
                // What follows an empty line is another cue.
                if line.isEmpty { isBroken = false }
                if source.find("-->", in: line.range) != nil {
                    builder.fault(line.number, "the times cannot be read: \(source.string(line.range).prefix(60))")
                    isBroken = true
                } else if !isBroken, !source.isBlank(line.range), !isNumber(source, line), looksLikeTimes(source, line)
                {
                    builder.fault(line.number, "a line of times without '-->'")
                    isBroken = true
                }
                index += 1
            }
        }
        if builder.items.isEmpty, builder.faults.isEmpty { builder.fault(1, "there is no cue: no line holds '-->'") }
        return builder.document()
    }

    /// Where the text of a cue ends: before the next line of times, its number, and the empty lines before that.
    private static func endOfText(_ source: EncodedText, _ lines: [SourceLine], from first: Int) -> Int {
        var next = first
        while next < lines.count, source.find("-->", in: lines[next].range) == nil {
            // An empty line, a number, and then something that was meant for times: the next cue is broken.
            if next + 2 < lines.count, source.isBlank(lines[next].range), isNumber(source, lines[next + 1]),
                looksLikeTimes(source, lines[next + 2])
            {
                return next
            }
            next += 1
        }
        var last = next
        if next < lines.count, last > first, isNumber(source, lines[last - 1]),
            last - 1 == first || source.isBlank(lines[last - 2].range) || last - 2 >= first
        {
            last -= 1
        }
        return last
    }

    private static func text(_ source: EncodedText, _ lines: ArraySlice<SourceLine>) -> String {
        var kept = lines
        while let last = kept.last, source.isBlank(last.range) { kept.removeLast() }
        return kept.map { source.string($0.range) }.joined(separator: "\n")
    }

    private static func isNumber(_ source: EncodedText, _ line: SourceLine) -> Bool {
        let range = source.trimmed(line.range)
        return !range.isEmpty && range.count < 10 && range.allSatisfy { source.utf8[$0].isDigit }
    }

    /// Two clock times in a line, whatever stands between them.
    private static func looksLikeTimes(_ source: EncodedText, _ line: SourceLine) -> Bool {
        let range = source.trimmed(line.range)
        guard let first = source.clock(at: range.lowerBound, before: range.upperBound) else { return false }
        var index = first.range.upperBound
        while index < range.upperBound, !source.utf8[index].isDigit { index += 1 }
        guard index - first.range.upperBound < 10, index < range.upperBound else { return false }
        return true
    }
}
