/// Transcripts as speech recognisers write them: Whisper, WhisperX, whisper.cpp, and plain lists of timed objects.
enum TranscriptJSON {
    static let startKeys = ["start", "start_time", "begin", "start_s", "onset", "startTime", "timeStart", "start_sec"]
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
                message: "is no JSON: it breaks off or is broken at line \(builder.line(at: parser.index))",
                remedy: "write it again; a text editor shows the place")
        }
        builder.language = root["language"]?.text
        if try LabelJSON.read(source, root, into: &builder) { return builder.document() }
        let containers = [root, root["result"], root["results"], root["output"], root["data"]].compactMap { $0 }
        for container in containers where builder.items.isEmpty {
            if let list = container.first(of: [
                "segments", "transcription", "utterances", "chunks", "cues", "monologues",
            ])?.elements ?? container.elements {
                for entry in list { read(source, entry, into: &builder) }
            }
            if builder.items.isEmpty, let words = container.first(of: ["word_segments", "words"])?.elements {
                for word in words { add(source, word, .word, into: &builder) }
            }
        }
        if builder.items.isEmpty, builder.faults.isEmpty {
            throw TimedTextError(
                code: "no-segments", message: "holds no list of segments or words with times",
                remedy: "give a transcript with 'segments' or 'words' that have 'start' and 'end'")
        }
        return builder.document()
    }

    private static func read(_ source: EncodedText, _ entry: JSONNode, into builder: inout DocumentBuilder) {
        let isWord = entry["word"] != nil && entry["words"] == nil
        add(source, entry, isWord ? .word : .cue, into: &builder)
        for word in entry["words"]?.elements ?? [] { add(source, word, .word, into: &builder) }
        // whisper.cpp's tokens are pieces of words; their times are kept in step and not read.
        for token in entry["tokens"]?.elements ?? [] { keepOffsets(source, token, into: &builder) }
    }

    /// Adds an entry with times; words that a recogniser could not align carry none and are no fault.
    static func add(
        _ source: EncodedText, _ entry: JSONNode, _ kind: TimedItem.Kind, into builder: inout DocumentBuilder
    ) {
        let line = builder.line(at: entry.place)
        guard case .object = entry else { return }
        let text = entry.first(of: textKeys)?.text ?? ""
        let speaker = entry.first(of: ["speaker", "spk", "speaker_label"])?.text
        func item(_ start: Double, _ end: Double) -> TimedItem {
            var plain = text[...]
            while plain.first?.isWhitespace == true { plain = plain.dropFirst() }
            while plain.last?.isWhitespace == true { plain = plain.dropLast() }
            return TimedItem(
                tier: builder.tier(kind == .word ? "words" : "segments"), kind: kind, text: String(plain), raw: text,
                start: start, end: end,
                line: line, speaker: speaker)
        }
        if let (start, end) = offsets(source, entry) {
            builder.add(item(start.seconds, end.seconds), from: start, to: end)
            keepStamps(source, entry, start.seconds, into: &builder)
            return
        }
        // Hugging Face writes "timestamp": [start, end].
        let pair = entry["timestamp"]?.elements
        let start = entry.first(of: startKeys)?.time(source) ?? pair.flatMap { $0.first?.time(source) }
        let end = entry.first(of: endKeys)?.time(source) ?? pair.flatMap { $0.count > 1 ? $0[1].time(source) : nil }
        if let start, let end {
            builder.add(item(start.seconds, end.seconds), from: start, to: end)
        } else if let start, let duration = entry["duration"]?.time(source) {
            builder.add(item(start.seconds, start.seconds + duration.seconds), from: start, lasting: duration)
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

    /// The same times once more, written as clocks.
    private static func keepStamps(
        _ source: EncodedText, _ entry: JSONNode, _ anchor: Double, into builder: inout DocumentBuilder
    ) {
        for key in ["from", "to"] {
            if case .string(_, let range)? = entry["timestamps"]?[key],
                let time = source.clock(at: range.lowerBound, before: range.upperBound)
            {
                builder.fields.append(time.field(anchor: anchor))
            }
        }
    }
}

/// One JSON object a line: manifests of NeMo (`audio_filepath`, `offset`, `duration`, `text`), Kaldi-style segments,
/// lists of words.
enum JSONLines {
    static func read(_ source: EncodedText) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .jsonLines)
        for line in source.lines() where !source.isBlank(line.range) {
            guard let entry = JSONNode.whole(source, in: line.range), case .object = entry else {
                builder.fault(line.number, "no JSON object: \(source.string(line.range).prefix(60))")
                continue
            }
            if builder.language == nil { builder.language = entry.first(of: ["language", "lang"])?.text }
            let before = builder.items.count
            let recording = entry.first(of: [
                "audio_filepath", "audio", "file", "wav", "recording_id", "reco_id", "recording",
            ])?.text
            if entry.first(of: TranscriptJSON.startKeys) != nil {
                TranscriptJSON.add(source, entry, entry["word"] != nil ? .word : .cue, into: &builder)
            } else if let duration = entry["duration"]?.time(source) {
                let text = entry.first(of: TranscriptJSON.textKeys)?.text ?? ""
                let offset = entry["offset"]?.time(source)
                let start = offset?.seconds ?? 0
                let item = TimedItem(
                    kind: .cue, text: text, start: start, end: start + duration.seconds, line: line.number,
                    speaker: entry["speaker"]?.text)
                if let offset {
                    builder.add(item, from: offset, lasting: duration)
                } else {
                    // The whole file: its text has no time of its own that could be wrong.
                    builder.items.append(item)
                }
            } else {
                builder.fault(line.number, "an object without times: \(source.string(line.range).prefix(60))")
            }
            for word in entry["words"]?.elements ?? [] { TranscriptJSON.add(source, word, .word, into: &builder) }
            for index in before..<builder.items.count { builder.items[index].recording = recording }
        }
        return builder.document()
    }
}
