import Foundation

/// Writes other words into the codes of a line 21 caption (CEA-608): rows, colours and styles stay.
struct LineTwentyOneWriter {
    /// 0 or 1: the channel of the field.
    let channel: Int

    private struct Row {
        let number: Int
        /// Its position, and the style that it starts with.
        var head: [UInt16]
        var body: [UInt16] = []
        /// Whether its letters have no styles between them.
        var isPlain = true
    }

    private struct Parts {
        var prefix: [UInt16] = []
        var rows: [Row] = []
        var suffix: [UInt16] = []
    }

    /// Columns and rows of a caption (47 CFR 15.119).
    private static let columns = 32
    private static let mostRows = 4

    static func refused(_ why: String, _ remedy: String) -> TimedTextError {
        TimedTextError(code: "unwritable-text", message: "cannot hold that text: \(why)", remedy: remedy)
    }

    /// A code with odd parity.
    static func code(_ first: UInt8, _ second: UInt8) -> UInt16 {
        func odd(_ byte: UInt8) -> UInt16 { UInt16(byte | (byte.nonzeroBitCount & 1 == 1 ? 0 : 0x80)) }
        return odd(first) << 8 | odd(second)
    }

    /// Whether a code is the second of two equal control codes.
    static func repetitions(_ codes: [UInt16]) -> [Bool] {
        var result = [Bool](repeating: false, count: codes.count)
        for index in codes.indices.dropFirst() {
            let first = codes[index] >> 8 & 0x7F
            result[index] =
                (0x10..<0x20).contains(first) && codes[index] & 0x7F7F == codes[index - 1] & 0x7F7F
                && !result[index - 1]
        }
        return result
    }

    /// The rows of a text.
    static func rows(of text: String) -> [String] {
        text.split(separator: "\n").map { $0.split { $0.isWhitespace }.joined(separator: " ") }.filter { !$0.isEmpty }
    }

    /// The codes with another text.
    func reworded(_ codes: [UInt16], from old: String, to new: String) throws(TimedTextError) -> [UInt16] {
        var parts = try parts(codes)
        parts.rows.removeAll { $0.body.isEmpty }
        parts.rows = parts.rows.enumerated().sorted { ($0.element.number, $0.offset) < ($1.element.number, $1.offset) }
            .map(\.element)
        let before = old.split(separator: "\n").map(String.init)
        guard before.count == parts.rows.count, Set(parts.rows.map(\.number)).count == before.count,
            let top = parts.rows.first
        else {
            throw LineTwentyOneWriter.refused(
                "its rows are sent in several pieces", "change this caption in its own editor")
        }
        let lines = LineTwentyOneWriter.rows(of: new)
        guard !lines.isEmpty else {
            throw LineTwentyOneWriter.refused("a caption without letters is not shown", "remove the item")
        }
        guard lines.count <= max(LineTwentyOneWriter.mostRows, before.count) else {
            throw LineTwentyOneWriter.refused("a caption has at most four rows", "split it")
        }
        var rows: [Row] = []
        let more = lines.count - before.count
        for (number, line) in lines.enumerated() {
            // Rows stay at the bottom.
            let place = number - more
            guard place >= 0 else {
                rows.append(try row(line, top.number + place, like: top))
                continue
            }
            var row = parts.rows[place]
            if before[place] != line {
                guard row.isPlain else {
                    throw LineTwentyOneWriter.refused(
                        "the row '\(before[place].prefix(40))' changes its style between words",
                        "leave that row as it is, or change it in its own editor")
                }
                row.head = try fitted(row.head, line)
                row.body = try letters(line)
            }
            rows.append(row)
        }
        return parts.prefix + rows.flatMap { $0.head + $0.body } + parts.suffix
    }

    // MARK: Parsing

    private func parts(_ codes: [UInt16]) throws(TimedTextError) -> Parts {
        var result = Parts()
        let repeated = LineTwentyOneWriter.repetitions(codes)
        for (index, code) in codes.enumerated() {
            let (first, second) = (UInt8(code >> 8 & 0x7F), UInt8(code & 0x7F))
            let isControl = (0x10..<0x20).contains(first)
            let isCommand =
                isControl && (first & 0x17 == 0x14 || first & 0x17 == 0x15) && (0x20...0x2F).contains(second)
            if isControl, second >= 0x40, result.suffix.isEmpty {
                if repeated[index], !result.rows.isEmpty {
                    result.rows[result.rows.count - 1].head.append(code)
                } else {
                    result.rows.append(Row(number: LineTwentyOneWriter.number(first, second), head: [code]))
                }
            } else if isCommand || !result.suffix.isEmpty {
                guard isCommand && second != 0x21 || code & 0x7F7F == 0 else {
                    throw LineTwentyOneWriter.refused(
                        "its codes are in an unusual order", "change this caption in its own editor")
                }
                if result.rows.isEmpty { result.prefix.append(code) } else { result.suffix.append(code) }
            } else if code & 0x7F7F == 0, result.rows.last?.body.isEmpty ?? true {
                if result.rows.isEmpty {
                    result.prefix.append(code)
                } else {
                    result.rows[result.rows.count - 1].head.append(code)
                }
            } else {
                if result.rows.isEmpty { result.rows.append(Row(number: 15, head: [])) }
                let last = result.rows.count - 1
                let isStyle = isControl && (first & 0x17 == 0x11 && second < 0x30 || first & 0x17 == 0x17)
                if isStyle, result.rows[last].body.isEmpty {
                    result.rows[last].head.append(code)
                } else {
                    if isStyle { result.rows[last].isPlain = false }
                    result.rows[last].body.append(code)
                }
            }
        }
        return result
    }

    // MARK: Positions

    /// The first bytes of the positions of rows, and whether it is the second of two rows.
    private static let rows: [(first: UInt8, isSecond: Bool)] = [
        (0x11, false), (0x11, true), (0x12, false), (0x12, true), (0x15, false), (0x15, true), (0x16, false),
        (0x16, true), (0x17, false), (0x17, true), (0x10, false), (0x13, false), (0x13, true), (0x14, false),
        (0x14, true),
    ]

    private static func number(_ first: UInt8, _ second: UInt8) -> Int {
        let row = rows.firstIndex {
            $0.first == first & 0x17 && ($0.isSecond == (second & 0x20 != 0) || $0.first == 0x10)
        }
        return row.map { $0 + 1 } ?? 15
    }

    private func row(_ line: String, _ number: Int, like other: Row) throws(TimedTextError) -> Row {
        guard number >= 1, let position = other.head.first else {
            throw LineTwentyOneWriter.refused("there is no room above it for another row", "use fewer rows")
        }
        let place = LineTwentyOneWriter.rows[number - 1]
        let second = UInt8(position & 0x5F) | (place.isSecond ? 0x20 : 0)
        let code = LineTwentyOneWriter.code(place.first | UInt8(channel * 8), second)
        let isDoubled = other.head.count > 1 && other.head[1] == position
        return Row(number: number, head: try fitted(isDoubled ? [code, code] : [code], line), body: try letters(line))
    }

    /// The head of a row, further to the left if the line is too long for it.
    private func fitted(_ head: [UInt16], _ line: String) throws(TimedTextError) -> [UInt16] {
        guard line.count <= LineTwentyOneWriter.columns else {
            throw LineTwentyOneWriter.refused(
                "a row has \(LineTwentyOneWriter.columns) columns, and '\(line.prefix(40))' has \(line.count)",
                "use two rows")
        }
        let repeated = LineTwentyOneWriter.repetitions(head)
        var (indent, others) = (0, 0)
        for (code, isRepeated) in zip(head, repeated) where !isRepeated {
            let (first, second) = (UInt8(code >> 8 & 0x17), UInt8(code & 0x7F))
            if second >= 0x40 {
                indent = second & 0x10 != 0 ? Int(second >> 1 & 7) * 4 : 0
            } else if first == 0x17 {
                indent += Int(second & 3)
            } else if code & 0x7F7F != 0 {
                others += 1
            }
        }
        guard indent + others + line.count > LineTwentyOneWriter.columns else { return head }
        let room = max(0, LineTwentyOneWriter.columns - others - line.count) / 4
        return head.filter { $0 >> 8 & 0x17 != 0x17 || $0 & 0x7F >= 0x40 }.map { code in
            guard code & 0x7F >= 0x40, code & 0x10 != 0 else { return code }
            return LineTwentyOneWriter.code(UInt8(code >> 8 & 0x7F), UInt8(code & 0x71) | UInt8(room << 1))
        }
    }

    // MARK: Letters

    private func letters(_ line: String) throws(TimedTextError) -> [UInt16] {
        var result: [UInt16] = []
        var pending: UInt8?
        func flush() {
            if let first = pending { result.append(LineTwentyOneWriter.code(first, 0)) }
            pending = nil
        }
        func put(_ byte: UInt8) {
            if let first = pending {
                result.append(LineTwentyOneWriter.code(first, byte))
                pending = nil
            } else {
                pending = byte
            }
        }
        func control(_ first: UInt8, _ second: UInt8) {
            flush()
            let code = LineTwentyOneWriter.code(first | UInt8(channel * 8), second)
            result += [code, code]
        }
        for letter in line {
            switch LineTwentyOne.written(letter) {
            case .plain(let byte): put(byte)
            case .special(let second): control(0x11, second)
            case .extended(let first, let second):
                // It takes the place of a plain letter, which older decoders show.
                let plain = String(letter).folding(options: .diacriticInsensitive, locale: nil).utf8.first ?? 0x2D
                put((0x41...0x5A).contains(plain & 0xDF) ? plain : 0x2D)
                control(first, second)
            case nil:
                throw LineTwentyOneWriter.refused(
                    "closed captions have no '\(letter)'", "use other characters")
            }
        }
        flush()
        return result
    }
}

extension LineTwentyOne {
    enum Written {
        case plain(UInt8)
        case special(UInt8)
        case extended(UInt8, UInt8)
    }

    private static let writing: [Character: Written] = {
        var result: [Character: Written] = [:]
        for (index, letter) in northern.enumerated() { result[letter] = .extended(0x13, 0x20 + UInt8(index)) }
        for (index, letter) in western.enumerated() { result[letter] = .extended(0x12, 0x20 + UInt8(index)) }
        for (index, letter) in special.enumerated() where letter != " " {
            result[letter] = .special(0x30 + UInt8(index))
        }
        for byte in UInt8(0x20)...0x7F { result[LineTwentyOne.letter(byte)] = .plain(byte) }
        return result
    }()

    /// The codes of a letter; nil: there are none.
    static func written(_ letter: Character) -> Written? { writing[letter] }
}
