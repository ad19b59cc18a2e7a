/// Praat's TextGrid, long and short: tiers of intervals and of points.
///
/// Both are the same series of numbers and quoted texts, with explanatory words in between that are skipped: only
/// standalone numbers, quoted texts (with doubled quotes inside), and `<exists>` count.
enum TextGrid {
    private enum Token {
        case number(Range<Int>)
        case text(Range<Int>, String)
        case flag(String)
    }

    static func read(_ source: EncodedText) throws(TimedTextError) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .textGrid)
        var tokens = Tokens(source)
        func broken(_ what: String) -> TimedTextError {
            TimedTextError(
                code: "broken-textgrid",
                message: "is not a complete TextGrid: \(what) at line \(builder.line(at: tokens.index))",
                remedy: "open and save it with Praat")
        }
        // "ooTextFile", "TextGrid", xmin, xmax, <exists>, number of tiers.
        guard case .text? = tokens.next(), case .text? = tokens.next(), let low = tokens.number(),
            let high = tokens.number(),
            case .flag(let flag)? = tokens.next()
        else { throw broken("the header is damaged") }
        for end in [low, high] { builder.fields.append(boundary(end)) }
        if flag == "<absent>" { return builder.document() }
        guard flag == "<exists>", let count = tokens.number() else { throw broken("the header is damaged") }
        for _ in 0..<Int(max(0, min(count.seconds, 10_000))) {
            guard case .text(let place, let type)? = tokens.next(), case .text(_, let name)? = tokens.next(),
                let from = tokens.number(),
                let to = tokens.number(), let size = tokens.number()
            else {
                throw broken("a tier is missing or damaged")
            }
            let isPoints = type == "TextTier"
            if !isPoints, type != "IntervalTier" {
                tokens.index = place.lowerBound
                throw broken("a tier has the unknown class '\(type.prefix(30))'")
            }
            for end in [from, to] { builder.fields.append(boundary(end)) }
            let tier = builder.newTier(name)
            let whole = readTier(
                source, &tokens, tier: tier, count: Int(max(0, min(size.seconds, 1e7))), isPoints,
                (low.seconds, high.seconds), into: &builder)
            guard whole else { throw broken("tier '\(name.prefix(30))' ends early or is damaged") }
        }
        return builder.document()
    }

    private static func boundary(_ time: WrittenTime) -> TimeField {
        var field = time.field()
        field.isBoundary = true
        return field
    }

    /// Reads the items of one tier, as far as possible.
    private static func readTier(
        _ source: EncodedText, _ tokens: inout Tokens, tier: Int, count: Int, _ isPoints: Bool,
        _ ends: (Double, Double),
        into builder: inout DocumentBuilder
    ) -> Bool {
        let first = builder.items.count
        var isWhole = true
        for _ in 0..<count {
            guard let start = tokens.number(), let end = isPoints ? start : tokens.number(),
                case .text(let place, let text)? = tokens.next()
            else {
                isWhole = false
                break
            }
            var fields: [TimeField] = []
            for time in isPoints ? [start] : [start, end] {
                var field = time.field(anchor: start.seconds)
                // An unlabelled interval at an end of the recording is the remainder.
                field.isBoundary = text.allSatisfy(\.isWhitespace) && (time.seconds == ends.0 || time.seconds == ends.1)
                fields.append(field)
            }
            var item = TimedItem(
                tier: tier, kind: .cue, text: text, start: start.seconds, end: end.seconds,
                line: builder.line(at: place.lowerBound))
            item.place = ItemPlace(
                start: fields[0], end: fields.count > 1 ? fields[1] : nil,
                text: TextPlace(range: place, style: .quoted))
            // Intervals are adjacent, without a gap.
            if !isPoints, builder.items.count > first, let last = builder.items.indices.last,
                builder.items[last].end == start.seconds
            {
                item.place?.before = Neighbour(index: last, isJoined: true)
                builder.items[last].place?.after = Neighbour(index: last + 1, isJoined: true)
            }
            builder.items.append(item)
            builder.fields += fields
        }
        let items = builder.items[first...]
        let kind = TierKind.guess(
            name: builder.tiers[tier].name, texts: items.map(\.text), seconds: items.map { $0.end - $0.start })
        for index in items.indices { builder.items[index].kind = kind }
        return isWhole
    }

    /// The series of tokens.
    private struct Tokens {
        let source: EncodedText
        var index = 0

        init(_ source: EncodedText) { self.source = source }

        mutating func number() -> WrittenTime? {
            guard case .number(let range)? = next() else { return nil }
            return source.number(range, leastDecimals: 3)
        }

        mutating func next() -> Token? {
            let utf8 = source.utf8
            while index < utf8.count {
                let byte = utf8[index]
                if byte.isBlank {
                    index += 1
                } else if byte == UInt8(ascii: "\"") {
                    return quoted()
                } else {
                    let start = index
                    while index < utf8.count, !utf8[index].isBlank, utf8[index] != UInt8(ascii: "\"") { index += 1 }
                    if byte == UInt8(ascii: "!") {
                        while index < utf8.count, utf8[index] != 10, utf8[index] != 13 { index += 1 }
                        continue
                    }
                    if byte == UInt8(ascii: "<") { return .flag(source.string(start..<index)) }
                    if source.number(start..<index) != nil { return .number(start..<index) }
                }
            }
            return nil
        }

        private mutating func quoted() -> Token? {
            let utf8 = source.utf8
            let start = index + 1
            var text: [UInt8] = []
            index = start
            while index < utf8.count {
                if utf8[index] == UInt8(ascii: "\"") {
                    guard index + 1 < utf8.count, utf8[index + 1] == UInt8(ascii: "\"") else {
                        index += 1
                        return .text(start..<index - 1, String(decoding: text, as: UTF8.self))
                    }
                    index += 1
                }
                text.append(utf8[index])
                index += 1
            }
            return nil
        }
    }
}
