/// How characters are written as bytes.
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
    case shiftJIS = "shift_jis"
    case gb18030
    case big5
    /// A format of its own bytes, such as EBU-STL.
    case binary

    /// The encoding of a name as files and people write it: "UTF-8", "cp1252", "Shift-JIS"; nil if it is none of these.
    public init?(named name: String) {
        let plain = name.lowercased().filter { $0.isLetter || $0.isNumber }
        switch plain {
        case "utf8", "usascii", "ascii": self = .utf8
        case "utf8bom", "utf8sig": self = .utf8Marked
        case "utf16", "utf16le", "ucs2": self = .utf16Little
        case "utf16be": self = .utf16Big
        case "latin1", "iso88591", "l1": self = .latin1
        case "shiftjis", "sjis", "cp932", "windows31j", "ms932": self = .shiftJIS
        case "gb18030", "gbk", "gb2312", "cp936": self = .gb18030
        case "big5", "cp950", "big5hkscs": self = .big5
        default:
            let digits =
                plain.hasPrefix("windows") ? plain.dropFirst(7) : plain.hasPrefix("cp") ? plain.dropFirst(2) : ""
            guard digits.count == 4, digits.hasPrefix("125"), let known = TextEncoding(rawValue: "windows-\(digits)")
            else { return nil }
            self = known
        }
    }

    /// The name by which the C library converts it; nil where it is not needed.
    var converterName: String? {
        switch self {
        case .utf8, .utf8Marked, .utf16Little, .utf16Big, .binary: nil
        case .latin1: "ISO-8859-1"
        case .shiftJIS: "CP932"
        case .gb18030: "GB18030"
        case .big5: "BIG5-HKSCS"
        default: "CP" + rawValue.suffix(4)
        }
    }

    /// How many bytes the character takes that begins at `index`; what is cut off counts as one byte.
    func unitLength(_ bytes: [UInt8], at index: Int) -> Int {
        let lead = bytes[index]
        let left = bytes.count - index
        switch self {
        case .shiftJIS:
            return ((0x81...0x9F).contains(lead) || (0xE0...0xFC).contains(lead)) && left > 1
                && bytes[index + 1] >= 0x40 ? 2 : 1
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
