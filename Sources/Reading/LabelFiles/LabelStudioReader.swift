import Foundation

/// Reads Label Studio's JSON export: a list of tasks, each with annotations of one person; audio and video regions, and
/// timelines in frames.
struct LabelStudioReader {
    let options: LabelOptions

    func read(_ document: Any, into collector: LabelCollector) -> Bool {
        let tasks = document as? [[String: Any]] ?? (document as? [String: Any]).map { [$0] } ?? []
        guard !tasks.isEmpty,
            tasks.contains(where: { task in
                let annotations = (task["annotations"] ?? task["completions"]) as? [[String: Any]]
                return task["data"] is [String: Any] && annotations?.contains { $0["result"] is [Any] } == true
            })
        else { return false }
        var count = 0
        for task in tasks {
            let data = task["data"] as? [String: Any] ?? [:]
            let media = data.values.compactMap { $0 as? String }.first { $0.contains(".") } ?? ""
            var session = URL(fileURLWithPath: media).deletingPathExtension().lastPathComponent
            if session.isEmpty || session == "/" { session = JSONWalker.text(task["id"]) ?? "" }
            for annotation in (task["annotations"] ?? task["completions"]) as? [[String: Any]] ?? [] {
                let by = annotation["completed_by"]
                let person = by as? [String: Any]
                let annotator =
                    ["email", "username", "id"].lazy.compactMap { JSONWalker.text(person?[$0]) }.first
                    ?? JSONWalker.text(by) ?? ""
                for region in annotation["result"] as? [[String: Any]] ?? [] {
                    count += 1
                    var row = LabelCollector.Row()
                    row.row = count
                    row.isInOrder = false
                    row.session = session
                    row.annotator = annotator
                    row.tier = JSONWalker.text(region["from_name"]) ?? ""
                    take(region, row, collector)
                }
            }
        }
        return true
    }

    private func take(_ region: [String: Any], _ row: LabelCollector.Row, _ collector: LabelCollector) {
        guard let value = region["value"] as? [String: Any] else { return }
        let labels =
            ["timelinelabels", "labels", "hypertextlabels", "videolabels", "choices"].lazy.compactMap {
                value[$0] as? [String]
            }.first ?? []
        guard !labels.isEmpty else { return }
        var spans: [(Double, Double)] = []
        if let ranges = value["ranges"] as? [[String: Any]] {
            guard let rate = rate(value) else { return noRate(row, collector) }
            // Frames count from 1, and the last one belongs to the region.
            spans = ranges.compactMap { range in
                guard let start = JSONWalker.number(range["start"]), let end = JSONWalker.number(range["end"]) else {
                    return nil
                }
                return ((start - 1) / rate, end / rate)
            }
        } else if let start = JSONWalker.number(value["start"]), let end = JSONWalker.number(value["end"]) {
            spans = [(start, end)]
        } else if let sequence = value["sequence"] as? [[String: Any]], !sequence.isEmpty {
            guard let rate = rate(value) else { return noRate(row, collector) }
            var open: Double?
            for key in sequence {
                guard let frame = JSONWalker.number(key["frame"]) else { continue }
                let isOn = key["enabled"] as? Bool ?? true
                if isOn, open == nil { open = (frame - 1) / rate }
                if !isOn, let start = open {
                    spans.append((start, frame / rate))
                    open = nil
                }
            }
            if let start = open {
                spans.append(
                    (
                        start,
                        (JSONWalker.number(value["framesCount"]) ?? JSONWalker.number(
                            sequence[sequence.count - 1]["frame"]) ?? 0) / rate
                    ))
            }
        }
        for (start, end) in spans {
            for label in labels {
                var found = row
                (found.start, found.end, found.label) = (start, end, label)
                collector.add(found)
            }
        }
    }

    private func rate(_ value: [String: Any]) -> Double? {
        if let rate = options.rate { return rate }
        guard let frames = JSONWalker.number(value["framesCount"]), let duration = JSONWalker.number(value["duration"]),
            duration > 0
        else { return nil }
        return frames / duration
    }

    private func noRate(_ row: LabelCollector.Row, _ collector: LabelCollector) {
        collector.problem(
            "no-rate", row: row.row, "counts in frames, but no frame rate is known",
            "give --rate N, such as --rate 25")
    }
}
