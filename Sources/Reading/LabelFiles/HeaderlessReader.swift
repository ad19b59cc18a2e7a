/// Reads tables without a header: two columns of numbers are start and end, the last column of words is the label, one
/// before the numbers the session (Audacity's label tracks, DCASE lists).
struct HeaderlessReader {
    let options: LabelOptions

    /// The columns of the start (followed by the end), the label and the session; nil: not such a table.
    static func shape(of table: LabelTable) -> (start: Int, label: Int, session: Int)? {
        var shape: (start: Int, label: Int, session: Int)?
        var seen = 0
        table.forEachRow { _, row in
            seen += 1
            guard seen == 1 else { return }
            guard row.count >= 3,
                let start = (0..<(row.count - 1)).first(where: { row.number($0) != nil && row.number($0 + 1) != nil })
            else { return }
            guard let label = (0..<row.count).last(where: { row.number($0) == nil && !row.text($0).isEmpty }),
                label > start
            else { return }
            shape = (start, label, start > 0 ? 0 : -1)
        }
        return shape
    }

    func read(_ table: LabelTable, into collector: LabelCollector) -> Bool {
        guard let shape = Self.shape(of: table) else { return false }
        table.forEachRow { line, row in
            guard let start = row.number(shape.start), let end = row.number(shape.start + 1) else {
                return collector.problem("bad-time", row: line, "has times that are not numbers", "use seconds")
            }
            let scale = options.unit == .ms ? 0.001 : options.unit == .frames ? 1 / (options.rate ?? .nan) : 1
            var found = LabelCollector.Row()
            found.row = line
            found.session = row.text(shape.session)
            found.label = row.text(shape.label)
            found.start = start * scale
            found.end = (end + (options.unit == .frames && options.endsAreInclusive ? 1 : 0)) * scale
            collector.add(found)
        }
        return true
    }
}
