/// Scenarist closed captions (`.scc`): a timecode, followed by line 21 codes (CEA-608), one per frame. A caption
/// appears when its display code is sent, not when its line starts.
///
/// When rewritten, the timecode of a line moves, so that its captions move as requested, rounded to a frame.
enum ScenaristCaptions {
    /// Frame rate of video with line 21, in fps.
    static let rate = 30_000.0 / 1001
    /// Assumed duration of a caption that is never cleared, in seconds.
    private static let lastLength = 4.0
    /// Minimum number of lines to conclude that frames beyond 23 are never used.
    private static let enough = 40

    static func looksLikeIt(_ start: Substring) -> Bool { start.prefix(13).lowercased() == "scenarist_scc" }

    private struct Row {
        let line: SourceLine
        let time: WrittenTime
        let codes: Range<Int>
    }

    static func read(_ source: EncodedText, mediaRate: Double?) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .scenarist)
        let rows = rows(source, mediaRate: mediaRate, into: &builder)
        var field = LineTwentyOneField()
        for (place, row) in rows.enumerated() { send(source, row, at: place, to: &field, into: &builder) }
        func seconds(_ moment: LineTwentyOne.Moment) -> Double {
            rows[moment.line].time.seconds + Double(moment.code) / rate
        }
        // A line's effect on the display: the first caption that it opens, else the one that it clears.
        var opening: [Int: LineTwentyOne.Moment] = [:]
        var closing: [Int: (moment: LineTwentyOne.Moment, start: Double)] = [:]
        var captions: [ScenaristCodes.Caption] = []
        for (channel, decoder) in field.channels.enumerated() where !decoder.captions.isEmpty {
            let tier = builder.tier("CC\(channel + 1)")
            for caption in decoder.captions {
                let start = seconds(caption.start)
                if caption.end == nil {
                    builder.guess("the last caption is never cleared: it is assumed to last \(lastLength) s")
                }
                let end = caption.end.map(seconds) ?? start + lastLength
                var item = TimedItem(
                    tier: tier, kind: .cue, text: caption.text, start: start, end: end,
                    line: rows[caption.start.line].line.number)
                item.place = ItemPlace(part: captions.count)
                builder.items.append(item)
                captions.append(
                    ScenaristCodes.Caption(
                        channel: channel, line: caption.start.line, code: caption.start.code, cleared: caption.end,
                        text: caption.text))
                let first = opening[caption.start.line]
                if first.map({ $0.code > caption.start.code }) ?? true { opening[caption.start.line] = caption.start }
                if let end = caption.end, closing[end.line] == nil { closing[end.line] = (end, start) }
            }
        }
        builder.items.sort { ($0.start, $0.tier) < ($1.start, $1.tier) }
        // A line that only loads belongs to the next displayed caption.
        var next: LineTwentyOne.Moment?
        for (place, row) in rows.enumerated().reversed() {
            if let shown = opening[place] {
                next = shown
                builder.fields.append(row.time.field(anchor: seconds(shown), bias: Double(shown.code) / rate))
            } else if let taken = closing[place] {
                builder.fields.append(
                    row.time.field(anchor: taken.start, bias: Double(taken.moment.code) / rate))
            } else {
                builder.fields.append(row.time.field(anchor: next.map(seconds) ?? row.time.seconds))
            }
        }
        if builder.items.isEmpty, builder.faults.isEmpty { builder.fault(1, "no line shows a caption") }
        if let lines = lines(source, rows) {
            builder.finish(ScenaristCodes(lines: lines, captions: captions))
        } else {
            for index in builder.items.indices { builder.items[index].place = nil }
        }
        return builder.document()
    }

    /// The lines as codes; nil: their timecodes count frames of another length than the codes last.
    private static func lines(_ source: EncodedText, _ rows: [Row]) -> [ScenaristCodes.Line]? {
        var result: [ScenaristCodes.Line] = []
        let all = source.lines()
        for row in rows {
            guard case .clockFrames(rate, _, _) = row.time.style else { return nil }
            // With the empty lines after it.
            let next = all[row.line.number...].first { !source.isBlank($0.range) }
            let words = source.words(row.codes)
            let codes = words.compactMap { $0.count == 4 ? UInt16(source.string($0), radix: 16) : nil }
            result.append(
                ScenaristCodes.Line(
                    number: row.line.number, time: row.time,
                    range: row.line.range.lowerBound..<(next?.range.lowerBound ?? source.utf8.count),
                    place: row.codes,
                    // A line with anything else stays as it is.
                    codes: codes.count == words.count ? codes : [UInt16](repeating: 0, count: words.count),
                    begin: Int((row.time.seconds * rate).rounded())))
        }
        return result
    }

    /// The lines that start with a timecode.
    private static func rows(
        _ source: EncodedText, mediaRate: Double?, into builder: inout DocumentBuilder
    ) -> [Row] {
        var result: [Row] = []
        var (largest, counts) = (0, 0)
        func row(_ line: SourceLine, _ range: Range<Int>, _ rate: Double) -> Row? {
            let dropping = source.utf8[range].contains(UInt8(ascii: ";"))
            guard
                let time = source.clock(
                    at: range.lowerBound, before: range.upperBound, frameRate: rate,
                    counting: dropping ? .dropping : .all), case .clockFrames = time.style
            else { return nil }
            return Row(line: line, time: time, codes: source.trimmed(time.range.upperBound..<range.upperBound))
        }
        for line in source.lines() {
            let range = source.trimmed(line.range)
            guard !range.isEmpty,
                !looksLikeIt(Substring(source.string(range.lowerBound..<min(range.upperBound, range.lowerBound + 14))))
            else { continue }
            guard let found = row(line, range, rate) else {
                builder.fault(
                    line.number, "no timecode hh:mm:ss:ff followed by codes: \(source.string(range).prefix(60))")
                continue
            }
            let frame = Int(source.string(found.time.range).suffix(while: \.isNumber)) ?? 0
            guard frame < 30 else {
                builder.fault(line.number, "frame \(frame) is out of range at 30 fps")
                continue
            }
            largest = max(largest, frame)
            if !source.utf8[found.time.range].contains(UInt8(ascii: ";")) { counts += 1 }
            result.append(found)
        }
        // Films are also captioned at 24 fps: the clock is the same, the frames are longer.
        let isFilm = (mediaRate.map { $0.rounded() == 24 } ?? false) && largest < 24 && result.count >= enough
        if isFilm { result = result.compactMap { row($0.line, source.trimmed($0.line.range), 24_000.0 / 1001) } }
        if counts > 0 {
            builder.guess(
                """
                timecodes with ':' count every frame at \(isFilm ? "23.976" : "29.97") fps: an hour of timecode \
                lasts 3603.6 s; with ';' it lasts 3600 s
                """)
        }
        return result
    }

    private static func send(
        _ source: EncodedText, _ row: Row, at place: Int, to field: inout LineTwentyOneField,
        into builder: inout DocumentBuilder
    ) {
        field.begin()
        for (index, word) in source.words(row.codes).enumerated() {
            guard word.count == 4, let code = UInt16(source.string(word), radix: 16) else {
                builder.fault(row.line.number, "not four hexadecimal digits: \(source.string(word).prefix(20))")
                continue
            }
            let pair = code & 0x7F7F
            field.take(UInt8(pair >> 8), UInt8(pair & 0xFF), at: LineTwentyOne.Moment(line: place, code: index))
        }
    }
}

extension String {
    /// The longest suffix of characters of a kind.
    fileprivate func suffix(while isIn: (Character) -> Bool) -> Substring {
        var start = endIndex
        while start > startIndex, isIn(self[index(before: start)]) { start = index(before: start) }
        return self[start...]
    }
}
