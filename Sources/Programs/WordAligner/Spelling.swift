/// Approximate pronunciations, by spelling, of English words that the dictionary lacks.
enum Spelling {
    private static let pieces: [(String, String)] = [
        ("tion", "SH AH N"), ("sion", "ZH AH N"), ("ough", "OW"), ("augh", "AO"), ("eigh", "EY"), ("igh", "AY"),
        ("tch", "CH"), ("sch", "SH"), ("ch", "CH"),
        ("sh", "SH"), ("th", "TH"), ("ph", "F"), ("wh", "W"), ("gh", "G"), ("ck", "K"), ("ng", "NG"), ("qu", "K W"),
        ("kn", "N"), ("wr", "R"), ("ee", "IY"),
        ("ea", "IY"), ("oo", "UW"), ("ou", "AW"), ("ow", "OW"), ("ai", "EY"), ("ay", "EY"), ("oi", "OY"), ("oy", "OY"),
        ("au", "AO"), ("aw", "AO"),
        ("er", "ER"), ("ir", "ER"), ("ur", "ER"), ("ar", "AA R"), ("or", "AO R"), ("ie", "IY"), ("ei", "EY"),
        ("ce", "S"), ("ci", "S IH"), ("a", "AE"),
        ("b", "B"), ("c", "K"), ("d", "D"), ("e", "EH"), ("f", "F"), ("g", "G"), ("h", "HH"), ("i", "IH"), ("j", "JH"),
        ("k", "K"), ("l", "L"), ("m", "M"),
        ("n", "N"), ("o", "AA"), ("p", "P"), ("q", "K"), ("r", "R"), ("s", "S"), ("t", "T"), ("u", "AH"), ("v", "V"),
        ("w", "W"), ("x", "K S"), ("y", "IY"),
        ("z", "Z"),
    ]
    private static let digits = [
        "Z IH R OW", "W AH N", "T UW", "TH R IY", "F AO R", "F AY V", "S IH K S", "S EH V AH N", "EY T", "N AY N",
    ]

    /// Phones separated by spaces; nil if the word has non-English letters.
    static func pronunciation(_ word: String) -> String? {
        var rest = Substring(word.filter { $0 != "'" })
        // A final e is silent.
        if rest.count > 3, rest.hasSuffix("e"), !rest.hasSuffix("ee") { rest.removeLast() }
        var phones: [String] = []
        while let letter = rest.first {
            if let digit = letter.wholeNumberValue, letter.isASCII {
                phones.append(digits[digit])
                rest.removeFirst()
            } else if let piece = pieces.first(where: { rest.hasPrefix($0.0) }) {
                // Doubled consonants count once.
                if phones.last != piece.1 { phones.append(piece.1) }
                rest.removeFirst(piece.0.count)
            } else {
                return nil
            }
        }
        return phones.isEmpty ? nil : phones.joined(separator: " ")
    }
}
