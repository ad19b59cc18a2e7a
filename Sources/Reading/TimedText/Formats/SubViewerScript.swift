/// SubViewer 1 (`.sub`): a time in brackets, a line of text with `|` for line breaks, and a time in brackets without
/// text that clears it.
enum SubViewerScript {
    /// Assumed duration of a text that is never cleared, in seconds.
    private static let lastLength = 4.0

    static func looksLikeIt(_ source: EncodedText) -> Bool {
        var hasHead = false
        for line in source.lines().prefix(60) {
            let range = source.trimmed(line.range)
            if time(source, range) != nil { return hasHead }
            let text = source.string(range.lowerBound..<min(range.upperBound, range.lowerBound + 60)).uppercased()
            if ["[TITLE]", "[BEGIN]", "[AUTHOR]", "[SOURCE]", "[DELAY]"].contains(text) || text.contains("START SCRIPT")
            {
                hasHead = true
            }
        }
        return false
    }

    /// The time of a line that has nothing else.
    private static func time(_ source: EncodedText, _ range: Range<Int>) -> WrittenTime? {
        guard range.count >= 7, source.utf8[range.lowerBound] == UInt8(ascii: "["),
            source.utf8[range.upperBound - 1] == UInt8(ascii: "]"),
            let time = source.clock(at: range.lowerBound + 1, before: range.upperBound - 1),
            time.range.upperBound == range.upperBound - 1, CueArrow.isFull(time)
        else { return nil }
        return time
    }

    static func read(_ source: EncodedText) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .subViewer)
        let lines = source.lines()
        var pending: (time: WrittenTime, line: Int, text: [String])?
        var hasBegun = false
        func finish(at end: Double?, into builder: inout DocumentBuilder) {
            guard let cue = pending, !cue.text.isEmpty else { return }
            if end == nil {
                builder.guess("the last text is never cleared: it is assumed to last \(lastLength) s")
            }
            let raw = cue.text.joined(separator: "\n")
            builder.items.append(
                TimedItem(
                    kind: .cue, text: CueText.plain(raw.replacing("|", with: "\n")), raw: raw, start: cue.time.seconds,
                    end: end ?? cue.time.seconds + lastLength, line: cue.line))
        }
        for line in lines {
            let range = source.trimmed(line.range)
            if let time = time(source, range) {
                hasBegun = true
                finish(at: time.seconds, into: &builder)
                let isEnd = pending.map { !$0.text.isEmpty } ?? false
                builder.fields.append(time.field(anchor: isEnd ? pending?.time.seconds : nil))
                pending = (time, line.number, [])
                continue
            }
            let text = source.string(range)
            let upper = text.prefix(60).uppercased()
            if upper == "[END]" || upper.contains("END SCRIPT") { break }
            guard hasBegun, !range.isEmpty else { continue }
            if text.hasPrefix("["), let first = text.dropFirst().first, first.isNumber {
                builder.fault(line.number, "the time cannot be read: \(text.prefix(40))")
                pending = nil
            } else if pending != nil {
                pending?.text.append(text)
            }
        }
        finish(at: nil, into: &builder)
        // A time that clears nothing starts the following text.
        anchor(&builder)
        if builder.items.isEmpty, builder.faults.isEmpty {
            builder.fault(1, "no time in brackets is followed by text")
        }
        return builder.document()
    }

    /// A time that both clears a text and shows the next one belongs to the next one.
    private static func anchor(_ builder: inout DocumentBuilder) {
        let starts = Set(builder.items.map(\.start))
        for place in builder.fields.indices where starts.contains(builder.fields[place].time) {
            builder.fields[place].anchor = builder.fields[place].time
        }
    }
}
