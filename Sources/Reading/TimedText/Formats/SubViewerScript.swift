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
        var sequence = MarkSequence(cleared: "", isLines: true)
        let lines = source.lines()
        var pending: (time: WrittenTime, line: SourceLine, text: [Range<Int>])?
        var hasBegun = false
        var isBroken = false
        func finish(at end: Double?, before next: Int, into builder: inout DocumentBuilder) {
            guard let cue = pending else { return }
            // The mark extends to the next one.
            sequence.add(MarkSequence.Mark(time: cue.time, range: cue.line.range.lowerBound..<next))
            let first = start(after: cue.line)
            let text = (cue.text.first?.lowerBound ?? first)..<(cue.text.last?.upperBound ?? first)
            let part = sequence.add(channel: 0, text.lowerBound..<next, text: text)
            guard !cue.text.isEmpty else { return }
            if end == nil {
                builder.guess("the last text is never cleared: it is assumed to last \(lastLength) s")
            }
            let raw = cue.text.map { source.string($0) }.joined(separator: "\n")
            var item = TimedItem(
                kind: .cue, text: CueText.plain(raw.replacing("|", with: "\n")), raw: raw, start: cue.time.seconds,
                end: end ?? cue.time.seconds + lastLength, line: cue.line.number)
            item.place = ItemPlace(text: TextPlace(range: text, style: .marked("|")), part: part)
            builder.items.append(item)
        }
        /// The start of the line after one.
        func start(after line: SourceLine) -> Int {
            line.number < lines.count ? lines[line.number].range.lowerBound : source.utf8.count
        }
        var end = source.utf8.count
        for line in lines {
            let range = source.trimmed(line.range)
            if let time = time(source, range) {
                hasBegun = true
                finish(at: time.seconds, before: line.range.lowerBound, into: &builder)
                let isEnd = pending.map { !$0.text.isEmpty } ?? false
                builder.fields.append(time.field(anchor: isEnd ? pending?.time.seconds : nil))
                pending = (time, line, [])
                continue
            }
            let text = source.string(range)
            let upper = text.prefix(60).uppercased()
            if upper == "[END]" || upper.contains("END SCRIPT") {
                end = line.range.lowerBound
                break
            }
            guard hasBegun, !range.isEmpty else { continue }
            if text.hasPrefix("["), let first = text.dropFirst().first, first.isNumber {
                builder.fault(line.number, "the time cannot be read: \(text.prefix(40))")
                pending = nil
                isBroken = true
            } else if pending != nil {
                pending?.text.append(range)
            }
        }
        finish(at: nil, before: end, into: &builder)
        // A time that clears nothing starts the following text.
        anchor(&builder)
        if builder.items.isEmpty, builder.faults.isEmpty {
            builder.fault(1, "no time in brackets is followed by text")
        }
        if isBroken {
            for index in builder.items.indices { builder.items[index].place = nil }
        } else {
            builder.finish(sequence)
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
