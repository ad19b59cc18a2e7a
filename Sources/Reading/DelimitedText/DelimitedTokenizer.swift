/// Splits a delimited text into rows without copying: fields are ranges of the text.
///
/// Any bytes are valid: each belongs to a row or separates two. A text that ends with a line end has no empty last row.
package struct DelimitedTokenizer: Sequence, IteratorProtocol {
    /// Maximum number of fields per row; further separators are text: a row of separators would take forty times its
    /// length.
    package static let mostFields = 65_536

    private enum Kind: UInt8 { case text, separator, quote, lineEnd }

    private let bytes: UnsafeRawBufferPointer
    private let dialect: DelimitedDialect
    /// The kind of each byte value.
    private let kinds: [Kind]
    private let end: Int
    private var position: Int
    private var line = 1

    /// - Parameters:
    ///   - bytes: must stay valid as long as the tokenizer and its rows are used.
    ///   - range: the part to read; nil: all.
    package init(_ bytes: UnsafeRawBufferPointer, dialect: DelimitedDialect, range: Range<Int>? = nil) {
        self.bytes = bytes
        self.dialect = dialect
        let range = range ?? 0..<bytes.count
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "a part of the text")
        (position, end) = (range.lowerBound, range.upperBound)
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        if dialect.skipsMark, bytes[range].starts(with: mark) { position += mark.count }
        var kinds = [Kind](repeating: .text, count: 256)
        for byte in dialect.lineEnds.beginnings { kinds[Int(byte)] = .lineEnd }
        if dialect.quotes != .none { kinds[Int(QuotedText.quote)] = .quote }
        if let separator = dialect.separator { kinds[Int(separator)] = .separator }
        self.kinds = kinds
    }

    /// The next row; nil at the end of the text.
    package mutating func next() -> DelimitedRow? {
        var row = blankRow()
        return next(into: &row) ? row : nil
    }

    /// A row for `next(into:)` to fill.
    package func blankRow() -> DelimitedRow { DelimitedRow(bytes: bytes, dialect: dialect) }

    /// Reads the next row into a reused one, to save allocations.
    ///
    /// - Returns: whether there was one.
    package mutating func next(into row: inout DelimitedRow) -> Bool {
        guard position < end else { return false }
        read(into: &row)
        return true
    }

    /// Reads a row unconditionally: at the end of the text it is an empty field.
    package mutating func read(into row: inout DelimitedRow) {
        row.fields.removeAll(keepingCapacity: true)
        row.line = line
        row.isUnclosed = false
        let start = position
        var firstEnd: Int?
        var field = OpenField(start: start)
        var quotedLines = 0
        var isCut = false
        var at = start
        var following: Int?
        let kinds = kinds
        scan: while at < end {
            switch kinds[Int(bytes[at])] {
            case .text: at += 1
            case .quote where isCut: at += 1
            case .quote where field.isInside:
                if dialect.doublesQuotes, at + 1 < end, bytes[at + 1] == QuotedText.quote {
                    field.isDoubled = true
                    at += 1
                } else {
                    field.close(at)
                }
                at += 1
            case .quote:
                if opens(at, in: field) { field.open(at) }
                at += 1
            case .separator:
                if !field.isInside, row.fields.count < DelimitedTokenizer.mostFields {
                    take(&field, upTo: at, into: &row)
                    field = OpenField(start: at + 1)
                }
                at += 1
            case .lineEnd where field.isInside && !isCut:
                let length = length(ofLineEndAt: at, dialect.quotedLineEnds)
                if length > 0 {
                    firstEnd = firstEnd ?? at
                    line += 1
                    quotedLines += 1
                    if let longest = dialect.longestQuote { isCut = quotedLines > longest }
                }
                at += Swift.max(1, length)
            case .lineEnd:
                let length = length(ofLineEndAt: at, dialect.lineEnds)
                if length > 0 {
                    following = at + length
                    break scan
                }
                at += 1
            }
        }
        row.isUnclosed = field.isInside
        take(&field, upTo: at, into: &row)
        row.range = start..<at
        row.firstLine = start..<(firstEnd ?? at)
        position = following ?? end
        line += 1
    }

    private func opens(_ at: Int, in field: OpenField) -> Bool {
        switch dialect.quotes {
        case .none: false
        case .atStart: at == field.start
        case .afterBlanks: bytes[field.start..<at].allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
        case .anywhere: true
        }
    }

    private func take(_ field: inout OpenField, upTo end: Int, into row: inout DelimitedRow) {
        if dialect.mergesSeparators, end == field.start { return }
        if field.isInside { field.close(end) }
        let whole = field.start..<end
        row.fields.append(
            DelimitedField(
                range: whole, content: dialect.quotes == .anywhere ? whole : field.content ?? whole,
                isQuoted: field.content != nil, isDoubled: field.isDoubled))
    }

    /// 0: no line end.
    private func length(ofLineEndAt index: Int, _ ends: DelimitedDialect.LineEnds) -> Int {
        func isNext(_ offset: Int, _ byte: UInt8) -> Bool { index + offset < end && bytes[index + offset] == byte }
        return switch bytes[index] {
        case 0x0A: ends == .none ? 0 : 1
        case 0x0D: ends == .none || ends == .lineFeed ? 0 : isNext(1, 0x0A) ? 2 : 1
        case 0x0B, 0x0C: ends == .unicode ? 1 : 0
        case 0xC2: ends == .unicode && isNext(1, 0x85) ? 2 : 0
        case 0xE2: ends == .unicode && isNext(1, 0x80) && (isNext(2, 0xA8) || isNext(2, 0xA9)) ? 3 : 0
        default: 0
        }
    }
}

/// A field whose end has not been reached.
private struct OpenField {
    let start: Int
    var isInside = false
    var isDoubled = false
    /// From its first quote to the last closing one.
    var content: Range<Int>?

    init(start: Int) { self.start = start }

    mutating func open(_ quote: Int) {
        isInside = true
        if content == nil { content = quote + 1..<quote + 1 }
    }

    mutating func close(_ quote: Int) {
        isInside = false
        content = (content?.lowerBound ?? quote)..<quote
    }
}

extension DelimitedDialect.LineEnds {
    /// The first bytes of line ends.
    fileprivate var beginnings: [UInt8] {
        switch self {
        case .none: []
        case .lineFeed: [0x0A]
        case .any: [0x0A, 0x0D]
        case .unicode: [0x0A, 0x0B, 0x0C, 0x0D, 0xC2, 0xE2]
        }
    }
}
