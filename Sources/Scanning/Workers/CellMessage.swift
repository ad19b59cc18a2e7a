import Foundation

/// A request of a cell to its warden, as bytes: kind, two numbers (little endian), and up to two paths after their
/// lengths. The answer is an errno, 0 for success, in four bytes.
enum CellMessage: Equatable {
    case open(path: String, flags: Int32, mode: UInt32)
    case rename(String, to: String)
    case link(String, as: String)
    case remove(String)
    case makeFolder(String)
    /// A recording of a declared length in milliseconds was opened: the time limit is extended.
    case opened(milliseconds: UInt32)

    /// Longest message, in bytes.
    static let longest = 9000

    var bytes: [UInt8] {
        let (kind, first, second, paths): (UInt8, UInt32, UInt32, [String]) =
            switch self {
            case .open(let path, let flags, let mode): (1, UInt32(bitPattern: flags), mode, [path])
            case .rename(let path, let target): (2, 0, 0, [path, target])
            case .link(let path, let target): (3, 0, 0, [path, target])
            case .remove(let path): (4, 0, 0, [path])
            case .makeFolder(let path): (5, 0, 0, [path])
            case .opened(let milliseconds): (6, milliseconds, 0, [])
            }
        var result = [kind]
        for number in [first, second] { result += (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
        for path in paths {
            let text = Array(path.utf8)
            result += [UInt8(truncatingIfNeeded: text.count), UInt8(truncatingIfNeeded: text.count >> 8)] + text
        }
        return result
    }

    /// nil: not a message.
    init?(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count >= 9, bytes.count <= CellMessage.longest else { return nil }
        func number(at place: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[place + $1]) << (8 * UInt32($1)) }
        }
        var rest = bytes[9...]
        var paths: [String] = []
        while !rest.isEmpty {
            guard rest.count >= 2 else { return nil }
            let start = rest.startIndex
            let length = Int(rest[start]) | Int(rest[start + 1]) << 8
            guard rest.count >= 2 + length,
                let text = String(validating: rest[(start + 2)..<(start + 2 + length)], as: UTF8.self),
                !text.isEmpty, !text.utf8.contains(0)
            else { return nil }
            paths.append(text)
            rest = rest[(start + 2 + length)...]
        }
        switch (bytes[0], paths.count) {
        case (1, 1): self = .open(path: paths[0], flags: Int32(bitPattern: number(at: 1)), mode: number(at: 5))
        case (2, 2): self = .rename(paths[0], to: paths[1])
        case (3, 2): self = .link(paths[0], as: paths[1])
        case (4, 1): self = .remove(paths[0])
        case (5, 1): self = .makeFolder(paths[0])
        case (6, 0): self = .opened(milliseconds: number(at: 1))
        default: return nil
        }
    }
}
