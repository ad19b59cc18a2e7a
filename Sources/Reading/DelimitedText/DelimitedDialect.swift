/// The syntax of a delimited text: separators, line ends and quotes.
///
/// The default is RFC 4180 with any line end. Blank rows and comments are not part of it: readers decide by the fields.
package struct DelimitedDialect: Sendable, Equatable {
    /// Where a quote starts quoted text, in which separators and line ends are text.
    package enum Quotes: Sendable {
        /// Nowhere: a quote is ordinary text.
        case none
        /// As the first byte of a field. What follows the closing quote is text, including quotes.
        case atStart
        /// As the first non-blank byte of a field; else as `atStart`.
        case afterBlanks
        /// Everywhere, also several times per field.
        case anywhere
    }

    /// What ends a line.
    package enum LineEnds: Sendable {
        /// Nothing: the whole text is one row.
        case none
        /// LF; a CR before it is text.
        case lineFeed
        /// CR LF, LF or CR.
        case any
        /// All Unicode newlines: those, and VT, FF, NEL and the line and paragraph separators.
        case unicode
    }

    /// How text between the closing quote and the next separator is handled.
    package enum Tail: Sendable { case kept, dropped }

    /// The field separator; nil: a row is one field.
    package var separator: UInt8?
    /// Whether consecutive separators count as one, and those at the ends of a row are ignored: for blanks.
    package var mergesSeparators = false
    package var quotes = Quotes.atStart
    /// Whether two quotes inside quotes are one; else the first of them closes.
    package var doublesQuotes = true
    /// For quotes that open only at the start of a field.
    package var tail = Tail.kept
    package var lineEnds = LineEnds.any
    /// The line ends that count inside quotes, for line numbers; some of `lineEnds`.
    package var quotedLineEnds = LineEnds.any
    /// A quote that spans more line ends than this is unclosed, and its row ends with the line where that is detected;
    /// nil: no limit.
    package var longestQuote: Int?
    /// Whether to skip a UTF-8 byte-order mark at the start.
    package var skipsMark = false
    /// Whether a CR outside quotes is dropped from fields: only if quotes open anywhere.
    package var dropsCarriageReturns = false

    package init(separator: UInt8?) { self.separator = separator }
}
