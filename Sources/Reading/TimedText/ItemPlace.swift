/// The positions of an item in a file, so that it can be rewritten without changing other bytes.
struct ItemPlace: Sendable, Hashable {
    /// nil: no separate time in the file.
    var start: TimeField?
    var end: TimeField?
    /// Whether the end is written as a duration.
    var endsByDuration = false
    /// Repetitions of its times.
    var repeats: [TimeField] = []
    var text: TextPlace?
    var block: BlockPlace?
    /// Its part of a sequence of marks, which then has its times.
    var part: Int?
    /// What of it can be changed, where its places do not say it.
    var rights: EditRights?
    /// Whether the file does not state its end.
    var isEndAssumed = false
    /// Adjacent items that follow its edges.
    var before: Neighbour?
    var after: Neighbour?
}

/// An adjacent item that follows an edge of an item.
public struct Neighbour: Sendable, Hashable {
    /// Index into the document's items.
    public let index: Int
    /// Whether the edges are one in the file, and always move together; else the neighbour only gives way.
    public let isJoined: Bool
    /// Seconds between the end of one and the start of the other that the file needs.
    public var gap = 0.0
    /// Seconds between the edges within which it gives way.
    public var reach = 0.0

    /// The neighbour's new edge after an edge of the item was moved; nil: it stays.
    ///
    /// - Parameters:
    ///   - isEnd: whether the neighbour's end is adjacent to the item's start; else its start to the item's end.
    ///   - edge: the neighbour's edge.
    ///   - old: the item's edge before, and `new` after.
    public func followed(isEnd: Bool, edge: Double, old: Double, new: Double) -> Double? {
        let shift = isEnd ? -gap : gap
        guard abs(edge - old - shift) < 1e-6 || !isJoined && abs(edge - old) <= max(gap, reach) + 1e-6
        else { return nil }
        guard isJoined || (isEnd ? new + shift < edge : new + shift > edge) else { return nil }
        return new + shift
    }
}

/// The range of an item's text.
struct TextPlace: Sendable, Hashable {
    let range: Range<Int>
    let style: TextStyle
}

/// The syntax of a text.
enum TextStyle: Sendable, Hashable {
    /// Lines with markup; an empty line or an arrow would end them.
    case cue
    /// One line, in which `mark` is a line break.
    case marked(String)
    /// One line; and one that is trimmed.
    case line
    case trimmedLine
    /// One word.
    case word
    /// Lines of a paragraph; an empty line would end it.
    case paragraph
    /// Lines of HTML-like text with its markup, with this tag as line breaks.
    case html(String)
    /// A table field.
    case field(separator: UInt8)
    /// Between quotes, which are doubled inside.
    case quoted
    /// The content of a JSON string.
    case json
    /// An XML text; and one in which blanks and line breaks count.
    case xml
    case xmlValue
    /// An XML text with elements of this name as line breaks.
    case xmlLines(String)
    /// The text field of an EBU-STL block.
    case teletext(EBUText.Frame)
}

/// Everything that belongs to an item: it can be removed, and repeated with other times and words.
struct BlockPlace: Sendable, Hashable {
    var range: Range<Int>
    /// The part that a copy repeats: without a unique name.
    var copied: Range<Int>
    /// Line ends between two of them.
    var separators = 1
    /// Its number, if the file has numbers.
    var number: Range<Int>?
    /// Parts that a copy omits.
    var dropped: [Range<Int>] = []

    init(_ range: Range<Int>) { (self.range, copied) = (range, range) }
}

extension TextStyle {
    /// The text for editing.
    func shown(_ raw: String) -> String {
        switch self {
        case .marked(let mark): return raw.replacing(mark, with: "\n")
        case .xml: return raw.split { $0.isWhitespace }.joined(separator: " ")
        case .xmlLines:
            return raw.split(separator: "\n").map { $0.split { $0.isWhitespace }.joined(separator: " ") }
                .filter { !$0.isEmpty }.joined(separator: "\n")
        case .html:
            return TextStyle.htmlLines(raw).map {
                $0.split { $0.isWhitespace && $0 != "\u{A0}" }.joined(separator: " ")
            }
            .joined(separator: "\n")
        case .paragraph:
            return raw.split(whereSeparator: \.isNewline).map(TextStyle.trimmed).filter { !$0.isEmpty }
                .joined(separator: "\n")
        case .json, .trimmedLine: return TextStyle.trimmed(raw)
        default: return raw
        }
    }

    private static func trimmed(_ raw: some StringProtocol) -> String {
        let text = raw.drop(while: \.isWhitespace)
        return text.lastIndex { !$0.isWhitespace }.map { String(text[...$0]) } ?? ""
    }

    /// The parts between tags `<br>`, which may be closed and in capitals.
    private static func htmlLines(_ raw: String) -> [String] {
        var lines = [""]
        var rest = raw[...]
        while let first = rest.first {
            if let end = breakEnd(rest) {
                lines.append("")
                rest = rest[end...]
            } else {
                lines[lines.count - 1].append(first)
                rest = rest.dropFirst()
            }
        }
        return lines
    }

    /// The end of a tag `<br>` at the start of a text.
    private static func breakEnd(_ text: Substring) -> Substring.Index? {
        guard text.prefix(3).lowercased() == "<br", let close = text.firstIndex(of: ">"),
            text[text.index(text.startIndex, offsetBy: 3)..<close].allSatisfy({ $0.isWhitespace || $0 == "/" })
        else { return nil }
        return text.index(after: close)
    }

    /// The first tag `<br>` of a text; without one `<br>`.
    static func lineBreak(_ raw: String) -> String {
        var rest = raw[...]
        while let start = rest.firstIndex(of: "<") {
            rest = rest[start...]
            if let end = breakEnd(rest) { return String(rest[..<end]) }
            rest = rest.dropFirst()
        }
        return "<br>"
    }

    /// - Throws: if it cannot be written.
    func written(_ text: String, lineEnd: String) throws(TimedTextError) -> String {
        func refused(_ why: String, _ remedy: String) -> TimedTextError {
            TimedTextError(code: "unwritable-text", message: "cannot hold that text: \(why)", remedy: remedy)
        }
        guard !text.unicodeScalars.contains(where: { $0.value < 32 && $0 != "\n" && $0 != "\t" || $0.value == 0x7F })
        else { throw refused("it has control characters", "remove them") }
        switch self {
        case .cue:
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            guard lines.allSatisfy({ line in line.contains { !$0.isWhitespace } }) || text.isEmpty else {
                throw refused("an empty line would end the cue", "remove the empty line")
            }
            guard !text.contains("-->") else { throw refused("'-->' is reserved for times", "use another arrow") }
            return lines.joined(separator: lineEnd)
        case .marked(let mark): return text.replacing("\n", with: mark)
        case .html(let mark):
            guard !text.isEmpty else {
                throw refused("a text without letters clears the one before", "remove the item")
            }
            return text.replacing("\n", with: mark)
        case .paragraph:
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            guard lines.allSatisfy({ line in line.contains { !$0.isWhitespace } }) else {
                throw refused("an empty line would end the paragraph", "remove the empty line")
            }
            return lines.joined(separator: lineEnd)
        case .line, .trimmedLine:
            guard !text.contains("\n") else { throw refused("it has several lines", "put it on one line") }
            return text
        case .word:
            guard !text.isEmpty, !text.contains(where: \.isWhitespace) else {
                throw refused("only one word is allowed here", "remove the spaces, or split the item first")
            }
            return text
        case .field(let separator):
            let mark = String(decoding: [separator], as: UTF8.self)
            guard
                text.contains(mark) || text.contains("\"") || text.contains("\n") || text.hasPrefix(" ")
                    || text.hasSuffix(" ")
            else { return text }
            guard !text.contains("\n") else { throw refused("it has several lines", "put it on one line") }
            return "\"" + text.replacing("\"", with: "\"\"") + "\""
        case .quoted: return text.replacing("\"", with: "\"\"").replacing("\n", with: lineEnd)
        case .json:
            return text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
                .replacing("\t", with: "\\t")
        case .xml:
            guard !text.contains("\n") else { throw refused("it has several lines", "put it on one line") }
            return TextStyle.escaped(text)
        case .xmlValue: return TextStyle.escaped(text).replacing("\n", with: lineEnd)
        case .xmlLines(let mark):
            return text.split(separator: "\n").map { TextStyle.escaped(String($0)) }.joined(separator: "<\(mark)/>")
        case .teletext: return text
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
