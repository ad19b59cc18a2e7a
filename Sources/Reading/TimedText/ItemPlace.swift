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
    /// Adjacent items whose ends coincide with its own: indices into the document's items.
    var before: Int?
    var after: Int?
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
        case .json, .trimmedLine:
            let text = raw.drop(while: \.isWhitespace)
            return text.lastIndex { !$0.isWhitespace }.map { String(text[...$0]) } ?? ""
        default: return raw
        }
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
