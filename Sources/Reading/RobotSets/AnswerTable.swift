import DelimitedText
package import Foundation

/// Rows of a small CSV text with a header; empty fields are nil.
package struct AnswerTable {
    package let names: [String]
    package let rows: [[String?]]

    package init(_ data: Data) {
        var dialect = DelimitedDialect(separator: UInt8(ascii: ","))
        dialect.quotes = .anywhere
        dialect.lineEnds = .lineFeed
        dialect.quotedLineEnds = .lineFeed
        dialect.dropsCarriageReturns = true
        var rows: [[String?]] = []
        data.withUnsafeBytes { bytes in
            for row in DelimitedTokenizer(bytes, dialect: dialect) {
                let texts = row.fields.map { (text: row.text($0), isQuoted: $0.isQuoted) }
                // After the last line end.
                if row.range.upperBound == bytes.count, texts.count == 1, texts[0].text.isEmpty { continue }
                rows.append(texts.map { $0.text.isEmpty && !$0.isQuoted ? nil : $0.text })
            }
        }
        names = rows.first?.map { $0 ?? "" } ?? []
        self.rows = Array(rows.dropFirst())
    }

    package func place(_ name: String) -> Int? { names.firstIndex(of: name) }
}
