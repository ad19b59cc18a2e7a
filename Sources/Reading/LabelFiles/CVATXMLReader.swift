import Foundation
import TimedText

/// Reads CVAT's XML, "CVAT for video 1.1" and "CVAT for images 1.1": a track is a label from when it enters the frame
/// until it is outside; its attributes are labels on tiers of their names.
struct CVATXMLReader {
    let options: LabelOptions

    static func isHeader(_ beginning: String) -> Bool {
        let start = beginning.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        return start.hasPrefix("<") && beginning.contains("<annotations")
    }

    private struct Segment {
        var tier = "", label = ""
        var start = 0, end = 0
    }

    func read(_ bytes: [UInt8], into collector: LabelCollector) {
        var scanner = XMLScanner(EncodedText(bytes, encoding: .utf8))
        var segments: [Segment] = []
        // Open segments of the current track by tier, and the attributes of the current shape.
        var open: [String: Segment] = [:]
        var (label, frame, isOutside, isShape) = ("", 0, false, false)
        var (attributes, attribute): ([String: String], String?) = ([:], nil)
        var stated: Double?
        var (path, last): ([String], Int?) = ([], nil)
        func close(before frame: Int, but kept: [String: String] = [:]) {
            for (tier, one) in open where kept[tier] != one.label {
                var one = one
                one.end = frame
                segments.append(one)
                open[tier] = nil
            }
        }
        func endShape() {
            isShape = false
            var told = attributes.filter { !Self.nothing.contains($0.value.lowercased()) }
                .reduce(into: [String: String]()) { $0[$1.key] = $1.value.lowercased() == "true" ? $1.key : $1.value }
            told[""] = label
            if isOutside { told = [:] }
            close(before: frame, but: told)
            for (tier, value) in told where open[tier] == nil {
                open[tier] = Segment(tier: tier, label: value, start: frame)
            }
            last = frame
            // An image's shapes are independent.
            if path.contains("image") { close(before: frame + 1) }
        }
        while let event = scanner.next() {
            switch event {
            case .open(let name, let values, _, let isEmpty):
                func value(_ key: String) -> String? { values.first { $0.name == key }?.value }
                if name == "track" || name == "image" {
                    (open, last) = ([:], nil)
                    label = value("label") ?? ""
                    if name == "image" { frame = value("id").flatMap { Int($0) } ?? frame }
                } else if Self.shapes.contains(name) {
                    isShape = true
                    attributes = [:]
                    if path.contains("image") { label = value("label") ?? "" }
                    if let own = value("frame").flatMap({ Int($0) }) { frame = own }
                    isOutside = value("outside") == "1"
                } else if name == "attribute", isShape {
                    attribute = value("name")
                    if let attribute { attributes[attribute] = "" }
                }
                if isEmpty, Self.shapes.contains(name) { endShape() }
                if !isEmpty { path.append(name) } else if name == "attribute" { attribute = nil }
            case .text(let text):
                if let attribute { attributes[attribute, default: ""] += text }
                if let inside = path.last, ["fps", "frame_rate"].contains(inside) {
                    stated = TimeNumber.parse(text) ?? stated
                }
            case .close(let name):
                if let place = path.lastIndex(of: name) { path.removeSubrange(place...) }
                if name == "attribute" { attribute = nil }
                if Self.shapes.contains(name) { endShape() }
                if name == "track" || name == "image" { close(before: (last ?? frame) + 1) }
            }
        }
        if let fault = scanner.fault {
            return collector.problem(
                "unreadable", row: nil, "is not well-formed XML: \(fault.message)",
                "export it again: it may be truncated")
        }
        guard let rate = options.rate ?? stated else {
            return collector.problem(
                "no-rate", row: nil, "counts in frames, but no frame rate is known",
                "give --rate N, such as --rate 25: the rate of the video in CVAT")
        }
        for (place, segment) in joined(segments).enumerated() {
            guard !LabelOptions.usualSilence.contains(segment.label.lowercased()) else { continue }
            var row = LabelCollector.Row()
            (row.row, row.isInOrder) = (place + 1, false)
            (row.tier, row.label) = (segment.tier, segment.label)
            (row.start, row.end) = (Double(segment.start) / rate, Double(segment.end) / rate)
            collector.add(row)
        }
    }

    static let shapes: Set<String> = [
        "box", "polygon", "polyline", "points", "cuboid", "skeleton", "mask", "ellipse", "tag",
    ]
    /// Attribute values without information.
    private static let nothing: Set<String> = ["", "false", "__undefined__"]

    /// One label in consecutive frames is one segment.
    private func joined(_ segments: [Segment]) -> [Segment] {
        var result: [Segment] = []
        for segment in segments.sorted(by: { ($0.tier, $0.label, $0.start) < ($1.tier, $1.label, $1.start) }) {
            if let last = result.last, last.tier == segment.tier, last.label == segment.label,
                segment.start == last.end, segment.end == segment.start + 1 || last.end == last.start + 1
            {
                result[result.count - 1].end = segment.end
            } else {
                result.append(segment)
            }
        }
        return result.sorted { ($0.start, $0.end, $0.label) < ($1.start, $1.end, $1.label) }
    }
}
