/// Results of further speech services: Azure, IBM Watson, Trint and Hyperaudio.
enum OtherServices {
    /// Reads words and phrases of a result; false if it is none of these.
    static func read(_ source: EncodedText, _ root: JSONNode, into builder: inout DocumentBuilder) -> Bool {
        azure(source, root, into: &builder) || watson(source, root, into: &builder)
            || timedWords(source, root, into: &builder)
    }

    /// The range of a string.
    private static func place(_ source: EncodedText, of text: JSONNode?) -> TextPlace? {
        guard case .string(_, let range)? = text else { return nil }
        return TextPlace(range: source.trimmed(range), style: .json)
    }

    // MARK: Azure

    /// A start and a duration, and the same in other words.
    private struct Span {
        let start: WrittenTime
        let duration: WrittenTime
        var fields: [TimeField] = []

        var end: Double { start.seconds + duration.seconds }
    }

    /// In ticks of 100 ns and as durations (ISO 8601) in batches; in milliseconds in fast transcriptions.
    private static func span(_ source: EncodedText, _ entry: JSONNode) -> Span? {
        if let start = entry["offsetMilliseconds"]?.time(source, unitSeconds: 0.001),
            let duration = entry["durationMilliseconds"]?.time(source, unitSeconds: 0.001)
        {
            return Span(start: start, duration: duration)
        }
        func named(_ key: String) -> WrittenTime? {
            guard case .string(_, let range)? = entry[key] else { return nil }
            return source.isoDuration(range)
        }
        func ticks(_ key: String) -> WrittenTime? { entry[key]?.time(source, unitSeconds: 1e-7) }
        let (offset, length) = (named("offset"), named("duration"))
        guard let start = ticks("offsetInTicks") ?? offset, let duration = ticks("durationInTicks") ?? length else {
            return nil
        }
        var span = Span(start: start, duration: duration)
        if let offset, offset.range != start.range { span.fields.append(offset.field(anchor: start.seconds)) }
        if let length, length.range != duration.range {
            span.fields.append(length.field(anchor: start.seconds, base: start.seconds))
        }
        return span
    }

    private static func azure(_ source: EncodedText, _ root: JSONNode, into builder: inout DocumentBuilder) -> Bool {
        let isFast = root["phrases"]?.elements?.contains { $0["offsetMilliseconds"] != nil } ?? false
        guard let phrases = isFast ? root["phrases"]?.elements : root["recognizedPhrases"]?.elements else {
            return false
        }
        builder.language = phrases.first?["locale"]?.text
        for phrase in phrases {
            let line = builder.line(at: phrase.place)
            let choices = phrase["nBest"]?.elements ?? [phrase]
            guard let span = span(source, phrase), let best = choices.first else {
                builder.fault(line, "a phrase without offset and duration")
                continue
            }
            let speaker = RecogniserJSON.label(source, phrase["speaker"])
            let channel = RecogniserJSON.label(source, phrase["channel"]).flatMap { $0 == "0" ? nil : " \($0)" } ?? ""
            func add(_ entry: JSONNode, _ span: Span, _ kind: TimedItem.Kind, _ text: JSONNode?) {
                builder.add(
                    TimedItem(
                        tier: builder.tier((kind == .word ? "words" : "segments") + channel), kind: kind,
                        text: text?.text ?? "", start: span.start.seconds, end: span.end,
                        line: builder.line(at: entry.place), speaker: speaker),
                    from: span.start, lasting: span.duration, text: place(source, of: text))
                builder.items[builder.items.count - 1].place?.repeats = span.fields
                builder.fields += span.fields
            }
            add(phrase, span, .cue, best.first(of: ["display", "text", "lexical"]))
            for (number, choice) in choices.enumerated() {
                // Other choices are not read; their times move too.
                for key in ["words", "displayWords"] {
                    for word in choice[key]?.elements ?? [] {
                        guard let own = OtherServices.span(source, word) else { continue }
                        if number == 0, key == "words" {
                            add(word, own, .word, word.first(of: ["word", "text"]))
                        } else {
                            builder.fields.append(own.start.field())
                            builder.fields.append(
                                own.duration.field(anchor: own.start.seconds, base: own.start.seconds))
                            builder.fields += own.fields
                        }
                    }
                }
            }
        }
        return true
    }

    // MARK: IBM Watson

    /// `"timestamps": [["word", start, end]]`; speakers are in a list of their own, by the starts of words.
    private static func watson(_ source: EncodedText, _ root: JSONNode, into builder: inout DocumentBuilder) -> Bool {
        let results = root["results"]?.elements ?? []
        let lists = results.map { $0["alternatives"]?.elements?.first?["timestamps"]?.elements ?? [] }
        guard lists.contains(where: { $0.contains { $0.elements?.count == 3 } }) else { return false }
        var speakers: [Double: String] = [:]
        for label in root["speaker_labels"]?.elements ?? [] {
            guard let from = label["from"]?.time(source), let to = label["to"]?.time(source) else { continue }
            speakers[from.seconds] = RecogniserJSON.label(source, label["speaker"])
            builder.fields += [from.field(), to.field(anchor: from.seconds)]
        }
        for entry in lists.joined() {
            guard let parts = entry.elements, parts.count == 3, let start = parts[1].time(source),
                let end = parts[2].time(source)
            else {
                builder.fault(builder.line(at: entry.place), "a word without a start and an end")
                continue
            }
            builder.add(
                TimedItem(
                    tier: builder.tier("words"), kind: .word, text: parts[0].text ?? "", start: start.seconds,
                    end: end.seconds, line: builder.line(at: entry.place), speaker: speakers[start.seconds]),
                from: start, to: end, text: place(source, of: parts[0]))
        }
        return true
    }

    // MARK: Trint, Hyperaudio

    /// `"words": [{"name", "time", "duration"}]` in milliseconds.
    private static func timedWords(
        _ source: EncodedText, _ root: JSONNode, into builder: inout DocumentBuilder
    ) -> Bool {
        guard let words = root["words"]?.elements, let first = words.first, first["time"] != nil,
            first["duration"] != nil, first.first(of: ["name", "text"]) != nil
        else { return false }
        for word in words {
            guard let start = word["time"]?.time(source, unitSeconds: 0.001),
                let duration = word["duration"]?.time(source, unitSeconds: 0.001)
            else {
                builder.fault(builder.line(at: word.place), "a word without time and duration")
                continue
            }
            let text = word.first(of: ["name", "text"])
            builder.add(
                TimedItem(
                    tier: builder.tier("words"), kind: .word, text: text?.text ?? "", start: start.seconds,
                    end: start.seconds + duration.seconds, line: builder.line(at: word.place)),
                from: start, lasting: duration, text: place(source, of: text))
        }
        return true
    }
}

/// Praat's grids as JSON, as praatio and the Montreal Forced Aligner write them: tiers of `[start, end, label]` and
/// `[time, label]`.
enum GridJSON {
    /// Reads the tiers of a document; false if it is none.
    static func read(_ source: EncodedText, _ root: JSONNode, into builder: inout DocumentBuilder) -> Bool {
        guard let all = root["tiers"] else { return false }
        var tiers: [(name: String, entries: [JSONNode])] = []
        if case .object(let members, _) = all {
            tiers = members.compactMap { member in member.value["entries"]?.elements.map { (member.key, $0) } }
        } else {
            tiers = (all.elements ?? []).compactMap { tier in
                tier["entries"]?.elements.map { (tier["name"]?.text ?? "", $0) }
            }
        }
        guard tiers.contains(where: { $0.entries.contains { $0.elements != nil } }) else { return false }
        for tier in tiers {
            let number = builder.newTier(tier.name)
            let before = builder.items.count
            for entry in tier.entries {
                let line = builder.line(at: entry.place)
                let parts = entry.elements ?? []
                guard parts.count == 2 || parts.count == 3, case .string(let text, let range)? = parts.last,
                    let start = parts[0].time(source), let end = parts.count == 3 ? parts[1].time(source) : start
                else {
                    builder.fault(line, "an entry is neither [start, end, label] nor [time, label]")
                    continue
                }
                var item = TimedItem(
                    tier: number, kind: parts.count == 3 ? .cue : .event, text: text, start: start.seconds,
                    end: end.seconds, line: line)
                let words = TextPlace(range: source.trimmed(range), style: .json)
                if parts.count == 3 {
                    builder.add(item, from: start, to: end, text: words)
                } else {
                    item.place = ItemPlace(start: start.field(), text: words)
                    builder.items.append(item)
                    builder.fields.append(start.field())
                }
            }
            let added = before..<builder.items.count
            let kind = TierKind.guess(
                name: tier.name, texts: added.map { builder.items[$0].text },
                seconds: added.map { builder.items[$0].end - builder.items[$0].start })
            for index in added where builder.items[index].kind != .event { builder.items[index].kind = kind }
        }
        // Its ends, and those of its tiers, are unchanged unless something would be beyond them.
        var holders = [root]
        if case .object(let members, _) = all { holders += members.map(\.value) } else { holders += all.elements ?? [] }
        for holder in holders {
            for key in ["start", "end", "xmin", "xmax", "minTimestamp", "maxTimestamp"] {
                guard var field = holder[key]?.time(source)?.field() else { continue }
                field.isBoundary = true
                builder.fields.append(field)
            }
        }
        return true
    }
}
