import Foundation

/// Quotes words of commands for POSIX shells (sh, dash, bash, zsh).
public enum ShellWord {
    /// A text as one word, on one line, whatever its content.
    public static func quoted(_ text: String) -> String {
        let plain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-+,=@%".contains($0)) }
        if plain, !text.isEmpty { return text }
        guard text.printable != text else { return "'" + text.replacing("'", with: "'\\''") + "'" }
        // Newlines and the like, as printf escapes: the only way that works in every shell.
        let escaped = text.utf8.map { byte -> String in
            switch byte {
            case UInt8(ascii: "%"): return "%%"
            case 0x20..<0x7F where byte != UInt8(ascii: "'") && byte != UInt8(ascii: "\\"):
                return String(UnicodeScalar(byte))
            default:
                let octal = String(byte, radix: 8)
                return "\\" + String(repeating: "0", count: 3 - octal.count) + octal
            }
        }
        return "\"$(printf '" + escaped.joined() + "')\""
    }

    /// A path as an argument of Genlock and most programs, never read as an option.
    public static func path(_ path: String) -> String { quoted(path.hasPrefix("-") ? "./" + path : path) }

    /// A path as an argument of FFmpeg, which reads a prefix with a colon as a protocol.
    public static func media(_ path: String) -> String {
        quoted(path.hasPrefix("-") || path.contains(":") ? "file:" + path : path)
    }

    /// The name of a derived file beside another: `take3.mov` becomes `take3.fixed.mov`.
    ///
    /// - Parameter ending: the new file's extension; nil: the same.
    public static func fixed(_ path: String, ending: Substring? = nil) -> String {
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let name = path[slash...]
        let dot = name.dropFirst().lastIndex(of: ".") ?? name.endIndex
        let own = name[dot...].dropFirst()
        let new = ending ?? own
        return path[..<slash] + name[..<dot] + ".fixed" + (new.isEmpty ? "" : "." + new)
    }

    /// Fills in the FFmpeg commands of a sentence: `IN` stands for this file and `OUT` for one beside it.
    public static func filled(_ text: String, for path: String) -> String {
        guard let start = text.range(of: "ffmpeg ") else { return text }
        let words = text[start.lowerBound...].split(separator: " ", omittingEmptySubsequences: false).map { word in
            if word == "IN" { return media(path) }
            if word == "OUT" { return media(fixed(path)) }
            return word.hasPrefix("OUT.") ? media(fixed(path, ending: word.dropFirst(4))) : String(word)
        }
        return text[..<start.lowerBound] + words.joined(separator: " ")
    }
}
