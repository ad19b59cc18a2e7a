/// The words of a text as they are spoken.
public enum WordTokens {
    /// Words between blanks; remarks in brackets, musical signs, and tokens without a letter or digit are omitted.
    public static func words(of text: String) -> [String] {
        var spoken = ""
        var depth = 0
        for character in text {
            if "[({<".contains(character) {
                depth += 1
            } else if "])}>".contains(character) {
                depth = max(0, depth - 1)
            } else if depth == 0 {
                spoken.append("♪♫*#".contains(character) ? " " : character)
            }
        }
        return spoken.split(whereSeparator: \.isWhitespace).map(String.init).filter {
            $0.contains { $0.isLetter || $0.isNumber }
        }
    }
}
