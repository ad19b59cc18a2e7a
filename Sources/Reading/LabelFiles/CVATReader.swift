import Foundation

/// Reads CVAT's JSON: a task's backup (`tags`, `shapes` and `tracks` by frame) and its Datumaro export (`items` with
/// `annotations`).
struct CVATReader {
    let options: LabelOptions

    func read(_ document: Any, into collector: LabelCollector) -> Bool {
        if let object = document as? [String: Any], let items = object["items"] as? [[String: Any]],
            object["categories"] is [String: Any]
        {
            datumaro(object, items, collector)
            return true
        }
        let parts = document as? [[String: Any]] ?? (document as? [String: Any]).map { [$0] } ?? []
        guard !parts.isEmpty, parts.allSatisfy({ $0["tags"] is [Any] && $0["tracks"] is [Any] }) else { return false }
        guard let rate = rate(collector) else { return true }
        var seen: [String: Set<Int>] = [:]
        var count = 0
        for part in parts {
            for tag in (part["tags"] as? [[String: Any]] ?? []) + (part["shapes"] as? [[String: Any]] ?? []) {
                guard let frame = (tag["frame"] as? NSNumber)?.intValue, let label = JSONWalker.text(tag["label"])
                else { continue }
                seen[label, default: []].insert(frame)
            }
            for track in part["tracks"] as? [[String: Any]] ?? [] {
                guard let label = JSONWalker.text(track["label"]), let shapes = track["shapes"] as? [[String: Any]]
                else { continue }
                var open: Int?
                var last = 0
                for shape in shapes {
                    guard let frame = (shape["frame"] as? NSNumber)?.intValue else { continue }
                    last = frame
                    let isOut = shape["outside"] as? Bool ?? false
                    if !isOut, open == nil { open = frame }
                    if isOut, let start = open {
                        count += 1
                        add(label, start, frame, rate, count, collector)
                        open = nil
                    }
                }
                if let start = open {
                    count += 1
                    add(label, start, last + 1, rate, count, collector)
                }
            }
        }
        runs(seen, rate, count, collector)
        return true
    }

    private func datumaro(_ object: [String: Any], _ items: [[String: Any]], _ collector: LabelCollector) {
        guard let rate = rate(collector) else { return }
        let categories = (object["categories"] as? [String: Any])?["label"] as? [String: Any]
        let names = (categories?["labels"] as? [[String: Any]] ?? []).map { JSONWalker.text($0["name"]) ?? "" }
        var seen: [String: Set<Int>] = [:]
        for (place, item) in items.enumerated() {
            let frame = ((item["attr"] as? [String: Any])?["frame"] as? NSNumber)?.intValue ?? place
            for annotation in item["annotations"] as? [[String: Any]] ?? [] {
                guard let id = (annotation["label_id"] as? NSNumber)?.intValue, names.indices.contains(id) else {
                    continue
                }
                seen[names[id], default: []].insert(frame)
            }
        }
        runs(seen, rate, 0, collector)
    }

    /// Consecutive frames are one action.
    private func runs(_ seen: [String: Set<Int>], _ rate: Double, _ from: Int, _ collector: LabelCollector) {
        var count = from
        for (label, frames) in seen.sorted(by: { $0.key < $1.key }) {
            var start: Int?
            var last = 0
            for frame in frames.sorted() {
                if let begun = start, frame > last + 1 {
                    count += 1
                    add(label, begun, last + 1, rate, count, collector)
                    start = frame
                }
                start = start ?? frame
                last = frame
            }
            if let start {
                count += 1
                add(label, start, last + 1, rate, count, collector)
            }
        }
    }

    private func add(
        _ label: String, _ start: Int, _ end: Int, _ rate: Double, _ count: Int, _ collector: LabelCollector
    ) {
        guard !LabelOptions.usualSilence.contains(label.lowercased()) else { return }
        var row = LabelCollector.Row()
        row.row = count
        row.isInOrder = false
        (row.label, row.start, row.end) = (label, Double(start) / rate, Double(end) / rate)
        collector.add(row)
    }

    private func rate(_ collector: LabelCollector) -> Double? {
        if let rate = options.rate { return rate }
        collector.problem(
            "no-rate", row: nil, "counts in frames, but no frame rate is known",
            "give --rate N, such as --rate 25")
        return nil
    }
}
