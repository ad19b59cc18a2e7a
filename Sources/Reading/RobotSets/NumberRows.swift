import Foundation

/// Rows of numbers in a CSV text with a header and without quotes. What is not a number is NaN.
struct NumberRows {
    /// Calls a function with each row; rows with another number of fields than the header are left out.
    static func each(_ data: Data, _ take: ([Float]) -> Void) {
        // `strtof` needs an end.
        var bytes = [UInt8](data)
        bytes.append(0)
        let comma = UInt8(ascii: ",")
        let newline = UInt8(ascii: "\n")
        guard let header = bytes.firstIndex(of: newline) else { return }
        let width = bytes[..<header].count { $0 == comma } + 1
        bytes.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            base.withMemoryRebound(to: CChar.self, capacity: bytes.count) { text in
                var row: [Float] = []
                row.reserveCapacity(width)
                var at = header + 1
                let end = bytes.count - 1
                while at < end {
                    if bytes[at] == comma || bytes[at] == newline {
                        row.append(.nan)
                    } else {
                        var after: UnsafeMutablePointer<CChar>?
                        let value = strtof(text + at, &after)
                        let next = after.map { UnsafePointer($0) - text } ?? at
                        row.append(next > at ? value : .nan)
                        at = max(at, next)
                        while at < end, bytes[at] != comma, bytes[at] != newline { at += 1 }
                    }
                    if at >= end || bytes[at] == newline {
                        if row.count == width { take(row) }
                        row.removeAll(keepingCapacity: true)
                    }
                    at += 1
                }
            }
        }
    }
}
