public import Foundation
public import SyncModel

/// Asks tables in Parquet files: a query in DuckDB's SQL in, its rows as CSV with a header out.
public struct TableQuery: Sendable {
    private let ask: @Sendable (_ sql: String, _ about: String) throws(ClipFailure) -> Data

    public init(_ ask: @escaping @Sendable (_ sql: String, _ about: String) throws(ClipFailure) -> Data) {
        self.ask = ask
    }

    /// - Parameter about: the file that the query is about, for messages.
    /// - Throws: with the words of the engine, where a file cannot be read.
    public func callAsFunction(_ sql: String, _ about: String) throws(ClipFailure) -> Data { try ask(sql, about) }
}

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
