import DelimitedText

/// Tables separated by commas, tabs, semicolons or bars, with named columns whose names may have units: `start_s`, `End
/// (ms)`. Decimal commas are allowed; times may be clocks, also with frames.
enum DelimitedTable {
    private enum Role: Hashable { case start, end, duration, text, speaker, tier, recording, language }

    private static let names: [(Role, [String])] = [
        (
            .start,
            [
                "start", "begin", "onset", "from", "tmin", "xmin", "starttime", "begintime", "timestart",
                "starttimestamp", "in", "time", "timestamp", "t0", "tcin",
            ]
        ),
        (
            .end,
            [
                "end", "stop", "to", "tmax", "xmax", "endtime", "stoptime", "timeend", "endtimestamp", "stoptimestamp",
                "finish", "out", "t1", "offset", "tcout",
            ]
        ),
        (.duration, ["duration", "dur", "length", "len"]),
        (
            .text,
            [
                "text", "label", "word", "transcript", "transcription", "utterance", "sentence", "caption", "content",
                "eventlabel", "soundevent", "event", "class", "action", "token", "value", "name", "annotation", "words",
            ]
        ),
        (.speaker, ["speaker", "spk", "speakerid", "talker"]),
        (.tier, ["tier", "view", "annotator", "track", "channel", "layer", "camera"]),
        (
            .recording,
            [
                "file", "filename", "recording", "audio", "audiofile", "audiofilepath", "path", "clip", "video",
                "media", "wav",
            ]
        ),
        (.language, ["language", "lang"]),
    ]

    private struct Column {
        let role: Role
        let index: Int
        /// Seconds per unit; nil: not stated.
        let unit: Double?
        /// Whether the unit is a frame.
        var countsFrames = false
        /// Its name in the first row; empty: no names.
        var title = ""
        var isNamed: Bool { !title.isEmpty }
        var isOnset: Bool { title.hasPrefix("onset") }
        var isLabel: Bool { ["label", "class", "event", "eventlabel", "soundevent"].contains(title) }
        var isEvent: Bool { ["eventlabel", "soundevent"].contains(title) }
    }

    static func looksLikeIt(_ source: EncodedText) -> Bool {
        let lines = source.lines().filter { !source.isBlank($0.range) }.prefix(2)
        guard let head = lines.first else { return false }
        return separators.contains {
            columns(source, cells(source, head.range, by: $0), frameRate: nil).contains { $0.role == .start }
        }
    }

    private static let separators: [UInt8] = [9, UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "|")]

    static func read(_ source: EncodedText, mediaRate: Double?) throws(TimedTextError) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .table)
        let rows = records(source, into: &builder)
        guard
            let head = rows.first(where: {
                !source.isBlank($0.range) && source.utf8[source.trimmed($0.range).lowerBound] != UInt8(ascii: "#")
            })
        else {
            throw TimedTextError(code: "empty-table", message: "has no rows", remedy: "export it again")
        }
        let counted = separators.map { separator in (separator, cells(source, head.range, by: separator).count) }
        let separator = counted.max { $0.1 < $1.1 }?.0 ?? UInt8(ascii: ",")
        var columns = columns(source, cells(source, head.range, by: separator), frameRate: mediaRate)
        var body = rows.filter { $0.number > head.number }
        if !columns.contains(where: { $0.role == .start }) {
            // Without names: two columns of times, then the text.
            let first = cells(source, head.range, by: separator)
            let numeric = first.indices.filter { time(source, first[$0], 1) != nil }
            guard numeric.count >= 2 else {
                throw TimedTextError(
                    code: "no-start-column",
                    message: "has no column of start times (\(source.string(head.range).prefix(80)))",
                    remedy: "add column names as the first row, such as start_s,end_s,text")
            }
            columns = [
                Column(role: .start, index: numeric[0], unit: nil), Column(role: .end, index: numeric[1], unit: nil),
            ]
            let others = first.indices.filter { !numeric.contains($0) }
            if let text = others.first(where: { $0 > numeric[1] }) ?? others.first {
                columns.append(Column(role: .text, index: text, unit: nil))
                // DCASE has the recording's name before the times.
                if let file = others.first, file < numeric[0], file != text {
                    columns.append(Column(role: .recording, index: file, unit: nil))
                }
            }
            builder.guesses.append("columns have no names: the first two with numbers are assumed to be start and end")
            body = rows.filter { $0.number >= head.number }
        }
        let unit = columns.first { $0.role == .start }?.unit ?? guessedUnit(source, body, separator, columns, &builder)
        let timecode = TimecodeRate(clocks(source, body, separator, columns), mediaRate: mediaRate)
        if let timecode { builder.guess(timecode.guess) }
        if columns.contains(where: \.countsFrames) {
            let shown = ((mediaRate ?? guessedRate) * 1000).rounded() / 1000
            builder.guess(
                "frame rate assumed to be \(shown) fps, "
                    + (mediaRate == nil ? "as the table states none" : "as in the media"))
        }
        for row in body where !source.isBlank(row.range) {
            if source.utf8[source.trimmed(row.range).lowerBound] == UInt8(ascii: "#") { continue }
            read(
                source, row, cells(source, row.range, by: separator), columns, unit, timecode, separator,
                into: &builder)
        }
        finishKinds(&builder, columns)
        return builder.document()
    }

    private static func read(
        _ source: EncodedText, _ row: SourceLine, _ cells: [Range<Int>], _ columns: [Column], _ unit: Double,
        _ timecode: TimecodeRate?, _ separator: UInt8, into builder: inout DocumentBuilder
    ) {
        func cell(_ role: Role) -> (Range<Int>, Column)? {
            guard let column = columns.first(where: { $0.role == role }), cells.indices.contains(column.index) else {
                return nil
            }
            return (cells[column.index], column)
        }
        func time(_ role: Role) -> WrittenTime? {
            cell(role).flatMap { DelimitedTable.time(source, $0.0, $0.1.unit ?? unit, timecode) }
        }
        guard let start = time(.start) else {
            builder.fault(row.number, "no start time: \(source.string(row.range).prefix(60))")
            return
        }
        let text = cell(.text).map { unquoted(source, $0.0) } ?? ""
        let tier = builder.tier(cell(.tier).map { unquoted(source, $0.0) } ?? "")
        var item = TimedItem(
            tier: tier, kind: .cue, text: text, start: start.seconds, end: start.seconds, line: row.number,
            speaker: cell(.speaker).map { unquoted(source, $0.0) })
        item.recording = cell(.recording).map { unquoted(source, $0.0) }
        let place = cell(.text).map {
            TextPlace(range: source.trimmed($0.0), style: .field(separator: separator))
        }
        let block = BlockPlace(row.range)
        if let end = time(.end) {
            item.end = end.seconds
            builder.add(item, from: start, to: end, text: place, block: block)
        } else if let duration = time(.duration) {
            item.end = start.seconds + duration.seconds
            builder.add(item, from: start, lasting: duration, text: place, block: block)
        } else if columns.contains(where: { $0.role == .end || $0.role == .duration }) {
            builder.fault(row.number, "no end time: \(source.string(row.range).prefix(60))")
        } else {
            builder.items.append(item)
            builder.fields.append(start.field(anchor: start.seconds))
        }
    }

    private static func finishKinds(_ builder: inout DocumentBuilder, _ columns: [Column]) {
        let text = columns.first { $0.role == .text }
        // A table of speakers without text has turns; one of onsets and labels, as in DCASE, has events.
        let isNamed = columns.contains { $0.role == .text && $0.isNamed }
        var fixed: TimedItem.Kind?
        if text?.unit == -1 {
            fixed = .word
        } else if text == nil, columns.contains(where: { $0.role == .speaker }) {
            fixed = .turn
        } else if isNamed,
            text?.isEvent == true
                || columns.contains(where: { $0.role == .start && $0.isOnset }) && text?.isLabel == true
        {
            fixed = .event
        }
        for tier in builder.tiers.indices {
            let indices = builder.items.indices.filter { builder.items[$0].tier == tier }
            let texts = indices.map { builder.items[$0].text }
            var kind =
                fixed
                ?? TierKind.guess(
                    name: builder.tiers[tier].name, texts: texts,
                    seconds: indices.map { builder.items[$0].end - builder.items[$0].start })
            if fixed == nil, !isNamed, kind != .turn, TierKind.areClasses(texts) { kind = .event }
            for index in indices { builder.items[index].kind = kind }
        }
    }

    // MARK: Columns

    private static func columns(_ source: EncodedText, _ cells: [Range<Int>], frameRate: Double?) -> [Column] {
        var result: [Column] = []
        let titles = cells.map { unquoted(source, $0).lowercased() }
        let hasOnset = titles.contains { $0.hasPrefix("onset") }
        for (index, title) in titles.enumerated() {
            var words = title.split { !$0.isLetter && !$0.isNumber }.map(String.init)
            var unit: Double?
            var countsFrames = false
            if let last = words.last, words.count > 1, let known = DelimitedTable.unit(last, frameRate: frameRate) {
                (unit, countsFrames) = (known, last.hasPrefix("f"))
                words.removeLast()
            }
            let plain = words.joined()
            guard let role = names.first(where: { $0.1.contains(plain) })?.0 else { continue }
            if plain == "offset", !hasOnset { continue }
            guard !result.contains(where: { $0.role == role }) else { continue }
            result.append(
                Column(
                    role: role, index: index, unit: role == .text ? (plain.hasPrefix("word") ? -1 : nil) : unit,
                    countsFrames: countsFrames && [.start, .end, .duration].contains(role), title: plain))
        }
        return result
    }

    /// Default if neither the table nor the media states a rate: a frame of European video is a whole number of
    /// milliseconds.
    private static let guessedRate = 25.0

    private static func unit(_ name: String, frameRate: Double?) -> Double? {
        switch name {
        case "s", "sec", "secs", "second", "seconds": 1
        case "ms", "msec", "millisecond", "milliseconds", "millis": 0.001
        case "us", "usec", "microsecond", "microseconds", "micros": 1e-6
        case "ns", "nanosecond", "nanoseconds": 1e-9
        case "min", "minutes": 60
        case "frame", "frames", "f": 1 / (frameRate ?? guessedRate)
        default: nil
        }
    }

    /// Seconds, unless whole numbers are too large for that.
    private static func guessedUnit(
        _ source: EncodedText, _ body: [SourceLine], _ separator: UInt8, _ columns: [Column],
        _ builder: inout DocumentBuilder
    ) -> Double {
        guard let start = columns.first(where: { $0.role == .start }),
            let end = columns.first(where: { $0.role == .end || $0.role == .duration })
        else { return 1 }
        var lengths: [Double] = []
        for row in body.prefix(200) {
            let cells = cells(source, row.range, by: separator)
            guard cells.indices.contains(start.index), cells.indices.contains(end.index) else { continue }
            let (from, to) = (
                source.string(source.trimmed(cells[start.index])), source.string(source.trimmed(cells[end.index]))
            )
            if from.contains(":") || from.contains(where: ".,".contains) || to.contains(where: ".,".contains) {
                return 1
            }
            if let from = Double(from), let to = Double(to), from.isFinite, to.isFinite {
                lengths.append(end.role == .end ? to - from : to)
            }
        }
        guard !lengths.isEmpty else { return 1 }
        let median = lengths.sorted()[lengths.count / 2]
        if median > 40 {
            builder.guesses.append(
                """
                whole numbers without a unit are assumed to be milliseconds: half of the rows last longer \
                than \(Int(min(median, 1e9)))
                """
            )
            return 0.001
        }
        return 1
    }

    private static func time(
        _ source: EncodedText, _ cell: Range<Int>, _ unit: Double, _ timecode: TimecodeRate? = nil
    ) -> WrittenTime? {
        let range = source.trimmed(source.utf8.withUnsafeBytes { QuotedText.inside(source.trimmed(cell), in: $0) })
        let decimals = unit == 1 ? 3 : 0
        if let number = source.number(range, unitSeconds: unit, leastDecimals: decimals, allowsComma: true) {
            return number
        }
        guard
            let clock = source.clock(
                at: range.lowerBound, before: range.upperBound, frameRate: timecode?.rate,
                counting: timecode?.counting),
            clock.range == range
        else { return nil }
        return clock
    }

    /// All times written as clocks.
    private static func clocks(
        _ source: EncodedText, _ body: [SourceLine], _ separator: UInt8, _ columns: [Column]
    ) -> [WrittenTime] {
        let timed = columns.filter { [.start, .end, .duration].contains($0.role) }.map(\.index)
        return body.flatMap { row in
            let cells = cells(source, row.range, by: separator)
            return timed.compactMap { index in
                cells.indices.contains(index) ? time(source, cells[index], 1) : nil
            }
        }
    }

    // MARK: Rows

    /// Rows, ignoring line ends inside quotes. A quote that is never closed, or not within a hundred lines, is reported
    /// and ignored.
    private static func records(_ source: EncodedText, into builder: inout DocumentBuilder) -> [SourceLine] {
        var dialect = DelimitedDialect(separator: nil)
        dialect.quotes = .anywhere
        dialect.longestQuote = 100
        var result: [SourceLine] = []
        var (start, before) = (0, 0)
        source.utf8.withUnsafeBytes { bytes in
            while start < bytes.count {
                var reader = DelimitedTokenizer(bytes, dialect: dialect, range: start..<bytes.count)
                start = bytes.count
                while let row = reader.next() {
                    let line = SourceLine(number: before + row.line, range: row.isUnclosed ? row.firstLine : row.range)
                    result.append(line)
                    guard row.isUnclosed else { continue }
                    if opensField(source, line.range) {
                        builder.fault(line.number, "a quote is never closed: it is read as a character")
                    }
                    // The following lines are rows again.
                    let end = line.range.upperBound
                    start =
                        end
                        + (bytes[min(end, bytes.count - 1)] == 13 && end + 1 < bytes.count
                            && bytes[end + 1] == 10 ? 2 : 1)
                    before = line.number
                    break
                }
            }
        }
        return result
    }

    /// Whether the last quote of a line is at the start of a field, and not an inch sign in it.
    private static func opensField(_ source: EncodedText, _ line: Range<Int>) -> Bool {
        guard let quote = line.last(where: { source.utf8[$0] == QuotedText.quote }) else { return false }
        let before = source.trimmed(line.lowerBound..<quote)
        return before.isEmpty || source.utf8[quote - 1] == 9 || separators.contains(source.utf8[before.upperBound - 1])
    }

    private static func cells(_ source: EncodedText, _ range: Range<Int>, by separator: UInt8) -> [Range<Int>] {
        var dialect = DelimitedDialect(separator: separator)
        dialect.quotes = .afterBlanks
        dialect.lineEnds = .none
        return source.utf8.withUnsafeBytes { bytes in
            var reader = DelimitedTokenizer(bytes, dialect: dialect, range: range)
            var row = reader.blankRow()
            reader.read(into: &row)
            return row.fields.map(\.range)
        }
    }

    private static func unquoted(_ source: EncodedText, _ cell: Range<Int>) -> String {
        let range = source.trimmed(cell)
        return source.utf8.withUnsafeBytes { bytes in
            let inside = QuotedText.inside(range, in: bytes)
            return inside == range ? source.string(range) : QuotedText.undoubled(inside, in: bytes)
        }
    }
}
