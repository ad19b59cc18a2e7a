/// YouTube's captions: `json3`, and XML as `srv1`, `srv2` and `srv3`. Times are milliseconds (seconds in `srv1`); a
/// word's time is relative to the start of its caption.
enum YouTubeCaptions {
    struct Piece {
        let text: String
        /// Relative to the start of the caption; nil: at its start.
        let offset: WrittenTime?
    }

    struct Event {
        let line: Int
        let start: WrittenTime
        let duration: WrittenTime?
        var pieces: [Piece] = []
        var text: String { pieces.map(\.text).joined() }
        var isBlank: Bool { pieces.allSatisfy { $0.text.allSatisfy(\.isWhitespace) } }
        /// Whether single words have times.
        var hasWords: Bool { pieces.contains { $0.offset != nil } }
    }

    /// Adds captions with their words if these have times; a word lasts until the next one.
    private static func add(_ events: [Event], into builder: inout DocumentBuilder) {
        // The start of the next non-empty caption.
        var following = [Double?](repeating: nil, count: events.count)
        var next: Double?
        for place in events.indices.reversed() {
            following[place] = next
            if !events[place].isBlank { next = events[place].start.seconds }
        }
        for (place, event) in events.enumerated() {
            let start = event.start.seconds
            // Windows that open at 0 stay there; pure line breaks move with them.
            guard !event.isBlank else {
                guard start > 0 else { continue }
                builder.fields.append(event.start.field())
                if let duration = event.duration { builder.fields.append(duration.field(anchor: start, base: start)) }
                continue
            }
            let end = event.duration.map { start + $0.seconds } ?? following[place] ?? start
            var text = event.text[...]
            while text.first?.isWhitespace == true { text = text.dropFirst() }
            while text.last?.isWhitespace == true { text = text.dropLast() }
            let item = TimedItem(
                tier: builder.tier("segments"), kind: .cue, text: String(text), raw: event.text, start: start, end: end,
                line: event.line)
            if let duration = event.duration {
                builder.add(item, from: event.start, lasting: duration)
                // Words are relative to the caption's start, which cannot move alone.
                if event.hasWords { builder.items[builder.items.count - 1].place = nil }
            } else {
                // It lasts until the next one.
                var open = item
                open.place = ItemPlace(isEndAssumed: true)
                builder.items.append(open)
                builder.fields.append(event.start.field())
            }
            guard event.hasWords else { continue }
            let last = min(end, following[place].map { max($0, start) } ?? end)
            let starts = event.pieces.map { start + ($0.offset?.seconds ?? 0) }
            for (index, piece) in event.pieces.enumerated() {
                if let offset = piece.offset { builder.fields.append(offset.field(anchor: start, base: start)) }
                let word = piece.text.split { $0.isWhitespace }.joined(separator: " ")
                guard !word.isEmpty else { continue }
                let until = index + 1 < starts.count ? starts[index + 1] : max(last, starts[index])
                var one = TimedItem(
                    tier: builder.tier("words"), kind: .word, text: word, raw: piece.text, start: starts[index],
                    end: until, line: event.line)
                // The last one of a caption may last until the next caption.
                one.place = ItemPlace(isEndAssumed: index + 1 == starts.count)
                builder.items.append(one)
            }
        }
        if builder.items.isEmpty, builder.faults.isEmpty { builder.fault(1, "no caption has a text") }
    }

    // MARK: json3

    /// Reads the captions of a document; false if it is not `json3`.
    static func read(_ source: EncodedText, _ root: JSONNode, into builder: inout DocumentBuilder) -> Bool {
        guard let list = root["events"]?.elements, list.contains(where: { $0["tStartMs"] != nil }) else { return false }
        var events: [Event] = []
        for entry in list {
            let line = builder.line(at: entry.place)
            guard let start = entry["tStartMs"]?.time(source, unitSeconds: 0.001) else {
                if entry["segs"] != nil { builder.fault(line, "a caption without tStartMs") }
                continue
            }
            let pieces = (entry["segs"]?.elements ?? []).map {
                Piece(text: $0["utf8"]?.text ?? "", offset: $0["tOffsetMs"]?.time(source, unitSeconds: 0.001))
            }
            events.append(
                Event(
                    line: line, start: start, duration: entry["dDurationMs"]?.time(source, unitSeconds: 0.001),
                    pieces: pieces))
        }
        add(events, into: &builder)
        return true
    }

    // MARK: XML

    /// Recognised by the root element: `<timedtext` of `srv2` and `srv3`, `<transcript>` with `<text start=` of `srv1`.
    static func looksLikeIt(_ head: String) -> Bool {
        head.contains("<timedtext") || head.contains("<transcript") && head.contains("<text start=")
    }

    static func read(_ source: EncodedText) throws(TimedTextError) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .youTubeXML)
        var scanner = XMLScanner(source)
        var events: [Event] = []
        var isSeconds = false
        /// The open caption, and its current part.
        var current: Event?
        var piece: (text: String, offset: WrittenTime?)?
        func time(_ attributes: [XMLScanner.Attribute], _ names: [String]) -> WrittenTime? {
            attributes.first { names.contains($0.name) }.flatMap {
                source.number($0.range, unitSeconds: isSeconds ? 1 : 0.001, leastDecimals: isSeconds ? 3 : 0)
            }
        }
        while let event = scanner.next() {
            switch event {
            case .open(let name, let attributes, let place, let isEmpty):
                let line = builder.line(at: place)
                switch name {
                case "transcript": isSeconds = true
                case "p", "text", "w":
                    guard name != "w" || isEmpty else { continue }
                    guard let start = time(attributes, isSeconds ? ["start"] : ["t"]) else {
                        if name != "w" { builder.fault(line, "a caption without a start") }
                        continue
                    }
                    let new = Event(
                        line: line, start: start, duration: time(attributes, isSeconds ? ["dur"] : ["d"]))
                    if isEmpty { events.append(new) } else { current = new }
                case "s" where current != nil:
                    let offset = time(attributes, ["t"])
                    if isEmpty { current?.pieces.append(Piece(text: "", offset: offset)) } else { piece = ("", offset) }
                case "br": current?.pieces.append(Piece(text: "\n", offset: nil))
                default: break
                }
            case .text(let text):
                // The text of a caption is HTML inside XML.
                let plain = XMLScanner.resolved(text)
                if piece != nil {
                    piece?.text += plain
                } else {
                    current?.pieces.append(Piece(text: plain, offset: nil))
                }
            case .close(let name):
                if name == "s", let ended = piece {
                    current?.pieces.append(Piece(text: ended.text, offset: ended.offset))
                    piece = nil
                } else if name == "p" || name == "text", let ended = current {
                    events.append(ended)
                    (current, piece) = (nil, nil)
                }
            }
        }
        try builder.finish(scanner, code: "broken-srv", remedy: "fix that line, or download it again")
        add(events, into: &builder)
        return builder.document()
    }
}
