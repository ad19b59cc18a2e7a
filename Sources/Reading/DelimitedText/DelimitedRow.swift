/// The position of a row's field in the text.
package struct DelimitedField: Sendable, Equatable {
    /// From separator to separator, quotes included.
    package let range: Range<Int>
    /// The range between the quotes; if quotes open anywhere, or without any, the whole range.
    package let content: Range<Int>
    /// Whether it has a quote that opens.
    package let isQuoted: Bool
    /// Whether its content has doubled quotes.
    let isDoubled: Bool
}

/// A row of a delimited text. It points into the text and must not outlive it.
package struct DelimitedRow {
    package internal(set) var fields: [DelimitedField] = []
    /// The line on which it starts, from 1.
    package internal(set) var line = 0
    /// Without the last line end.
    package internal(set) var range = 0..<0
    /// The part of `range` before the first line end inside quotes.
    package internal(set) var firstLine = 0..<0
    /// Whether a quote is unclosed: to the end of the text, or for more lines than the dialect allows.
    package internal(set) var isUnclosed = false
    private let bytes: UnsafeRawBufferPointer
    private let dialect: DelimitedDialect

    /// A row to be filled by a tokenizer of the same text.
    init(bytes: UnsafeRawBufferPointer, dialect: DelimitedDialect) {
        self.bytes = bytes
        self.dialect = dialect
    }

    /// The content of a field: without its quotes, and with doubled quotes as one. Invalid UTF-8 is read as U+FFFD.
    package func text(_ field: DelimitedField) -> String {
        guard dialect.quotes != .anywhere else {
            return field.isQuoted || dialect.dropsCarriageReturns
                ? withoutQuotes(field.range) : QuotedText.plain(field.range, in: bytes)
        }
        let rest = field.content.upperBound + 1
        guard field.isQuoted, dialect.tail == .kept, rest < field.range.upperBound else {
            return field.isDoubled
                ? QuotedText.undoubled(field.content, in: bytes) : QuotedText.plain(field.content, in: bytes)
        }
        var text = QuotedText.undoubledBytes(field.content, in: bytes, isDoubled: field.isDoubled)
        text += bytes[rest..<field.range.upperBound]
        return String(decoding: text, as: UTF8.self)
    }

    /// For quotes that open anywhere.
    private func withoutQuotes(_ range: Range<Int>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(range.count)
        var isInside = false
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            index += 1
            if byte == QuotedText.quote {
                if isInside, dialect.doublesQuotes, index < range.upperBound, bytes[index] == byte {
                    text.append(byte)
                    index += 1
                } else {
                    isInside.toggle()
                }
            } else if isInside || byte != UInt8(ascii: "\r") || !dialect.dropsCarriageReturns {
                text.append(byte)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
