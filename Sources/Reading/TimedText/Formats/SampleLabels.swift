/// Words and phones of TIMIT (`.wrd`, `.phn`): `first-sample last-sample label`, in samples at 16 kHz.
enum SampleLabels {
    static let rate = 16_000.0
    private static let silence: Set<String> = ["h#", "pau", "epi", "sil", "sp"]

    static func read(_ source: EncodedText, name: String) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .sampleLabels)
        let isPhones = name.lowercased().hasSuffix("phn")
        // Other corpora have seconds in files of that name.
        let lines = source.lines().filter { !source.isBlank($0.range) }
        let hasDecimals = lines.prefix(200).contains { line in
            source.words(line.range, atMost: 3).prefix(2).contains { source.utf8[$0].contains(UInt8(ascii: ".")) }
        }
        builder.guess(
            hasDecimals
                ? "times with decimals are assumed to be seconds" : "times are assumed to be samples at 16000 Hz")
        for line in lines {
            let words = source.words(line.range, atMost: 3)
            func time(_ range: Range<Int>) -> WrittenTime? {
                source.number(range, unitSeconds: hasDecimals ? 1 : 1 / rate, leastDecimals: hasDecimals ? 3 : 0)
            }
            guard words.count == 3, let start = time(words[0]), let end = time(words[1]) else {
                builder.fault(
                    line.number, "not 'first-sample last-sample label': \(source.string(line.range).prefix(60))")
                continue
            }
            let raw = source.string(words[2])
            builder.add(
                TimedItem(
                    tier: builder.tier(isPhones ? "phones" : "words"), kind: isPhones ? .phone : .word,
                    text: silence.contains(raw) ? "" : raw, raw: raw, start: start.seconds, end: end.seconds,
                    line: line.number),
                from: start, to: end, text: TextPlace(range: words[2], style: .line),
                block: BlockPlace(line.range))
        }
        return builder.document()
    }
}
