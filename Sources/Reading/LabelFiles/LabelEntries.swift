import DelimitedText
import Foundation
import TimedText

/// Finds each label of a file with the places of its start, end and name.
struct LabelEntries {
    struct Entry {
        var lane = LabelSheet.Lane()
        var label = ""
        var actor = ""
        var line = 1
        var startField: TimeField
        var endField: TimeField?
        var start: Double
        var end: Double
        var repeats: [TimeField] = []
        var text: (range: Range<Int>, syntax: PlacedItem.Syntax)?
        var row: Range<Int>?
    }

    let source: EncodedText
    let options: LabelOptions
    /// Whether numbers without a unit are frames.
    let readsFrames: Bool
    private(set) var format = TimedTextFormat.table
    private(set) var hasSilence = false
    private(set) var all: [Entry] = []

    init(source: EncodedText, options: LabelOptions, readsFrames: Bool) {
        (self.source, self.options, self.readsFrames) = (source, options, readsFrames)
    }

    mutating func find() {
        guard let first = source.utf8.first(where: { $0 > 0x20 }) else { return }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            format = .transcriptJSON
            var finder = JSONEntries(source: source, options: options)
            finder.find()
            all = finder.all
            return
        }
        let table = LabelTable(bytes: source.utf8)
        if !rows(of: table), !frameRanges() { headerless(table) }
    }

    // MARK: Times

    /// A time in a field, and what is added to its number; nil: none.
    private func time(
        _ range: Range<Int>?, _ unit: LabelOptions.Unit, rate: Double?, isEnd: Bool
    ) -> (time: WrittenTime, bias: Double)? {
        guard let range, !range.isEmpty else { return nil }
        if unit == .frames, rate == nil { return nil }
        let frame = 1 / (rate ?? 1)
        let scale = unit == .ms ? 1e-3 : unit == .frames ? frame : 1
        let bias = unit == .frames && isEnd && options.endsAreInclusive ? frame : 0
        if let number = source.number(
            range, unitSeconds: scale, leastDecimals: unit == .seconds ? 3 : 0, allowsComma: true)
        {
            return (number, bias)
        }
        guard let clock = source.clock(at: range.lowerBound, before: range.upperBound, frameRate: rate),
            clock.range == range
        else { return nil }
        return (clock.withMilliseconds, 0)
    }

    /// Further times of a label that repeat its start or its end, within a frame.
    static func repeats(_ fields: [TimeField], _ start: Double, _ end: Double, frame: Double) -> [TimeField] {
        let near = max(0.05, frame * 1.01)
        return fields.filter { abs($0.time - start) <= near || abs($0.time - end) <= near }
    }

    // MARK: Tables

    private mutating func rows(of table: LabelTable) -> Bool {
        var columns: ColumnMap?
        var more: [(place: Int, isFrames: Bool)] = []
        var (count, sought) = (0, 0)
        var found: [Entry] = []
        table.forEachRow { line, row in
            guard let map = columns else {
                sought += 1
                guard sought <= 60 else { return }
                let names = (0..<row.count).map { row.text($0) }
                let own = ColumnMap(header: names, options: options)
                guard own.isUsable, own.has(.label) else { return }
                (columns, more, count) = (own, own.furtherTimes(in: names), names.count)
                return
            }
            guard !row.text(0).hasPrefix("#") || row.count == count else { return }
            let stated = map.has(.rate) ? row.number(map.place(.rate)) : options.rate
            let usual = options.unit ?? (readsFrames ? .frames : .seconds)
            let role: ColumnRole = map.has(.end) ? .end : .duration
            let startUnit = map.units[.start] ?? usual
            guard let start = time(row.place(map.place(.start)), startUnit, rate: stated, isEnd: false),
                let last = time(
                    row.place(map.place(role)), map.units[role] ?? map.units[.start] ?? usual, rate: stated, isEnd: true
                )
            else { return }
            let from = start.time.seconds + start.bias
            let to = last.time.seconds + last.bias + (role == .duration ? from : 0)
            var entry = Entry(
                startField: start.time.field(bias: start.bias),
                endField: last.time.field(anchor: from, base: role == .duration ? from : nil, bias: last.bias),
                start: from, end: to)
            entry.lane = LabelSheet.Lane(
                session: row.text(map.place(.session)), view: row.text(map.place(.view)),
                annotator: row.text(map.place(.annotator)), tier: row.text(map.place(.tier)))
            (entry.label, entry.actor) = (row.text(map.place(.label)), row.text(map.place(.actor)))
            entry.line = line
            let further = more.compactMap { place, isFrames in
                time(row.place(place), isFrames ? .frames : .seconds, rate: stated, isEnd: false)?.time.field()
            }
            entry.repeats = LabelEntries.repeats(further, from, to, frame: 1 / (stated ?? .infinity))
            entry.text = row.cell(map.place(.label)).map { ($0, .field(separator: table.separator)) }
            entry.row = row.range
            found.append(entry)
        }
        all = found
        return columns != nil
    }

    private mutating func headerless(_ table: LabelTable) {
        guard let shape = HeaderlessReader.shape(of: table) else { return }
        let unit = options.unit ?? .seconds
        var found: [Entry] = []
        table.forEachRow { line, row in
            guard let start = time(row.place(shape.start), unit, rate: options.rate, isEnd: false),
                let last = time(row.place(shape.start + 1), unit, rate: options.rate, isEnd: true)
            else { return }
            var entry = Entry(
                startField: start.time.field(bias: start.bias), endField: last.time.field(bias: last.bias),
                start: start.time.seconds + start.bias, end: last.time.seconds + last.bias)
            (entry.lane.session, entry.label, entry.line) = (row.text(shape.session), row.text(shape.label), line)
            entry.text = row.cell(shape.label).map { ($0, .field(separator: table.separator)) }
            entry.row = row.range
            found.append(entry)
        }
        all = found
    }

    // MARK: Frame ranges

    /// `1-30 SIL` on each line (Breakfast).
    private mutating func frameRanges() -> Bool {
        guard let rate = options.rate else { return false }
        var lines: [(number: Int, range: Range<Int>)] = []
        var (start, number) = (0, 1)
        for index in source.utf8.indices where source.utf8[index] == 10 {
            lines.append((number, start..<index))
            (start, number) = (index + 1, number + 1)
        }
        lines.append((number, start..<source.utf8.count))
        lines = lines.map { ($0.number, trimmed($0.range)) }.filter { !$0.range.isEmpty }
        let found = lines.compactMap { line in
            FramewiseReader.range(source.string(line.range)).map { (line: line, first: $0.first, label: $0.label) }
        }
        guard let base = found.first.map({ $0.first == 1 ? 1.0 : 0 }), found.count == lines.count else { return false }
        let frame = 1 / rate
        for (line, _, label) in found {
            let bytes = source.utf8
            guard let dash = bytes[line.range].firstIndex(of: UInt8(ascii: "-")),
                let blank = bytes[line.range].firstIndex(where: { $0 == 0x20 || $0 == 0x09 }), dash < blank,
                let first = source.number(line.range.lowerBound..<dash, unitSeconds: frame),
                let last = source.number(dash + 1..<blank, unitSeconds: frame)
            else { return false }
            let (from, to) = (first.seconds - base * frame, last.seconds + (1 - base) * frame)
            var entry = Entry(
                startField: first.field(bias: -base * frame), endField: last.field(bias: (1 - base) * frame),
                start: from, end: to)
            (entry.label, entry.line, entry.row) = (label, line.number, line.range)
            entry.text = (trimmed(blank..<line.range.upperBound), .line)
            all.append(entry)
        }
        hasSilence = true
        return true
    }

    private func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high, source.utf8[low] <= 0x20 { low += 1 }
        while high > low, source.utf8[high - 1] <= 0x20 { high -= 1 }
        return low..<high
    }
}
