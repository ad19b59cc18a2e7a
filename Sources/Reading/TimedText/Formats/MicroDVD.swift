/// MicroDVD (`.sub`): `{first frame}{last frame}text`, with `|` for a line break.
enum MicroDVD {
    /// Default if neither the file nor the media states a rate: film on PAL and NTSC discs and on the web.
    static let guessedRate = 23.976

    static func read(_ source: EncodedText, mediaRate: Double?) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .microDVD)
        let lines = source.lines()
        var rate = mediaRate ?? guessedRate
        var declared = false
        for (place, line) in lines.enumerated() {
            let range = source.trimmed(line.range)
            guard !range.isEmpty else { continue }
            guard let start = brace(source, range), let end = brace(source, start.upperBound + 1..<range.upperBound)
            else {
                builder.fault(line.number, "no frame numbers in braces: \(source.string(range).prefix(60))")
                continue
            }
            let body = end.upperBound + 1..<range.upperBound
            let raw = source.string(body)
            // By custom a first cue {1}{1} (or {0}{0}) states the frame rate.
            if place == 0 || builder.items.isEmpty, let stated = Double(raw.replacing(",", with: ".")),
                (5...200).contains(stated),
                source.string(start) == source.string(end)
            {
                rate = stated
                declared = true
                continue
            }
            guard let from = source.number(start, unitSeconds: 1 / rate) else {
                builder.fault(line.number, "the first frame is not a number: \(source.string(start).prefix(20))")
                continue
            }
            let plain = self.plain(raw)
            guard let to = source.number(end, unitSeconds: 1 / rate) else {
                // An empty end lasts until the next cue; stored as no duration.
                if end.isEmpty {
                    builder.items.append(
                        TimedItem(
                            kind: .cue, text: plain, raw: raw, start: from.seconds, end: from.seconds, line: line.number
                        ))
                    builder.fields.append(from.field(anchor: from.seconds))
                } else {
                    builder.fault(line.number, "the last frame is not a number: \(source.string(end).prefix(20))")
                }
                continue
            }
            builder.add(
                TimedItem(kind: .cue, text: plain, raw: raw, start: from.seconds, end: to.seconds, line: line.number),
                from: from, to: to, text: TextPlace(range: body, style: .marked("|")), block: BlockPlace(line.range))
        }
        if !declared {
            let shown = (rate * 1000).rounded() / 1000
            builder.guesses.append(
                mediaRate == nil
                    ? "frame rate assumed to be \(shown) fps: neither the file nor the media states one"
                    : "frame rate assumed to be the media's \(shown) fps: the file states none")
        }
        return builder.document()
    }

    /// The content from `{` at the start of the range to the next `}`.
    private static func brace(_ source: EncodedText, _ range: Range<Int>) -> Range<Int>? {
        guard let first = range.first, source.utf8[first] == UInt8(ascii: "{"),
            let close = range.first(where: { source.utf8[$0] == UInt8(ascii: "}") })
        else { return nil }
        return first + 1..<close
    }

    private static func plain(_ raw: String) -> String {
        var result = ""
        var inside = false
        for character in raw {
            if character == "{" {
                inside = true
            } else if character == "}" {
                inside = false
            } else if !inside {
                result.append(character)
            }
        }
        return result.replacing("|", with: "\n")
    }
}
