/// A character encoding.
public enum TextEncoding: String, Sendable, CaseIterable {
    case utf8 = "utf-8"
    case utf8Marked = "utf-8-bom"
    case utf16Little = "utf-16le"
    case utf16Big = "utf-16be"
    case latin1 = "iso-8859-1"
    case windows1250 = "windows-1250"
    case windows1251 = "windows-1251"
    case windows1252 = "windows-1252"
    case windows1253 = "windows-1253"
    case windows1254 = "windows-1254"
    case windows1255 = "windows-1255"
    case windows1256 = "windows-1256"
    case windows1257 = "windows-1257"
    case windows1258 = "windows-1258"
    /// The same as TIS-620 and ISO 8859-11 except for a few signs.
    case windows874 = "windows-874"
    case latin2 = "iso-8859-2"
    case cyrillic5 = "iso-8859-5"
    case greek7 = "iso-8859-7"
    case hebrew8 = "iso-8859-8"
    case turkish9 = "iso-8859-9"
    case latin9 = "iso-8859-15"
    case koi8R = "koi8-r"
    case koi8U = "koi8-u"
    case cp866
    case shiftJIS = "shift_jis"
    case eucJP = "euc-jp"
    /// With Microsoft's additional syllables (CP949).
    case eucKR = "euc-kr"
    case gb18030
    case big5
    /// A binary format, such as EBU-STL.
    case binary

    /// Parses an encoding's name, as in files or from users: "UTF-8", "cp1252", "Shift-JIS"; nil if unknown.
    public init?(named name: String) {
        let plain = name.lowercased().filter { $0.isLetter || $0.isNumber }
        if let known = TextEncoding.otherNames[plain] {
            self = known
            return
        }
        let prefix = ["windows", "cp", "win", "ms"].first(where: plain.hasPrefix) ?? plain
        let digits = plain.dropFirst(prefix.count)
        guard digits.count == 4, digits.hasPrefix("125"), let known = TextEncoding(rawValue: "windows-\(digits)")
        else { return nil }
        self = known
    }

    /// In lower case, only letters and digits.
    private static let otherNames: [String: TextEncoding] = {
        let names: [TextEncoding: [String]] = [
            .utf8: ["utf8", "usascii", "ascii"], .utf8Marked: ["utf8bom", "utf8sig"],
            .utf16Little: ["utf16", "utf16le", "ucs2"], .utf16Big: ["utf16be"],
            .latin1: ["latin1", "iso88591", "l1"], .latin2: ["latin2", "iso88592", "l2"],
            .cyrillic5: ["iso88595", "cyrillic"], .greek7: ["iso88597", "greek"],
            .hebrew8: ["iso88598", "iso88598i", "hebrew"], .turkish9: ["iso88599", "latin5"],
            .latin9: ["iso885915", "latin9"], .koi8R: ["koi8r", "koi8", "cp20866"], .koi8U: ["koi8u", "cp21866"],
            .cp866: ["cp866", "ibm866", "866", "dos866"],
            .windows874: ["windows874", "cp874", "ms874", "tis620", "iso885911", "dos874"],
            .shiftJIS: ["shiftjis", "sjis", "cp932", "windows31j", "ms932", "windows932"],
            .eucJP: ["eucjp", "ujis", "cp51932", "cp20932"],
            .eucKR: ["euckr", "cp949", "uhc", "ms949", "windows949", "ksc5601", "ksc56011987", "ksx1001", "cp51949"],
            .gb18030: ["gb18030", "gbk", "gb2312", "euccn", "cp936", "windows936"],
            .big5: ["big5", "cp950", "big5hkscs", "windows950"],
        ]
        return names.reduce(into: [:]) { all, entry in for name in entry.value { all[name] = entry.key } }
    }()

    /// Its name in `iconv`; nil if not needed.
    var converterName: String? {
        switch self {
        case .utf8, .utf8Marked, .utf16Little, .utf16Big, .binary: nil
        case .latin1, .latin2, .cyrillic5, .greek7, .hebrew8, .turkish9, .latin9, .koi8R, .koi8U, .eucJP:
            rawValue.uppercased()
        case .cp866: "CP866"
        case .windows874: "CP874"
        case .eucKR: "CP949"
        case .shiftJIS: "CP932"
        case .gb18030: "GB18030"
        case .big5: "BIG5-HKSCS"
        default: "CP" + rawValue.suffix(4)
        }
    }

    /// Number of bytes of the character at `index`; a truncated one counts as one byte.
    func unitLength(_ bytes: [UInt8], at index: Int) -> Int {
        let lead = bytes[index]
        let left = bytes.count - index
        switch self {
        case .shiftJIS:
            return ((0x81...0x9F).contains(lead) || (0xE0...0xFC).contains(lead)) && left > 1
                && bytes[index + 1] >= 0x40 ? 2 : 1
        case .eucJP:
            // Half-width katakana after 0x8E; three bytes after 0x8F.
            if lead == 0x8F, left > 2, bytes[index + 1] >= 0xA1, bytes[index + 2] >= 0xA1 { return 3 }
            return (lead == 0x8E || (0xA1...0xFE).contains(lead)) && left > 1 && bytes[index + 1] >= 0xA1 ? 2 : 1
        case .eucKR:
            guard (0x81...0xFE).contains(lead), left > 1 else { return 1 }
            let trail = bytes[index + 1]
            return trail >= 0x81 || (0x41...0x5A).contains(trail) || (0x61...0x7A).contains(trail) ? 2 : 1
        case .big5:
            return (0x81...0xFE).contains(lead) && left > 1 && bytes[index + 1] >= 0x40 ? 2 : 1
        case .gb18030:
            guard (0x81...0xFE).contains(lead), left > 1 else { return 1 }
            if (0x30...0x39).contains(bytes[index + 1]) {
                return left > 3 && (0x81...0xFE).contains(bytes[index + 2]) ? 4 : 1
            }
            return bytes[index + 1] >= 0x40 ? 2 : 1
        default:
            return 1
        }
    }
}
