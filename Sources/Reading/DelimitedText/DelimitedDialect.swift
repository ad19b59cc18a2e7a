/// How a delimited text is written: what parts fields and rows, and what quotes do.
///
/// As it is made, it is that of RFC 4180 with any end of line. Which rows count as blank or as comments is not part of
/// it: readers tell by the fields.
package struct DelimitedDialect: Sendable, Equatable {
    /// Where a quote opens quoted text, in which separators and ends of lines are text.
    package enum Quotes: Sendable {
        /// Nowhere: a quote is text as any other.
        case none
        /// As the first byte of a field. What follows the closing quote is text, further quotes too.
        case atStart
        /// As the first byte of a field that is not blank; else as `atStart`.
        case afterBlanks
        /// Everywhere, several times in a field too.
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
        /// What Unicode calls a newline: those, and VT, FF, NEL and the separators of lines and paragraphs.
        case unicode
    }

    /// What becomes of text between the closing quote and the next separator.
    package enum Tail: Sendable { case kept, dropped }

    /// The byte between two fields; nil: a row is one field.
    package var separator: UInt8?
    /// Whether several separators are one, and those at the ends of a row none: for blanks.
    package var mergesSeparators = false
    package var quotes = Quotes.atStart
    /// Whether two quotes within quotes stand for one; else the first of them closes.
    package var doublesQuotes = true
    /// Of quotes that open only at the beginning of a field.
    package var tail = Tail.kept
    package var lineEnds = LineEnds.any
    /// The ends of lines that count as such within quotes, for the number of the line; some of `lineEnds`.
    package var quotedLineEnds = LineEnds.any
    /// A quote that is open across more ends of lines than this counts as never closed, and its row ends with the line
    /// in which that shows; nil: it may be open as long as it likes.
    package var longestQuote: Int?
    /// Whether a byte-order mark of UTF-8 at the head is no text.
    package var skipsMark = false
    /// Whether a CR outside quotes is left out of what a field says: only where quotes open anywhere.
    package var dropsCarriageReturns = false

    package init(separator: UInt8?) { self.separator = separator }
}
