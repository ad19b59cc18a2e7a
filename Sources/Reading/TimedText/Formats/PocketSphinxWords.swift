/// Words of PocketSphinx and Sphinx 3: `word start end probability` in seconds, after the sentence on a separate line;
/// or the table of Sphinx 3's aligner, in frames of 10 ms. As JSON: `{"b", "d", "p", "t", "w"}`.
enum PocketSphinxWords {
    /// Seconds per Sphinx frame.
    private static let frame = 0.01

    static func looksLikeIt(_ source: EncodedText) -> Bool {
        var (words, marks, others, broken) = (0, 0, 0, 0)
        for line in source.lines().prefix(60) where !source.isBlank(line.range) {
            let columns = source.words(line.range)
            if isHeader(source, columns) { return true }
            if word(source, columns) != nil {
                words += 1
                if isFiller(source.string(columns[0])) { marks += 1 }
            } else {
                others += 1
                if columns.contains(where: { source.number($0) != nil }) { broken += 1 }
            }
        }
        return marks > 0 && others <= words && broken * 2 <= words
    }

    private static func isHeader(_ source: EncodedText, _ columns: [Range<Int>]) -> Bool {
        columns.count >= 4 && source.string(columns[0]) == "SFrm" && source.string(columns[1]) == "EFrm"
    }

    private static func word(_ source: EncodedText, _ columns: [Range<Int>]) -> (WrittenTime, WrittenTime)? {
        guard columns.count == 4, source.number(columns[0]) == nil, source.number(columns[3]) != nil,
            let start = source.number(columns[1], leastDecimals: 3),
            let end = source.number(columns[2], leastDecimals: 3)
        else { return nil }
        return (start, end)
    }

    /// Silence, start and end of a sentence, and noises.
    private static func isFiller(_ word: String) -> Bool {
        word.hasPrefix("<") && word.hasSuffix(">") || word.hasPrefix("[") && word.hasSuffix("]")
            || word.hasPrefix("++") && word.hasSuffix("++") || word == "SIL" || word == "(NULL)"
    }

    /// A word without the number of its pronunciation: `to(2)`.
    private static func plain(_ word: String) -> String {
        guard !isFiller(word) else { return "" }
        guard word.hasSuffix(")"), let open = word.lastIndex(of: "("), open > word.startIndex,
            word[word.index(after: open)...].dropLast().allSatisfy(\.isNumber)
        else { return word }
        return String(word[..<open])
    }

    static func read(_ source: EncodedText) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .pocketSphinx)
        let lines = source.lines().filter { !source.isBlank($0.range) }
        let isTable = lines.prefix(60).contains { isHeader(source, source.words($0.range)) }
        for line in lines {
            let columns = source.words(line.range)
            if isTable {
                // Sphinx 3 counts frames, the last one inclusive, and ends with the total score.
                guard columns.count >= 4, let start = source.number(columns[0], unitSeconds: frame),
                    let last = source.number(columns[1], unitSeconds: frame), source.number(columns[2]) != nil
                else {
                    if !isHeader(source, columns), columns.first.map({ source.number($0) != nil }) ?? false {
                        builder.fault(
                            line.number,
                            "not 'first-frame last-frame score word': \(source.string(line.range).prefix(60))")
                    }
                    continue
                }
                let raw = source.string(columns[3])
                builder.items.append(
                    TimedItem(
                        kind: .word, text: plain(raw), raw: raw, start: start.seconds, end: last.seconds + frame,
                        line: line.number))
                builder.fields.append(start.field())
                builder.fields.append(last.field(anchor: start.seconds, bias: frame))
            } else if let (start, end) = word(source, columns) {
                let raw = source.string(columns[0])
                builder.add(
                    TimedItem(
                        kind: .word, text: plain(raw), raw: raw, start: start.seconds, end: end.seconds,
                        line: line.number),
                    from: start, to: end)
            } else if columns.count > 1, columns.dropFirst().contains(where: { source.number($0) != nil }) {
                builder.fault(line.number, "not 'word start end probability': \(source.string(line.range).prefix(60))")
            }
        }
        return builder.document()
    }

    // MARK: JSON

    static func isIt(_ node: JSONNode) -> Bool {
        node["b"] != nil && node["d"] != nil && node["t"] != nil && (node["w"] != nil || node["p"] != nil)
    }

    /// Adds an utterance with its words; times of phones and states below them move too.
    static func add(_ source: EncodedText, _ node: JSONNode, into builder: inout DocumentBuilder) {
        let line = builder.line(at: node.place)
        guard let begin = node["b"]?.time(source), let duration = node["d"]?.time(source) else {
            builder.fault(line, "an utterance without times: \((node["t"]?.text ?? "").prefix(40))")
            return
        }
        let text = node["t"]?.text ?? ""
        builder.add(
            TimedItem(
                tier: builder.tier("segments"), kind: .cue, text: text, start: begin.seconds,
                end: begin.seconds + duration.seconds, line: line),
            from: begin, lasting: duration)
        for word in node["w"]?.elements ?? [] {
            guard let begin = word["b"]?.time(source), let duration = word["d"]?.time(source) else { continue }
            let raw = word["t"]?.text ?? ""
            builder.add(
                TimedItem(
                    tier: builder.tier("words"), kind: .word, text: plain(raw), raw: raw, start: begin.seconds,
                    end: begin.seconds + duration.seconds, line: builder.line(at: word.place)),
                from: begin, lasting: duration)
            keep(source, word, begin.seconds, into: &builder)
        }
    }

    private static func keep(
        _ source: EncodedText, _ node: JSONNode, _ anchor: Double, into builder: inout DocumentBuilder
    ) {
        for part in node["w"]?.elements ?? [] {
            if let begin = part["b"]?.time(source) {
                builder.fields.append(begin.field(anchor: anchor))
                if let duration = part["d"]?.time(source) {
                    builder.fields.append(duration.field(anchor: anchor, base: begin.seconds))
                }
            }
            keep(source, part, anchor, into: &builder)
        }
    }
}
