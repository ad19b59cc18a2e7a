import Files
import Foundation
import SyncModel

/// A moving window over a file: bounded memory, whatever the file's length.
final class FileWindow {
    let file: String
    /// File size in bytes when it was opened.
    let size: Int
    private let handle: FileHandle
    private var buffer: UnsafeMutableRawBufferPointer
    private var (start, end) = (0, 0)
    /// Position of the next byte in the file.
    private(set) var place = 0
    /// Checksum of everything taken or skipped since it was set; nil: not computed.
    var checksum: CRC32?

    private static let usual = 1 << 20

    init(_ file: String) throws(ClipFailure) {
        self.file = file
        let path = FetchedFiles.place(file)
        guard let handle = BoundedFile.open(path), let size = try? handle.seekToEnd() else {
            let isThere = FileManager.default.fileExists(atPath: path)
            throw ClipFailure(
                code: isThere ? "unreadable" : "no-such-file",
                message: "\(file.printable) \(isThere ? "cannot be opened" : "does not exist")",
                remedy: isThere ? "check that it is a readable file" : "check the path")
        }
        guard size > 0 else {
            throw ClipFailure(
                code: "empty-file", message: "\(file.printable) is empty (0 bytes)",
                remedy: "copy it or record it again")
        }
        self.handle = handle
        self.size = Int(size)
        buffer = .allocate(byteCount: FileWindow.usual, alignment: 16)
    }

    deinit { buffer.deallocate() }

    var left: Int { size - place }

    /// The next bytes, valid until the next call; nil: the file ends earlier.
    func take(_ count: Int) -> UnsafeRawBufferPointer? {
        guard count >= 0, count <= left, fill(count) else { return nil }
        let bytes = UnsafeRawBufferPointer(rebasing: buffer[start..<start + count])
        checksum?.add(bytes)
        start += count
        place += count
        return bytes
    }

    func skip(_ count: Int) -> Bool {
        guard count >= 0, count <= left else { return false }
        if checksum != nil {
            var rest = count
            while rest > 0 {
                let part = min(rest, FileWindow.usual)
                guard take(part) != nil else { return false }
                rest -= part
            }
            return true
        }
        place += count
        if end - start >= count { start += count } else { (start, end) = (0, 0) }
        return true
    }

    private func fill(_ count: Int) -> Bool {
        if end - start >= count { return true }
        let held = end - start
        if buffer.count < count || start + count > buffer.count {
            let wanted = max(FileWindow.usual, count)
            if buffer.count < wanted || buffer.count > 4 * wanted {
                let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: wanted, alignment: 16)
                larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
                buffer.deallocate()
                buffer = larger
            } else {
                memmove(buffer.baseAddress!, buffer.baseAddress! + start, held)
            }
            (start, end) = (0, held)
        }
        while end - start < count {
            let got = pread(
                handle.fileDescriptor, buffer.baseAddress! + end, buffer.count - end, off_t(place + end - start))
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { return false }
            end += got
        }
        return true
    }
}
