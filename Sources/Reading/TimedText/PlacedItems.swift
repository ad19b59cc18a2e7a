/// An item of a label file, with the places of its parts as another module found them.
package struct PlacedItem: Sendable {
    /// The syntax of its text.
    package enum Syntax: Sendable {
        case field(separator: UInt8)
        case json
        case line
    }

    package var item: TimedItem
    package var start: TimeField
    package var end: TimeField?
    /// Other places of the same times.
    package var repeats: [TimeField] = []
    package var text: (range: Range<Int>, syntax: Syntax)?
    /// The line that holds it and nothing else; nil: it cannot be split or joined.
    package var line: Range<Int>?

    /// - Parameters:
    ///   - start: the place of its start.
    ///   - end: the place of its end, or of its duration (with a base).
    package init(_ item: TimedItem, start: TimeField, end: TimeField?) {
        (self.item, self.start, self.end) = (item, start, end)
    }
}

extension TimedTextDocument {
    /// A document of items found elsewhere.
    ///
    /// - Parameter source: the text that the places are in.
    package init(_ placed: [PlacedItem], tiers: [String], in source: EncodedText, format: TimedTextFormat) {
        var builder = DocumentBuilder(source, format)
        for tier in tiers { _ = builder.newTier(tier) }
        for one in placed {
            var item = one.item
            var place = ItemPlace(start: one.start, end: one.end, endsByDuration: one.end?.base != nil)
            place.repeats = one.repeats
            place.text = one.text.map { text in
                let style: TextStyle =
                    switch text.syntax {
                    case .field(let separator): .field(separator: separator)
                    case .json: .json
                    case .line: .trimmedLine
                    }
                return TextPlace(range: text.range, style: style)
            }
            place.block = one.line.map(BlockPlace.init)
            item.place = place
            builder.items.append(item)
            builder.fields += [one.start] + [one.end].compactMap { $0 } + one.repeats
        }
        self = builder.document()
    }

    /// A document of items that cannot be changed.
    package init(unplaced items: [TimedItem], tiers: [String], in source: EncodedText, format: TimedTextFormat) {
        var builder = DocumentBuilder(source, format)
        for tier in tiers { _ = builder.newTier(tier) }
        builder.items = items
        self = builder.document()
    }

    /// The coarsest step of the starts and ends that can be changed, in seconds: a frame, if they count frames; 0:
    /// none.
    public var step: Double {
        items.compactMap(\.place).flatMap { [$0.start, $0.end] }.compactMap { $0?.style.step }.max() ?? 0
    }
}

extension WrittenTime {
    /// The same, written with milliseconds at least if it is a clock with decimals or without.
    package var withMilliseconds: WrittenTime {
        guard case .clock(let hours, let minutes, let mark, let decimals) = style, decimals < 3 else { return self }
        return WrittenTime(
            seconds: seconds, style: .clock(hourDigits: hours, minuteDigits: minutes, mark: mark, decimals: 3),
            range: range)
    }
}
