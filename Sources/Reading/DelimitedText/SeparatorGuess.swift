/// Guesses the separator of a text.
package enum SeparatorGuess {
    /// The first non-blank lines that are not comments (`#`).
    ///
    /// - Parameters:
    ///   - bytes: maximum number of bytes to analyse.
    ///   - cutsLast: whether to omit the last line if it may be incomplete, unless there are only two.
    package static func lines(
        of text: ArraySlice<UInt8>, within bytes: Int, atMost count: Int, cutsLast: Bool = false
    ) -> [ArraySlice<UInt8>] {
        let head = text.prefix(bytes)
        var lines = head.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).filter { $0.first != UInt8(ascii: "#") }
        if cutsLast, lines.count > 2, head.count < text.count { lines.removeLast() }
        return Array(lines.prefix(count))
    }

    /// The first candidate that is in all lines, with or without quotes; nil: none, or no lines.
    package static func heldByAll(_ lines: [ArraySlice<UInt8>], of candidates: [UInt8]) -> UInt8? {
        lines.isEmpty ? nil : candidates.first { sign in lines.allSatisfy { $0.contains(sign) } }
    }

    /// The candidate that splits the first line into most fields; of equal ones the one that does so most often in the
    /// others. Quoted text is ignored; nil: the first line has none.
    package static func mostFields(_ lines: [ArraySlice<UInt8>], of candidates: [UInt8]) -> UInt8? {
        let scores = candidates.map { sign -> (sign: UInt8, score: Int) in
            let counts = lines.map { line -> Int in
                var isInside = false
                var count = 0
                for byte in line {
                    if byte == QuotedText.quote { isInside.toggle() } else if byte == sign, !isInside { count += 1 }
                }
                return count
            }
            guard let first = counts.first, first > 0 else { return (sign, 0) }
            return (sign, first * 100 + counts.count { $0 == first })
        }
        return scores.max { $0.score < $1.score }.flatMap { $0.score > 0 ? $0.sign : nil }
    }
}
