import Foundation

/// SAMI (`.smi`): marks `<SYNC Start=milliseconds>` in HTML-like text; each text stays until the next mark of its
/// class; `&nbsp;` clears it. A class is a language.
enum SynchronizedMedia {
    /// Assumed duration of a text that is never cleared, in seconds.
    private static let lastLength = 4.0

    static func looksLikeIt(_ start: Substring) -> Bool { start.prefix(5).lowercased() == "<sami" }

    private struct Mark {
        let start: WrittenTime
        let end: WrittenTime?
        let line: Int
        /// By class, in order.
        var texts: [Text] = []
        var range: Range<Int>
    }

    private struct Text {
        let name: String
        var raw = ""
        /// Everything of the class in this mark.
        var range: Range<Int>
        /// Its text without tags around it; nil: still open.
        let start: Int
        var end: Int?
        /// Whether it is contiguous.
        var isWhole = true

        var body: Range<Int> { start..<max(start, min(end ?? range.upperBound, range.upperBound)) }
    }

    private struct Tag {
        let name: String
        let attributes: [(name: String, range: Range<Int>)]
        let end: Int
    }

    static func read(_ source: EncodedText) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .sami)
        let (marks, style) = marks(source, into: &builder)
        var names: [String] = []
        for mark in marks {
            for text in mark.texts where !names.contains(text.name) && names.count < 100 { names.append(text.name) }
        }
        let languages = names.map { language(of: $0, style) }
        if let only = languages.first, names.count == 1 { builder.language = only }
        let (sequence, ids) = sequence(source, marks, names)
        /// The start of the item that a mark clears.
        var taken: [Int: Double] = [:]
        for (channel, (name, language)) in zip(names, languages).enumerated() {
            let places = marks.indices.filter { marks[$0].texts.contains { $0.name == name } }
            for (index, place) in places.enumerated() {
                let mark = marks[place]
                let raw = mark.texts.filter { $0.name == name }.map(\.raw).joined(separator: "\n")
                let text = CueText.plain(
                    raw.split(separator: "\n").map { CueText.plain(String($0)) }.joined(separator: "\n"))
                let next = index + 1 < places.count ? places[index + 1] : nil
                if let next, taken[next] == nil { taken[next] = mark.start.seconds }
                guard !text.isEmpty else { continue }
                var end = mark.end?.seconds ?? next.map { marks[$0].start.seconds }
                if end == nil {
                    builder.guess("the last text is never cleared: it is assumed to last \(lastLength) s")
                    end = mark.start.seconds + lastLength
                }
                var item = TimedItem(
                    tier: builder.tier(name, language: language), kind: .cue, text: text, raw: raw,
                    start: mark.start.seconds, end: end ?? mark.start.seconds, line: mark.line)
                if let part = ids[place]?[channel] {
                    let text = mark.texts.first { $0.name == name }
                    item.place = ItemPlace(part: part)
                    if mark.end == nil, text?.isWhole ?? false {
                        let body = sequence.parts[part].text
                        item.raw = source.string(body)
                        let style = TextStyle.html(TextStyle.lineBreak(item.raw))
                        item.place?.text = TextPlace(range: body, style: style)
                    } else {
                        item.place?.rights = EditRights.none
                    }
                }
                builder.items.append(item)
            }
        }
        for (place, mark) in marks.enumerated() {
            // An empty mark belongs to the item that it clears.
            let isEmpty = mark.texts.allSatisfy { CueText.plain($0.raw).isEmpty }
            let anchor = isEmpty ? taken[place] ?? mark.start.seconds : mark.start.seconds
            builder.fields.append(mark.start.field(anchor: anchor))
            if let end = mark.end { builder.fields.append(end.field(anchor: anchor)) }
        }
        builder.items.sort { ($0.line, $0.tier) < ($1.line, $1.tier) }
        if builder.items.isEmpty, builder.faults.isEmpty { builder.fault(1, "no <SYNC Start=...> has a text") }
        builder.finish(sequence)
        return builder.document()
    }

    /// The marks as a sequence, and its parts by mark and class.
    private static func sequence(
        _ source: EncodedText, _ marks: [Mark], _ names: [String]
    ) -> (MarkSequence, [Int: [Int: Int]]) {
        var sequence = MarkSequence(cleared: "&nbsp;", isLines: false)
        var ids: [Int: [Int: Int]] = [:]
        for (place, mark) in marks.enumerated() {
            sequence.add(MarkSequence.Mark(time: mark.start, range: mark.range))
            for text in mark.texts {
                guard let channel = names.firstIndex(of: text.name) else { continue }
                let part = sequence.add(
                    channel: channel, text.range, text: source.trimmed(text.body), hasEnd: mark.end != nil)
                ids[place, default: [:]][channel] = part
            }
        }
        return (sequence, ids)
    }

    private static func marks(_ source: EncodedText, into builder: inout DocumentBuilder) -> ([Mark], style: String) {
        var marks: [Mark] = []
        var style = ""
        var name = ""
        var (index, isHead) = (0, true)
        /// The open text of the last mark.
        var open: Int?
        var isMarkOpen = false
        func closeText(at place: Int) {
            guard let text = open, let last = marks.indices.last else { return }
            let lower = marks[last].texts[text].range.lowerBound
            marks[last].texts[text].range = lower..<max(lower, place)
            open = nil
        }
        func closeMark(at place: Int) {
            closeText(at: place)
            guard isMarkOpen, let last = marks.indices.last else { return }
            let lower = marks[last].range.lowerBound
            marks[last].range = lower..<max(lower, place)
            isMarkOpen = false
        }
        func openText(at range: Range<Int>) {
            guard let last = marks.indices.last else { return }
            if let known = marks[last].texts.firstIndex(where: { $0.name == name }) {
                marks[last].texts[known].isWhole = false
                open = known
            } else if marks[last].texts.count < 100 {
                marks[last].texts.append(
                    Text(name: name, range: range.lowerBound..<range.upperBound, start: range.upperBound))
                open = marks[last].texts.count - 1
            }
        }
        func append(_ raw: String, at place: Int) {
            guard !marks.isEmpty, !isHead else { return }
            let last = marks.count - 1
            if open == nil { openText(at: place..<place) }
            guard let open else { return }
            if marks[last].texts[open].end != nil { marks[last].texts[open].isWhole = false }
            marks[last].texts[open].raw += raw
        }
        while index < source.utf8.count {
            guard source.utf8[index] == UInt8(ascii: "<"), let tag = tag(source, at: index) else {
                var end = index + 1
                while end < source.utf8.count, source.utf8[end] != UInt8(ascii: "<") { end += 1 }
                let text = source.string(index..<end)
                if isHead, style.utf8.count < 100_000 { style += text }
                if !source.isBlank(index..<end) {
                    append(text.split { $0.isWhitespace && $0 != "\u{A0}" }.joined(separator: " ") + " ", at: index)
                }
                index = end
                continue
            }
            switch tag.name {
            case "!--":
                // Styles are in a comment.
                if isHead, style.utf8.count < 100_000 { style += source.string(index..<tag.end) }
            case "sync":
                closeMark(at: index)
                isHead = false
                name = ""
                let line = builder.line(at: index)
                func time(_ name: String) -> WrittenTime? {
                    guard let range = tag.attributes.first(where: { $0.name == name })?.range else { return nil }
                    let digits =
                        source.utf8[range].suffix(2).elementsEqual(Array("ms".utf8))
                        ? range.lowerBound..<range.upperBound - 2 : range
                    return source.number(digits, unitSeconds: 0.001)
                }
                guard let start = time("start") else {
                    builder.fault(
                        line, "<SYNC> without a Start in milliseconds: \(source.string(index..<tag.end).prefix(40))")
                    // What follows has no time.
                    isHead = true
                    break
                }
                marks.append(Mark(start: start, end: time("end"), line: line, range: index..<tag.end))
                isMarkOpen = true
            case "p":
                closeText(at: index)
                if let named = tag.attributes.first(where: { $0.name == "class" })?.range {
                    name = source.string(named)
                }
                if !marks.isEmpty, !isHead { openText(at: index..<tag.end) }
            case "/p": if let last = marks.indices.last, let open { marks[last].texts[open].end = index }
            case "/sync": closeText(at: index)
            case "/body", "/sami": closeMark(at: index)
            case "br": append("\n", at: index)
            default: break
            }
            index = tag.end
        }
        closeMark(at: source.utf8.count)
        return (marks, style)
    }

    /// A tag, with its attributes in lower case, quoted or not; nil: `<` starts no tag.
    private static func tag(_ source: EncodedText, at start: Int) -> Tag? {
        let utf8 = source.utf8
        func byte(_ index: Int) -> UInt8 { index < utf8.count ? utf8[index] : 0 }
        if byte(start + 1) == UInt8(ascii: "!"), byte(start + 2) == UInt8(ascii: "-") {
            let end = source.find("-->", in: start..<utf8.count).map { $0 + 3 } ?? utf8.count
            return Tag(name: "!--", attributes: [], end: end)
        }
        var index = start + 1
        if byte(index) == UInt8(ascii: "/") { index += 1 }
        let begin = index
        while index < utf8.count, index < begin + 20, isWord(utf8[index]) { index += 1 }
        guard index > begin else { return nil }
        let name = (byte(start + 1) == UInt8(ascii: "/") ? "/" : "") + source.string(begin..<index).lowercased()
        var attributes: [(name: String, range: Range<Int>)] = []
        while index < utf8.count, utf8[index] != UInt8(ascii: ">"), utf8[index] != UInt8(ascii: "<") {
            guard isWord(utf8[index]) else {
                index += 1
                continue
            }
            let key = index
            while index < utf8.count, isWord(utf8[index]) { index += 1 }
            let title = source.string(key..<index).lowercased()
            while index < utf8.count, utf8[index].isBlank { index += 1 }
            guard byte(index) == UInt8(ascii: "=") else { continue }
            index += 1
            while index < utf8.count, utf8[index].isBlank { index += 1 }
            let quote = byte(index)
            let isQuoted = quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
            if isQuoted { index += 1 }
            let from = index
            while index < utf8.count, utf8[index] != UInt8(ascii: ">"),
                isQuoted ? utf8[index] != quote : !utf8[index].isBlank
            {
                index += 1
            }
            if attributes.count < 20 { attributes.append((title, from..<index)) }
        }
        if byte(index) == UInt8(ascii: ">") { index += 1 }
        return Tag(name: name, attributes: attributes, end: index)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte & 0xDF) || byte.isDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    /// `lang: en-US` of `.ENCC { ... }`.
    private static func language(of name: String, _ style: String) -> String? {
        guard !name.isEmpty, let begin = style.range(of: "." + name, options: .caseInsensitive) else { return nil }
        let rule = style[begin.upperBound...].prefix { $0 != "}" }
        guard let key = rule.range(of: "lang", options: .caseInsensitive) else { return nil }
        let value = rule[key.upperBound...].drop { $0 == ":" || $0.isWhitespace }
        let tag = value.prefix { $0.isLetter || $0.isNumber || $0 == "-" }
        return tag.isEmpty ? nil : String(tag)
    }
}
