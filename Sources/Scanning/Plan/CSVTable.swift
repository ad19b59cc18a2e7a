import DelimitedText
public import Foundation

/// A table of RFC 4180: a header, then rows; quoted fields may contain separators, newlines and doubled quotes.
///
/// Reads UTF-8 with or without a byte order mark, and lines that end in LF or CRLF. Empty lines are omitted.
public struct CSVTable: ManifestTable {
    private let data: Data
    private let separator: UInt8

    public init(data: Data, separator: UInt8) {
        self.data = data
        self.separator = separator
    }

    public func rows(_ body: (Int, Result<[(name: String, value: String)], ManifestRowError>) -> Void) {
        var header: [String]?
        records { line, record in
            guard let names = header else {
                header = (try? record.get())?.map { $0.trimmingCharacters(in: .whitespaces) }
                if case .failure(let error) = record { body(line, .failure(error)) }
                return
            }
            switch record {
            case .failure(let error): body(line, .failure(error))
            case .success(let fields) where fields.count != names.count:
                let error = ManifestRowError(
                    message: "has \(fields.count) fields, but the header has \(names.count)",
                    remedy: "quote fields that contain a separator")
                body(line, .failure(error))
            case .success(let fields): body(line, .success(Array(zip(names, fields)).map { (name: $0, value: $1) }))
            }
        }
    }

    /// Calls with each record that is not empty, and the number of the line on which it begins.
    private func records(_ body: (Int, Result<[String], ManifestRowError>) -> Void) {
        var dialect = DelimitedDialect(separator: separator)
        dialect.lineEnds = .lineFeed
        dialect.quotedLineEnds = .lineFeed
        dialect.skipsMark = true
        data.withUnsafeBytes { bytes in
            var reader = DelimitedTokenizer(bytes, dialect: dialect)
            var row = reader.blankRow()
            while reader.next(into: &row) {
                guard !row.isUnclosed else {
                    let error = ManifestRowError(
                        message: "opens a quote that is never closed",
                        remedy: "close the quote, or double a literal one")
                    body(row.line, .failure(error))
                    continue
                }
                guard row.range.count <= PlanLimits.longestRow else {
                    body(row.line, .failure(PlanLimits.longRow))
                    continue
                }
                var fields = row.fields.map(row.text)
                // The CR of CRLF; within quotes too, for programs that quote whole lines.
                if let last = fields.last, last.utf8.last == UInt8(ascii: "\r") {
                    fields[fields.count - 1].unicodeScalars.removeLast()
                }
                if fields != [""] { body(row.line, .success(fields)) }
            }
        }
    }
}
