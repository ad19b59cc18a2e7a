public import Foundation
public import SyncModel

/// Queries Parquet files with DuckDB's SQL; returns CSV with a header.
public struct TableQuery: Sendable {
    private let ask: @Sendable (_ sql: String, _ about: String) throws(ClipFailure) -> Data

    public init(_ ask: @escaping @Sendable (_ sql: String, _ about: String) throws(ClipFailure) -> Data) {
        self.ask = ask
    }

    /// - Parameter about: the queried file, for messages.
    /// - Throws: with DuckDB's message, if a file cannot be read.
    public func callAsFunction(_ sql: String, _ about: String) throws(ClipFailure) -> Data { try ask(sql, about) }
}

/// Helpers for DuckDB's SQL.
package enum SQL {
    package static func text(_ value: String) -> String { "'" + value.replacingOccurrences(of: "'", with: "''") + "'" }
    package static func name(_ value: String) -> String {
        "\"" + value.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
    package static func list(_ paths: [String]) -> String { "[" + paths.map(text).joined(separator: ", ") + "]" }
    /// The same for file readers, where brackets, stars and question marks in names would be patterns.
    package static func files(_ paths: [String]) -> String {
        list(paths.map { path in path.map { "[*?".contains($0) ? "[\($0)]" : String($0) }.joined() })
    }
    /// All rows of files, with the file's name and the row number in it.
    package static func rows(_ paths: [String]) -> String {
        "read_parquet(\(files(paths)), union_by_name = true, filename = true, file_row_number = true)"
    }
}
