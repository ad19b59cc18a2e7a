import Foundation

/// Names, sizes and times of all files of a set: equal as long as nothing in it was written, renamed or replaced.
enum SetFingerprint {
    /// nil: the folder cannot be read.
    static func of(_ root: String) -> String? {
        var (sum, count) = (UInt64(0), 0)
        var visited: Set<[UInt64]> = []
        func walk(_ folder: String, _ name: String) -> Bool {
            guard let entries = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return false }
            for entry in entries where !entry.hasPrefix(".") {
                let (path, inside) = (folder + "/" + entry, name + "/" + entry)
                var status = stat()
                // Links count as what they lead to.
                guard stat(path, &status) == 0 else { continue }
                if status.st_mode & S_IFMT == S_IFDIR {
                    // Links may lead back.
                    guard visited.insert([UInt64(status.st_dev), UInt64(status.st_ino)]).inserted else { continue }
                    guard walk(path, inside) else { return false }
                } else {
                    count += 1
                    // The time of the last change of a file's entry cannot be set back, unlike that of its content.
                    let words = [
                        Int64(status.st_size), Int64(status.st_mtim.tv_sec), Int64(status.st_mtim.tv_nsec),
                        Int64(status.st_ctim.tv_sec), Int64(status.st_ctim.tv_nsec),
                    ]
                    var hash = ContentIdentity.Hash()
                    var text = inside
                    text.withUTF8 { hash.add(UnsafeRawBufferPointer($0)) }
                    words.withUnsafeBytes { hash.add($0) }
                    // In any order.
                    sum &+= hash.value
                }
            }
            return true
        }
        guard walk(root, "") else { return nil }
        return "\(count) files \(String(sum, radix: 16))"
    }
}
