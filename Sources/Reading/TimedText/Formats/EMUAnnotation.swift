/// Annotations of EMU-SDMS (`_annot.json`): levels of segments (`sampleStart`, `sampleDur`) and events (`samplePoint`)
/// in samples. A segment with `sampleDur` n has n + 1 samples. Levels of items have no times.
enum EMUAnnotation {
    /// Reads the levels of a document; false if it is not such an annotation.
    static func read(_ source: EncodedText, _ root: JSONNode, into builder: inout DocumentBuilder)
        throws(TimedTextError) -> Bool
    {
        guard let levels = root["levels"]?.elements, root["sampleRate"] != nil || root["annotates"] != nil else {
            return false
        }
        guard case .number(let range)? = root["sampleRate"], let rate = Double(source.string(range)), rate > 0,
            rate < 1e9
        else {
            throw TimedTextError(
                code: "no-sample-rate", message: "counts samples, but its sampleRate is missing or not a number",
                remedy: "add the audio's sampleRate to it")
        }
        let unit = 1 / rate
        for level in levels {
            let name = level["name"]?.text ?? ""
            let items = level["items"]?.elements ?? []
            guard items.contains(where: { $0["sampleStart"] != nil || $0["samplePoint"] != nil }) else { continue }
            let tier = builder.newTier(name)
            let before = builder.items.count
            for entry in items {
                let line = builder.line(at: entry.place)
                let labels = entry["labels"]?.elements ?? []
                let label = labels.first { $0["name"]?.text == name } ?? labels.first
                let text = label?["value"]?.text ?? ""
                var words: TextPlace?
                if case .string(_, let range)? = label?["value"] { words = TextPlace(range: range, style: .json) }
                if let start = entry["sampleStart"]?.time(source, unitSeconds: unit),
                    let length = entry["sampleDur"]?.time(source, unitSeconds: unit)
                {
                    builder.add(
                        TimedItem(
                            tier: tier, kind: .cue, text: text, start: start.seconds,
                            end: start.seconds + length.seconds + unit, line: line),
                        from: start, lasting: length, text: words, bias: unit)
                } else if let point = entry["samplePoint"]?.time(source, unitSeconds: unit) {
                    var item = TimedItem(
                        tier: tier, kind: .event, text: text, start: point.seconds, end: point.seconds, line: line)
                    item.place = ItemPlace(start: point.field(), text: words)
                    builder.items.append(item)
                    builder.fields.append(point.field())
                } else {
                    builder.fault(line, "an item without samples: \(text.prefix(40))")
                }
            }
            let added = builder.items[before...]
            guard added.contains(where: { $0.kind != .event }) else { continue }
            let kind = TierKind.guess(
                name: name, texts: added.map(\.text), seconds: added.map { $0.end - $0.start })
            for place in added.indices where builder.items[place].kind != .event { builder.items[place].kind = kind }
            // Segments that touch have one boundary.
            for place in added.indices.dropLast() where builder.items[place].kind != .event {
                let next = place + 1
                guard builder.items[next].kind != .event,
                    abs(builder.items[place].end - builder.items[next].start) < unit / 2
                else { continue }
                builder.items[place].place?.after = Neighbour(index: next, isJoined: true)
                builder.items[next].place?.before = Neighbour(index: place, isJoined: true)
            }
        }
        if builder.items.isEmpty, builder.faults.isEmpty {
            builder.fault(1, "no level has segments or events with times")
        }
        return true
    }
}
