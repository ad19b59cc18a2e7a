/// Word times of the GRID corpus (`.align`): `start end word` in samples at 25 kHz; `sil` and `sp` are silence.
enum GridAlign {
    /// Seconds per unit (Cooke, Barker, Cunningham & Shao 2006).
    static let unit = 1.0 / 25_000

    static func read(_ source: EncodedText) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .gridAlign)
        for line in source.lines() {
            guard !source.isBlank(line.range) else { continue }
            let words = source.words(line.range, atMost: 3)
            guard words.count == 3, let start = source.number(words[0], unitSeconds: unit),
                let end = source.number(words[1], unitSeconds: unit)
            else {
                builder.fault(line.number, "not 'start end word': \(source.string(line.range).prefix(60))")
                continue
            }
            let raw = source.string(words[2])
            let text = raw == "sil" || raw == "sp" ? "" : raw
            builder.add(
                TimedItem(kind: .word, text: text, raw: raw, start: start.seconds, end: end.seconds, line: line.number),
                from: start, to: end, text: TextPlace(range: words[2], style: .line),
                block: BlockPlace(line.range))
        }
        return builder.document()
    }
}
