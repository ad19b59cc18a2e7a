import Foundation

/// Reads a project of the VGG Image Annotator for video (VIA 3): intervals of files with attribute values.
struct VIAReader {
    func read(_ document: Any, into collector: LabelCollector) -> Bool {
        guard let object = document as? [String: Any], let stretches = object["metadata"] as? [String: [String: Any]],
            let attributes = object["attribute"] as? [String: [String: Any]],
            let files = object["file"] as? [String: [String: Any]]
        else { return false }
        let views = object["view"] as? [String: [String: Any]] ?? [:]
        func session(_ view: String) -> String {
            let file = JSONWalker.text((views[view]?["fid_list"] as? [Any])?.first) ?? view
            let name = JSONWalker.text(files[file]?["fname"]) ?? ""
            return URL(fileURLWithPath: name).deletingPathExtension().lastPathComponent
        }
        let placed = stretches.compactMap { key, stretch -> (key: String, times: [Double], stretch: [String: Any])? in
            let times = (stretch["z"] as? [Any] ?? []).compactMap { JSONWalker.number($0) }
            return times.isEmpty ? nil : (key, times, stretch)
        }
        for (place, one) in placed.sorted(by: { ($0.times[0], $0.key) < ($1.times[0], $1.key) }).enumerated() {
            let view = JSONWalker.text(one.stretch["vid"]) ?? ""
            for (attribute, value) in (one.stretch["av"] as? [String: Any] ?? [:]).sorted(by: { $0.key < $1.key }) {
                let described = attributes[attribute] ?? [:]
                guard let value = JSONWalker.text(value) else { continue }
                var row = LabelCollector.Row()
                (row.row, row.isInOrder, row.session) = (place + 1, false, session(view))
                row.tier = attributes.count > 1 ? JSONWalker.text(described["aname"]) ?? attribute : ""
                row.label = JSONWalker.text((described["options"] as? [String: Any])?[value]) ?? value
                (row.start, row.end) = (one.times[0], one.times[one.times.count - 1])
                collector.add(row)
            }
        }
        return true
    }
}
