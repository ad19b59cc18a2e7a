/// The tables of speech evaluations, columns between blanks: CTM (words), STM (segments), RTTM (speaker turns).
enum NISTTables {
    /// Told from the first rows, where the name does not tell.
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

    /// `recording channel start duration word [confidence]`.
    private static func word(
        _ source: EncodedText, _ line: Int, _ range: Range<Int>, into builder: inout DocumentBuilder
    ) {
        let words = source.words(range)
        // Alternatives are marked <ALT_BEGIN> and carry no time.
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
        builder.add(item, from: start, lasting: duration)
    }

    /// `recording channel speaker start end [<labels>] text`.
    private static func segment(
        _ source: EncodedText, _ line: Int, _ range: Range<Int>, into builder: inout DocumentBuilder
    ) {
        let words = source.words(range, atMost: 6)
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
        builder.add(item, from: start, to: end)
    }

    /// `SPEAKER recording channel start duration <NA> <NA> name <NA> <NA>`.
    private static func turn(
        _ source: EncodedText, _ line: Int, _ range: Range<Int>, into builder: inout DocumentBuilder
    ) {
        let words = source.words(range)
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
        let name = source.string(words[7])
        let isWord = type == "LEXEME"
        var item = TimedItem(
            tier: builder.tier(isWord ? "words" : "speakers"), kind: isWord ? .word : .turn,
            text: isWord ? source.string(words[5]) : name,
            start: start.seconds, end: start.seconds + duration.seconds, line: line, speaker: name)
        item.recording = source.string(words[1])
        builder.add(item, from: start, lasting: duration)
    }
}
