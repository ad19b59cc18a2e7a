/// BORIS' tabular export: one row per start and per stop of a behaviour, or a point event.
struct EventPairs {
    private var time = -1, status = -1, rate = -1
    private var open: [String: LabelCollector.Row] = [:]
    /// Completed segments; they may end in another order than they start.
    private var done: [LabelCollector.Row] = []

    private static let times: Set<String> = ["time", "time (s)", "start/stop time"]
    private static let states: Set<String> = ["status", "behavior type", "type"]

    init() {}

    init(header: [String]) {
        time = header.firstIndex { Self.times.contains($0.lowercased()) } ?? -1
        status = header.firstIndex { Self.states.contains($0.lowercased()) } ?? -1
    }

    /// The index of the time column; -1: none.
    var timePlace: Int { time }

    var isUsable: Bool { time >= 0 && status >= 0 }

    static func isHeader(_ names: [String]) -> Bool {
        let lower = names.map { $0.lowercased() }
        return lower.contains(where: times.contains) && lower.contains(where: states.contains)
            && lower.contains { $0 == "behavior" || $0 == "behaviour" || $0 == "code" }
    }

    mutating func take(
        _ fields: LabelTable.Row, _ row: LabelCollector.Row, _ columns: ColumnMap, into collector: LabelCollector
    ) {
        guard let seconds = fields.number(time) else {
            return collector.problem(
                "bad-time", row: row.row, "has the time '\(fields.text(time).prefix(40))', which is not a number",
                "fix the row")
        }
        var row = row
        let key = "\(row.session)\u{1}\(row.view)\u{1}\(row.annotator)\u{1}\(row.actor)\u{1}\(row.label)"
        switch fields.text(status).lowercased() {
        case "point":
            (row.start, row.end) = (seconds, seconds)
            done.append(row)
        case "start" where open[key] == nil:
            row.start = seconds
            open[key] = row
        case "start":
            collector.problem(
                "start-twice", row: row.row, "starts '\(row.label.prefix(40))' again before it stopped",
                "add the missing stop")
        case "stop":
            guard var begun = open.removeValue(forKey: key) else {
                return collector.problem(
                    "stop-without-start", row: row.row, "stops '\(row.label.prefix(40))', which had not started",
                    "add the missing start")
            }
            begun.end = seconds
            done.append(begun)
        default:
            collector.problem("bad-status", row: row.row, "is neither START, STOP nor POINT", "fix the row")
        }
    }

    /// Passes on completed segments in row order, and reports those that never stop.
    func finish(_ collector: LabelCollector) {
        for row in done.sorted(by: { $0.row < $1.row }) { collector.add(row) }
        for row in open.values.sorted(by: { $0.row < $1.row }) {
            collector.problem(
                "start-without-stop", row: row.row, "starts '\(row.label.prefix(40))', which never stops",
                "add the missing stop")
        }
    }
}
