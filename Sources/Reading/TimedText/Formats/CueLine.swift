/// The line `start --> end` of SubRip and WebVTT.
struct CueLine {
    let start: WrittenTime
    let end: WrittenTime

    /// - Returns: nil where the line is none, or a broken one.
    init?(_ source: EncodedText, _ line: Range<Int>) {
        guard let arrow = source.find("-->", in: line) else { return nil }
        let before = source.trimmed(line.lowerBound..<arrow)
        let after = source.trimmed(arrow + 3..<line.upperBound)
        guard let start = source.clock(at: before.lowerBound, before: before.upperBound),
            start.range.upperBound == before.upperBound,
            let end = source.clock(at: after.lowerBound, before: after.upperBound),
            end.range.upperBound == after.upperBound || source.utf8[end.range.upperBound].isBlank
        else { return nil }
        self.start = start
        self.end = end
    }
}

/// Markup of cues taken away.
enum CueText {
    /// Without tags such as `<i>`, `<c.loud>`, `<00:01.000>`, and `{\an8}`; character references are resolved.
    static func plain(_ raw: String) -> String {
        guard raw.contains(where: { "<{&".contains($0) }) else { return trimmed(raw) }
        var result = ""
        var rest = raw[...]
        while let first = rest.first {
            if first == "<", let close = rest.firstIndex(of: ">"),
                rest.dropFirst().first.map({ $0.isLetter || $0.isNumber || "/!?".contains($0) }) ?? false
            {
                rest = rest[rest.index(after: close)...]
            } else if first == "{", rest.dropFirst().first == "\\", let close = rest.firstIndex(of: "}") {
                rest = rest[rest.index(after: close)...]
            } else {
                result.append(first)
                rest = rest.dropFirst()
            }
        }
        return trimmed(result.contains("&") ? XMLScanner.resolved(result) : result)
    }

    private static func trimmed(_ text: String) -> String {
        let blank = text.drop { $0.isWhitespace }
        guard let last = blank.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(blank[...last])
    }
}
