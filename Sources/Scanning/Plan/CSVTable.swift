public import Foundation

/// A table as RFC 4180 has it: a header, then rows; fields in quotes may hold separators, newlines and doubled quotes.
///
/// Reads UTF-8 with or without a mark at its head, and lines that end in LF or CRLF. Empty lines are left out.
public struct CSVTable: ManifestTable {
    private let data: Data
    private let separator: UInt8

    public init(data: Data, separator: UInt8) {
        self.data = data
        self.separator = separator
    }

    public func rows(_ body: (Int, Result<[(name: String, value: String)], ManifestRowError>) -> Void) {
        var header: [String]?
        data.withUnsafeBytes { bytes in
            var reader = CSVReader(bytes: bytes, separator: separator)
            while let (line, record) = reader.next() {
                guard let names = header else {
                    header = (try? record.get())?.map { $0.trimmingCharacters(in: .whitespaces) }
                    if case .failure(let error) = record { body(line, .failure(error)) }
                    continue
                }
                switch record {
                case .failure(let error): body(line, .failure(error))
                case .success(let fields) where fields.count != names.count:
                    let error = ManifestRowError(
                        message: "has \(fields.count) fields, and the header names \(names.count)",
                        remedy: "put fields that hold a separator into quotes")
                    body(line, .failure(error))
                case .success(let fields): body(line, .success(Array(zip(names, fields)).map { (name: $0, value: $1) }))
                }
            }
        }
    }
}

/// Takes one record after another off a CSV text.
private struct CSVReader {
    private let bytes: UnsafeRawBufferPointer
    private let separator: UInt8
    private var position = 0
    private var line = 1

    init(bytes: UnsafeRawBufferPointer, separator: UInt8) {
        self.bytes = bytes
        self.separator = separator
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// The next record that is not empty, with the number of the line on which it begins; nil at the end.
    mutating func next() -> (line: Int, Result<[String], ManifestRowError>)? {
        while position < bytes.count {
            let start = line
            let record = self.record()
            if case .success(let fields) = record, fields.count == 1, fields[0].isEmpty { continue }
            return (start, record)
        }
        return nil
    }

    private mutating func record() -> Result<[String], ManifestRowError> {
        var fields: [String] = []
        while true {
            guard let field = self.field() else {
                return .failure(
                    ManifestRowError(
                        message: "opens a quote that is never closed",
                        remedy: "close the quote, or double the one that is meant as such"))
            }
            fields.append(field)
            guard position < bytes.count else { return .success(fields) }
            let byte = bytes[position]
            position += 1
            if byte == separator { continue }
            // A newline, by the way `field` ends.
            line += 1
            return .success(fields)
        }
    }

    /// Up to a separator, a newline or the end, none of which is taken; nil: a quote stays open.
    private mutating func field() -> String? {
        let (quote, newline) = (UInt8(ascii: "\""), UInt8(ascii: "\n"))
        var text: [UInt8] = []
        if position < bytes.count, bytes[position] == quote {
            position += 1
            while true {
                guard position < bytes.count else { return nil }
                let byte = bytes[position]
                position += 1
                if byte == quote {
                    guard position < bytes.count, bytes[position] == quote else { break }
                    position += 1
                } else if byte == newline {
                    line += 1
                }
                text.append(byte)
            }
        }
        while position < bytes.count, bytes[position] != separator, bytes[position] != newline {
            text.append(bytes[position])
            position += 1
        }
        if text.last == UInt8(ascii: "\r"), position >= bytes.count || bytes[position] == newline { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }
}
