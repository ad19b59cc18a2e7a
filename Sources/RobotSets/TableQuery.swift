public import Foundation
public import SyncModel

/// Asks tables in Parquet files: a query in DuckDB's SQL in, its rows as CSV with a header out.
///
/// - Throws: with the words of the engine, where a file cannot be read.
public typealias TableQuery = @Sendable (_ sql: String, _ about: String) throws(ClipFailure) -> Data

/// Pieces of DuckDB's SQL.
package enum SQL {
    package static func text(_ value: String) -> String { "'" + value.replacingOccurrences(of: "'", with: "''") + "'" }
    package static func name(_ value: String) -> String {
        "\"" + value.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
    package static func list(_ paths: [String]) -> String { "[" + paths.map(text).joined(separator: ", ") + "]" }
    /// The same for a reader of files, to which brackets, stars and question marks in names would be patterns.
    package static func files(_ paths: [String]) -> String {
        list(paths.map { path in path.map { "[*?".contains($0) ? "[\($0)]" : String($0) }.joined() })
    }
    /// All rows of files, with the file's name and the row's number in it.
    package static func rows(_ paths: [String]) -> String {
        "read_parquet(\(files(paths)), union_by_name = true, filename = true, file_row_number = true)"
    }
}

/// Numbers as sets state them, which may be anything.
enum StatedNumber {
    /// A whole number of rows, files or episodes; nil where it is none that could be meant.
    package static func whole(_ value: Double?) -> Int? {
        value.flatMap { $0.isFinite && abs($0) < 1e15 ? Int($0) : nil }
    }
}

/// Rows of a small CSV text with a header: quoted fields, empty ones are nil.
struct AnswerTable {
    let names: [String]
    let rows: [[String?]]

    init(_ data: Data) {
        var rows: [[String?]] = []
        var row: [String?] = []
        var field: [UInt8] = []
        var (isQuoted, wasQuoted) = (false, false)
        func endField() {
            row.append(field.isEmpty && !wasQuoted ? nil : String(decoding: field, as: UTF8.self))
            field.removeAll(keepingCapacity: true)
            wasQuoted = false
        }
        data.withUnsafeBytes { bytes in
            var at = 0
            while at < bytes.count {
                let byte = bytes[at]
                at += 1
                if isQuoted {
                    if byte != UInt8(ascii: "\"") {
                        field.append(byte)
                    } else if at < bytes.count, bytes[at] == byte {
                        field.append(byte)
                        at += 1
                    } else {
                        isQuoted = false
                    }
                    continue
                }
                switch byte {
                case UInt8(ascii: "\""): (isQuoted, wasQuoted) = (true, true)
                case UInt8(ascii: ","): endField()
                case UInt8(ascii: "\n"):
                    endField()
                    rows.append(row)
                    row.removeAll(keepingCapacity: true)
                case UInt8(ascii: "\r"): break
                default: field.append(byte)
                }
            }
        }
        if !row.isEmpty || !field.isEmpty {
            endField()
            rows.append(row)
        }
        names = rows.first?.map { $0 ?? "" } ?? []
        self.rows = Array(rows.dropFirst())
    }

    func place(_ name: String) -> Int? { names.firstIndex(of: name) }
}
