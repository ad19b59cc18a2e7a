/// The tables of speech evaluations, with columns separated by blanks: CTM (words), STM (segments), RTTM (speaker
/// turns).
enum NISTTables {
    /// Recognised from the first rows if the name is ambiguous.
    static func recognise(_ source: EncodedText, ending: String) -> TimedTextFormat? {
        switch ending {
        case "ctm": return .conversationTimes
        case "stm": return .segmentTimes
        case "rttm": return .speakerTurns
        default: break
        }
        guard
            let row = source.lines().prefix(50).first(where: {
                !source.isBlank($0.range) && source.utf8[$0.range.lowerBound] != UInt8(ascii: ";")
            })
        else { return nil }
        let words = source.words(row.range)
        func isNumber(_ index: Int) -> Bool { words.indices.contains(index) && source.number(words[index]) != nil }
        let first = words.first.map(source.string) ?? ""
        if ["SPEAKER", "SPKR-INFO", "LEXEME"].contains(first), words.count >= 9 { return .speakerTurns }
        guard !isNumber(0) || words.count >= 5 && isNumber(0) && isNumber(1) && isNumber(2) && isNumber(3) else {
            return nil
        }
        if (5...6).contains(words.count), isNumber(2), isNumber(3), !isNumber(4),
            !source.string(row.range).contains(",")
        {
            return .conversationTimes
        }
        if words.count >= 5, isNumber(3), isNumber(4), !isNumber(2), !source.string(row.range).contains(",") {
            return .segmentTimes
        }
        return nil
    }

    static func read(_ source: EncodedText, _ format: TimedTextFormat) -> TimedTextDocument {
        var builder = DocumentBuilder(source, format)
        for line in source.lines() {
            let range = source.trimmed(line.range)
            guard let first = range.first, source.utf8[first] != UInt8(ascii: ";"),
                source.utf8[first] != UInt8(ascii: "#")
            else { continue }
            switch format {
            case .conversationTimes: word(source, line.number, range, into: &builder)
            case .segmentTimes: segment(source, line.number, range, into: &builder)
            default: turn(source, line.number, range, into: &builder)
            }
        }
        return builder.document()
    }

    /// The columns of a row: separated by tabs if there are enough, else by blanks, which a recording's name may
    /// contain.
    ///
    /// - Parameters:
    ///   - count: minimum number of columns.
    ///   - first: the first of two columns of times.
    ///   - name: the column of the recording's name.
    private static func columns(
        _ source: EncodedText, _ range: Range<Int>, atLeast count: Int, times first: Int, name: Int, atMost most: Int
    ) -> [Range<Int>] {
        func isNumber(_ range: Range<Int>) -> Bool { source.number(range) != nil }
        let tabbed = source.parts(range, by: 9, atMost: most).map(source.trimmed)
        if tabbed.count >= count, isNumber(tabbed[first]), isNumber(tabbed[first + 1]) { return tabbed }
        let words = source.words(range, atMost: most)
        guard words.count >= count else { return words }
        // Excess columns before the times belong to the name; the channel may look like a time.
        let all = source.words(range)
        let numbers = all[first...].prefix { isNumber($0) }.count
        let hasChannel = numbers == 3 && all.count > first + 3 && !source.string(all[first]).contains(".")
        if numbers >= 2, !hasChannel { return words }
        guard
            let place = all.indices.dropLast().first(where: {
                $0 > first && isNumber(all[$0]) && isNumber(all[$0 + 1])
                    && ($0 + 2 == all.count || !isNumber(all[$0 + 2]))
            })
        else { return words }
        let extra = place - first
        let joined = all[name].lowerBound..<all[name + extra].upperBound
        let columns = Array(all[..<name]) + [joined] + Array(all[(name + extra + 1)...])
        guard columns.count > most else { return columns }
        return Array(columns[..<(most - 1)]) + [columns[most - 1].lowerBound..<range.upperBound]
    }

    /// `recording channel start duration word [confidence]`.
    private static func word(
        _ source: EncodedText, _ line: Int, _ range: Range<Int>, into builder: inout DocumentBuilder
    ) {
        let words = columns(source, range, atLeast: 5, times: 2, name: 0, atMost: .max)
        // Alternatives are marked <ALT_BEGIN> and have no time.
        if words.count >= 3, source.string(words[2]) == "*" { return }
        guard words.count >= 5, let start = source.number(words[2], leastDecimals: 2),
            let duration = source.number(words[3], leastDecimals: 2)
        else {
            builder.fault(line, "not 'recording channel start duration word': \(source.string(range).prefix(60))")
            return
        }
        var item = TimedItem(
            tier: builder.tier("channel " + source.string(words[1])), kind: .word, text: source.string(words[4]),
            start: start.seconds, end: start.seconds + duration.seconds, line: line)
        item.recording = source.string(words[0])
        builder.add(
            item, from: start, lasting: duration, text: TextPlace(range: words[4], style: .word),
            block: BlockPlace(range))
    }

    /// `recording channel speaker start end [<labels>] text`.
    private static func segment(
        _ source: EncodedText, _ line: Int, _ range: Range<Int>, into builder: inout DocumentBuilder
    ) {
        let words = columns(source, range, atLeast: 5, times: 3, name: 0, atMost: 6)
        guard words.count >= 5, let start = source.number(words[3], leastDecimals: 2),
            let end = source.number(words[4], leastDecimals: 2)
        else {
            builder.fault(line, "not 'recording channel speaker start end text': \(source.string(range).prefix(60))")
            return
        }
        var rest = words.count > 5 ? words[5] : range.upperBound..<range.upperBound
        if let first = rest.first, source.utf8[first] == UInt8(ascii: "<"),
            let close = rest.first(where: { source.utf8[$0] == UInt8(ascii: ">") })
        {
            rest = source.trimmed(close + 1..<rest.upperBound)
        }
        let raw = source.string(rest)
        let isIgnored = raw.lowercased().contains("ignore_time_segment_in_scoring")
        var item = TimedItem(
            tier: builder.tier("channel " + source.string(words[1])), kind: .cue, text: isIgnored ? "" : raw, raw: raw,
            start: start.seconds, end: end.seconds, line: line, speaker: source.string(words[2]))
        item.recording = source.string(words[0])
        builder.add(
            item, from: start, to: end, text: words.count > 5 ? TextPlace(range: rest, style: .line) : nil,
            block: BlockPlace(range))
    }

    /// `SPEAKER recording channel start duration <NA> <NA> name <NA> <NA>`.
    private static func turn(
        _ source: EncodedText, _ line: Int, _ range: Range<Int>, into builder: inout DocumentBuilder
    ) {
        let words = columns(source, range, atLeast: 8, times: 3, name: 1, atMost: .max)
        let type = words.first.map(source.string) ?? ""
        if type == "SPKR-INFO" || type == "NON-SPEECH" || type == "NOSCORE" { return }
        guard words.count >= 8, let start = source.number(words[3], leastDecimals: 3),
            let duration = source.number(words[4], leastDecimals: 3)
        else {
            builder.fault(
                line,
                "not 'SPEAKER recording channel start duration <NA> <NA> name': \(source.string(range).prefix(60))")
            return
        }
        // A name with blanks ends before the last two columns, which are often omitted or <NA>.
        let end = words.lastIndex { source.string($0) != "<NA>" && source.number($0) == nil } ?? 7
        let name = source.string(words[7].lowerBound..<words[max(7, end)].upperBound)
        let isWord = type == "LEXEME"
        var item = TimedItem(
            tier: builder.tier(isWord ? "words" : "speakers"), kind: isWord ? .word : .turn,
            text: isWord ? source.string(words[5]) : name,
            start: start.seconds, end: start.seconds + duration.seconds, line: line, speaker: name)
        item.recording = source.string(words[1])
        let place = isWord ? words[5] : words[7].lowerBound..<words[max(7, end)].upperBound
        builder.add(
            item, from: start, lasting: duration, text: TextPlace(range: place, style: isWord ? .word : .line),
            block: BlockPlace(range))
    }
}
