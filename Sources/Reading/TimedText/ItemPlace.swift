/// Where a file writes one item, so that it can be written otherwise without another byte changing.
struct ItemPlace: Sendable, Hashable {
    /// nil: it has no time of its own there.
    var start: TimeField?
    var end: TimeField?
    /// Whether the end is written as what it lasts from the start.
    var endsByDuration = false
    /// The same times once more.
    var repeats: [TimeField] = []
    var text: TextPlace?
    var block: BlockPlace?
    /// Items that touch it, whose ends are one with its own: indices into the document's items.
    var before: Int?
    var after: Int?
}

/// Where the text of an item stands.
struct TextPlace: Sendable, Hashable {
    let range: Range<Int>
    let style: TextStyle
}

/// How a text is written.
enum TextStyle: Sendable, Hashable {
    /// Lines as they stand, markup too; an empty line or an arrow would end them.
    case cue
    /// One line, in which `mark` stands for a new line.
    case marked(String)
    /// One line; and one whose blanks at the ends do not count.
    case line
    case trimmedLine
    /// One word.
    case word
    /// A field of a table.
    case field(separator: UInt8)
    /// Between quotes, which are doubled within.
    case quoted
    /// The inside of a JSON string.
    case json
    /// A text of XML; and one whose blanks and lines count.
    case xml
    case xmlValue
    /// A text of XML with elements between its lines, of this name.
    case xmlLines(String)
    /// The field of a block of EBU-STL.
    case teletext(EBUText.Frame)
}

/// All that belongs to an item: what can be taken away, and repeated with other times and words.
struct BlockPlace: Sendable, Hashable {
    var range: Range<Int>
    /// What a second one like it repeats: without a name that only one may have.
    var copied: Range<Int>
    /// Ends of lines between two of them.
    var separators = 1
    /// Its number, where the file counts them.
    var number: Range<Int>?
    /// What a second one does not repeat.
    var dropped: [Range<Int>] = []

    init(_ range: Range<Int>) { (self.range, copied) = (range, range) }
}

extension TextStyle {
    /// The text as the file has it, for one who is going to change it.
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

    /// - Throws: where it cannot be written so.
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
