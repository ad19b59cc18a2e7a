import Foundation
import SyncModel

/// A file that is there whole or not at all: written beside its place, and moved there at the end.
final class OutputFile {
    private let path: String
    private let beside: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var code: Int32 = 0

    init(_ path: String) {
        self.path = path
        beside = "\(path).new-\(getpid())"
        descriptor = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        if descriptor < 0 { code = errno }
    }

    func write(_ text: String) {
        buffer += text.utf8
        if buffer.count >= 1 << 18 { flush() }
    }

    /// - Throws: `ClipFailure` naming the file; then nothing of it is left.
    func finish() throws {
        flush()
        if descriptor >= 0 {
            if code == 0, fsync(descriptor) != 0, errno != EINVAL, errno != EROFS { code = errno }
            close(descriptor)
        }
        if code == 0, rename(beside, path) != 0 { code = errno }
        guard code != 0 else { return }
        unlink(beside)
        throw ClipFailure(
            code: "not-written", message: "\(path.printable) cannot be written (\(String(cString: strerror(code))))",
            remedy: "check that its folder exists and has room")
    }

    private func flush() {
        var done = 0
        while code == 0, done < buffer.count {
            let count = buffer.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress?.advanced(by: done), buffer.count - done)
            }
            if count > 0 { done += count } else if count < 0, errno != EINTR { code = errno }
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
