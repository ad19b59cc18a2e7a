import Storage
import TimedText

/// A text after people's edits, derived from the file and the edits alone.
struct TextState: Sendable {
    struct Row: Sendable {
        /// The item's index in the file, or the name of the edit that made it.
        var id: String
        /// The item of the file that it is, or was split from.
        let origin: Int
        var isPiece = false
        var start: Double
        var end: Double
        var text: String
        var mark: Mark?
        var by: String?
        /// Whether another one was joined to it.
        var isJoined = false
    }

    enum Mark: String, Sendable {
        case accepted, changed
        case wrongText = "wrong-text"
    }

    let document: TimedTextDocument
    private(set) var rows: [Row]
    private var places: [String: Int]
    /// Items of the file with edits.
    private(set) var touched: Set<Int> = []

    /// All reviewable items: cues, words, turns, in order of their starts; a cue before its words.
    init(_ document: TimedTextDocument) {
        self.document = document
        func rank(_ kind: TimedItem.Kind) -> Int {
            switch kind {
            case .cue, .turn, .event: 0
            case .word: 1
            case .phone: 2
            }
        }
        let shown = document.items.indices.filter { index in
            let item = document.items[index]
            return !item.isComment && (item.text.contains { !$0.isWhitespace } || document.format != .textGrid)
        }
        let items = document.items
        rows = shown.sorted {
            (items[$0].start, rank(items[$0].kind), $0) < (items[$1].start, rank(items[$1].kind), $1)
        }.map { index in
            Row(
                id: String(index), origin: index, start: items[index].start, end: items[index].end,
                text: document.editableText(of: index))
        }
        places = [:]
        number()
    }

    init(_ document: TimedTextDocument, _ edits: [TextEdit]) {
        self.init(document)
        for edit in edits { apply(edit) }
    }

    private mutating func number() {
        places = Dictionary(rows.enumerated().map { ($0.element.id, $0.offset) }) { first, _ in first }
    }

    func row(_ id: String) -> Row? { places[id].map { rows[$0] } }

    /// The item of the same kind and tier after which a new item at a time would be inserted; if none starts before,
    /// the first.
    func before(_ time: Double, like id: String) -> Row? {
        guard let place = places[id] else { return nil }
        let item = document.items[rows[place].origin]
        let alike = rows.filter {
            document.items[$0.origin].tier == item.tier && document.items[$0.origin].kind == item.kind
        }
        return alike.last { $0.start <= time } ?? alike.first
    }

    /// The next one of the same kind and tier.
    func next(after id: String) -> Row? {
        guard let place = places[id] else { return nil }
        let item = document.items[rows[place].origin]
        return rows[(place + 1)...].first {
            document.items[$0.origin].tier == item.tier && document.items[$0.origin].kind == item.kind
        }
    }

    /// Applies an edit; one about an item that no longer exists changes nothing.
    mutating func apply(_ edit: TextEdit) {
        guard let place = places[edit.item] else { return }
        if edit.action != .insert { rows[place].by = edit.by }
        switch edit.action {
        case .accept: rows[place].mark = .accepted
        case .wrongText: rows[place].mark = .wrongText
        case .change:
            touched.insert(rows[place].origin)
            let neighbours = document.neighbours(of: rows[place].origin)
            if let time = edit.start { follow(neighbours.before, isEnd: true, place, rows[place].start, time) }
            if let time = edit.end { follow(neighbours.after, isEnd: false, place, rows[place].end, time) }
            let isAssumed = document.isEndAssumed(of: rows[place].origin) && !rows[place].isPiece
            // An end that is assumed goes with its start.
            let shift = isAssumed ? (edit.start ?? rows[place].start) - rows[place].start : 0
            rows[place].start = edit.start ?? rows[place].start
            rows[place].end = edit.end ?? rows[place].end + shift
            rows[place].text = edit.text ?? rows[place].text
            rows[place].mark = .changed
            guard let other = edit.other.flatMap({ places[$0] }), other != place else { return }
            // The item beside it shares the boundary.
            if let time = edit.start { rows[other].end = time } else if let time = edit.end { rows[other].start = time }
            (rows[other].mark, rows[other].by) = (.changed, edit.by)
            touched.insert(rows[other].origin)
        case .split:
            guard let time = edit.start else { return }
            touched.insert(rows[place].origin)
            var second = rows[place]
            (second.id, second.isPiece) = (edit.name, true)
            (second.start, second.text, second.mark) = (time, edit.second ?? "", .changed)
            rows[place].end = time
            rows[place].text = edit.text ?? rows[place].text
            rows[place].mark = .changed
            rows.insert(second, at: place + 1)
            number()
        case .insert:
            guard let start = edit.start, let end = edit.end else { return }
            touched.insert(rows[place].origin)
            var new = rows[place]
            (new.id, new.isPiece, new.isJoined, new.mark, new.by) = (edit.name, true, false, .changed, edit.by)
            (new.start, new.end, new.text) = (start, end, edit.text ?? "")
            rows.insert(new, at: rows[place].start <= start ? place + 1 : place)
            number()
        case .merge:
            guard let other = edit.other.flatMap({ places[$0] }), other != place else { return }
            let joined = rows[other]
            touched.formUnion([rows[place].origin, joined.origin])
            rows[place].start = min(rows[place].start, joined.start)
            rows[place].end = max(rows[place].end, joined.end)
            rows[place].text = edit.text ?? rows[place].text
            (rows[place].mark, rows[place].isJoined) = (.changed, true)
            rows.remove(at: other)
            number()
        }
    }

    /// What is adjacent follows an edge, as the format requires.
    private mutating func follow(_ neighbour: Neighbour?, isEnd: Bool, _ place: Int, _ old: Double, _ new: Double) {
        let edge: WritableKeyPath<Row, Double> = isEnd ? \.end : \.start
        guard let neighbour, let other = places[String(neighbour.index)], other != place,
            let time = neighbour.followed(isEnd: isEnd, edge: rows[other][keyPath: edge], old: old, new: new)
        else { return }
        if !isEnd, document.isEndAssumed(of: neighbour.index) { rows[other].end += time - rows[other].start }
        rows[other][keyPath: edge] = time
        touched.insert(neighbour.index)
    }

    /// The changes to write, by items of the file.
    var changes: [Int: [EditedPart]] {
        var result: [Int: [EditedPart]] = [:]
        for index in touched { result[index] = [] }
        for row in rows where touched.contains(row.origin) {
            let isSame = !row.isPiece && row.text == document.editableText(of: row.origin)
            result[row.origin, default: []].append(
                EditedPart(start: row.start, end: row.end, text: isSame ? nil : row.text))
        }
        return result.filter { index, parts in
            let item = document.items[index]
            return parts.count != 1 || parts[0].text != nil || parts[0].start != item.start || parts[0].end != item.end
        }
    }

    /// The line of an item that the written file does not read back as decided; nil: there is none.
    ///
    /// - Parameter tolerance: in seconds; unchanged items must keep their times.
    func firstDifference(_ written: TimedTextDocument, tolerance: Double) -> Int? {
        let other = TextState(written)
        var found: [String: [Row]] = [:]
        for row in other.rows { found[row.text, default: []].append(row) }
        for row in rows {
            let limit = touched.contains(row.origin) ? tolerance : 1e-6
            guard
                let place = found[row.text]?.firstIndex(where: {
                    abs($0.start - row.start) <= limit
                        && (abs($0.end - row.end) <= limit || written.isEndAssumed(of: $0.origin))
                })
            else { return document.items[row.origin].line }
            found[row.text]?.remove(at: place)
        }
        return other.rows.count == rows.count ? nil : touched.map { document.items[$0].line }.min() ?? 1
    }
}
