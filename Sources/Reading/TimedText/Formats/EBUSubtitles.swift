import Foundation

/// EBU-STL (EBU Tech 3264): a header block of 1024 bytes, then one block of 128 bytes per subtitle or part of one.
enum EBUSubtitles {
    private static let headLength = 1024
    private static let blockLength = 128

    static func looksLikeIt(_ bytes: [UInt8]) -> Bool {
        bytes.count >= 11 && bytes[3..<6].elementsEqual(Array("STL".utf8))
            && bytes[8..<11].elementsEqual(Array(".01".utf8))
    }

    static func read(_ bytes: [UInt8]) throws(TimedTextError) -> TimedTextDocument {
        guard bytes.count >= headLength, looksLikeIt(bytes) else {
            throw TimedTextError(
                code: "broken-stl", message: "is not a complete EBU-STL file: its header is truncated or damaged",
                remedy: "export it again")
        }
        let source = EncodedText(binary: bytes)
        var builder = DocumentBuilder(source, .ebuSTL)
        func text(_ range: Range<Int>) -> String {
            String(decoding: bytes[range].map { $0 < 0x80 ? $0 : 0x20 }, as: UTF8.self)
        }
        if let stated = Int(text(238..<243).filter(\.isNumber)), stated > (bytes.count - headLength) / blockLength {
            throw TimedTextError(
                code: "broken-stl",
                message: """
                    is truncated: it has \((bytes.count - headLength) / blockLength) of the \(stated) blocks that \
                    its header states
                    """,
                remedy: "copy or export it again")
        }
        let rate = Double(text(6..<8).filter(\.isNumber)).flatMap { $0 > 0 ? $0 : nil } ?? 25
        if rate != 25, rate != 30 {
            builder.guesses.append(
                "the disk format code states \(rate) fps, which is not in EBU Tech 3264")
        }
        let table = Int(text(12..<14).filter(\.isNumber)) ?? 0
        // Subtitles of a programme that starts at ten o'clock count from there.
        let programme = text(256..<264).filter(\.isNumber)
        var begin = 0.0
        if programme.count == 8 {
            let parts = (0..<4).map { Double(programme.dropFirst($0 * 2).prefix(2)) ?? 0 }
            begin = Timecode.seconds(parts[0], parts[1], parts[2], parts[3], rate: rate, counting: .ofSecond)
        }
        var pending: TimedItem?
        var place = headLength
        var block = 0
        let first = firstTime(bytes, rate)
        if begin > 0, let first, first < begin {
            builder.guess(
                """
                times count from 0: the header states a start of programme at \(begin) s, but the first subtitle is \
                earlier
                """)
            begin = 0
        }
        if begin > 0 {
            builder.guesses.append("times count from the start of programme in the header, \(begin) s")
        }
        while place + blockLength <= bytes.count {
            defer {
                place += blockLength
                block += 1
            }
            let tti = Array(bytes[place..<place + blockLength])
            let field = place + 16..<place + blockLength
            let extensionNumber = tti[3]
            // User data.
            if extensionNumber == 0xFE { continue }
            guard let start = time(tti, 5, place, rate), let end = time(tti, 9, place, rate) else {
                builder.fault(block + 1, "impossible times in block \(block + 1)")
                continue
            }
            let from = start.field(anchor: start.seconds - begin, bias: -begin)
            let until = end.field(anchor: start.seconds - begin, bias: -begin)
            builder.fields += [from, until]
            let words = EBUText.decode(tti[16..<128], table: table)
            if pending == nil {
                pending = TimedItem(
                    kind: .cue, text: "", start: start.seconds - begin, end: end.seconds - begin, line: block + 1)
                pending?.isComment = tti[15] == 1
                var place = ItemPlace(start: from, end: until)
                // Of several blocks none has the whole text.
                if extensionNumber == 0xFF, let frame = EBUText.Frame(tti[16..<128], table: table) {
                    place.text = TextPlace(range: field, style: .teletext(frame))
                }
                pending?.place = place
            } else {
                pending?.place?.repeats += [from, until]
            }
            pending?.text += words
            // The last part of a subtitle has the number 255.
            if extensionNumber == 0xFF, var item = pending {
                item.raw = item.text
                builder.items.append(item)
                pending = nil
            }
        }
        if place < bytes.count {
            builder.fault(block + 1, "the last block is truncated after \(bytes.count - place) of 128 bytes")
        }
        if let item = pending { builder.items.append(item) }
        return builder.document()
    }

    private static func firstTime(_ bytes: [UInt8], _ rate: Double) -> Double? {
        guard bytes.count >= headLength + blockLength else { return nil }
        return time(Array(bytes[headLength..<headLength + blockLength]), 5, headLength, rate)?.seconds
    }

    private static func time(_ tti: [UInt8], _ offset: Int, _ place: Int, _ rate: Double) -> WrittenTime? {
        let (h, m, s, f) = (tti[offset], tti[offset + 1], tti[offset + 2], tti[offset + 3])
        guard h < 24, m < 60, s < 60, Double(f) < rate else { return nil }
        let seconds = Timecode.seconds(Double(h), Double(m), Double(s), Double(f), rate: rate, counting: .ofSecond)
        return WrittenTime(
            seconds: seconds, style: .timecodeBytes(rate: rate), range: place + offset..<place + offset + 4)
    }
}

/// The characters of EBU-STL: ISO 6937 for Latin, ISO 8859 for the others, with teletext codes.
enum EBUText {
    /// Characters of ISO 6937 from 0xA0 on; empty: none, or an accent for the following letter.
    private static let signs: [UInt8: Character] = [
        0xA0: "\u{A0}", 0xA1: "¡", 0xA2: "¢", 0xA3: "£", 0xA4: "$", 0xA5: "¥", 0xA6: "#", 0xA7: "§", 0xA8: "¤",
        0xA9: "‘", 0xAA: "“", 0xAB: "«",
        0xAC: "←", 0xAD: "↑", 0xAE: "→", 0xAF: "↓", 0xB0: "°", 0xB1: "±", 0xB2: "²", 0xB3: "³", 0xB4: "×", 0xB5: "µ",
        0xB6: "¶", 0xB7: "·",
        0xB8: "÷", 0xB9: "’", 0xBA: "”", 0xBB: "»", 0xBC: "¼", 0xBD: "½", 0xBE: "¾", 0xBF: "¿", 0xD0: "―", 0xD1: "¹",
        0xD2: "®", 0xD3: "©",
        0xD4: "™", 0xD5: "♪", 0xE0: "Ω", 0xE1: "Æ", 0xE2: "Đ", 0xE3: "ª", 0xE4: "Ħ", 0xE6: "Ĳ", 0xE7: "Ŀ", 0xE8: "Ł",
        0xE9: "Ø", 0xEA: "Œ",
        0xEB: "º", 0xEC: "Þ", 0xED: "Ŧ", 0xEE: "Ŋ", 0xEF: "ŉ", 0xF0: "ĸ", 0xF1: "æ", 0xF2: "đ", 0xF3: "ð", 0xF4: "ħ",
        0xF5: "ı", 0xF6: "ĳ",
        0xF7: "ŀ", 0xF8: "ł", 0xF9: "ø", 0xFA: "œ", 0xFB: "ß", 0xFC: "þ", 0xFD: "ŧ", 0xFE: "ŋ",
    ]
    /// Combining marks of 0xC1 to 0xCF.
    private static let accents: [UInt8: Unicode.Scalar] = [
        0xC1: "\u{300}", 0xC2: "\u{301}", 0xC3: "\u{302}", 0xC4: "\u{303}", 0xC5: "\u{304}", 0xC6: "\u{306}",
        0xC7: "\u{307}", 0xC8: "\u{308}",
        0xCA: "\u{30A}", 0xCB: "\u{327}", 0xCD: "\u{30B}", 0xCE: "\u{328}", 0xCF: "\u{30C}",
    ]
    private static let parts: [Int: String] = [1: "ISO-8859-5", 2: "ISO-8859-6", 3: "ISO-8859-7", 4: "ISO-8859-8"]

    /// The teletext codes around each line, which open and close a box.
    struct Frame: Sendable, Hashable {
        let table: Int
        let head: [UInt8]
        let tail: [UInt8]

        /// - Returns: nil if there are codes within a line, such as colours: a different text would lose them.
        init?(_ bytes: ArraySlice<UInt8>, table: Int) {
            self.table = table
            func isCode(_ byte: UInt8) -> Bool { byte < 0x20 || (0x80...0x9F).contains(byte) }
            let used = bytes.prefix { $0 != 0x8F }
            let lines = used.split(separator: 0x8A).filter { !$0.allSatisfy(isCode) }
            guard let first = lines.first else {
                (head, tail) = ([], [])
                return
            }
            head = Array(first.prefix(while: isCode))
            tail = Array(first.reversed().prefix(while: isCode).reversed())
            for line in lines {
                let letters = line.drop(while: isCode).reversed().drop(while: isCode)
                guard !letters.contains(where: isCode) else { return nil }
            }
        }

        /// The text field of a block with another text.
        ///
        /// - Throws: if it is too long, or has unsupported characters.
        func bytes(_ text: String, count: Int) throws(TimedTextError) -> [UInt8] {
            var result: [UInt8] = []
            for (place, line) in text.split(separator: "\n").enumerated() {
                if place > 0 { result.append(0x8A) }
                result += head + EBUText.encode(line, table: table) + tail
            }
            guard EBUText.decode(result[...], table: table) == text else {
                throw TimedTextError(
                    code: "unwritable-text",
                    message: "cannot hold that text: its character table lacks some of the characters",
                    remedy: "use other characters, without empty lines")
            }
            guard result.count <= count else {
                throw TimedTextError(
                    code: "unwritable-text",
                    message: "cannot hold that text: it takes \(result.count) bytes of \(count)",
                    remedy: "make it shorter")
            }
            return result + Array(repeating: 0x8F, count: count - result.count)
        }
    }

    /// Encodes a line; unsupported characters are dropped.
    private static func encode(_ line: Substring, table: Int) -> [UInt8] {
        var result: [UInt8] = []
        for character in line {
            let scalars = Array(String(character).decomposedStringWithCanonicalMapping.unicodeScalars)
            if let scalar = scalars.first, scalars.count == 1, (0x20...0x7E).contains(scalar.value) {
                result.append(UInt8(scalar.value))
            } else if let part = parts[table] {
                if let byte = (0xA0...0xFF).first(where: { ISOPart.character($0, part) == String(character) }) {
                    result.append(byte)
                }
            } else if let sign = signs.filter({ $0.value == character }).map(\.key).min() {
                result.append(sign)
            } else if scalars.count == 2, let mark = accents.first(where: { $0.value == scalars[1] })?.key,
                (0x20...0x7E).contains(scalars[0].value)
            {
                result += [mark, UInt8(scalars[0].value)]
            }
        }
        return result
    }

    static func decode(_ bytes: ArraySlice<UInt8>, table: Int) -> String {
        var result = ""
        var accent: Unicode.Scalar?
        for byte in bytes {
            switch byte {
            // Unused space ends the text.
            case 0x8F: return result
            case 0x8A: result += "\n"
            case 0x00...0x1F, 0x80...0x9F: continue
            case 0x20...0x7F:
                result.unicodeScalars.append(Unicode.Scalar(byte))
                if let mark = accent { result.unicodeScalars.append(mark) }
                accent = nil
            default:
                if let part = parts[table] {
                    result += ISOPart.character(byte, part)
                } else if let mark = accents[byte] {
                    accent = mark
                } else if let sign = signs[byte] {
                    result.append(sign)
                }
            }
        }
        return result
    }

    /// Characters of the parts of ISO 8859 that are in one row of Unicode.
    private enum ISOPart {
        static func character(_ byte: UInt8, _ part: String) -> String {
            let base: UInt32
            switch part {
            case "ISO-8859-5":
                if byte == 0xF0 { return "№" }
                if byte == 0xFD { return "§" }
                base = 0x0360
            case "ISO-8859-6": base = 0x0560
            case "ISO-8859-7": base = 0x02D0
            default: base = 0x04F0
            }
            if byte == 0xA0 { return " " }
            return Unicode.Scalar(base &+ UInt32(byte)).map { String(Character($0)) } ?? ""
        }
    }
}
