import Foundation
import TimedText

/// Reads labels from timed text: Praat TextGrid, ELAN EAF, WebVTT and SubRip; a tier of the file becomes a tier of the
/// labels, a speaker an actor.
struct TimedTextLabels {
    let options: LabelOptions

    /// The format of a file, by its start; nil: none of these.
    static func format(_ head: String, path: String) -> TimedTextFormat? {
        let start = head.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        if start.hasPrefix("WEBVTT") { return .webVTT }
        if start.hasPrefix("<"), head.contains("<ANNOTATION_DOCUMENT") { return .elan }
        if start.hasPrefix("File type"), head.contains("ooTextFile") { return .textGrid }
        let ending = URL(fileURLWithPath: path).pathExtension.lowercased()
        return ending == "srt" ? .subRip : ending == "eaf" ? .elan : ending == "textgrid" ? .textGrid : nil
    }

    func read(_ bytes: [UInt8], _ format: TimedTextFormat, path: String, into collector: LabelCollector) {
        let document: TimedTextDocument
        do {
            document = try TimedTextReader(frameRate: options.rate, encoding: .utf8, format: format).read(
                bytes, name: URL(fileURLWithPath: path).lastPathComponent)
        } catch {
            return collector.problem("unreadable", row: nil, error.message, error.remedy)
        }
        for fault in document.faults {
            collector.problem("bad-row", row: fault.line, fault.message, "fix this line")
        }
        let hasTiers = document.tiers.count > 1
        for item in document.items where !item.isComment {
            let label = item.text.replacing("\n", with: " ").trimmingCharacters(in: .whitespaces)
            // Intervals without text are gaps between labels.
            guard !label.isEmpty, !LabelOptions.usualSilence.contains(label.lowercased()) else { continue }
            var row = LabelCollector.Row()
            row.row = item.line
            (row.start, row.end, row.label) = (item.start, item.end, label)
            row.session = item.recording ?? ""
            row.actor = item.speaker ?? ""
            row.tier = hasTiers && document.tiers.indices.contains(item.tier) ? document.tiers[item.tier].name : ""
            collector.add(row)
        }
    }
}
