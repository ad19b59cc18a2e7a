/// The new content of one item.
public struct EditedPart: Sendable, Hashable {
    /// Seconds.
    public var start: Double
    public var end: Double
    /// As in `TimedTextDocument.editableText`; nil: unchanged.
    public var text: String?

    public init(start: Double, end: Double, text: String? = nil) {
        (self.start, self.end, self.text) = (start, end, text)
    }
}

/// What can be changed of an item in place.
public struct EditRights: Sendable, Hashable {
    public var start: Bool
    public var end: Bool
    public var text: Bool
    /// Whether it can be split, and merged with another one.
    public var division: Bool

    /// It can only be read.
    public static let none = EditRights(start: false, end: false, text: false, division: false)
}

extension TimedTextDocument {
    /// What can be changed of an item in this file.
    public func rights(of index: Int) -> EditRights {
        guard let place = items[index].place, refusal == nil else {
            return .none
        }
        return place.rights
            ?? EditRights(
                start: place.start != nil, end: place.end != nil, text: place.text != nil,
                division: place.block != nil && place.start != nil && place.end != nil && place.text != nil)
    }

    /// Adjacent items that follow the edges of an item.
    public func neighbours(of index: Int) -> (before: Neighbour?, after: Neighbour?) {
        (items[index].place?.before, items[index].place?.after)
    }

    /// Whether the file does not state the end of an item, which was assumed.
    public func isEndAssumed(of index: Int) -> Bool { items[index].place?.isEndAssumed ?? false }

    /// The larger of the steps of an item's start and end in this file, in seconds; nil: its times cannot be changed.
    public func step(of index: Int) -> Double? {
        [style(of: index, isEnd: false), style(of: index, isEnd: true)].compactMap { $0?.step }.max()
    }

    private func style(of index: Int, isEnd: Bool) -> TimeStyle? {
        guard let place = items[index].place else { return nil }
        if let codes, place.part != nil { return codes.lines.first?.time.style }
        if let part = place.part { return sequence?.mark(of: part).time.style }
        return isEnd ? place.end?.style ?? place.start?.style : place.start?.style ?? place.end?.style
    }

    /// A time as the file can hold it: the nearest one, and another one than before where another was wanted.
    ///
    /// Steps up to 10 ms count as none.
    public func held(_ time: Double, insteadOf old: Double, of index: Int, isEnd: Bool) -> Double {
        guard let style = style(of: index, isEnd: isEnd), style.step > 0.0101, abs(time - old) > 1e-6 else {
            return time
        }
        let place = items[index].place
        let bias = place?.part.flatMap { sequence?.mark(of: $0).bias } ?? place?.start?.bias ?? 0
        let near = style.rounded(time - bias) + bias
        guard abs(near - old) < 1e-6 else { return near }
        return style.rounded(old - bias + (time < old ? -style.step : style.step)) + bias
    }

    /// The editable text of an item: with the markup of captions, without that of XML, JSON and tables.
    public func editableText(of index: Int) -> String {
        let item = items[index]
        return item.place?.text?.style.shown(item.raw) ?? item.text
    }

    /// The file with some items changed, split, merged or removed; every other byte stays, except the numbers of
    /// captions after a split or merged one.
    ///
    /// - Parameter changes: by item index, the replacements in order; empty: removed.
    /// - Throws: `TimedTextError` if the file format cannot hold it.
    public func rewritten(_ changes: [Int: [EditedPart]]) throws(TimedTextError) -> [UInt8] {
        if let refusal { throw refusal }
        var splices = Splices()
        let changes = try settled(changes)
        if let sequence {
            try write(changes, sequence, into: &splices)
            return splices.applied(to: source)
        }
        if let codes {
            try write(changes, codes, into: &splices)
            return splices.applied(to: source)
        }
        let numbers = try numbered(changes, into: &splices)
        for (index, parts) in changes.sorted(by: { $0.key < $1.key }) {
            guard let place = items[index].place else { throw notChanged(index, "single items cannot be changed") }
            guard let first = parts.first else {
                try remove(place, index, into: &splices)
                continue
            }
            try change(place, index, to: first, into: &splices)
            guard parts.count > 1 else { continue }
            guard let block = place.block, place.text != nil, place.start != nil, place.end != nil else {
                throw notChanged(index, "an item cannot be split")
            }
            for (count, part) in parts.enumerated().dropFirst() {
                let copy = try copied(block, place, index, part, number: numbers[index].map { $0 + count })
                let separator = try encoded(String(repeating: lineEnd, count: block.separators))
                splices.add(block.range.upperBound..<block.range.upperBound, separator + copy)
            }
        }
        return splices.applied(to: source)
    }

    func notChanged(_ index: Int, _ what: String) -> TimedTextError {
        TimedTextError(
            code: "unwritable-item", message: "cannot be written: line \(items[index].line): in \(format.name) \(what)",
            remedy: "convert it to another format, such as SubRip or WebVTT, and edit that")
    }

    /// The line end of this file.
    var lineEnd: String {
        guard let place = source.utf8.firstIndex(where: { $0 == 10 || $0 == 13 }) else { return "\n" }
        guard source.utf8[place] == 13 else { return "\n" }
        return place + 1 < source.utf8.count && source.utf8[place + 1] == 10 ? "\r\n" : "\r"
    }

    func encoded(_ text: String) throws(TimedTextError) -> [UInt8] {
        guard let bytes = source.encode(text) else {
            throw TimedTextError(
                code: "unwritable-text",
                message: "cannot hold that text: \(encoding.rawValue) lacks some of its characters",
                remedy: "convert the file to UTF-8 or use other characters")
        }
        return bytes
    }

    /// The bytes of a time; nil: unchanged.
    private func bytes(
        of field: TimeField, at time: Double, from base: Double?, _ index: Int, always: Bool = false
    ) throws(TimedTextError) -> [UInt8]? {
        let new = time - (base ?? 0) - field.bias
        guard always || abs(new - field.written) > 1e-9 else { return nil }
        var text = field.style.text(new)
        if text == nil, new < 0, field.written < 0 {
            text = field.style.text(-new).map { [UInt8(ascii: "-")] + $0 }
        }
        guard let text else {
            throw TimedTextError(
                code: "unwritable-time", message: "line \(items[index].line) cannot hold a time of \(new) s",
                remedy: "choose a time after the start")
        }
        return source.encode(text)
    }

    /// A start as it is written, from which a duration counts.
    private func start(_ time: Double, _ place: ItemPlace) -> Double {
        guard let field = place.start, abs(time - field.time) > 1e-9 else { return time }
        let origin = (field.base ?? 0) + field.bias
        return field.style.rounded(time - origin) + origin
    }

    private func change(
        _ place: ItemPlace, _ index: Int, to part: EditedPart, into splices: inout Splices
    ) throws(TimedTextError) {
        let old = items[index]
        let (movesStart, movesEnd) = (abs(part.start - old.start) > 1e-9, abs(part.end - old.end) > 1e-9)
        if movesStart, place.start == nil { throw notChanged(index, "this item has no separate start") }
        if movesEnd, place.end == nil {
            // An item with only a start lasts until the next one.
            throw notChanged(index, "this item has no separate end")
        }
        if movesStart, let field = place.start, let text = try bytes(of: field, at: part.start, from: field.base, index)
        {
            splices.add(field.range, text)
        }
        // A duration changes with either end.
        if movesStart || movesEnd, let field = place.end,
            let text = try bytes(
                of: field, at: part.end, from: place.endsByDuration ? start(part.start, place) : field.base, index)
        {
            splices.add(field.range, text)
        }
        for field in place.repeats {
            let isStart = abs(field.time - old.start) <= abs(field.time - old.end)
            guard field.base != nil ? movesStart || movesEnd : isStart ? movesStart : movesEnd else { continue }
            // A repeated duration counts from the start as it is written.
            let base = field.base.map { _ in start(part.start, place) }
            if let text = try bytes(of: field, at: repeated(field, of: old, in: part), from: base, index) {
                splices.add(field.range, text)
            }
        }
        if let text = part.text, text != editableText(of: index) {
            guard let here = place.text else { throw notChanged(index, "the text of an item cannot be changed") }
            splices.add(here.range, try written(text, here))
        }
    }

    /// A text in the file's syntax.
    func written(_ text: String, _ place: TextPlace) throws(TimedTextError) -> [UInt8] {
        if case .teletext(let frame) = place.style { return try frame.bytes(text, count: place.range.count) }
        var written = try place.style.written(text, lineEnd: lineEnd)
        if case .cue = place.style, place.range.isEmpty, !written.isEmpty { written = lineEnd + written }
        return try encoded(written)
    }

    /// The changes with those of adjacent items that follow them.
    private func settled(_ changes: [Int: [EditedPart]]) throws(TimedTextError) -> [Int: [EditedPart]] {
        var result = changes
        for (index, parts) in changes.sorted(by: { $0.key < $1.key }) {
            guard let place = items[index].place, let first = parts.first, let last = parts.last else { continue }
            if let before = place.before {
                try follow(before, isEnd: true, of: index, to: first.start, changes, into: &result)
            }
            if let after = place.after {
                try follow(after, isEnd: false, of: index, to: last.end, changes, into: &result)
            }
        }
        return result
    }

    private func follow(
        _ neighbour: Neighbour, isEnd: Bool, of index: Int, to new: Double, _ changes: [Int: [EditedPart]],
        into result: inout [Int: [EditedPart]]
    ) throws(TimedTextError) {
        let item = items[neighbour.index]
        let edge: WritableKeyPath<EditedPart, Double> = isEnd ? \.end : \.start
        let (old, own) = isEnd ? (item.end, items[index].start) : (item.start, items[index].end)
        guard abs(new - own) > 1e-9,
            let wanted = neighbour.followed(isEnd: isEnd, edge: old, old: own, new: new)
        else { return }
        if let parts = changes[neighbour.index] {
            guard let part = isEnd ? parts.last : parts.first else { return }
            if abs(part[keyPath: edge] - old) > 1e-9 {
                guard !neighbour.isJoined || abs(part[keyPath: edge] - wanted) < 1e-9 else {
                    throw TimedTextError(
                        code: "unwritable-time",
                        message: """
                            cannot hold both: the intervals of lines \(items[index].line) and \(item.line) are \
                            adjacent, but were given different times
                            """,
                        remedy: "give both the same time")
                }
                return
            }
        }
        var parts = result[neighbour.index] ?? [EditedPart(start: item.start, end: item.end)]
        let place = isEnd ? parts.count - 1 : 0
        // An end that is assumed goes with its start.
        if !isEnd, parts.count == 1, isEndAssumed(of: neighbour.index) { parts[0].end += wanted - old }
        parts[place][keyPath: edge] = wanted
        guard parts[place].start < parts[place].end else {
            throw TimedTextError(
                code: "unwritable-time",
                message: "cannot hold that time: the adjacent interval, of line \(item.line), would be empty",
                remedy: "move it by less or change the other one first")
        }
        result[neighbour.index] = parts
    }

    private func copied(
        _ block: BlockPlace, _ place: ItemPlace, _ index: Int, _ part: EditedPart, number: Int?
    ) throws(TimedTextError) -> [UInt8] {
        var splices = Splices()
        if let field = place.start,
            let text = try bytes(of: field, at: part.start, from: field.base, index, always: true)
        {
            splices.add(field.range, text)
        }
        for range in block.dropped { splices.add(range, []) }
        if let field = place.end,
            let text = try bytes(
                of: field, at: part.end, from: place.endsByDuration ? start(part.start, place) : field.base, index,
                always: true)
        {
            splices.add(field.range, text)
        }
        for field in place.repeats {
            let base = field.base.map { _ in start(part.start, place) }
            if let text = try bytes(
                of: field, at: repeated(field, of: items[index], in: part), from: base, index, always: true)
            {
                splices.add(field.range, text)
            }
        }
        if let here = place.text, let text = part.text { splices.add(here.range, try written(text, here)) }
        if let range = block.number, let number { splices.add(range, try encoded(String(number))) }
        return splices.applied(to: source, in: block.copied)
    }

    /// The time of a repetition in a changed item: it keeps its distance from the start or end that it repeats.
    private func repeated(_ field: TimeField, of old: TimedItem, in part: EditedPart) -> Double {
        let (first, last) = (field.time - old.start, field.time - old.end)
        return field.base == nil && abs(first) <= abs(last) ? part.start + first : part.end + last
    }

    private func remove(_ place: ItemPlace, _ index: Int, into splices: inout Splices) throws(TimedTextError) {
        guard let block = place.block else { throw notChanged(index, "an item cannot be removed") }
        var end = block.range.upperBound
        for _ in 0..<block.separators where end < source.utf8.count {
            if source.utf8[end] == 13, end + 1 < source.utf8.count, source.utf8[end + 1] == 10 {
                end += 2
            } else if source.utf8[end] == 10 || source.utf8[end] == 13 {
                end += 1
            }
        }
        splices.add(block.range.lowerBound..<end, [])
    }

    /// Renumbers captions from the first split or removed one on, if they were numbered before.
    ///
    /// - Returns: the number of each numbered item.
    private func numbered(
        _ changes: [Int: [EditedPart]], into splices: inout Splices
    ) throws(TimedTextError) -> [Int: Int] {
        guard changes.contains(where: { $0.value.count != 1 }) else { return [:] }
        var result: [Int: Int] = [:]
        var next: Int?
        for (index, item) in items.enumerated() {
            guard let range = item.place?.block?.number, let number = Int(source.string(range)) else { continue }
            let parts = changes[index]?.count ?? 1
            let own = next ?? number
            result[index] = own
            if parts > 0, own != number { splices.add(range, try encoded(String(own))) }
            if next != nil || parts != 1 { next = own + parts }
        }
        return result
    }
}

/// Replacements in a text.
struct Splices {
    private var all: [(range: Range<Int>, bytes: [UInt8])] = []

    mutating func add(_ range: Range<Int>, _ bytes: [UInt8]) { all.append((range, bytes)) }

    func applied(to source: EncodedText, in range: Range<Int>? = nil) -> [UInt8] {
        // A byte-order mark precedes the whole file only.
        var copied = range.map { source.origin(of: $0.lowerBound) } ?? 0
        let end = range.map { source.origin(of: $0.upperBound) } ?? source.bytes.count
        let range = range ?? 0..<source.utf8.count
        var result: [UInt8] = []
        // Several at one position keep their order.
        let ordered = all.enumerated().sorted {
            ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
        }
        for (_, splice) in ordered {
            let from = source.origin(of: splice.range.lowerBound)
            guard splice.range.lowerBound >= range.lowerBound, splice.range.upperBound <= range.upperBound,
                from >= copied
            else { continue }
            result += source.bytes[copied..<from]
            result += splice.bytes
            copied = max(from, source.origin(of: splice.range.upperBound))
        }
        return copied < end ? result + source.bytes[copied..<end] : result
    }
}
