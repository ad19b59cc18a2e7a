import Foundation

/// Language codes as declared by files: ISO 639-1 (`de`), 639-2 (`deu`, `ger`), BCP 47 (`de-AT`).
package enum LanguageCode {
    /// Bibliographic codes of ISO 639-2, which differ from the terminological ones.
    private static let bibliographic = [
        "alb": "sqi", "arm": "hye", "baq": "eus", "bur": "mya", "chi": "zho", "cze": "ces", "dut": "nld", "fre": "fra",
        "geo": "kat", "ger": "deu", "gre": "ell", "ice": "isl", "mac": "mkd", "mao": "mri", "may": "msa", "per": "fas",
        "rum": "ron", "slo": "slk", "tib": "bod", "wel": "cym",
    ]

    /// Whether two codes are the same language; an undeclared one equals none.
    static func isSame(_ one: String?, _ other: String?) -> Bool {
        guard let one = one.flatMap(canonical), let other = other.flatMap(canonical) else { return false }
        return one == other
    }

    /// Normalises a tag: `en` and `eng` become equal, `pt-BR` and `pt-PT` stay different.
    package static func normalised(_ tag: String) -> String {
        let rest = tag.lowercased().split { $0 == "-" || $0 == "_" }.dropFirst()
        return ([canonical(tag) ?? tag.lowercased()] + rest.map(String.init)).joined(separator: "-")
    }

    private static func canonical(_ code: String) -> String? {
        let primary = code.lowercased().split { $0 == "-" || $0 == "_" }.first.map(String.init) ?? ""
        guard !primary.isEmpty, primary != "und" else { return nil }
        let known = bibliographic[primary] ?? primary
        return Locale.LanguageCode(known).identifier(.alpha3) ?? known
    }
}
