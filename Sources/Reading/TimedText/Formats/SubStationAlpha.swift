/// Advanced SubStation Alpha (`.ass`, `.ssa`): events in columns given by the `Format:` line.
enum SubStationAlpha {
    static func read(_ source: EncodedText) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .subStationAlpha)
        var columns = ["layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect", "text"]
        var isEvents = true
        for line in source.lines() {
            let range = source.trimmed(line.range)
            guard let first = range.first else { continue }
            if source.utf8[first] == UInt8(ascii: "[") {
                isEvents = source.string(range).lowercased().hasPrefix("[events")
                continue
            }
            guard let colon = range.first(where: { source.utf8[$0] == UInt8(ascii: ":") }) else { continue }
            let key = source.string(range.lowerBound..<colon).lowercased()
            let rest = colon + 1..<range.upperBound
            if key == "format" {
                if isEvents {
                    columns = source.parts(rest, by: UInt8(ascii: ",")).map {
                        source.string(source.trimmed($0)).lowercased()
                    }
                }
                continue
            }
            if key == "language" { builder.language = source.string(source.trimmed(rest)) }
            guard key == "dialogue" || key == "comment" else { continue }
            let parts = source.parts(rest, by: UInt8(ascii: ","), atMost: max(1, columns.count))
            func column(_ name: String) -> Range<Int>? {
                columns.firstIndex(of: name).flatMap { parts.indices.contains($0) ? parts[$0] : nil }
            }
            func time(_ name: String) -> WrittenTime? {
                guard let range = column(name).map(source.trimmed),
                    let time = source.clock(at: range.lowerBound, before: range.upperBound),
                    time.range == range
                else { return nil }
                return time
            }
            guard let start = time("start"), let end = time("end") else {
                builder.fault(line.number, "the times of an event cannot be read: \(source.string(range).prefix(60))")
                continue
            }
            let raw = column("text").map(source.string) ?? ""
            let name = (column("name") ?? column("actor")).map { source.string(source.trimmed($0)) }
            var item = TimedItem(
                kind: .cue, text: plain(raw), raw: raw, start: start.seconds, end: end.seconds, line: line.number,
                speaker: name?.isEmpty == false ? name : nil)
            item.isComment = key == "comment"
            if parts.count < columns.count {
                builder.fault(
                    line.number,
                    "an event has \(parts.count) of \(columns.count) columns: its text is missing"
                )
            }
            builder.add(
                item, from: start, to: end,
                text: column("text").map { TextPlace(range: $0, style: .marked("\\N")) }, block: BlockPlace(line.range))
        }
        return builder.document()
    }

    private static func plain(_ raw: String) -> String {
        // Drawings are not text.
        if raw.contains("\\p1}") || raw.contains("\\p2}") || raw.contains("\\p4}") { return "" }
        var result = ""
        var depth = 0
        for character in raw {
            if character == "{" {
                depth += 1
            } else if character == "}", depth > 0 {
                depth -= 1
            } else if depth == 0 {
                result.append(character)
            }
        }
        return result.replacing("\\N", with: "\n").replacing("\\n", with: " ").replacing("\\h", with: " ")
    }
}
