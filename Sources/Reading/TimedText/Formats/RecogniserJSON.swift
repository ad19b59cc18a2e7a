/// Results of speech recognition services: Amazon Transcribe, Google Speech-to-Text, Deepgram, AssemblyAI, Rev AI. Each
/// word is read once, even if it is repeated; times of the repetitions move too.
enum RecogniserJSON {
    /// Reads words and segments of a result; false if it is none of these.
    static func read(_ source: EncodedText, _ root: JSONNode, into builder: inout DocumentBuilder) -> Bool {
        amazon(source, root, into: &builder) || callAnalytics(source, root, into: &builder)
            || deepgram(source, root, into: &builder) || google(source, root, into: &builder)
            || rev(source, root, into: &builder) || pocketSphinx(source, root, into: &builder)
            || fragmentNames(source, root, into: &builder)
    }

    /// Whether a result is AssemblyAI's, whose times are milliseconds without saying so.
    static func isAssemblyAI(_ root: JSONNode) -> Bool {
        guard root["audio_duration"] != nil || root["acoustic_model"] != nil || root["audio_url"] != nil else {
            return false
        }
        return ["words", "utterances", "sentences", "paragraphs"].contains { root[$0]?.elements != nil }
    }

    // MARK: Parts

    /// A name or a number as text.
    static func label(_ source: EncodedText, _ node: JSONNode?) -> String? {
        switch node {
        case .string(let text, _): text
        case .number(let range): source.string(range)
        default: nil
        }
    }

    /// An item with a start and an end time.
    private static func add(
        _ source: EncodedText, _ entry: JSONNode, _ kind: TimedItem.Kind, tier: String, text: JSONNode?,
        from start: WrittenTime, to end: WrittenTime, speaker: String?, into builder: inout DocumentBuilder
    ) {
        builder.add(
            TimedItem(
                tier: builder.tier(tier), kind: kind, text: text?.text ?? "", start: start.seconds, end: end.seconds,
                line: builder.line(at: entry.place), speaker: speaker),
            from: start, to: end, text: place(source, of: text))
    }

    /// The range of a string.
    private static func place(_ source: EncodedText, of text: JSONNode?) -> TextPlace? {
        guard case .string(_, let range)? = text else { return nil }
        return TextPlace(range: source.trimmed(range), style: .json)
    }

    // MARK: Amazon

    private static func amazon(_ source: EncodedText, _ root: JSONNode, into builder: inout DocumentBuilder) -> Bool {
        guard let results = root["results"] else { return false }
        let channels = results["channel_labels"]?["channels"]?.elements ?? []
        let items = results["items"]?.elements
        guard items != nil || !channels.isEmpty else { return false }
        if let code = results["language_code"]?.text
            ?? root["results"]?["language_identification"]?.elements?.first?["code"]?.text
        {
            builder.language = code
        }
        // Speakers are separate from the words, at the same times.
        var speakers: [String: String] = [:]
        for segment in results["speaker_labels"]?["segments"]?.elements ?? [] {
            for item in segment["items"]?.elements ?? [] {
                guard let start = item["start_time"]?.text, let name = item["speaker_label"]?.text else { continue }
                speakers[start] = name
            }
        }
        var wasRead = false
        func words(_ list: [JSONNode], _ tier: String) {
            for item in list {
                guard let start = item["start_time"]?.time(source), let end = item["end_time"]?.time(source) else {
                    continue
                }
                wasRead = true
                let text = item["alternatives"]?.elements?.first?["content"] ?? item["content"]
                let channel = item["channel_label"]?.text
                add(
                    source, item, .word, tier: channel.map { "\(tier) \($0)" } ?? tier, text: text, from: start,
                    to: end,
                    speaker: item["speaker_label"]?.text ?? item["start_time"]?.text.flatMap { speakers[$0] },
                    into: &builder)
            }
        }
        words(items ?? [], "words")
        if !wasRead {
            for channel in channels {
                words(channel["items"]?.elements ?? [], "words \(channel["channel_label"]?.text ?? "")")
            }
        }
        for segment in results["audio_segments"]?.elements ?? [] {
            guard let text = segment["transcript"], text.text != nil, let start = segment["start_time"]?.time(source),
                let end = segment["end_time"]?.time(source)
            else { continue }
            wasRead = true
            add(
                source, segment, .cue, tier: "segments", text: text, from: start, to: end,
                speaker: segment["speaker_label"]?.text ?? segment["channel_label"]?.text, into: &builder)
        }
        return wasRead
    }

    /// Amazon's analysis of calls: `"Transcript": [{"BeginOffsetMillis", "EndOffsetMillis", "Content"}]`.
    private static func callAnalytics(_ source: EncodedText, _ root: JSONNode, into builder: inout DocumentBuilder)
        -> Bool
    {
        guard let turns = root["Transcript"]?.elements, turns.contains(where: { $0["BeginOffsetMillis"] != nil }) else {
            return false
        }
        builder.language = root["LanguageCode"]?.text
        for turn in turns {
            let speaker = turn["ParticipantRole"]?.text ?? turn["ParticipantId"]?.text
            let words = (turn["Items"]?.elements ?? []).map { (entry: $0, kind: TimedItem.Kind.word) }
            for (entry, kind) in [(entry: turn, kind: TimedItem.Kind.cue)] + words {
                guard let start = entry["BeginOffsetMillis"]?.time(source, unitSeconds: 0.001),
                    let end = entry["EndOffsetMillis"]?.time(source, unitSeconds: 0.001)
                else { continue }
                let isWord = kind == .word && entry["Type"]?.text?.lowercased() != "punctuation"
                guard kind == .cue || isWord else {
                    builder.fields += [start.field(), end.field(anchor: start.seconds)]
                    continue
                }
                add(
                    source, entry, kind, tier: isWord ? "words" : "segments", text: entry["Content"],
                    from: start, to: end, speaker: speaker, into: &builder)
            }
        }
        return true
    }

    // MARK: Deepgram

    private static func deepgram(_ source: EncodedText, _ root: JSONNode, into builder: inout DocumentBuilder) -> Bool {
        guard let results = root["results"], let channels = results["channels"]?.elements else { return false }
        func segments(_ entries: [JSONNode], _ tier: String, _ speaker: String?) {
            for entry in entries {
                guard let start = entry["start"]?.time(source), let end = entry["end"]?.time(source),
                    let text = [entry["transcript"], entry["text"]].first(where: { $0?.text != nil }) ?? nil
                else { continue }
                add(
                    source, entry, .cue, tier: tier, text: text, from: start, to: end,
                    speaker: label(source, entry["speaker"]) ?? speaker, into: &builder)
            }
        }
        let utterances = results["utterances"]?.elements ?? []
        for (place, channel) in channels.enumerated() {
            let suffix = channels.count > 1 ? " \(place + 1)" : ""
            builder.language = builder.language ?? channel["detected_language"]?.text
            guard let best = channel["alternatives"]?.elements?.first else { continue }
            for word in best["words"]?.elements ?? [] {
                guard let start = word["start"]?.time(source), let end = word["end"]?.time(source) else { continue }
                add(
                    source, word, .word, tier: "words" + suffix,
                    text: word["word"] ?? word["punctuated_word"], from: start, to: end,
                    speaker: label(source, word["speaker"]), into: &builder)
            }
            guard utterances.isEmpty else { continue }
            for paragraph in best["paragraphs"]?["paragraphs"]?.elements ?? [] {
                segments(
                    paragraph["sentences"]?.elements ?? [], "segments" + suffix, label(source, paragraph["speaker"]))
            }
        }
        segments(utterances, "segments", nil)
        return true
    }

    // MARK: Google

    private static func google(_ source: EncodedText, _ root: JSONNode, into builder: inout DocumentBuilder) -> Bool {
        let holders = [root, root["response"], root["result"], root["annotationResults"]?.elements?.first].compactMap {
            $0
        }
        let lists = holders.compactMap { $0["results"]?.elements ?? $0["speechTranscriptions"]?.elements }
        // Batches of the second version have results per file; a stream is a list of results.
        let files: [JSONNode] = holders.flatMap { holder -> [JSONNode] in
            guard case .object(let members, _)? = holder["results"] else { return [] }
            return members.flatMap {
                $0.value["transcript"]?["results"]?.elements ?? $0.value["inlineResult"]?["transcript"]?["results"]?
                    .elements ?? []
            }
        }
        let results = (lists.first ?? []) + files + (root.elements ?? []).flatMap { $0["results"]?.elements ?? [] }
        let hasWords = results.contains { result in
            result["alternatives"]?.elements?.first?["words"]?.elements?.contains {
                $0.first(of: startKeys + endKeys) != nil && $0["word"] != nil
            } ?? false
        }
        guard hasWords else { return false }
        let before = builder.items.count
        for result in results {
            guard let best = result["alternatives"]?.elements?.first else { continue }
            let words = best["words"]?.elements ?? []
            builder.language = builder.language ?? result["languageCode"]?.text ?? result["language_code"]?.text
            // With speaker labels, the last result repeats all words.
            let known = Array(builder.items[before...])
            let isAgain = (best["transcript"]?.text ?? "").isEmpty && !known.isEmpty && words.count >= known.count
            for (place, word) in words.enumerated() {
                let start = moment(source, word, startKeys, into: &builder)
                guard let end = moment(source, word, endKeys, into: &builder) else {
                    if let start { builder.fields += start.fields(anchor: start.seconds) }
                    continue
                }
                let text = word["word"]?.text ?? ""
                let from = start?.seconds ?? 0
                // Google omits zeros.
                if start == nil {
                    builder.refuse(
                        line: builder.line(at: word.place), message: "omits a start that is 0",
                        remedy: "add \"\(startKeys[0])\": \"0s\" there")
                }
                let (starts, ends) = (start?.fields(anchor: from) ?? [], end.fields(anchor: from))
                builder.fields += starts + ends
                let speaker = label(
                    source, word.first(of: ["speakerLabel", "speaker_label", "speakerTag", "speaker_tag"]))
                if isAgain {
                    if known.indices.contains(place), known[place].start == from {
                        builder.items[before + place].speaker = speaker
                        builder.items[before + place].place?.repeats += starts + ends
                    }
                    continue
                }
                var item = TimedItem(
                    tier: builder.tier("words"), kind: .word, text: text, start: from, end: end.seconds,
                    line: builder.line(at: word.place), speaker: speaker == "0" ? nil : speaker)
                // A time may be two numbers, each of which is written.
                item.place = ItemPlace(
                    start: starts.first, end: ends.first, repeats: Array(starts.dropFirst() + ends.dropFirst()),
                    text: RecogniserJSON.place(source, of: word["word"]))
                builder.items.append(item)
            }
        }
        return true
    }

    private static let startKeys = ["startTime", "startOffset", "start_time", "start_offset"]
    private static let endKeys = ["endTime", "endOffset", "end_time", "end_offset"]

    /// A time in Google's formats: `"1.300s"`, or `{"seconds": "1", "nanos": 300000000}`.
    private struct Moment {
        let seconds: Double
        let parts: [WrittenTime]

        func fields(anchor: Double) -> [TimeField] {
            parts.map { part in
                TimeField(range: part.range, style: part.style, time: seconds, anchor: anchor)
            }
        }
    }

    private static func moment(
        _ source: EncodedText, _ word: JSONNode, _ keys: [String], into builder: inout DocumentBuilder
    ) -> Moment? {
        guard let node = word.first(of: keys) else { return nil }
        if let time = node.time(source) { return Moment(seconds: time.seconds, parts: [time]) }
        guard case .object(let members, let place) = node else { return nil }
        func number(_ key: String) -> WrittenTime? {
            switch node[key] {
            case .number(let range), .string(_, let range): source.number(range)
            default: nil
            }
        }
        let (whole, rest) = (number("seconds"), number("nanos"))
        guard whole != nil || rest != nil || members.isEmpty else { return nil }
        let seconds = (whole?.seconds ?? 0) + (rest?.seconds ?? 0) / 1e9
        guard abs(seconds) < 1e9 else { return nil }
        guard let whole, let rest else {
            builder.refuse(
                line: builder.line(at: place), message: "omits seconds or nanos that are 0",
                remedy: "write both, such as {\"seconds\": \"1\", \"nanos\": 0}, or times such as \"1.300s\"")
            return Moment(seconds: seconds, parts: [])
        }
        return Moment(
            seconds: seconds,
            parts: [
                WrittenTime(seconds: seconds, style: .wholeSeconds, range: whole.range),
                WrittenTime(seconds: seconds, style: .nanoseconds, range: rest.range),
            ])
    }

    // MARK: Rev

    private static func rev(_ source: EncodedText, _ root: JSONNode, into builder: inout DocumentBuilder) -> Bool {
        guard let monologues = root["monologues"]?.elements, monologues.contains(where: { $0["elements"] != nil })
        else {
            return false
        }
        var names: [String: String] = [:]
        for speaker in root["speakers"]?.elements ?? [] {
            if let number = label(source, speaker["id"]), let name = speaker["name"]?.text, !name.isEmpty {
                names[number] = name
            }
        }
        for monologue in monologues {
            let number = label(source, monologue["speaker"])
            let speaker = number.flatMap { names[$0] } ?? monologue["speaker_info"]?["display_name"]?.text ?? number
            for element in monologue["elements"]?.elements ?? [] {
                guard element["type"]?.text ?? "text" != "punct",
                    let start = element.first(of: ["ts", "timestamp"])?.time(source),
                    let end = element.first(of: ["end_ts", "end_timestamp"])?.time(source)
                else { continue }
                add(
                    source, element, .word, tier: "words", text: element["value"], from: start, to: end,
                    speaker: speaker, into: &builder)
            }
        }
        if builder.items.isEmpty { builder.fault(1, "no element has ts and end_ts") }
        return true
    }

    // MARK: Others

    private static func pocketSphinx(_ source: EncodedText, _ root: JSONNode, into builder: inout DocumentBuilder)
        -> Bool
    {
        let utterances = root.elements ?? [root]
        guard let first = utterances.first, PocketSphinxWords.isIt(first) else { return false }
        for utterance in utterances { PocketSphinxWords.add(source, utterance, into: &builder) }
        return true
    }

    /// Sync maps of aeneas for Readbeyond's player: `{"smil_data": [{"id", "begin", "end"}]}`.
    private static func fragmentNames(_ source: EncodedText, _ root: JSONNode, into builder: inout DocumentBuilder)
        -> Bool
    {
        guard let fragments = root["smil_data"]?.elements else { return false }
        for fragment in fragments {
            let name = fragment["id"]?.text ?? ""
            guard let begin = fragment["begin"]?.time(source), let end = fragment["end"]?.time(source) else {
                builder.fault(builder.line(at: fragment.place), "a fragment without times: \(name.prefix(40))")
                continue
            }
            builder.add(
                TimedItem(
                    tier: builder.tier("segments"), kind: .cue, text: "", raw: name, start: begin.seconds,
                    end: end.seconds, line: builder.line(at: fragment.place)),
                from: begin, to: end)
        }
        builder.guess("the fragments have names but no text")
        return true
    }
}
