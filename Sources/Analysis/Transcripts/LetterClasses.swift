import Foundation

/// Letters as classes of sounds: comparable with a recording without knowing its language.
///
/// Other scripts are transliterated to Latin letters first (ICU's transliteration). The rules are those of English
/// spelling where languages differ; errors cost evidence, not correctness.
public enum LetterClasses {
    /// Silence, open, front and back vowels, sibilants, weak fricatives, stops, nasals, liquids.
    public static let names: [Character] = ["-", "A", "E", "O", "S", "F", "P", "N", "L"]
    public static let count = 9

    private static let letters: [Character: UInt8] = {
        var result: [Character: UInt8] = [:]
        for (name, members) in [
            "A": "a", "E": "eiyj", "O": "ou", "S": "szx", "F": "fvh", "P": "ptkbdgqc", "N": "mn", "L": "lrw",
        ] {
            for letter in members { result[letter] = UInt8(names.firstIndex(of: Character(name)) ?? 0) }
        }
        return result
    }()
    /// Names of single letters.
    private static let spelt: [Character: String] = [
        "a": "E", "b": "PE", "c": "SE", "d": "PE", "e": "E", "f": "EF", "g": "SE", "h": "EPS", "i": "AE", "j": "SE",
        "k": "PE", "l": "EL",
        "m": "EN", "n": "EN", "o": "O", "p": "PE", "q": "PEO", "r": "AL", "s": "ES", "t": "PE", "u": "EO", "v": "FE",
        "w": "POLEO", "x": "EPS",
        "y": "LAE", "z": "SE",
    ]
    private static let digits = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]

    static func hasLetters(_ text: String) -> Bool {
        // Remarks such as [music] or (laughs) are not spoken.
        spoken(text).unicodeScalars.contains { $0.properties.isAlphabetic || $0.properties.numericType != nil }
    }

    /// The text without what is not spoken: remarks in brackets, musical signs, and speaker names.
    static func spoken(_ text: String) -> String {
        guard text.contains(where: { "[({<♪♫*#:>＞（［【〔：-".contains($0) }) else { return text }
        return text.split(whereSeparator: \.isNewline).map { line(String($0)) }.joined(separator: "\n")
    }

    private static func line(_ text: String) -> String {
        var result = ""
        var depth = 0
        for character in text {
            if "[({<（［【〔".contains(character) {
                depth += 1
            } else if "])}）］】〕".contains(character) || character == ">" && depth > 0 {
                depth = max(0, depth - 1)
            } else if depth == 0, !"♪♫*#>＞".contains(character) {
                result.append(character)
            }
        }
        // "BOB:", "- Mary Ann:": capitals, or up to three words that begin with one, before a colon at the beginning.
        guard let colon = result.firstIndex(where: { $0 == ":" || $0 == "：" }) else { return result }
        let label = result[..<colon].filter { $0 != "-" && $0 != "–" && $0 != "—" }
        let words = label.split(whereSeparator: \.isWhitespace)
        let isName =
            (1...3).contains(words.count) && label.count <= 30
            && words.allSatisfy { word in
                word.allSatisfy { $0.isLetter || $0.isNumber || ".'’#".contains($0) }
                    && (word.first?.isUppercase == true || word.allSatisfy(\.isNumber))
            }
        let isLabel = isName && (words.count == 1 || words.allSatisfy { !$0.contains(where: \.isLowercase) })
        let isNamed = isName && words.count <= 2 && result[result.index(after: colon)...].first?.isWhitespace == true
        return isLabel || isNamed ? String(result[result.index(after: colon)...]) : result
    }

    /// The classes of each word of a text, in order; words without any are omitted.
    public static func words(of text: String) -> [[UInt8]] {
        var latin = spoken(text)
        if latin.unicodeScalars.contains(where: { $0.value > 0x24F && $0.properties.isAlphabetic }) {
            latin = latin.applyingTransform(.toLatin, reverse: false) ?? latin
        }
        // Letters that are not others with a diacritic.
        for (letter, plain) in ["ø": "o", "æ": "e", "œ": "o", "ß": "s", "ð": "th", "þ": "th", "ł": "l", "ı": "i"] {
            latin = latin.replacingOccurrences(of: letter, with: plain, options: .caseInsensitive)
        }
        if !latin.allSatisfy(\.isASCII) { latin = latin.folding(options: .diacriticInsensitive, locale: nil) }
        var result: [[UInt8]] = []
        for part in latin.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "'" && $0 != "’" })
        {
            let word = part.filter { $0 != "'" && $0 != "’" }
            if word.allSatisfy(\.isNumber) {
                for digit in word {
                    if let value = digit.wholeNumberValue, value < 10 { result.append(classes(Array(digits[value]))) }
                }
            } else {
                let found = classes(Array(word))
                if !found.isEmpty { result.append(found) }
            }
        }
        return result
    }

    private static func classes(_ word: [Character]) -> [UInt8] {
        func code(_ name: Character) -> UInt8 { UInt8(names.firstIndex(of: name) ?? 0) }
        if word.count == 1, let name = spelt[word[0]] { return name.map(code) }
        var result: [UInt8] = []
        var index = 0
        var hasVowel = false
        while index < word.count {
            let letter = word[index]
            let next = index + 1 < word.count ? word[index + 1] : nil
            switch (letter, next) {
            case ("s", "h"), ("c", "h"): result.append(code("S"))
            case ("t", "h"), ("p", "h"): result.append(code("F"))
            case ("c", "k"): result.append(code("P"))
            case ("n", "g"): result.append(code("N"))
            case ("g", "h"): break
            default:
                index += 1
                // A doubled letter is one sound.
                if letter == next { continue }
                if letter == "e", next == nil, index >= 3, hasVowel { continue }
                if letter == "c", let next, "eiy".contains(next) {
                    result.append(code("S"))
                } else if let known = letters[letter] {
                    result.append(known)
                    if (1...3).contains(known) { hasVowel = true }
                }
                continue
            }
            index += 2
        }
        return result
    }
}
