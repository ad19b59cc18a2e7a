/// Words of LRS2 and LRS3: `Text:`, `Conf:`, and after `WORD START END ASDSCORE` one word per line, in seconds from the
/// clip's start. LRS3 has face boxes by frame before them, which stay unchanged.
enum LipReadingWords {
    static func looksLikeIt(_ source: EncodedText, _ start: Substring) -> Bool {
        if start.hasPrefix("WORD START END") { return true }
        guard start.hasPrefix("Text:") else { return false }
        // There may be many face boxes.
        return source.lines().prefix(5000).contains { line in
            let text = source.string(line.range.prefix(20))
            return text.hasPrefix("WORD START END") || text.hasPrefix("Conf:")
        }
    }

    static func read(_ source: EncodedText) throws(TimedTextError) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .lipReading)
        var isTable = false
        for line in source.lines() {
            let range = source.trimmed(line.range)
            let words = source.words(range)
            if !isTable {
                isTable = words.count >= 3 && source.string(words[0]) == "WORD" && source.string(words[1]) == "START"
                continue
            }
            // The words end at an empty line.
            if range.isEmpty {
                if !builder.items.isEmpty { break }
                continue
            }
            guard words.count >= 3, let start = source.number(words[1], leastDecimals: 2),
                let end = source.number(words[2], leastDecimals: 2)
            else {
                builder.fault(line.number, "not 'word start end score': \(source.string(range).prefix(60))")
                continue
            }
            let raw = source.string(words[0])
            // Noise and laughter are in braces.
            builder.add(
                TimedItem(
                    kind: .word, text: raw.hasPrefix("{") ? "" : raw, raw: raw, start: start.seconds, end: end.seconds,
                    line: line.number),
                from: start, to: end, text: TextPlace(range: words[0], style: .word),
                block: BlockPlace(line.range))
        }
        guard isTable else {
            throw TimedTextError(
                code: "no-word-times", message: "has text but no word times: no line 'WORD START END ASDSCORE'",
                remedy: "use the file from the 'pretrain' or 'trainval' set that has them")
        }
        return builder.document()
    }
}
