import Foundation

/// Reads files with one label per frame, or with a frame range on each line (Breakfast, 50Salads, GTEA).
struct FramewiseReader {
    let options: LabelOptions

    /// Reads the text if it is of this kind; else returns false.
    func read(_ text: String, into collector: LabelCollector) -> Bool {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        let filled = lines.filter { !$0.isEmpty }
        guard filled.count > 0 else { return false }
        let ranges = filled.prefix(50).filter { FramewiseReader.range($0) != nil }.count
        if ranges * 10 >= min(50, filled.count) * 8 { return readRanges(lines, into: collector) }
        return readFrames(lines, filled, into: collector)
    }

    private func rate(_ collector: LabelCollector) -> Double? {
        if let rate = options.rate { return rate }
        collector.problem(
            "no-rate", row: nil, "counts in frames, but no frame rate is known",
            "give --rate N, such as --rate 15")
        return nil
    }

    /// `1-30 SIL`, or `<take><cup> (117-205) [1]`; first and last frame as written.
    static func range(_ line: String) -> (first: Int, last: Int, label: String)? {
        if let match = line.wholeMatch(of: /(\d+)-(\d+)[ \t]+(\S.*)/), let first = Int(match.1), let last = Int(match.2)
        {
            return (first, last, String(match.3))
        }
        guard let match = line.wholeMatch(of: /(<.+>)\s*\((\d+)-(\d+)\)(?:\s*\[.*\])?/), let first = Int(match.2),
            let last = Int(match.3)
        else { return nil }
        return (first, last, match.1.split(whereSeparator: { $0 == "<" || $0 == ">" }).joined(separator: "_"))
    }

    private func readRanges(_ lines: [String], into collector: LabelCollector) -> Bool {
        guard let rate = rate(collector) else { return true }
        // Counted from 1 if the first range does so; the last frame belongs to the action.
        let base = lines.lazy.compactMap(FramewiseReader.range).first?.first == 1 ? 1 : 0
        for (index, line) in lines.enumerated() where !line.isEmpty {
            guard let range = FramewiseReader.range(line) else {
                collector.problem(
                    "bad-time", row: index + 1, "is not a frame range with a label", "write FIRST-LAST LABEL")
                continue
            }
            guard !LabelOptions.usualSilence.contains(range.label.lowercased()) else { continue }
            var row = LabelCollector.Row()
            row.label = range.label
            row.row = index + 1
            row.start = Double(range.first - base) / rate
            row.end = Double(range.last - base + 1) / rate
            if range.last < range.first { row.end = Double(range.last - base) / rate }
            collector.add(row)
        }
        return true
    }

    /// At least twenty lines, most of which repeat the previous one; a first column with frame numbers, or a second
    /// one, is ignored.
    private func readFrames(_ lines: [String], _ filled: [String], into collector: LabelCollector) -> Bool {
        guard filled.count >= 20, filled.prefix(1000).allSatisfy({ $0.utf8.count < 200 }) else { return false }
        let repeats = zip(filled, filled.dropFirst()).filter { $0 == $1 }.count
        guard repeats * 2 > filled.count else { return false }
        guard let rate = rate(collector) else { return true }
        var start = 0
        while start < lines.count {
            var end = start + 1
            while end < lines.count, lines[end] == lines[start] { end += 1 }
            if !lines[start].isEmpty, !LabelOptions.usualSilence.contains(lines[start].lowercased()) {
                var row = LabelCollector.Row()
                row.label = lines[start]
                row.row = start + 1
                row.start = Double(start) / rate
                row.end = Double(end) / rate
                collector.add(row)
            }
            start = end
        }
        return true
    }
}
