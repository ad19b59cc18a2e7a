import Foundation

/// Reads a BORIS project: observations with events; every second event of a state ends it.
struct BORISReader {
    func read(_ document: Any, into collector: LabelCollector) -> Bool {
        guard let object = document as? [String: Any],
            let observations = object["observations"] as? [String: [String: Any]]
        else { return false }
        let behaviours = (object["behaviors_conf"] as? [String: [String: Any]] ?? [:]).values
        let points = Set(
            behaviours.filter { (JSONWalker.text($0["type"]) ?? "").lowercased().contains("point") }.compactMap {
                JSONWalker.text($0["code"])
            })
        var count = 0
        for (name, observation) in observations.sorted(by: { $0.key < $1.key }) {
            var open: [String: LabelCollector.Row] = [:]
            var done: [LabelCollector.Row] = []
            let events = (observation["events"] as? [[Any]] ?? []).sorted {
                (JSONWalker.number($0.first) ?? 0) < (JSONWalker.number($1.first) ?? 0)
            }
            for event in events where event.count >= 3 {
                count += 1
                guard let time = JSONWalker.number(event[0]), let code = JSONWalker.text(event[2]) else {
                    collector.problem(
                        "bad-time", row: count, "is an event without a time or a behaviour", "fix it in BORIS")
                    continue
                }
                var row = LabelCollector.Row()
                row.row = count
                row.session = name
                row.actor = JSONWalker.text(event[1]) ?? ""
                row.label = code
                row.note = event.count > 4 ? JSONWalker.text(event[4]) ?? "" : ""
                (row.start, row.end) = (time, time)
                if points.contains(code) {
                    done.append(row)
                } else if var begun = open.removeValue(forKey: row.actor + "\u{1}" + code) {
                    begun.end = time
                    done.append(begun)
                } else {
                    open[row.actor + "\u{1}" + code] = row
                }
            }
            for row in done.sorted(by: { $0.row < $1.row }) { collector.add(row) }
            for row in open.values.sorted(by: { $0.row < $1.row }) {
                collector.problem(
                    "start-without-stop", row: row.row,
                    "starts '\(row.label.prefix(40))' in '\(name)', which never stops", "add the missing stop")
            }
        }
        return true
    }
}
