import Foundation

/// CHAT of CHILDES and TalkBank (`.cha`): `*CHI:` and the utterance, followed by a bullet of milliseconds, between two
/// bytes 0x15 (shown as `•` by some programs, omitted by others); words with their own times in the line `%wor:`.
enum ChatTranscript {
    static func looksLikeIt(_ start: Substring) -> Bool {
        start.hasPrefix("@UTF8") || start.hasPrefix("@Begin") || start.hasPrefix("@Font:") && start.contains("@Begin")
            || start.hasPrefix("@Window:") && start.contains("@Begin")
    }

    private struct Bullet {
        let start: WrittenTime
        let end: WrittenTime
        /// With its marks.
        let range: Range<Int>
    }

    static func read(_ source: EncodedText) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .chat)
        var speaker = ""
        var isWords = false
        /// The utterance since the last bullet, and its start.
        var pending: [Substring] = []
        var first = 0
        var isRead = false
        for line in source.lines() {
            let range = source.trimmed(line.range)
            guard let head = range.first else { continue }
            var body = range
            switch source.utf8[head] {
            case UInt8(ascii: "@"):
                isRead = false
                let text = source.string(range.lowerBound..<min(range.upperBound, range.lowerBound + 200))
                if builder.language == nil, text.hasPrefix("@Languages:") {
                    builder.language = text.dropFirst(11).split { !$0.isLetter && !$0.isNumber && $0 != "-" }.first
                        .map(String.init)
                }
                continue
            case UInt8(ascii: "*"), UInt8(ascii: "%"):
                guard line.range.lowerBound == head,
                    let colon = range.prefix(40).first(where: { source.utf8[$0] == UInt8(ascii: ":") })
                else {
                    builder.fault(
                        line.number, "no colon after the speaker's name: \(source.string(range).prefix(40))")
                    isRead = false
                    continue
                }
                let name = source.string(head + 1..<colon)
                if source.utf8[head] == UInt8(ascii: "*") {
                    (speaker, isWords, isRead) = (name, false, true)
                } else {
                    (isWords, isRead) = (true, name == "wor")
                }
                pending = []
                first = line.number
                body = colon + 1..<range.upperBound
            default: break
            }
            guard isRead else { continue }
            var place = body.lowerBound
            for bullet in bullets(source, body, into: &builder) {
                pending += source.string(place..<bullet.range.lowerBound).split { $0.isWhitespace }.map {
                    Substring($0)
                }
                place = bullet.range.upperBound
                let raw = pending.joined(separator: " ")
                let text = plain(pending)
                pending = []
                var item = TimedItem(
                    tier: builder.tier(isWords ? "words" : "utterances"), kind: isWords ? .word : .cue, text: text,
                    raw: raw, start: bullet.start.seconds, end: bullet.end.seconds,
                    line: isWords ? line.number : first, speaker: speaker)
                item.isComment = raw.isEmpty
                builder.add(item, from: bullet.start, to: bullet.end)
                first = line.number
            }
            pending += source.string(place..<body.upperBound).split { $0.isWhitespace }.map { Substring($0) }
        }
        if builder.items.isEmpty, builder.faults.isEmpty {
            builder.fault(1, "no utterance has a bullet with its milliseconds: link the transcript to its audio")
        }
        return builder.document()
    }

    // MARK: Bullets

    private static func bullets(_ source: EncodedText, _ range: Range<Int>, into builder: inout DocumentBuilder)
        -> [Bullet]
    {
        var result: [Bullet] = []
        var index = range.lowerBound
        while index < range.upperBound {
            let mark = markLength(source, at: index, before: range.upperBound)
            if mark > 0 {
                guard
                    let close = (index + mark..<range.upperBound).first(where: {
                        markLength(source, at: $0, before: range.upperBound) > 0
                    })
                else {
                    builder.fault(
                        builder.line(at: index),
                        "a bullet is not closed: \(source.string(index + mark..<range.upperBound).prefix(40))")
                    return result
                }
                let inside = index + mark..<close
                index = close + markLength(source, at: close, before: range.upperBound)
                if let (start, end) = times(source, inside) {
                    result.append(Bullet(start: start, end: end, range: inside.lowerBound - mark..<index))
                } else if source.utf8[inside].contains(where: \.isDigit) {
                    builder.fault(
                        builder.line(at: inside.lowerBound),
                        "the bullet cannot be read: \(source.string(inside).prefix(40))")
                }
                continue
            }
            // Copies lose the marks: `1230_4560` between blanks.
            let isStart = index == range.lowerBound || source.utf8[index - 1].isBlank
            if isStart, source.utf8[index].isDigit {
                var end = index
                while end < range.upperBound, source.utf8[end].isDigit || source.utf8[end] == UInt8(ascii: "_") {
                    end += 1
                }
                if end == range.upperBound || source.utf8[end].isBlank, let (start, until) = times(source, index..<end)
                {
                    result.append(Bullet(start: start, end: until, range: index..<end))
                    index = end
                    continue
                }
            }
            index += 1
        }
        return result
    }

    private static func markLength(_ source: EncodedText, at index: Int, before limit: Int) -> Int {
        if source.utf8[index] == 0x15 { return 1 }
        return index + 3 <= limit && source.utf8[index..<index + 3].elementsEqual([0xE2, 0x80, 0xA2]) ? 3 : 0
    }

    /// The last two numbers, separated by underscores: older files have the audio's name before them.
    private static func times(_ source: EncodedText, _ range: Range<Int>) -> (WrittenTime, WrittenTime)? {
        let parts = source.parts(source.trimmed(range), by: UInt8(ascii: "_"))
        guard parts.count >= 2, let start = number(source, parts[parts.count - 2]),
            let end = number(source, parts[parts.count - 1])
        else { return nil }
        return (start, end)
    }

    private static func number(_ source: EncodedText, _ range: Range<Int>) -> WrittenTime? {
        guard !range.isEmpty, range.allSatisfy({ source.utf8[$0].isDigit }) else { return nil }
        return source.number(range, unitSeconds: 0.001)
    }

    // MARK: What is said

    /// The text without CHAT codes: remarks in brackets, pauses, events, omissions.
    private static func plain(_ words: [Substring]) -> String {
        var result: [String] = []
        var depth = 0
        for word in words {
            var kept = ""
            for character in word {
                if character == "[" {
                    depth += 1
                } else if character == "]" {
                    depth = max(0, depth - 1)
                } else if depth == 0 {
                    kept.append(character)
                }
            }
            guard depth == 0 || !kept.isEmpty else { continue }
            kept.removeAll { "<>‹›„‡↑↓⌈⌉⌊⌋".contains($0) }
            if kept.hasPrefix("&=") || kept.hasPrefix("+") || kept.hasPrefix("0") { continue }
            for prefix in ["&-", "&+", "&~", "&*", "&"] where kept.hasPrefix(prefix) {
                kept.removeFirst(prefix.count)
                break
            }
            // Pauses: `(.)`, `(1.5)`; letters in parentheses were not spoken, but belong to the word.
            if kept.hasPrefix("("), kept.hasSuffix(")"),
                kept.dropFirst().dropLast().allSatisfy({ $0.isNumber || ".:".contains($0) })
            {
                continue
            }
            if let at = kept.firstIndex(of: "@"), at > kept.startIndex { kept = String(kept[..<at]) }
            kept.removeAll { "()".contains($0) }
            if ["xxx", "yyy", "www", ""].contains(kept) { continue }
            if kept.count > 1, kept.contains(where: \.isLetter) {
                kept.removeAll { $0 == ":" }
                kept = kept.replacing("_", with: " ")
            }
            // The final punctuation is separated.
            if !kept.contains(where: { $0.isLetter || $0.isNumber }), let last = result.indices.last {
                result[last] += kept
            } else if kept.contains(where: { $0.isLetter || $0.isNumber }) {
                result.append(kept)
            }
        }
        return result.joined(separator: " ")
    }
}
