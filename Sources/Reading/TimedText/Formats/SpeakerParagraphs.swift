/// Text transcripts with a time before each paragraph: Otter (`Ann Lee  1:02` on a separate line), Descript and others
/// (`[00:01:02] Ann: text`, `Ann: [00:01:02] text`, `Ann (00:01:02): text`). A paragraph lasts until the next one.
enum SpeakerParagraphs {
    private struct Head {
        let time: WrittenTime
        let speaker: String?
        /// The rest of its line.
        let rest: Range<Int>
        /// Whether time and speaker fill the line, as in Otter.
        let isAlone: Bool
    }

    private static let longestName = 60
    /// Assumed speech rate in words per second, for the last paragraph, which has no end.
    private static let wordsPerSecond = 2.5

    static func looksLikeIt(_ source: EncodedText) -> Bool {
        let lines = source.lines().filter { !source.isBlank($0.range) }
        let heads = lines.prefix(400).compactMap { head(source, $0.range) }
        guard let first = lines.first.map({ head(source, $0.range) != nil }), !heads.isEmpty else { return false }
        if heads.count == 1, lines.count > 2, !isFooter(source, lines[lines.count - 1].range) { return false }
        // A title may be above, and times increase.
        let times = heads.map(\.time.seconds)
        guard zip(times, times.dropFirst()).allSatisfy({ $0 <= $1 }) else { return false }
        return (first || lines.prefix(6).contains { head(source, $0.range) != nil })
            && heads.count * 12 >= min(400, lines.count)
            && heads.contains { $0.speaker != nil || $0.isAlone }
    }

    static func read(_ source: EncodedText) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .paragraphs)
        var paragraphs: [(head: Head, line: SourceLine, text: [Range<Int>], end: Int)] = []
        var speaker: String?
        var isFooted = false
        for line in source.lines() where !source.isBlank(line.range) {
            if isFooter(source, line.range) {
                // What follows is no part of a paragraph.
                if !isFooted, let last = paragraphs.indices.last { paragraphs[last].end = line.range.lowerBound }
                isFooted = true
                continue
            }
            if let head = head(source, line.range) {
                if !isFooted, let last = paragraphs.indices.last { paragraphs[last].end = line.range.lowerBound }
                isFooted = false
                paragraphs.append((head, line, [], source.utf8.count))
                if !source.isBlank(head.rest) {
                    paragraphs[paragraphs.count - 1].text = [source.trimmed(head.rest)]
                }
            } else if let last = paragraphs.indices.last {
                paragraphs[last].text.append(source.trimmed(line.range))
            }
        }
        var sequence = MarkSequence(cleared: nil, isLines: true)
        for (place, paragraph) in paragraphs.enumerated() {
            let start = paragraph.head.time.seconds
            // A continuing speaker is named once.
            speaker = paragraph.head.speaker ?? (paragraph.head.isAlone ? speaker : nil)
            let raw = paragraph.text.map { source.string($0) }.joined(separator: "\n")
            var end = start
            if place + 1 < paragraphs.count {
                end = paragraphs[place + 1].head.time.seconds
            } else {
                end += max(1, Double(raw.split { $0.isWhitespace }.count) / wordsPerSecond)
            }
            builder.fields.append(paragraph.head.time.field())
            var mark = MarkSequence.Mark(
                time: paragraph.head.time, range: paragraph.line.range.lowerBound..<paragraph.end)
            mark.names = paragraph.head.speaker != nil
            mark.continues = paragraph.head.speaker == nil && paragraph.head.isAlone
            sequence.add(mark)
            let first = paragraph.text.first?.lowerBound ?? paragraph.line.range.upperBound
            let text = first..<max(first, paragraph.text.last?.upperBound ?? first)
            // Text below the footer is not contiguous with its paragraph.
            let isWhole = text.upperBound <= paragraph.end
            let part = sequence.add(channel: 0, first..<max(first, paragraph.end), text: text)
            guard !raw.isEmpty else { continue }
            var item = TimedItem(
                kind: .cue, text: raw, start: start, end: end, line: paragraph.line.number, speaker: speaker)
            item.place = ItemPlace(text: isWhole ? TextPlace(range: text, style: .paragraph) : nil, part: part)
            if !isWhole { item.place?.rights = EditRights.none }
            builder.items.append(item)
        }
        builder.guess("each paragraph is assumed to last until the next: the file states no ends")
        if builder.items.isEmpty, builder.faults.isEmpty { builder.fault(1, "no paragraph has a time") }
        builder.finish(sequence)
        return builder.document()
    }

    private static func isFooter(_ source: EncodedText, _ line: Range<Int>) -> Bool {
        let range = source.trimmed(line)
        return range.count < 60 && source.string(range).lowercased().hasPrefix("transcribed by http")
    }

    // MARK: Heads

    /// `m:ss` or `h:mm:ss`, optionally with decimals, with any first number.
    private static func time(_ source: EncodedText, at start: Int, before limit: Int) -> WrittenTime? {
        guard start < limit, source.utf8[start].isDigit,
            let time = source.clock(at: start, before: limit), case .clock(_, _, let mark, let decimals) = time.style,
            decimals == 0 || mark == UInt8(ascii: ".") || mark == UInt8(ascii: ",")
        else { return nil }
        return time
    }

    private static func head(_ source: EncodedText, _ line: Range<Int>) -> Head? {
        let range = source.trimmed(line)
        guard !range.isEmpty else { return nil }
        return alone(source, range) ?? bracketed(source, range)
    }

    /// A name, two blanks or a tab, and a time at the end of the line; or a time alone.
    private static func alone(_ source: EncodedText, _ range: Range<Int>) -> Head? {
        var start = range.upperBound
        while start > range.lowerBound, source.utf8[start - 1].isDigit || [0x3A, 0x2E].contains(source.utf8[start - 1])
        { start -= 1 }
        guard range.upperBound - start >= 4, let time = time(source, at: start, before: range.upperBound),
            time.range.upperBound == range.upperBound
        else { return nil }
        let name = source.trimmed(range.lowerBound..<start)
        let gap = start - name.upperBound
        guard name.isEmpty || name.count <= longestName && (gap >= 2 || gap == 1 && source.utf8[start - 1] == 9) else {
            return nil
        }
        return Head(
            time: time, speaker: name.isEmpty ? nil : source.string(name),
            rest: range.upperBound..<range.upperBound, isAlone: true)
    }

    /// A time in brackets or parentheses at the start, or after a name.
    private static func bracketed(_ source: EncodedText, _ range: Range<Int>) -> Head? {
        let limit = min(range.upperBound, range.lowerBound + longestName + 20)
        guard
            let open = (range.lowerBound..<limit).first(where: {
                source.utf8[$0] == UInt8(ascii: "[") || source.utf8[$0] == UInt8(ascii: "(")
            }), let time = time(source, at: open + 1, before: range.upperBound),
            time.range.upperBound < range.upperBound
        else { return nil }
        let close: UInt8 = source.utf8[open] == UInt8(ascii: "[") ? UInt8(ascii: "]") : UInt8(ascii: ")")
        guard source.utf8[time.range.upperBound] == close else { return nil }
        var rest = source.trimmed(time.range.upperBound + 1..<range.upperBound)
        var before = source.trimmed(range.lowerBound..<open)
        // `[mm:ss.xx]` before a line is LRC.
        if before.isEmpty, close == UInt8(ascii: "]"), !CueArrow.isFull(time) { return nil }
        if before.isEmpty {
            // After the time: a name and a colon.
            let text = source.string(rest.lowerBound..<min(rest.upperBound, rest.lowerBound + longestName))
            guard let colon = text.firstIndex(of: ":"), let name = name(String(text[..<colon])) else {
                return Head(time: time, speaker: nil, rest: rest, isAlone: rest.isEmpty)
            }
            let length = text[...colon].utf8.count
            rest = source.trimmed(rest.lowerBound + length..<rest.upperBound)
            return Head(time: time, speaker: name, rest: stripped(source, rest), isAlone: rest.isEmpty)
        }
        // Before it: a name, with the colon there or after the time.
        if let first = rest.first, source.utf8[first] == UInt8(ascii: ":") {
            rest = source.trimmed(first + 1..<rest.upperBound)
        } else if !source.string(before).contains(":"), !rest.isEmpty {
            return nil
        }
        while let last = before.last, [0x3A, 0x2A, 0x20, 0x2D].contains(source.utf8[last]) {
            before = before.lowerBound..<last
        }
        guard let name = name(source.string(before)) else { return nil }
        return Head(time: time, speaker: name, rest: stripped(source, rest), isAlone: rest.isEmpty)
    }

    /// Without the Markdown stars that close a bold name.
    private static func stripped(_ source: EncodedText, _ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        while start < range.upperBound, source.utf8[start] == UInt8(ascii: "*") { start += 1 }
        return source.trimmed(start..<range.upperBound)
    }

    private static func name(_ text: String) -> String? {
        let name = text.filter { $0 != "*" && $0 != "#" }
        let words = name.split { $0.isWhitespace }
        guard (1...6).contains(words.count), !name.contains(where: { "?!,;\"[]".contains($0) }) else { return nil }
        return words.joined(separator: " ")
    }
}
