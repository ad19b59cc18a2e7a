import Foundation

/// The words of a timed text in order, folded so that spellings of one word are equal, each with its time.
struct TextTokens {
    struct Token {
        /// The same number for the same word in both texts.
        let word: Int
        let cue: Int
        /// Its time in seconds: of a word inside a cue, by its share of the letters.
        let start: Double
        let end: Double
        /// Whether it begins (ends) the cue, whose time is stated.
        let isFirst: Bool
        let isLast: Bool
    }

    let tokens: [Token]
    /// As written, by token.
    let spelling: [String]

    /// Numbers of words, common to the compared texts.
    struct Vocabulary {
        private var numbers: [String: Int] = [:]

        mutating func number(_ word: String) -> Int {
            if let known = numbers[word] { return known }
            numbers[word] = numbers.count
            return numbers.count - 1
        }
    }

    init(_ items: [TranscriptText.Item], _ vocabulary: inout Vocabulary) {
        var tokens: [Token] = []
        var spelling: [String] = []
        for (cue, item) in items.enumerated() {
            let words = TextTokens.words(item.text)
            let letters = Double(max(1, words.reduce(0) { $0 + $1.count }))
            var before = 0.0
            for (place, word) in words.enumerated() {
                let after = before + Double(word.count)
                tokens.append(
                    Token(
                        word: vocabulary.number(TextTokens.folded(word)), cue: cue,
                        start: item.start + item.length * before / letters,
                        end: item.start + item.length * after / letters, isFirst: place == 0,
                        isLast: place == words.count - 1))
                spelling.append(word)
                before = after
            }
        }
        self.tokens = tokens
        self.spelling = spelling
    }

    /// Words between spaces; in scripts without spaces each character. Text in brackets is a remark, such as a speaker
    /// or a sound.
    static func words(_ text: String) -> [String] {
        var result: [String] = []
        var word = ""
        var depth = 0
        func finish() {
            if !word.isEmpty { result.append(word) }
            word = ""
        }
        for character in text {
            switch character {
            case "[", "(", "（", "【": depth += 1
            case "]", ")", "）", "】": depth = max(0, depth - 1)
            default:
                guard depth == 0 else { continue }
                if TextTokens.standsAlone(character) {
                    finish()
                    result.append(String(character))
                } else if character.isLetter || character.isNumber {
                    word.append(character)
                } else if character != "'", character != "’" {
                    finish()
                }
                continue
            }
            finish()
        }
        finish()
        return result
    }

    private static func standsAlone(_ character: Character) -> Bool {
        guard let scalar = character.unicodeScalars.first else { return false }
        switch scalar.value {
        // Thai, Lao, Khmer, Myanmar; kana; Chinese characters.
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x3400...0x9FFF, 0x20000...0x2FFFF:
            return character.isLetter
        default: return false
        }
    }

    static func folded(_ word: String) -> String {
        word.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
    }
}
