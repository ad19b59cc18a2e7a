import Foundation
import Plan

/// Rows on standard input, one per line, read as they arrive without blocking.
final class RowSource {
    private var buffer: [UInt8] = []
    /// The buffer has been delivered up to here.
    private var start = 0
    /// The buffer has been searched for a line end up to here.
    private var searched = 0
    private var number = 0
    private var isEnded = false

    /// Read size in bytes, and the maximum length of a row.
    private static let chunk = 1 << 16
    private static let longest = 16 << 20

    /// Whether the input has ended.
    var isExhausted: Bool { isEnded && start == buffer.count }

    /// Becomes readable when more rows arrive; negative: the input has ended.
    var descriptor: Int32 { isEnded ? -1 : STDIN_FILENO }

    /// The next non-empty row, with its number from 1; nil: none has arrived yet.
    func next() -> (line: Data, number: Int)? {
        while let line = line() {
            number += 1
            if line.contains(where: { !" \t\r".utf8.contains($0) }) { return (line, number) }
        }
        return nil
    }

    private func line() -> Data? {
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                return taken(upTo: end, after: end + 1)
            }
            searched = buffer.count
            if buffer.count - start > RowSource.longest { isEnded = true }
            if isEnded { return start < buffer.count ? taken(upTo: buffer.count, after: buffer.count) : nil }
            guard fill() else { return nil }
        }
    }

    private func taken(upTo end: Int, after next: Int) -> Data {
        let line = Data(buffer[start..<end])
        (start, searched) = (next, next)
        return line
    }

    /// Reads the available bytes; false: there are none now.
    private func fill() -> Bool {
        var question = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&question, 1, 0) > 0 else { return false }
        if start > 0 {
            buffer.removeFirst(start)
            searched -= start
            start = 0
        }
        let chunk = [UInt8](unsafeUninitializedCapacity: RowSource.chunk) { bytes, count in
            count = max(0, read(STDIN_FILENO, bytes.baseAddress, bytes.count))
        }
        if chunk.isEmpty { isEnded = true }
        buffer += chunk
        return true
    }
}
