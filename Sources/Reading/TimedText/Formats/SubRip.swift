/// SubRip (`.srt`): a number, a line of times, lines of text, an empty line.
///
/// As lenient as players: numbers may be missing, the decimal mark may be a point, a text may have empty lines, every
/// line may be followed by an empty one, and the arrow and the marks of the times may differ.
enum SubRip {
    static func read(_ source: EncodedText, mediaRate: Double?) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .subRip)
        let lines = source.lines()
        let isDoubled = isDoubled(source, lines)
        let times = lines.compactMap { CueLine(source, $0.range) }.flatMap { [$0.start, $0.end] }
        let timecode = TimecodeRate(times, mediaRate: mediaRate)
        if let timecode { builder.guess(timecode.guess) }
        var index = 0
        /// After the last line of the previous cue.
        var free = 0
        var isBroken = false
        while index < lines.count {
            let line = lines[index]
            if let cue = CueLine(source, line.range, timecode) {
                isBroken = false
                let first = index + 1
                let last = endOfText(source, lines, from: first, isDoubled: isDoubled)
                let raw = text(source, lines[first..<last], isDoubled: isDoubled)
                let item = TimedItem(
                    kind: .cue, text: CueText.plain(raw.replacing("[br]", with: "\n")), raw: raw,
                    start: cue.start.seconds, end: cue.end.seconds,
                    line: line.number)
                let kept = lines[first..<last].filter { !source.isBlank($0.range) }
                let body =
                    (kept.first?.range.lowerBound ?? line.range.upperBound)..<(kept.last ?? line).range.upperBound
                var block = BlockPlace(line.range.lowerBound..<body.upperBound)
                block.separators = isDoubled ? 4 : 2
                if let number = number(source, lines[free..<index], isDoubled: isDoubled) {
                    block.number = source.trimmed(number.range)
                    block.range = number.range.lowerBound..<body.upperBound
                    block.copied = block.range
                }
                builder.add(
                    item, from: cue.start, to: cue.end, text: TextPlace(range: body, style: .cue), block: block)
                free = last
                if first == lines.count, line.range.upperBound == source.utf8.count {
                    builder.fault(line.number, "the file ends within a cue: its text is missing")
                }
                index = last
            } else {
                // What follows an empty line is another cue.
                if line.isEmpty { isBroken = false }
                if CueArrow.find(source, line.range) != nil {
                    builder.fault(line.number, "the times cannot be read: \(source.string(line.range).prefix(60))")
                    isBroken = true
                } else if !isBroken, !source.isBlank(line.range), !isNumber(source, line), looksLikeTimes(source, line)
                {
                    builder.fault(line.number, "a time line without '-->'")
                    isBroken = true
                }
                index += 1
            }
        }
        if builder.items.isEmpty, builder.faults.isEmpty { builder.fault(1, "there is no cue: no line has '-->'") }
        return builder.document()
    }

    /// The line with a cue's number, the last one before its times.
    private static func number(
        _ source: EncodedText, _ lines: ArraySlice<SourceLine>, isDoubled: Bool
    ) -> SourceLine? {
        let line = isDoubled ? lines.last { !source.isBlank($0.range) } : lines.last
        return line.flatMap { isNumber(source, $0) ? $0 : nil }
    }

    /// SubViewer, which shares its extension with MicroDVD: times on separate lines.
    static func looksLikeSubViewer(_ source: EncodedText) -> Bool {
        source.lines().prefix(40).contains { CueLine(source, $0.range) != nil }
    }

    /// The end of a cue's text: before the next line of times, its number, and the empty lines before that.
    private static func endOfText(
        _ source: EncodedText, _ lines: [SourceLine], from first: Int, isDoubled: Bool
    ) -> Int {
        var next = first
        while next < lines.count, CueArrow.find(source, lines[next].range) == nil {
            // An empty line, a number, and an invalid line of times: the next cue is broken.
            if next + 2 < lines.count, source.isBlank(lines[next].range), isNumber(source, lines[next + 1]),
                looksLikeTimes(source, lines[next + 2])
            {
                return next
            }
            next += 1
        }
        var last = next
        if isDoubled { while last > first, source.isBlank(lines[last - 1].range) { last -= 1 } }
        if next < lines.count, last > first, isNumber(source, lines[last - 1]) { return last - 1 }
        return next
    }

    /// Whether every line is followed by an empty one, so that numbers are two lines before the times.
    private static func isDoubled(_ source: EncodedText, _ lines: [SourceLine]) -> Bool {
        var (near, far) = (0, 0)
        for index in lines.indices.dropFirst() where CueArrow.find(source, lines[index].range) != nil {
            if isNumber(source, lines[index - 1]) {
                near += 1
            } else if source.isBlank(lines[index - 1].range),
                let number = lines[..<index].last(where: { !source.isBlank($0.range) }), isNumber(source, number)
            {
                far += 1
            }
        }
        return far > near
    }

    private static func text(_ source: EncodedText, _ lines: ArraySlice<SourceLine>, isDoubled: Bool) -> String {
        var kept = isDoubled ? lines.filter { !source.isBlank($0.range) }[...] : lines
        while let last = kept.last, source.isBlank(last.range) { kept.removeLast() }
        return kept.map { source.string($0.range) }.joined(separator: "\n")
    }

    private static func isNumber(_ source: EncodedText, _ line: SourceLine) -> Bool {
        let range = source.trimmed(line.range)
        return !range.isEmpty && range.count < 10 && range.allSatisfy { source.utf8[$0].isDigit }
    }

    /// Two clock times in a line, whatever is in between; or one with hours if the file is truncated there.
    private static func looksLikeTimes(_ source: EncodedText, _ line: SourceLine) -> Bool {
        let range = source.trimmed(line.range)
        guard let first = source.clock(at: range.lowerBound, before: range.upperBound) else { return false }
        var index = first.range.upperBound
        if CueArrow.isFull(first), line.range.upperBound == source.utf8.count,
            (index..<range.upperBound).allSatisfy({ "->, :".utf8.contains(source.utf8[$0]) })
        {
            return true
        }
        while index < range.upperBound, !source.utf8[index].isDigit { index += 1 }
        guard index - first.range.upperBound < 10, index < range.upperBound else { return false }
        return true
    }
}
