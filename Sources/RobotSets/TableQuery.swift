public import Foundation
public import SyncModel

/// Asks tables in Parquet files: a query in DuckDB's SQL in, its rows as CSV with a header out.
///
/// - Throws: with the words of the engine, where a file cannot be read.
public typealias TableQuery = @Sendable (_ sql: String, _ about: String) throws(ClipFailure) -> Data

/// Pieces of DuckDB's SQL.
enum SQL {
    static func text(_ value: String) -> String { "'" + value.replacingOccurrences(of: "'", with: "''") + "'" }
    static func name(_ value: String) -> String { "\"" + value.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }
    static func list(_ paths: [String]) -> String { "[" + paths.map(text).joined(separator: ", ") + "]" }
    /// All rows of files, with the file's name and the row's number in it.
    static func rows(_ paths: [String]) -> String { "read_parquet(\(list(paths)), union_by_name = true, filename = true, file_row_number = true)" }
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
                    if byte != UInt8(ascii: "\"") { field.append(byte) } else if at < bytes.count, bytes[at] == byte {
                        field.append(byte)
                        at += 1
                    } else { isQuoted = false }
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
