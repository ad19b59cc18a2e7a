import Files
public import Foundation
public import SyncModel

/// Reads and writes Parquet with the `duckdb` program.
public enum ParquetTable {
    /// Wraps a command so that it runs confined, with write access to the given files and folders only; nil:
    /// unconfined. Set it once, before anything is read.
    nonisolated(unsafe) public static var confinement:
        (@Sendable (_ command: [String], _ places: [String]) -> [String])?

    public static let remedy =
        "put the 'duckdb' program on the PATH ('genlock doctor' shows how to install it), or convert the file to CSV"

    /// All rows of a Parquet file as CSV with a header.
    public static func csv(of path: String, duckdb: String?) throws(ClipFailure) -> Data {
        try rows(of: "SELECT * FROM read_parquet(\(SQL.files([path])))", about: path, duckdb: duckdb)
    }

    /// All rows of Parquet files with the same schema as CSV with a header.
    ///
    /// - Parameter columns: the wanted columns; empty: all.
    public static func csv(of paths: [String], columns: [String], duckdb: String?) throws(ClipFailure) -> Data {
        let names = columns.isEmpty ? "*" : columns.map(SQL.name).joined(separator: ", ")
        return try rows(
            of: "SELECT \(names) FROM read_parquet(\(SQL.files(paths)), union_by_name = true)",
            about: paths.first ?? "", duckdb: duckdb)
    }

    /// The rows of a query as CSV with a header. What exceeds 2 GB of memory is spilled to files.
    ///
    /// - Parameter path: the queried file, for messages.
    public static func rows(of query: String, about path: String, duckdb: String?) throws(ClipFailure) -> Data {
        // Into a separate file: a COPY that fails deletes its target, which would delete /dev/stdout if permitted.
        try run(duckdb, input: nil, about: path) {
            """
            SET memory_limit = '2GB'; SET temp_directory = \(SQL.text($0 + ".spill")); COPY (\(query)) TO \
            \(SQL.text($0)) (FORMAT csv, HEADER)
            """
        }
    }

    /// Writes a CSV text with a header as a Parquet file: text, except for the given number columns. Empty is null.
    public static func write(csv: Data, numbers: [String], to path: String, duckdb: String?) throws(ClipFailure) {
        guard duckdb != nil else { throw missing(path) }
        let staged: StagedFile
        do throws(StagedFileError) { staged = try StagedFile(path) } catch { throw notWritten(error) }
        let casts = numbers.map { "\"\($0)\"::DOUBLE AS \"\($0)\"" }.joined(separator: ", ")
        // The file exists already: DuckDB must not write a temporary one beside it.
        let sql = """
            COPY (SELECT * REPLACE (\(casts)) FROM read_csv('/dev/stdin', header = true, all_varchar = true, delim = \
            ',', quote = '"', \
            escape = '"', max_line_size = 100000000)) TO \(SQL.text(staged.path)) (FORMAT parquet, COMPRESSION zstd, \
            USE_TMP_FILE false)
            """
        _ = try run(duckdb, input: csv, about: path, output: staged.path) { _ in sql }
        do throws(StagedFileError) { try staged.finish(replacing: true) } catch { throw notWritten(error) }
    }

    /// Writes the rows of a query as a new Parquet file, with entries of its metadata.
    public static func write(
        rows query: String, metadata: [(key: String, value: String)] = [], about path: String, to output: String,
        duckdb: String?
    ) throws(ClipFailure) {
        guard duckdb != nil else { throw missing(path) }
        let staged: StagedFile
        do throws(StagedFileError) { staged = try StagedFile(output) } catch { throw notWritten(error) }
        let entries = metadata.map { "\(SQL.name($0.key)): \(SQL.text($0.value))" }.joined(separator: ", ")
        let kept = entries.isEmpty ? "" : ", KV_METADATA {\(entries)}"
        _ = try run(duckdb, input: nil, about: path, output: staged.path) {
            """
            SET memory_limit = '2GB'; SET temp_directory = \(SQL.text($0 + ".spill")); COPY (\(query)) TO \
            \(SQL.text(staged.path)) (FORMAT parquet, COMPRESSION snappy, USE_TMP_FILE false\(kept))
            """
        }
        do throws(StagedFileError) { try staged.finish(replacing: false) } catch { throw notWritten(error) }
    }

    private static func notWritten(_ error: StagedFileError) -> ClipFailure {
        ClipFailure(
            code: "not-written", message: "\(error.path.printable) cannot be written (\(error.reason))",
            remedy: "check that its folder is writable")
    }

    private static func missing(_ path: String) -> ClipFailure {
        ClipFailure(
            code: "no-duckdb", message: "\(path.printable) is Parquet, but the 'duckdb' program is missing",
            remedy: remedy)
    }

    /// - Parameters:
    ///   - output: a further file that is written.
    ///   - sql: makes the statements for the given output path; without output the result is empty.
    private static func run(
        _ duckdb: String?, input: Data?, about path: String, output: String? = nil, sql: (_ answer: String) -> String
    ) throws(ClipFailure) -> Data {
        guard let duckdb else { throw missing(path) }
        // Through files: neither side blocks the other, whatever the size.
        let folder: String
        do throws(StagedFileError) { folder = try PrivateFolder.make("genlock-parquet") } catch {
            throw notWritten(error)
        }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            let (given, asked, taken, said) = (folder + "/in", folder + "/sql", folder + "/out", folder + "/err")
            // The statements in a file too: lists of thousands of tables exceed the limit of an argument.
            for (name, data) in [(given, input ?? Data()), (asked, Data(sql(taken).utf8)), (said, Data())] {
                try data.write(to: URL(fileURLWithPath: name))
            }
            let process = Process()
            var command = [duckdb, "-batch", "-bail", "-f", asked]
            if let confinement { command = confinement(command, [folder] + (output.map { [$0] } ?? [])) }
            process.executableURL = URL(fileURLWithPath: command[0])
            process.arguments = Array(command.dropFirst())
            process.standardInput = FileHandle(forReadingAtPath: given)
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle(forWritingAtPath: said)
            try process.run()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else {
                let words = String(decoding: try Data(contentsOf: URL(fileURLWithPath: said)), as: UTF8.self)
                let line = words.split(separator: "\n").first.map(String.init) ?? "no reason given"
                throw ClipFailure(
                    code: "bad-parquet", message: "\(path.printable): duckdb says: \(line.printable)",
                    remedy: "check the path, and check the file with: duckdb -c \"DESCRIBE SELECT * FROM 'FILE'\"")
            }
            return FileManager.default.fileExists(atPath: taken)
                ? try Data(contentsOf: URL(fileURLWithPath: taken)) : Data()
        } catch let failure as ClipFailure {
            throw failure
        } catch {
            throw ClipFailure(
                code: "no-duckdb", message: "\(path.printable): duckdb cannot be run (\(error.localizedDescription))",
                remedy: remedy)
        }
    }
}
