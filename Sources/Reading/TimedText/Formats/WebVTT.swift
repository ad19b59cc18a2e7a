import Foundation

/// WebVTT (`.vtt`), as the W3C defines it: blocks between empty lines; cues, `NOTE`, `STYLE`, `REGION`.
enum WebVTT {
    static func read(_ source: EncodedText) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .webVTT)
        let lines = source.lines()
        var index = 0
        while index < lines.count {
            guard !source.isBlank(lines[index].range) else {
                index += 1
                continue
            }
            var end = index
            while end < lines.count, !lines[end].isEmpty { end += 1 }
            readBlock(source, lines[index..<end], isFirst: index == 0, into: &builder)
            index = max(end, index + 1)
        }
        return builder.document()
    }

    private static func readBlock(
        _ source: EncodedText, _ block: ArraySlice<SourceLine>, isFirst: Bool, into builder: inout DocumentBuilder
    ) {
        guard let head = block.first else { return }
        let text = source.string(head.range)
        if isFirst && text.hasPrefix("WEBVTT") {
            for line in block.dropFirst() {
                let words = source.string(line.range).split(separator: ":", maxSplits: 1)
                if words.count == 2, words[0] == "Language" {
                    builder.language = words[1].split(separator: " ").first.map(String.init)
                }
            }
            return
        }
        if text.hasPrefix("NOTE") && (text.count == 4 || " \t".contains(text.dropFirst(4).first ?? "x")) { return }
        if text.hasPrefix("STYLE") || text.hasPrefix("REGION"), source.find("-->", in: head.range) == nil { return }
        var rest = block
        var timing: SourceLine?
        // Times stand in the first or the second line; a cue that lacks the empty line before it starts a new one.
        while let line = rest.first {
            rest = rest.dropFirst()
            if source.find("-->", in: line.range) != nil {
                timing = line
                break
            }
        }
        guard let timing else {
            builder.fault(head.number, "a block without times: \(text.prefix(60))")
            return
        }
        let next = rest.firstIndex { source.find("-->", in: $0.range) != nil }
        let body = next.map { rest[rest.startIndex..<$0] } ?? rest
        if let cue = CueLine(source, timing.range) {
            add(cue, source, timing, body, into: &builder)
        } else {
            builder.fault(timing.number, "the times cannot be read: \(source.string(timing.range).prefix(60))")
        }
        if let next { readBlock(source, rest[next...], isFirst: false, into: &builder) }
    }

    private static func add(
        _ cue: CueLine, _ source: EncodedText, _ line: SourceLine, _ body: ArraySlice<SourceLine>,
        into builder: inout DocumentBuilder
    ) {
        let raw = body.map { source.string($0.range) }.joined(separator: "\n")
        var speaker: String?
        if let voice = raw.range(of: "<v"), let close = raw[voice.upperBound...].firstIndex(of: ">") {
            let name = raw[voice.upperBound..<close].drop { $0 != " " && $0 != "\t" }.drop { $0.isWhitespace }
            speaker = name.isEmpty ? nil : String(name)
        }
        let item = TimedItem(
            kind: .cue, text: CueText.plain(raw), raw: raw, start: cue.start.seconds, end: cue.end.seconds,
            line: line.number, speaker: speaker)
        builder.add(item, from: cue.start, to: cue.end)
        // Times within the text, as karaoke has them.
        for line in body {
            for index in line.range where source.utf8[index] == UInt8(ascii: "<") {
                guard let time = source.clock(at: index + 1, before: line.range.upperBound),
                    time.range.upperBound < line.range.upperBound,
                    source.utf8[time.range.upperBound] == UInt8(ascii: ">")
                else { continue }
                builder.fields.append(time.field(anchor: cue.start.seconds))
            }
        }
    }
}
