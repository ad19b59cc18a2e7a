import Files
import Foundation

/// Whether two paths have the same content.
enum SameFile {
    /// One file with two names, or two files with the same bytes.
    static func isSame(_ one: String, _ other: String) -> Bool {
        let (one, other) = (FetchedFiles.place(one), FetchedFiles.place(other))
        var (a, b) = (stat(), stat())
        guard stat(one, &a) == 0, stat(other, &b) == 0 else { return false }
        if a.st_dev == b.st_dev, a.st_ino == b.st_ino { return true }
        guard a.st_size == b.st_size, let first = FileHandle(forReadingAtPath: one),
            let second = FileHandle(forReadingAtPath: other)
        else { return false }
        defer {
            try? first.close()
            try? second.close()
        }
        while true {
            guard let here = try? first.read(upToCount: 1 << 20), let there = try? second.read(upToCount: 1 << 20)
            else { return true }
            if here != there { return false }
            if here.isEmpty { return true }
        }
    }
}
