/// Reads Charades' tables: one row per video, with all its actions in one field, `c092 11.90 21.20;c147 0.00 12.60`.
struct CharadesReader {
    static func isHeader(_ names: [String]) -> Bool { names.contains("actions") && names.contains("id") }

    func read(_ table: LabelTable, into collector: LabelCollector) -> Bool {
        var actions = -1
        var id = -1
        var subject = -1
        table.forEachRow { line, fields in
            guard actions >= 0 else {
                let names = (0..<fields.count).map { fields.text($0).lowercased() }
                if line == 1, Self.isHeader(names) {
                    actions = names.firstIndex(of: "actions") ?? -1
                    id = names.firstIndex(of: "id") ?? -1
                    subject = names.firstIndex(of: "subject") ?? -1
                }
                return
            }
            for action in fields.text(actions).split(separator: ";") {
                let words = action.split(separator: " ").map(String.init)
                guard words.count >= 3, let start = TimeNumber.parse(words[words.count - 2]),
                    let end = TimeNumber.parse(words[words.count - 1])
                else {
                    collector.problem(
                        "bad-time", row: line, "has an action that is not 'CLASS START END': '\(action.prefix(40))'",
                        "fix the row")
                    continue
                }
                var row = LabelCollector.Row()
                row.row = line
                row.session = fields.text(id)
                row.actor = fields.text(subject)
                row.label = words.dropLast(2).joined(separator: " ")
                (row.start, row.end) = (start, end)
                collector.add(row)
            }
        }
        return actions >= 0
    }
}
