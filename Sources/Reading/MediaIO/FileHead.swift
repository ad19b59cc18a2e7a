import Files
import Foundation

/// The first bytes of a file.
struct FileHead {
    private let bytes: [UInt8]

    /// Reads `count` bytes; nil if the file has fewer.
    init?(path: String, count: Int) {
        guard let handle = FileHandle(forReadingAtPath: FetchedFiles.place(path)) else { return nil }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: count), data.count == count else { return nil }
        bytes = [UInt8](data)
    }

    func text(_ from: Int, _ count: Int) -> String { String(decoding: bytes[from..<from + count], as: UTF8.self) }
}
