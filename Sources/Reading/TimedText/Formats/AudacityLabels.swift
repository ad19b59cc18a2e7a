/// Labels exported by Audacity: start, end and text separated by tabs; a line that starts with a backslash has
/// frequencies.
enum AudacityLabels {
    static func looksLikeIt(_ source: EncodedText) -> Bool {
        let lines = source.lines().filter { !source.isBlank($0.range) }.prefix(20)
        return !lines.isEmpty
            && lines.allSatisfy {
                source.utf8[$0.range.lowerBound] == UInt8(ascii: "\\") || times(source, $0.range) != nil
            }
    }

    private static func times(_ source: EncodedText, _ range: Range<Int>) -> (WrittenTime, WrittenTime, Range<Int>)? {
        let parts = source.parts(range, by: 9, atMost: 3)
        guard parts.count >= 2, let start = source.number(parts[0], leastDecimals: 3, allowsComma: true),
            let end = source.number(parts[1], leastDecimals: 3, allowsComma: true)
        else { return nil }
        return (start, end, parts.count > 2 ? parts[2] : range.upperBound..<range.upperBound)
    }

    static func read(_ source: EncodedText) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .audacityLabels)
        for line in source.lines() {
            guard let first = source.trimmed(line.range).first else { continue }
            if source.utf8[first] == UInt8(ascii: "\\") {
                // The frequencies of the previous label.
                if let last = builder.items.indices.last, let block = builder.items[last].place?.block?.range {
                    builder.items[last].place?.block = BlockPlace(block.lowerBound..<line.range.upperBound)
                }
                continue
            }
            guard let (start, end, label) = times(source, line.range) else {
                builder.fault(line.number, "not 'start TAB end TAB label': \(source.string(line.range).prefix(60))")
                continue
            }
            let text = source.string(label)
            builder.add(
                TimedItem(
                    kind: text.contains(" ") ? .cue : .word, text: text, start: start.seconds, end: end.seconds,
                    line: line.number),
                from: start, to: end,
                text: label.lowerBound > line.range.lowerBound && source.utf8[label.lowerBound - 1] == 9
                    ? TextPlace(range: label, style: .line) : nil, block: BlockPlace(line.range))
        }
        let texts = builder.items.map(\.text)
        if TierKind.areSpeakers(texts) {
            for index in builder.items.indices { builder.items[index].kind = .turn }
        } else if TierKind.areClasses(texts) {
            for index in builder.items.indices { builder.items[index].kind = .event }
        }
        return builder.document()
    }
}
