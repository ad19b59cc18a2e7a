import Foundation

/// WebVTT (`.vtt`), as defined by the W3C: blocks between empty lines; cues, `NOTE`, `STYLE`, `REGION`.
///
/// A segment of an HLS stream gives its position on the transport stream clock in `X-TIMESTAMP-MAP` (RFC 8216, section
/// 3.5).
enum WebVTT {
    /// - Parameter mediaStart: the transport stream time, in seconds, that counts as 0; nil: unknown.
    static func read(_ source: EncodedText, mediaStart: () -> Double?) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .webVTT)
        let lines = source.lines()
        var shift = 0.0
        var index = 0
        while index < lines.count {
            guard !source.isBlank(lines[index].range) else {
                index += 1
                continue
            }
            var end = index
            while end < lines.count, !lines[end].isEmpty { end += 1 }
            var block = lines[index..<end]
            if let head = block.first, builder.items.isEmpty || source.find("-->", in: head.range) == nil,
                source.string(head.range).hasPrefix("WEBVTT")
            {
                // A header; joined segments have several. A cue may follow without an empty line.
                let rest = block.dropFirst().firstIndex { CueArrow.find(source, $0.range) != nil }
                let header = block[..<(rest ?? block.endIndex)]
                shift = readHeader(source, header, before: shift, mediaStart, into: &builder)
                block = block[(rest ?? block.endIndex)...]
            }
            readBlock(source, block, shift, into: &builder)
            index = max(end, index + 1)
        }
        return builder.document()
    }

    /// - Returns: seconds to add to the following times.
    private static func readHeader(
        _ source: EncodedText, _ header: ArraySlice<SourceLine>, before shift: Double, _ mediaStart: () -> Double?,
        into builder: inout DocumentBuilder
    ) -> Double {
        var shift = shift
        for line in header.dropFirst() {
            let text = source.string(line.range)
            let words = text.split(separator: ":", maxSplits: 1)
            if words.count == 2, words[0] == "Language" {
                builder.language = words[1].split(separator: " ").first.map(String.init)
            }
            guard text.hasPrefix("X-TIMESTAMP-MAP") else { continue }
            guard let map = streamTime(source, line.range) else {
                builder.fault(line.number, "X-TIMESTAMP-MAP cannot be read: \(text.prefix(60))")
                continue
            }
            guard let start = mediaStart() else {
                builder.guess(
                    """
                    X-TIMESTAMP-MAP refers to a transport stream clock, which the media does not have: times are \
                    used unchanged
                    """)
                continue
            }
            // The 33-bit clock wraps after 26.5 hours.
            let wrap = Double(UInt64(1) << 33) / clockRate
            shift = (map - start).remainder(dividingBy: wrap)
            let whole = Int((shift * 1000).rounded())
            builder.guess(
                """
                times were moved by \(whole) ms, by X-TIMESTAMP-MAP of a transport stream that starts at \
                \(Int((start * 1000).rounded())) ms
                """)
        }
        return shift
    }

    /// Rate of the transport stream clock in Hz (ISO 13818-1).
    private static let clockRate = 90_000.0

    /// The transport stream time, in seconds, at local time 0.
    private static func streamTime(_ source: EncodedText, _ line: Range<Int>) -> Double? {
        var (ticks, local) = (Double?.none, Double?.none)
        if let place = source.find("MPEGTS:", in: line) {
            let digits = source.string(place + 7..<line.upperBound).prefix { $0.isASCII && $0.isNumber }
            ticks = Double(digits)
        }
        if let place = source.find("LOCAL:", in: line) {
            local = source.clock(at: place + 6, before: line.upperBound)?.seconds
        }
        guard let ticks, let local, ticks < 0x1p33 else { return nil }
        return ticks / clockRate - local
    }

    private static func readBlock(
        _ source: EncodedText, _ block: ArraySlice<SourceLine>, _ shift: Double, into builder: inout DocumentBuilder
    ) {
        guard let head = block.first else { return }
        let text = source.string(head.range)
        if text.hasPrefix("NOTE") && (text.count == 4 || " \t".contains(text.dropFirst(4).first ?? "x")) { return }
        if text.hasPrefix("STYLE") || text.hasPrefix("REGION"), source.find("-->", in: head.range) == nil { return }
        var rest = block
        var timing: SourceLine?
        // Times are in the first or second line; a cue without an empty line before it starts a new one.
        while let line = rest.first {
            rest = rest.dropFirst()
            if CueArrow.find(source, line.range) != nil {
                timing = line
                break
            }
        }
        guard let timing else {
            // The text of a cue without one, if every line is followed by an empty one.
            if let last = builder.items.indices.last, builder.items[last].raw.isEmpty {
                let raw = block.map { source.string($0.range) }.joined(separator: "\n")
                (builder.items[last].raw, builder.items[last].text) = (raw, CueText.plain(raw))
                let range = head.range.lowerBound..<(block.last ?? head).range.upperBound
                builder.items[last].place?.text = TextPlace(range: range, style: .cue)
                builder.items[last].place?.block = nil
                return
            }
            // A number before such a cue.
            if block.count == 1, text.allSatisfy(\.isNumber) { return }
            builder.fault(head.number, "a block without times: \(text.prefix(60))")
            return
        }
        let next = rest.firstIndex { CueArrow.find(source, $0.range) != nil }
        let body = next.map { rest[rest.startIndex..<$0] } ?? rest
        if let cue = CueLine(source, timing.range) {
            add(cue, source, head.range.lowerBound, timing, body, shift, into: &builder)
        } else {
            builder.fault(timing.number, "the times cannot be read: \(source.string(timing.range).prefix(60))")
        }
        if let next { readBlock(source, rest[next...], shift, into: &builder) }
    }

    private static func add(
        _ cue: CueLine, _ source: EncodedText, _ head: Int, _ line: SourceLine, _ body: ArraySlice<SourceLine>,
        _ shift: Double, into builder: inout DocumentBuilder
    ) {
        let raw = body.map { source.string($0.range) }.joined(separator: "\n")
        var speaker: String?
        if let voice = raw.range(of: "<v"), let close = raw[voice.upperBound...].firstIndex(of: ">") {
            let name = raw[voice.upperBound..<close].drop { $0 != " " && $0 != "\t" }.drop { $0.isWhitespace }
            speaker = name.isEmpty ? nil : String(name)
        }
        let item = TimedItem(
            kind: .cue, text: CueText.plain(raw), raw: raw, start: cue.start.seconds + shift,
            end: cue.end.seconds + shift, line: line.number, speaker: speaker)
        let end = (body.last ?? line).range.upperBound
        var block = BlockPlace(head..<end)
        (block.copied, block.separators) = (line.range.lowerBound..<end, 2)
        let place = TextPlace(range: (body.first?.range.lowerBound ?? end)..<end, style: .cue)
        builder.add(item, from: cue.start, to: cue.end, text: place, block: block, bias: shift)
        // Times within the text, as for karaoke.
        for line in body {
            for index in line.range where source.utf8[index] == UInt8(ascii: "<") {
                guard let time = source.clock(at: index + 1, before: line.range.upperBound),
                    time.range.upperBound < line.range.upperBound,
                    source.utf8[time.range.upperBound] == UInt8(ascii: ">")
                else { continue }
                builder.fields.append(time.field(anchor: item.start, bias: shift))
            }
        }
    }
}
