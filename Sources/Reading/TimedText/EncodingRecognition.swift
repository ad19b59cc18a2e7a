/// Which encoding a file of text is in, told from its bytes.
enum EncodingRecognition {
    /// How much of a file is looked at.
    private static let sample = 65_536

    /// A mark decides; then what is valid UTF-8 is UTF-8, zeros betray UTF-16, and of the others the most plausible
    /// reading wins.
    static func encoding(of bytes: [UInt8]) -> TextEncoding {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return .utf8Marked }
        if bytes.starts(with: [0xFF, 0xFE]) { return .utf16Little }
        if bytes.starts(with: [0xFE, 0xFF]) { return .utf16Big }
        let head = Array(bytes.prefix(sample))
        if let wide = wideEncoding(head) { return wide }
        if bytes.isValidUTF8 { return .utf8 }
        // A damaged byte or two in what is else UTF-8 does not make it another encoding.
        if isMostlyUTF8(bytes) { return .utf8 }
        let wide = [TextEncoding.shiftJIS, .gb18030, .big5].map { ($0, doubleByteScore(head, $0)) }
        if let best = wide.max(by: { $0.1 < $1.1 }), best.1 > 0.75 { return best.0 }
        return singleByteEncoding(head)
    }

    /// Texts of these formats are half ASCII at least: in UTF-16 half of their bytes are zero, on one side.
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

    /// The share of characters beyond ASCII that are valid and common in the languages of a double-byte encoding.
    private static func doubleByteScore(_ head: [UInt8], _ encoding: TextEncoding) -> Double {
        var (common, all, index) = (0.0, 0.0, 0)
        while index < head.count {
            let length = encoding.unitLength(head, at: index)
            defer { index += length }
            let lead = head[index]
            guard lead >= 0x80 else { continue }
            // A character cut off by the end of the sample says nothing.
            if index + 1 >= head.count { break }
            all += Double(length)
            guard length >= 2 else {
                // Half-width katakana are rare in Shift-JIS; single bytes are no characters in the others.
                if encoding == .shiftJIS, (0xA1...0xDF).contains(lead) { common += 0.2 }
                continue
            }
            let trail = head[index + 1]
            let isCommon: Bool
            switch encoding {
            // Kana and punctuation, kanji of level 1.
            case .shiftJIS: isCommon = (0x81...0x83).contains(lead) || (0x88...0x97).contains(lead)
            // GB 2312: punctuation, full-width forms, hanzi of level 1; its trail bytes have the high bit.
            case .gb18030: isCommon = trail >= 0xA1 && (lead == 0xA1 || lead == 0xA3 || (0xB0...0xD7).contains(lead))
            // Punctuation and hanzi of level 1.
            default: isCommon = (0xA1...0xC6).contains(lead) && ((0x40...0x7E).contains(trail) || trail >= 0xA1)
            }
            if isCommon { common += encoding == .big5 ? bigFiveWeight(trail) : 2 }
        }
        // Few characters of this kind among ASCII are accents of a western text.
        return all >= 8 ? common / all : 0
    }

    /// Where every trail byte has its high bit GB 18030 is likelier than Big5, whose trail bytes are below it in a
    /// third of the cases.
    private static func bigFiveWeight(_ trail: UInt8) -> Double { trail >= 0xA1 ? 1.85 : 2.1 }

    private static let commonLetters: [(TextEncoding, String)] = [
        (.windows1252, "äöüßéèêëàâçùûôîïñóíáúãõåæøœÄÖÜÉÀÇÅØÆÑ«»¡¿„“”‘’–—…°§"),
        (.windows1250, "ąćęłńóśźżáčďéěíňřšťúůýžöüőűâîşţäđôĺľŁŚŻŽŠČŘÁÉ„“”’–…"),
        (.windows1251, "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўђљњћџАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЭЮЯ«»„“”–—…№"),
        (.windows1253, "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌ«»–…"),
        (.windows1254, "ğışİçöüâîŞĞÇÖÜ“”’–…"),
        (.windows1255, "אבגדהוזחטיךכלםמןנסעףפץצקרשת–…"),
        (.windows1256, "ابتثجحخدذرزسشصضطظعغفقكلمنهوىيءآأإئؤةپچژگک،؟–…"),
        (.windows1257, "āčēģīķļņšūžąęėįųõäöüŠŽČ„“”–…"),
        (.windows1258, "ăâđêôơưàảãáạĂÂĐÊÔƠƯ\u{300}\u{301}\u{303}\u{309}\u{323}"),
    ]

    private static func singleByteEncoding(_ head: [UInt8]) -> TextEncoding {
        var best = (TextEncoding.windows1252, -Double.infinity)
        // Hebrew has neither capitals (0xC0...0xDF) nor the letters at the end of the Cyrillic and Greek tables.
        let letters = head.filter { $0 >= 0xC0 }
        let isOnlyHebrew = letters.count >= 15 && letters.allSatisfy { (0xE0...0xFA).contains($0) }
        for (encoding, usual) in commonLetters {
            guard let converter = CharacterConverter(from: encoding) else { continue }
            let common = Set(usual.unicodeScalars)
            var score =
                isOnlyHebrew && (encoding == .windows1251 || encoding == .windows1253) ? -Double(letters.count) : 0
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
                // A capital within a word, or a symbol glued to letters, is rare.
                if let previous, previous.properties.isAlphabetic {
                    if previous.properties.isLowercase && scalar.properties.isUppercase { score -= 1 }
                    if !isLetter, "¤¦§¨©ª«¬®¯°±²³µ¶·¸¹º¼½¾×÷".unicodeScalars.contains(scalar) { score -= 0.5 }
                    // Latin letters do not stand beside others in one word.
                    if previous.isASCII, isLetter, scalar.value >= 0x370, scalar.value < 0x1E00 { score -= 1.5 }
                }
                previous = scalar
            }
            if score > best.1 + 1e-9 { best = (encoding, score) }
        }
        return best.0
    }
}
