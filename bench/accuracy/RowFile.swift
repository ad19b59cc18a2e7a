import Foundation

/// The file that rows are written to, or read from.
enum RowFile {
    static func read(_ path: String) throws -> [Trial] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap { Trial(row: $0) }
    }

    /// Begins a file with the header, or goes on after what is there.
    static func open(_ path: String, appending: Bool) throws -> FileHandle {
        if !appending || !FileManager.default.fileExists(atPath: path) {
            try Data((Trial.header + "\n").utf8).write(to: URL(fileURLWithPath: path))
        }
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.seekToEnd()
        return file
    }
}

extension FileHandle {
    func write(_ rows: [Trial]) throws { try write(contentsOf: Data(rows.map { $0.row + "\n" }.joined().utf8)) }
}
