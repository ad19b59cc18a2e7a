/// The line `start --> end` of SubRip and WebVTT.
struct CueLine {
    let start: WrittenTime
    let end: WrittenTime

    /// - Parameter timecode: how the last numbers of its times are read, if they are frames.
    /// - Returns: nil if the line is not a cue line, or invalid.
    init?(_ source: EncodedText, _ line: Range<Int>, _ timecode: TimecodeRate? = nil) {
        guard let arrow = CueArrow.find(source, line) else { return nil }
        let before = source.trimmed(line.lowerBound..<arrow.lowerBound)
        let after = source.trimmed(arrow.upperBound..<line.upperBound)
        /// A time, with blanks around its marks if it cannot be read without.
        func time(_ range: Range<Int>, fills: Bool) -> WrittenTime? {
            for isSpaced in [false, true] {
                if let time = source.clock(
                    at: range.lowerBound, before: range.upperBound, frameRate: timecode?.rate,
                    counting: timecode?.counting, isSpaced: isSpaced),
                    time.range.upperBound == range.upperBound || !fills && source.utf8[time.range.upperBound].isBlank,
                    !isSpaced || CueArrow.isFull(time)
                {
                    return time
                }
            }
            return nil
        }
        guard let start = time(before, fills: true), let end = time(after, fills: false) else { return nil }
        self.start = start
        self.end = end
    }
}

/// The separator between the two times of a cue.
enum CueArrow {
    /// Characters used by people and programs instead of `-->`.
    private static let signs = Set("-‐‑‒–—―−－→⇒>＞=~".unicodeScalars)
    private static let heads = Set("→⇒>＞".unicodeScalars)

    /// `-->`; else another arrow or a dash between two full times, with nothing more on the left.
    static func find(_ source: EncodedText, _ line: Range<Int>) -> Range<Int>? {
        if let place = source.find("-->", in: line) {
            // A longer arrow is accepted.
            let low = (line.lowerBound..<place).last { source.utf8[$0] != UInt8(ascii: "-") }.map { $0 + 1 }
            return (low ?? place)..<place + 3
        }
        let range = source.trimmed(line)
        for isSpaced in [false, true] {
            guard let first = source.clock(at: range.lowerBound, before: range.upperBound, isSpaced: isSpaced),
                isFull(first)
            else { continue }
            var next = first.range.upperBound
            while next < range.upperBound, !source.utf8[next].isDigit { next += 1 }
            let between = source.string(first.range.upperBound..<next).replacing("&gt;", with: ">")
                .unicodeScalars.filter { !$0.properties.isWhitespace }
            // YouTube's SBV and SubViewer use a comma.
            guard !between.isEmpty, between.count <= 6, between.allSatisfy(signs.contains) || String(between) == ",",
                let second = source.clock(at: next, before: range.upperBound, isSpaced: isSpaced), isFull(second),
                between.contains(where: heads.contains) || hasDecimals(first) && hasDecimals(second)
            else { continue }
            return first.range.upperBound..<next
        }
        return nil
    }

    /// Whether a line at the start has two full times with an arrow or a comma in between.
    static func hasCue(_ source: EncodedText) -> Bool {
        source.lines().prefix(60).contains { CueLine(source, $0.range) != nil }
    }

    /// Whether it has hours: times within text, such as `12:30`, do not.
    static func isFull(_ time: WrittenTime) -> Bool {
        switch time.style {
        case .clock(let hourDigits, _, _, _), .clockMilliseconds(let hourDigits, _, _, _, _): hourDigits > 0
        case .clockFrames: true
        default: false
        }
    }

    private static func hasDecimals(_ time: WrittenTime) -> Bool {
        if case .clock(_, _, _, 0) = time.style { return false }
        return true
    }
}

/// Removes the markup of cues.
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
