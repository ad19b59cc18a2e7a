/// A JSON value with its range in the text, so that numbers can be changed in place.
package indirect enum JSONNode {
    case object([(key: String, value: JSONNode)], Int)
    case array([JSONNode], Int)
    case string(String, Range<Int>)
    case number(Range<Int>)
    case other(Int)

    package subscript(key: String) -> JSONNode? {
        guard case .object(let members, _) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The value of the first existing key.
    func first(of keys: [String]) -> JSONNode? {
        for key in keys { if let value = self[key] { return value } }
        return nil
    }

    package var elements: [JSONNode]? {
        if case .array(let values, _) = self { return values }
        return nil
    }

    package var text: String? {
        if case .string(let text, _) = self { return text }
        return nil
    }

    /// The offset of its start.
    var place: Int {
        switch self {
        case .object(_, let place), .array(_, let place), .other(let place): place
        case .string(_, let range), .number(let range): range.lowerBound
        }
    }

    /// A number, or a numeric string, as a time in units of `unitSeconds`.
    func time(_ source: EncodedText, unitSeconds: Double = 1) -> WrittenTime? {
        switch self {
        case .number(let range): source.number(range, unitSeconds: unitSeconds, leastDecimals: unitSeconds == 1 ? 3 : 0)
        case .string(_, let range):
            source.number(range, unitSeconds: unitSeconds, leastDecimals: unitSeconds == 1 ? 3 : 0)
                ?? source.clock(at: range.lowerBound, before: range.upperBound) ?? seconds(source, range)
        default: nil
        }
    }

    /// A number of seconds with its unit, as in Google's `"2.550s"`.
    private func seconds(_ source: EncodedText, _ range: Range<Int>) -> WrittenTime? {
        guard let last = range.last, source.utf8[last] == UInt8(ascii: "s") else { return nil }
        return source.number(range.lowerBound..<last, leastDecimals: 3)
    }

    /// Whether there are several values, one per line: the first line is one, or the following lines are.
    static func isOneToALine(_ source: EncodedText) -> Bool {
        let lines = source.lines().filter { !source.isBlank($0.range) }
        guard let first = lines.first, lines.count > 1 else { return false }
        func isObject(_ line: SourceLine) -> Bool {
            guard case .object? = whole(source, in: line.range) else { return false }
            return true
        }
        return isObject(first) || lines.dropFirst().prefix(5).allSatisfy(isObject)
    }

    /// The only value in a range; nil if it is missing or invalid, or something follows it.
    static func whole(_ source: EncodedText, in range: Range<Int>) -> JSONNode? {
        var parser = JSONParser(source, in: range)
        guard let value = parser.value() else { return nil }
        parser.skipBlanks()
        return parser.index == range.upperBound ? value : nil
    }
}

/// Parses JSON (RFC 8259); lenient with `NaN`, `Infinity` and a comma before a closing bracket.
package struct JSONParser {
    private let source: EncodedText
    package private(set) var index: Int
    private let limit: Int
    private var depth = 0
    /// Maximum nesting depth: no transcript is deeper, and the stack is limited.
    private static let mostDepth = 100

    package init(_ source: EncodedText, in range: Range<Int>? = nil) {
        self.source = source
        index = range?.lowerBound ?? 0
        limit = range?.upperBound ?? source.utf8.count
    }

    package mutating func skipBlanks() {
        while index < limit, source.utf8[index].isBlank { index += 1 }
    }

    /// The next value; nil if missing or invalid, at `index`.
    package mutating func value() -> JSONNode? {
        skipBlanks()
        guard index < limit, depth < JSONParser.mostDepth else { return nil }
        depth += 1
        defer { depth -= 1 }
        let start = index
        switch source.utf8[index] {
        case UInt8(ascii: "{"): return object(start)
        case UInt8(ascii: "["): return array(start)
        case UInt8(ascii: "\""): return string().map { .string($0, start + 1..<index - 1) }
        default:
            while index < limit, !source.utf8[index].isBlank, ![0x2C, 0x5D, 0x7D, 0x3A].contains(source.utf8[index]) {
                index += 1
            }
            guard index > start else { return nil }
            if source.number(start..<index) != nil { return .number(start..<index) }
            return ["true", "false", "null", "NaN", "Infinity", "-Infinity"].contains(source.string(start..<index))
                ? .other(start) : nil
        }
    }

    /// Skips a closing bracket, or the comma between two values.
    ///
    /// - Returns: whether it was the bracket; nil if neither.
    private mutating func isAtEnd(_ bracket: Unicode.Scalar, isFirst: Bool) -> Bool? {
        skipBlanks()
        guard index < limit else { return nil }
        if !isFirst, source.utf8[index] == UInt8(ascii: ",") {
            index += 1
            skipBlanks()
            guard index < limit else { return nil }
        } else if !isFirst, source.utf8[index] != UInt8(ascii: bracket) {
            return nil
        }
        guard source.utf8[index] == UInt8(ascii: bracket) else { return false }
        index += 1
        return true
    }

    private mutating func object(_ start: Int) -> JSONNode? {
        index += 1
        var members: [(key: String, value: JSONNode)] = []
        while true {
            guard let isLast = isAtEnd("}", isFirst: members.isEmpty) else { return nil }
            if isLast { return .object(members, start) }
            guard source.utf8[index] == UInt8(ascii: "\""), let key = string() else { return nil }
            skipBlanks()
            guard index < limit, source.utf8[index] == UInt8(ascii: ":") else { return nil }
            index += 1
            guard let value = value() else { return nil }
            members.append((key, value))
        }
    }

    private mutating func array(_ start: Int) -> JSONNode? {
        index += 1
        var values: [JSONNode] = []
        while true {
            guard let isLast = isAtEnd("]", isFirst: values.isEmpty) else { return nil }
            if isLast { return .array(values, start) }
            guard let value = value() else { return nil }
            values.append(value)
        }
    }

    private mutating func string() -> String? {
        index += 1
        var bytes: [UInt8] = []
        var high: UInt32?
        while index < limit {
            let byte = source.utf8[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard index < limit else { return nil }
                let escape = source.utf8[index]
                index += 1
                switch escape {
                case UInt8(ascii: "n"): bytes.append(10)
                case UInt8(ascii: "t"): bytes.append(9)
                case UInt8(ascii: "r"): bytes.append(13)
                case UInt8(ascii: "b"): bytes.append(8)
                case UInt8(ascii: "f"): bytes.append(12)
                case UInt8(ascii: "u"):
                    guard index + 4 <= limit, let code = UInt32(source.string(index..<index + 4), radix: 16) else {
                        return nil
                    }
                    index += 4
                    if (0xD800..<0xDC00).contains(code) {
                        high = code
                    } else if (0xDC00..<0xE000).contains(code) {
                        let scalar =
                            high.flatMap { Unicode.Scalar(0x10000 + ($0 - 0xD800) << 10 + code - 0xDC00) } ?? "\u{FFFD}"
                        bytes += Array(String(Character(scalar)).utf8)
                        high = nil
                    } else {
                        bytes += Array(String(Character(Unicode.Scalar(code) ?? "\u{FFFD}")).utf8)
                    }
                default: bytes.append(escape)
                }
            default: bytes.append(byte)
            }
        }
        return nil
    }
}
