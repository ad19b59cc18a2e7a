/// Recognises a text file's encoding from its bytes.
enum EncodingRecognition {
    /// Bytes analysed.
    private static let sample = 65_536

    /// A BOM decides; then valid UTF-8 is UTF-8, zeros indicate UTF-16, and of the others the most plausible one wins.
    static func encoding(of bytes: [UInt8]) -> TextEncoding {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return .utf8Marked }
        if bytes.starts(with: [0xFF, 0xFE]) { return .utf16Little }
        if bytes.starts(with: [0xFE, 0xFF]) { return .utf16Big }
        let head = Array(bytes.prefix(sample))
        if let wide = wideEncoding(head) { return wide }
        if bytes.isValidUTF8 { return .utf8 }
        // One or two damaged bytes do not make UTF-8 another encoding.
        if isMostlyUTF8(bytes) { return .utf8 }
        if looksThai(head) { return .windows874 }
        if isOfLetters(head) { return singleByteEncoding(head) }
        let wide = [TextEncoding.shiftJIS, .gb18030, .big5, .eucJP, .eucKR].map { ($0, doubleByteScore(head, $0)) }
        if let best = wide.max(by: { $0.1 < $1.1 }), best.1 > 0.75 { return best.0 }
        return singleByteEncoding(head)
    }

    /// Seven-bit encodings look like ASCII except for escapes to other characters (ISO 2022).
    ///
    /// - Returns: the name of one; nil: no such escapes.
    static func escapedEncoding(of bytes: [UInt8]) -> String? {
        guard let escape = bytes.prefix(sample).firstIndex(of: 0x1B), escape + 2 < bytes.count else { return nil }
        switch (bytes[escape + 1], bytes[escape + 2]) {
        case (UInt8(ascii: "$"), UInt8(ascii: "B")), (UInt8(ascii: "$"), UInt8(ascii: "@")): return "ISO-2022-JP"
        case (UInt8(ascii: "$"), UInt8(ascii: ")")):
            return escape + 3 < bytes.count && bytes[escape + 3] == UInt8(ascii: "C") ? "ISO-2022-KR" : "ISO-2022-CN"
        default: return nil
        }
    }

    /// Whether a recognised encoding is only the most plausible one, proved by neither a BOM nor the bytes.
    static func isGuess(_ encoding: TextEncoding, _ bytes: [UInt8]) -> Bool {
        switch encoding {
        case .utf8: !bytes.isValidUTF8
        case .utf16Little: !bytes.starts(with: [0xFF, 0xFE])
        case .utf16Big: !bytes.starts(with: [0xFE, 0xFF])
        case .utf8Marked, .binary: false
        default: true
        }
    }

    /// Texts of these formats are at least half ASCII: in UTF-16 half of their bytes are zero, on one side.
    private static func wideEncoding(_ head: [UInt8]) -> TextEncoding? {
        guard head.count >= 4 else { return nil }
        var zeros = (even: 0, odd: 0)
        for (index, byte) in head.enumerated() where byte == 0 {
            if index % 2 == 0 { zeros.even += 1 } else { zeros.odd += 1 }
        }
        let half = head.count / 2
        if zeros.odd * 5 > half, zeros.even * 20 < half { return .utf16Little }
        if zeros.even * 5 > half, zeros.odd * 20 < half { return .utf16Big }
        return nil
    }

    private static func isMostlyUTF8(_ bytes: [UInt8]) -> Bool {
        var (good, bad, index) = (0, 0, 0)
        while index < bytes.count {
            let length = bytes.utf8Length(at: index)
            if length > 1 { good += 1 }
            if length == 0 { bad += 1 }
            index += max(1, length)
        }
        return good > 4 * bad
    }

    /// The share of non-ASCII characters that are valid and common in the languages of a double-byte encoding.
    private static func doubleByteScore(_ head: [UInt8], _ encoding: TextEncoding) -> Double {
        var (common, all, index) = (0.0, 0.0, 0)
        while index < head.count {
            let length = encoding.unitLength(head, at: index)
            defer { index += length }
            let lead = head[index]
            guard lead >= 0x80 else { continue }
            // A character truncated at the end of the sample is ignored.
            if index + 1 >= head.count { break }
            all += Double(length)
            guard length >= 2 else {
                // Half-width katakana are rare in Shift-JIS; in the others single bytes are invalid, and many of them
                // indicate a single-byte text whose bytes pair by chance.
                common += encoding == .shiftJIS && (0xA1...0xDF).contains(lead) ? 0.2 : -2
                continue
            }
            let trail = head[index + 1]
            let isCommon: Bool
            switch encoding {
            // Kana and punctuation, level 1 kanji.
            case .shiftJIS: isCommon = (0x81...0x83).contains(lead) || (0x88...0x97).contains(lead)
            // GB 2312: punctuation, full-width forms, level 1 hanzi; its trail bytes have the high bit.
            case .gb18030: isCommon = trail >= 0xA1 && (lead == 0xA1 || lead == 0xA3 || (0xB0...0xD7).contains(lead))
            // Punctuation, full-width forms, kana and level 1 kanji.
            case .eucJP:
                isCommon =
                    length == 2 && trail >= 0xA1
                    && ([0xA1, 0xA3].contains(lead) || (0xA4...0xA5).contains(lead) || (0xB0...0xCF).contains(lead))
            // Punctuation, full-width forms, syllables of KS X 1001.
            case .eucKR:
                isCommon = trail >= 0xA1 && (lead == 0xA1 || lead == 0xA3 || (0xB0...0xC8).contains(lead))
            // Punctuation and level 1 hanzi.
            default: isCommon = (0xA1...0xC6).contains(lead) && ((0x40...0x7E).contains(trail) || trail >= 0xA1)
            }
            if isCommon { common += weight(of: lead, trail, encoding) }
        }
        // A few such characters among ASCII are accents of a Western text.
        return all >= 8 ? common / all : 0
    }

    /// Weight of a character that is common in several encodings; usually 2.
    ///
    /// If every trail byte has its high bit, GB 18030 is likelier than Big5, whose trail bytes are below it in a third
    /// of the cases. Korean syllables are in the first half of the level 1 hanzi, of which Chinese uses both; half of a
    /// Japanese text is kana.
    private static func weight(of lead: UInt8, _ trail: UInt8, _ encoding: TextEncoding) -> Double {
        switch encoding {
        case .big5: trail >= 0xA1 ? 1.85 : 2.1
        case .eucKR: 2.1
        case .eucJP: (0xA4...0xA5).contains(lead) ? 2.2 : 1.9
        default: 2
        }
    }

    /// Whether nearly all non-ASCII bytes are in the letter range of single-byte tables, from 0xC0 on; of pairs a third
    /// are below.
    private static func isOfLetters(_ head: [UInt8]) -> Bool {
        let high = head.filter { $0 >= 0x80 }
        return high.count >= 16 && high.count { $0 >= 0xC0 } * 20 >= high.count * 19
    }

    /// Whether vowels and tones are only where Thai has them (ISO 8859-11): after a consonant or each other, and
    /// equally at the first and second position of pairs, unlike in Korean.
    private static func looksThai(_ head: [UInt8]) -> Bool {
        var (consonants, marks, misplaced, others, firsts, run) = (0, 0, 0, 0, 0, 0)
        for (index, byte) in head.enumerated() {
            guard byte >= 0x80 else {
                run = 0
                continue
            }
            let previous = index > 0 ? head[index - 1] : 0
            switch byte {
            case 0xA1...0xCE: consonants += 1
            // Vowels above and below, and tones.
            case 0xD1, 0xD4...0xDA, 0xE7...0xEE:
                marks += 1
                if run % 2 == 0 { firsts += 1 }
                if !(0xA1...0xCE).contains(previous), previous != 0xD1, !(0xD4...0xDA).contains(previous),
                    !(0xE7...0xEE).contains(previous)
                {
                    misplaced += 1
                }
            // Inline vowels, digits, signs, and Windows' additional punctuation.
            case 0xCF, 0xD0, 0xD2, 0xD3, 0xDF...0xE6, 0xEF...0xFB, 0xA0, 0x85, 0x91...0x97: break
            default: others += 1
            }
            run += 1
        }
        return consonants >= 8 && marks * 12 >= consonants && misplaced * 30 <= marks && others * 100 <= consonants
            && firsts * 6 >= marks
    }

    private static let cyrillic: Set<TextEncoding> = [.windows1251, .koi8R, .koi8U, .cp866]

    private static let commonLetters: [(TextEncoding, String)] = [
        (.windows1252, "äöüßéèêëàâçùûôîïñóíáúãõåæøœÄÖÜÉÀÇÅØÆÑ«»¡¿„“”‘’–—…°§"),
        (.windows1250, "ąćęłńóśźżáčďéěíňřšťúůýžöüőűâîşţäđôĺľŁŚŻŽŠČŘÁÉ„“”’–…"),
        (.windows1251, "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўђљњћџАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ«»„“”–—…№"),
        (.koi8R, "абвгдежзийклмнопрстуфхцчшщъыьэюяёАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ"),
        (.koi8U, "абвгдежзийклмнопрстуфхцчшщьюяіїєґАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЮЯІЇЄҐ"),
        (.cp866, "абвгдежзийклмнопрстуфхцчшщъыьэюяёАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ№"),
        (.windows1253, "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌ«»–…"),
        (.windows1254, "ğışİçöüâîŞĞÇÖÜ“”’–…"),
        (.windows1255, "אבגדהוזחטיךכלםמןנסעףפץצקרשת–…"),
        (.windows1256, "ابتثجحخدذرزسشصضطظعغفقكلمنهوىيءآأإئؤةپچژگک،؟–…"),
        (.windows1257, "āčēģīķļņšūžąęėįųõäöüŠŽČ„“”–…"),
        (.windows1258, "ăâđêôơưàảãáạĂÂĐÊÔƠƯ\u{300}\u{301}\u{303}\u{309}\u{323}"),
    ]

    private static func singleByteEncoding(_ head: [UInt8]) -> TextEncoding {
        var best = (TextEncoding.windows1252, -Double.infinity)
        var cyrillic = best
        // Hebrew has neither capitals (0xC0...0xDF) nor the last letters of the Cyrillic and Greek tables.
        let letters = head.filter { $0 >= 0xC0 }
        let isOnlyHebrew = letters.count >= 15 && letters.allSatisfy { (0xE0...0xFA).contains($0) }
        for (encoding, usual) in commonLetters {
            guard let converter = CharacterConverter(from: encoding) else { continue }
            let isCyrillic = Self.cyrillic.contains(encoding)
            var score = plausibility(of: head, converter, common: Set(usual.unicodeScalars))
            if isOnlyHebrew, isCyrillic || encoding == .windows1253 { score -= Double(letters.count) }
            if score > best.1 + 1e-9 { best = (encoding, score) }
            guard isCyrillic else { continue }
            let frequent = frequentLetters(of: head, converter)
            if score + frequent > cyrillic.1 + 1e-9 { cyrillic = (encoding, score + frequent) }
        }
        // Cyrillic in one encoding is Cyrillic in another: the languages' frequent letters decide.
        return Self.cyrillic.contains(best.0) ? cyrillic.0 : best.0
    }

    /// Number of letters among those that make up half of a Russian, Ukrainian or Bulgarian text; lower case counts
    /// more.
    private static func frequentLetters(of head: [UInt8], _ converter: CharacterConverter) -> Double {
        head.reduce(0) { count, byte in
            guard byte >= 0x80, let text = converter.convert([byte][...]) else { return count }
            let letter = String(decoding: text, as: UTF8.self)
            return count + ("оеаинтсрвл".contains(letter) ? 1 : "ОЕАИНТСРВЛ".contains(letter) ? 0.9 : 0)
        }
    }

    /// High if a decoding gives common letters in natural words.
    private static func plausibility(
        of head: [UInt8], _ converter: CharacterConverter, common: Set<Unicode.Scalar>
    ) -> Double {
        var score = 0.0
        var previous: Unicode.Scalar?
        for byte in head {
            guard byte >= 0x80 else {
                previous = Unicode.Scalar(byte)
                continue
            }
            guard let text = converter.convert([byte][...]),
                let scalar = String(decoding: text, as: UTF8.self).unicodeScalars.first
            else {
                score -= 3
                previous = nil
                continue
            }
            let isLetter = scalar.properties.isAlphabetic
            score += common.contains(scalar) ? 1 : isLetter ? 0.2 : -0.5
            // A capital inside a word, or a symbol next to letters, is rare.
            if let previous, previous.properties.isAlphabetic {
                if previous.properties.isLowercase && scalar.properties.isUppercase { score -= 1 }
                if !isLetter, "¤¦§¨©ª«¬®¯°±²³µ¶·¸¹º¼½¾×÷".unicodeScalars.contains(scalar) { score -= 0.5 }
                // Latin letters are not mixed with others in a word.
                if previous.isASCII, isLetter, scalar.value >= 0x370, scalar.value < 0x1E00 { score -= 1.5 }
            }
            previous = scalar
        }
        return score
    }
}
