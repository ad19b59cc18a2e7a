/// Transcripts of speech recognisers: Whisper, WhisperX, whisper.cpp, AssemblyAI, Amazon, Google, Deepgram, aeneas, and
/// plain lists of timed objects.
enum TranscriptJSON {
    static let startKeys = ["start", "start_time", "begin", "start_s", "onset", "startTime", "timeStart", "start_sec"]
    /// Keys whose name indicates milliseconds.
    static let millisecondKeys = (
        start: ["start_ms", "startMs", "start_time_ms", "startTimeMs", "begin_ms", "onset_ms", "from_ms"],
        end: ["end_ms", "endMs", "end_time_ms", "endTimeMs", "stop_ms", "offset_ms", "to_ms"],
        duration: ["duration_ms", "durationMs"]
    )
    static let endKeys = ["end", "end_time", "stop", "end_s", "endTime", "timeEnd", "end_sec"]
    static let textKeys = [
        "text", "word", "label", "token", "sentence", "transcript", "content", "punctuated_word", "event_label",
    ]

    static func read(_ source: EncodedText) throws(TimedTextError) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .transcriptJSON)
        var parser = JSONParser(source)
        let value = parser.value()
        if value != nil { parser.skipBlanks() }
        guard let root = value, parser.index == source.utf8.count else {
            throw TimedTextError(
                code: "broken-json",
                message: "is not valid JSON: it is truncated or damaged at line \(builder.line(at: parser.index))",
                remedy: "fix that line or regenerate the file")
        }
        builder.language = (root["language"]?.text ?? root["language_code"]?.text)?.replacing("_", with: "-")
        if try EMUAnnotation.read(source, root, into: &builder) || YouTubeCaptions.read(source, root, into: &builder)
            || GridJSON.read(source, root, into: &builder)
        {
            return builder.document()
        }
        if RecogniserJSON.read(source, root, into: &builder) || OtherServices.read(source, root, into: &builder) {
            keepOthers(source, root, unit: 1, into: &builder)
            return builder.document()
        }
        var seconds = 0.001
        if !RecogniserJSON.isAssemblyAI(root) {
            var unit = UnitGuess()
            unit.look(source, root)
            seconds = unit.seconds(&builder)
        }
        if try LabelJSON.read(source, root, into: &builder) { return builder.document() }
        let containers = [root, root["result"], root["results"], root["output"], root["data"]].compactMap { $0 }
        for container in containers where builder.items.isEmpty {
            if let list = container.first(of: [
                "segments", "transcription", "utterances", "chunks", "cues", "sentences", "paragraphs",
            ])?.elements ?? container.elements {
                for entry in list { read(source, entry, unit: seconds, into: &builder) }
            }
            // OpenAI has words beside segments, WhisperX the same ones in them too.
            if !builder.items.contains(where: { $0.kind == .word }),
                let words = container.first(of: ["word_segments", "words"])?.elements
            {
                for word in words { add(source, word, .word, unit: seconds, into: &builder) }
            }
        }
        if builder.items.isEmpty {
            // Amazon, Google, Deepgram and aeneas nest their lists differently.
            let faults = builder.faults
            builder.faults = []
            walk(source, root, unit: seconds, into: &builder)
            if builder.items.isEmpty { builder.faults = faults }
        }
        if builder.items.isEmpty, builder.faults.isEmpty {
            throw TimedTextError(
                code: "no-segments", message: "has no list of segments or words with times",
                remedy: "give a transcript with 'segments' or 'words' that have 'start' and 'end'")
        }
        keepOthers(source, root, unit: seconds, into: &builder)
        return builder.document()
    }

    private static let everyKey = Set(startKeys + endKeys + ["ts", "end_ts", "timestamp", "end_timestamp"])
    private static let everyOffset = ["resultEndTime", "resultEndOffset", "startOffset", "endOffset"]
    private static let everyMillisecond = Set(
        millisecondKeys.start + millisecondKeys.end + ["BeginOffsetMillis", "EndOffsetMillis"])

    /// Times outside items (chapters, sentences within segments, speakers) move too.
    private static func keepOthers(
        _ source: EncodedText, _ root: JSONNode, unit: Double, into builder: inout DocumentBuilder
    ) {
        guard !builder.items.isEmpty else { return }
        let claimed = Set(builder.fields.map(\.range.lowerBound))
        var others: [TimeField] = []
        // Items whose times are repeated elsewhere.
        var items: [ClosedRange<Double>: Int] = [:]
        for (index, item) in builder.items.enumerated() where item.start <= item.end {
            items[item.start...item.end] = items[item.start...item.end] ?? index
        }
        func visit(_ node: JSONNode) {
            for element in node.elements ?? [] { visit(element) }
            guard case .object(let members, _) = node else { return }
            var found: [WrittenTime] = []
            for (key, value) in members {
                visit(value)
                // Numbers of that name count letters in some.
                let isOffset = everyOffset.contains(key) && value.text != nil
                guard everyKey.contains(key) || isOffset || everyMillisecond.contains(key),
                    let time = value.time(
                        source, unitSeconds: everyMillisecond.contains(key) ? 0.001 : isOffset ? 1 : unit),
                    !claimed.contains(time.range.lowerBound)
                else { continue }
                found.append(time)
            }
            let anchor = found.first?.seconds
            others += found.map { $0.field(anchor: anchor) }
            if found.count == 2, let low = found.map(\.seconds).min(), let high = found.map(\.seconds).max(),
                let index = items[low...high]
            {
                builder.items[index].place?.repeats += found.map { $0.field(anchor: anchor) }
            }
            if let start = found.first, found.count == 1,
                node.first(of: startKeys)?.time(source, unitSeconds: unit) == start,
                let duration = node["duration"]?.time(source, unitSeconds: unit),
                !claimed.contains(duration.range.lowerBound)
            {
                others.append(duration.field(anchor: start.seconds, base: start.seconds))
            }
        }
        visit(root)
        builder.fields += others
    }

    private static func read(
        _ source: EncodedText, _ entry: JSONNode, unit: Double, into builder: inout DocumentBuilder
    ) {
        let isWord = entry["word"] != nil && entry["words"] == nil
        add(source, entry, isWord ? .word : .cue, unit: unit, into: &builder)
        for word in entry["words"]?.elements ?? [] { add(source, word, .word, unit: unit, into: &builder) }
        // whisper.cpp's tokens are parts of words; their times move, but are not read.
        for token in entry["tokens"]?.elements ?? [] { keepOffsets(source, token, into: &builder) }
    }

    /// Adds every object with times and a text, at any depth. Of alternatives the first is read; the times of the
    /// others move too.
    private static func walk(
        _ source: EncodedText, _ node: JSONNode, unit: Double, into builder: inout DocumentBuilder
    ) {
        for element in node.elements ?? [] { walk(source, element, unit: unit, into: &builder) }
        guard case .object(let members, _) = node else { return }
        if node.first(of: startKeys + millisecondKeys.start) != nil, !text(node).isEmpty {
            let isWord = node.first(of: ["word", "punctuated_word", "alternatives"]) != nil
            add(source, node, isWord ? .word : .cue, unit: unit, into: &builder)
        }
        for (key, value) in members {
            guard key == "alternatives", let all = value.elements else {
                walk(source, value, unit: unit, into: &builder)
                continue
            }
            if let first = all.first { walk(source, first, unit: unit, into: &builder) }
            let count = builder.items.count
            for other in all.dropFirst() { walk(source, other, unit: unit, into: &builder) }
            builder.items.removeLast(builder.items.count - count)
        }
    }

    /// The text of an entry, in one string or in lines.
    private static func text(_ entry: JSONNode) -> String {
        if let text = entry.first(of: textKeys)?.text { return text }
        if let lines = entry["lines"]?.elements { return lines.compactMap(\.text).joined(separator: "\n") }
        return entry["alternatives"]?.elements?.first?.first(of: textKeys)?.text ?? ""
    }

    /// The range of its text, if it is one string.
    static func textPlace(_ source: EncodedText, _ entry: JSONNode) -> TextPlace? {
        let node = entry.first(of: textKeys) ?? entry["alternatives"]?.elements?.first?.first(of: textKeys)
        guard case .string(_, let range)? = node else { return nil }
        return TextPlace(range: source.trimmed(range), style: .json)
    }

    /// Adds an entry with times; words that a recogniser could not align have none and are not a fault.
    ///
    /// - Parameter unit: seconds per unit of a number without a unit in its name.
    static func add(
        _ source: EncodedText, _ entry: JSONNode, _ kind: TimedItem.Kind, unit: Double = 1,
        into builder: inout DocumentBuilder
    ) {
        let line = builder.line(at: entry.place)
        guard case .object = entry else { return }
        let text = text(entry)
        let speaker = RecogniserJSON.label(source, entry.first(of: ["speaker", "spk", "speaker_label", "speaker_id"]))
        // ElevenLabs has entries for blanks, and for sounds.
        if entry["type"]?.text == "spacing", text.allSatisfy(\.isWhitespace) { return }
        let kind = entry["type"]?.text == "audio_event" ? .event : kind
        func item(_ start: Double, _ end: Double) -> TimedItem {
            var plain = text[...]
            while plain.first?.isWhitespace == true { plain = plain.dropFirst() }
            while plain.last?.isWhitespace == true { plain = plain.dropLast() }
            return TimedItem(
                tier: builder.tier(kind == .word ? "words" : kind == .event ? "events" : "segments"), kind: kind,
                text: String(plain), raw: text,
                start: start, end: end,
                line: line, speaker: speaker)
        }
        let place = textPlace(source, entry)
        if let (start, end) = offsets(source, entry) {
            builder.add(item(start.seconds, end.seconds), from: start, to: end, text: place)
            let stamps = keepStamps(source, entry, start.seconds, into: &builder)
            builder.items[builder.items.count - 1].place?.repeats = stamps
            return
        }
        // Hugging Face has "timestamp": [start, end].
        let pair = entry["timestamp"]?.elements
        func time(_ keys: [String], _ milliseconds: [String]) -> WrittenTime? {
            entry.first(of: keys)?.time(source, unitSeconds: unit)
                ?? entry.first(of: milliseconds)?.time(source, unitSeconds: 0.001)
        }
        let start =
            time(startKeys, millisecondKeys.start) ?? pair?.first?.time(source, unitSeconds: unit)
        let end =
            time(endKeys, millisecondKeys.end)
            ?? pair.flatMap { $0.count > 1 ? $0[1].time(source, unitSeconds: unit) : nil }
        if let start, let end {
            builder.add(item(start.seconds, end.seconds), from: start, to: end, text: place)
        } else if let start, let duration = time(["duration"], millisecondKeys.duration) {
            builder.add(
                item(start.seconds, start.seconds + duration.seconds), from: start, lasting: duration, text: place)
        } else if let start, pair != nil {
            // The last one has no end if the audio ends within a word.
            builder.guess("an entry without an end is assumed to last as long as its words")
            let words = text.split { $0.isWhitespace }.count
            builder.items.append(item(start.seconds, start.seconds + max(0.4, Double(words) * 0.4)))
            builder.fields.append(start.field())
        } else if kind != .word {
            builder.fault(line, "an entry without times: \(text.prefix(40))")
        }
    }

    /// whisper.cpp: `"offsets": {"from": 0, "to": 2000}` in milliseconds.
    private static func offsets(_ source: EncodedText, _ entry: JSONNode) -> (WrittenTime, WrittenTime)? {
        guard let offsets = entry["offsets"], let from = offsets["from"]?.time(source, unitSeconds: 0.001),
            let to = offsets["to"]?.time(source, unitSeconds: 0.001)
        else { return nil }
        return (from, to)
    }

    private static func keepOffsets(_ source: EncodedText, _ token: JSONNode, into builder: inout DocumentBuilder) {
        guard let (from, to) = offsets(source, token) else { return }
        builder.fields.append(from.field())
        builder.fields.append(to.field(anchor: from.seconds))
        keepStamps(source, token, from.seconds, into: &builder)
    }

    /// The same times repeated as clocks.
    @discardableResult
    private static func keepStamps(
        _ source: EncodedText, _ entry: JSONNode, _ anchor: Double, into builder: inout DocumentBuilder
    ) -> [TimeField] {
        let before = builder.fields.count
        for key in ["from", "to"] {
            if case .string(_, let range)? = entry["timestamps"]?[key],
                let time = source.clock(at: range.lowerBound, before: range.upperBound)
            {
                builder.fields.append(time.field(anchor: anchor))
            }
        }
        return Array(builder.fields[before...])
    }
}

/// Guesses the unit of numbers: seconds, or milliseconds if most are too long for words and cues.
struct UnitGuess {
    private var lengths: [Double] = []
    private var hasDecimals = false
    /// Sufficient number of objects.
    private static let enough = 2000
    /// Maximum duration of words and cues, in seconds.
    private static let longest = 40.0

    /// Collects the durations of an object and its members.
    mutating func look(_ source: EncodedText, _ node: JSONNode) {
        guard lengths.count < UnitGuess.enough else { return }
        for element in node.elements ?? [] { look(source, element) }
        guard case .object(let members, _) = node else { return }
        for (_, value) in members { look(source, value) }
        guard let start = node.first(of: TranscriptJSON.startKeys), case .number(let from) = start else { return }
        let end = node.first(of: TranscriptJSON.endKeys)
        guard let until = end ?? node["duration"], case .number(let to) = until,
            let first = Double(source.string(from)), let last = Double(source.string(to))
        else { return }
        lengths.append(end == nil ? last : last - first)
        if [from, to].contains(where: { source.string($0).contains(".") }) { hasDecimals = true }
    }

    /// Seconds per unit; reports if it is not a second.
    func seconds(_ builder: inout DocumentBuilder) -> Double {
        guard !lengths.isEmpty, !hasDecimals else { return 1 }
        let median = lengths.sorted()[lengths.count / 2]
        guard median > UnitGuess.longest else { return 1 }
        builder.guess(
            """
            whole numbers without a unit are assumed to be milliseconds: half of the entries last \
            \(Int(min(median, 1e9))) or more
            """)
        return 0.001
    }
}

/// One JSON object per line: manifests of NeMo (`audio_filepath`, `offset`, `duration`, `text`), Kaldi-style segments,
/// lists of words.
enum JSONLines {
    static func read(_ source: EncodedText) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .jsonLines)
        var unit = UnitGuess()
        for line in source.lines() {
            if let entry = JSONNode.whole(source, in: line.range) { unit.look(source, entry) }
        }
        let seconds = unit.seconds(&builder)
        for line in source.lines() where !source.isBlank(line.range) {
            guard let entry = JSONNode.whole(source, in: line.range), case .object = entry else {
                builder.fault(line.number, "not a JSON object: \(source.string(line.range).prefix(60))")
                continue
            }
            if builder.language == nil { builder.language = entry.first(of: ["language", "lang"])?.text }
            if PocketSphinxWords.isIt(entry) {
                PocketSphinxWords.add(source, entry, into: &builder)
                continue
            }
            let before = builder.items.count
            let recording = entry.first(of: [
                "audio_filepath", "audio", "file", "wav", "recording_id", "reco_id", "recording",
            ])?.text
            if entry.first(of: TranscriptJSON.startKeys + TranscriptJSON.millisecondKeys.start) != nil {
                TranscriptJSON.add(source, entry, entry["word"] != nil ? .word : .cue, unit: seconds, into: &builder)
            } else if let duration = entry["duration"]?.time(source) {
                let text = entry.first(of: TranscriptJSON.textKeys)?.text ?? ""
                let offset = entry["offset"]?.time(source)
                let start = offset?.seconds ?? 0
                let item = TimedItem(
                    kind: .cue, text: text, start: start, end: start + duration.seconds, line: line.number,
                    speaker: entry["speaker"]?.text)
                if let offset {
                    let place = TranscriptJSON.textPlace(source, entry)
                    builder.add(item, from: offset, lasting: duration, text: place)
                } else {
                    // The whole file: its text has no separate time that could be wrong.
                    builder.items.append(item)
                }
            } else {
                builder.fault(line.number, "an object without times: \(source.string(line.range).prefix(60))")
            }
            let hasWords = entry["words"]?.elements?.isEmpty == false
            if !hasWords, builder.items.count == before + 1 {
                builder.items[before].place?.block = BlockPlace(line.range)
            }
            for word in entry["words"]?.elements ?? [] {
                TranscriptJSON.add(source, word, .word, unit: seconds, into: &builder)
            }
            for index in before..<builder.items.count { builder.items[index].recording = recording }
        }
        return builder.document()
    }
}
