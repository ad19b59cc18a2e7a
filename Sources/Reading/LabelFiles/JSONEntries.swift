import Foundation
import TimedText

/// Finds each label of a JSON document with the places of its start, end and name, in the objects that `JSONWalker`,
/// `LabelStudioReader` and `VIAReader` read.
struct JSONEntries {
    let source: EncodedText
    let options: LabelOptions
    private(set) var all: [LabelEntries.Entry] = []

    private struct Context {
        var lane = LabelSheet.Lane()
        var actor = ""
        var rate: Double?
    }

    init(source: EncodedText, options: LabelOptions) { (self.source, self.options) = (source, options) }

    mutating func find() {
        var parser = JSONParser(source)
        var documents: [JSONNode] = []
        parser.skipBlanks()
        while parser.index < source.utf8.count, let value = parser.value() {
            documents.append(value)
            parser.skipBlanks()
        }
        guard parser.index >= source.utf8.count else { return }
        let tasks = documents.flatMap { $0.elements ?? [$0] }
        if tasks.contains(where: { $0["data"] != nil && ($0["annotations"] ?? $0["completions"]) != nil }) {
            for task in tasks { labelStudio(task) }
        } else if documents.count == 1, documents[0]["metadata"] != nil, documents[0]["attribute"] != nil {
            via(documents[0])
        } else {
            for document in documents { walk(document, Context(rate: options.rate)) }
        }
    }

    // MARK: Values

    private func text(_ node: JSONNode?) -> String? {
        switch node {
        case .string(let text, _): text.isEmpty ? nil : text
        case .number(let range): source.string(range)
        default: nil
        }
    }

    private func text(_ node: JSONNode, _ keys: [String]) -> String? { keys.lazy.compactMap { text(node[$0]) }.first }

    private func number(_ node: JSONNode?) -> Double? { node.flatMap { time($0, 1)?.seconds } }

    private func range(_ node: JSONNode) -> Range<Int>? {
        switch node {
        case .string(_, let range), .number(let range): range
        default: nil
        }
    }

    /// A number, or a string that is one or a clock.
    private func time(_ node: JSONNode, _ unit: Double) -> WrittenTime? {
        guard let range = range(node), !range.isEmpty else { return nil }
        if let number = source.number(range, unitSeconds: unit, leastDecimals: unit == 1 ? 3 : 0) { return number }
        guard case .string = node, let clock = source.clock(at: range.lowerBound, before: range.upperBound),
            clock.range == range
        else { return nil }
        return clock.withMilliseconds
    }

    private mutating func add(
        _ start: (JSONNode, unit: Double, bias: Double), _ end: (JSONNode, unit: Double, bias: Double),
        _ label: (words: String, node: JSONNode?), _ context: Context, repeats: [TimeField] = []
    ) {
        guard let one = time(start.0, start.unit), let other = time(end.0, end.unit) else { return }
        let (from, to) = (one.seconds + start.bias, other.seconds + end.bias)
        var entry = LabelEntries.Entry(
            startField: one.field(bias: start.bias), endField: other.field(anchor: from, bias: end.bias), start: from,
            end: to)
        (entry.lane, entry.actor, entry.label) = (context.lane, context.actor, label.words)
        if case .string(_, let range)? = label.node { entry.text = (range, .json) }
        entry.line = 1 + source.utf8[..<one.range.lowerBound].count { $0 == 10 }
        entry.repeats = LabelEntries.repeats(repeats, from, to, frame: 1 / (context.rate ?? .infinity))
        all.append(entry)
    }

    // MARK: Objects anywhere

    private mutating func walk(_ node: JSONNode, _ context: Context) {
        for element in node.elements ?? [] { walk(element, context) }
        guard case .object(let members, _) = node else { return }
        var inner = context
        inner.lane.session = text(node, JSONWalker.sessions) ?? context.lane.session
        inner.lane.view = text(node, JSONWalker.views) ?? context.lane.view
        inner.lane.annotator = text(node, JSONWalker.annotators) ?? context.lane.annotator
        inner.lane.tier = text(node, JSONWalker.tiers) ?? context.lane.tier
        inner.actor = text(node, JSONWalker.actors) ?? context.actor
        inner.rate = number(node["fps"]) ?? number(node["frame_rate"]) ?? context.rate
        if take(node, inner) || lists(node, inner) { return }
        for (key, value) in members {
            var deeper = inner
            if inner.lane.session == context.lane.session, JSONEntries.isVideo(value) { deeper.lane.session = key }
            walk(value, deeper)
        }
    }

    /// As `JSONWalker` tells a video's object.
    private static func isVideo(_ node: JSONNode) -> Bool {
        guard case .object = node else { return false }
        return ["annotations", "timestamps", "actions", "start", "segments"].contains { node[$0]?.elements != nil }
            || node["narration_pass_1"] != nil
    }

    private mutating func take(_ node: JSONNode, _ context: Context) -> Bool {
        var pairs: [(start: JSONNode, end: JSONNode, unit: Double, bias: Double)] = []
        if let pair = (node["segment"] ?? node["timestamp"] ?? node["interval"])?.elements, pair.count == 2 {
            pairs.append((pair[0], pair[1], 1, 0))
        }
        let frame = 1 / (context.rate ?? options.rate ?? .nan)
        let scale = options.unit == .ms ? 1e-3 : options.unit == .frames ? frame : 1
        func all(_ names: [(String, String)], _ unit: Double, _ bias: Double = 0) {
            for (start, end) in names {
                if let one = node[start], let other = node[end], number(one) != nil, number(other) != nil {
                    pairs.append((one, other, unit, bias))
                }
            }
        }
        all(JSONWalker.seconds, scale)
        all(JSONWalker.milliseconds, 1e-3)
        if frame.isFinite { all(JSONWalker.frames, frame, options.endsAreInclusive ? frame : 0) }
        guard let first = pairs.first, number(first.start) != nil, number(first.end) != nil else { return false }
        let named = JSONWalker.labels.compactMap { node[$0] }.first { text($0) != nil }
        let parts = ["structured_verb", "structured_noun", "noun"].compactMap { text(node[$0]) }
        guard let words = text(named) ?? (parts.isEmpty ? nil : parts.joined(separator: " ")) else { return false }
        let further = pairs.dropFirst().flatMap { pair in
            [time(pair.start, pair.unit)?.field(), time(pair.end, pair.unit)?.field(bias: pair.bias)].compactMap { $0 }
        }
        add(
            (first.start, first.unit, 0), (first.end, first.unit, first.bias), (words, named), context, repeats: further
        )
        return true
    }

    /// Times and names in lists of equal length: ActivityNet Captions, HowTo100M.
    private mutating func lists(_ node: JSONNode, _ context: Context) -> Bool {
        if let times = node["timestamps"]?.elements, let sentences = node["sentences"]?.elements,
            times.count == sentences.count
        {
            // Sentences take only session and annotator from around them.
            var own = Context(rate: context.rate)
            (own.lane.session, own.lane.annotator) = (context.lane.session, context.lane.annotator)
            for (pair, sentence) in zip(times, sentences) {
                guard let pair = pair.elements, pair.count == 2 else { continue }
                add((pair[0], 1, 0), (pair[1], 1, 0), (trimmed(sentence), sentence), own)
            }
            return true
        }
        guard
            let (starts, ends) = JSONWalker.seconds.lazy.compactMap({ names in
                node[names.0]?.elements.flatMap { starts in node[names.1]?.elements.map { (starts, $0) } }
            }).first, let labels = JSONWalker.labels.lazy.compactMap({ node[$0]?.elements }).first,
            starts.count == ends.count, starts.count == labels.count
        else { return false }
        var own = context
        (own.lane.tier, own.actor) = ("", "")
        for ((start, end), label) in zip(zip(starts, ends), labels) {
            add((start, 1, 0), (end, 1, 0), (trimmed(label), label), own)
        }
        return true
    }

    private func trimmed(_ node: JSONNode) -> String { (text(node) ?? "").trimmingCharacters(in: .whitespaces) }

    // MARK: Annotation tools

    private mutating func labelStudio(_ task: JSONNode) {
        var context = Context()
        var media = ""
        if case .object(let members, _)? = task["data"] {
            media = members.compactMap(\.value.text).first { $0.contains(".") } ?? ""
        }
        context.lane.session = URL(fileURLWithPath: media).deletingPathExtension().lastPathComponent
        if media.isEmpty || context.lane.session == "/" { context.lane.session = text(task["id"]) ?? "" }
        for annotation in (task["annotations"] ?? task["completions"])?.elements ?? [] {
            let by = annotation["completed_by"]
            context.lane.annotator = by.flatMap { text($0, ["email", "username", "id"]) ?? text($0) } ?? ""
            for region in annotation["result"]?.elements ?? [] {
                guard let value = region["value"] else { continue }
                context.lane.tier = text(region["from_name"]) ?? ""
                let names =
                    ["timelinelabels", "labels", "hypertextlabels", "videolabels", "choices"].lazy.compactMap {
                        value[$0]?.elements
                    }.first ?? []
                // Several names of one region share its times.
                guard names.count == 1, let label = names.first else { continue }
                let words = (text(label) ?? "", label)
                if let ranges = value["ranges"]?.elements {
                    let counted = number(value["framesCount"]).flatMap { frames in
                        number(value["duration"]).map { frames / $0 }
                    }
                    guard let rate = options.rate ?? counted, rate > 0 else { continue }
                    for range in ranges {
                        guard let start = range["start"], let end = range["end"] else { continue }
                        // Frames count from 1, and the last one belongs to the region.
                        add((start, 1 / rate, -1 / rate), (end, 1 / rate, 0), words, context)
                    }
                } else if let start = value["start"], let end = value["end"] {
                    add((start, 1, 0), (end, 1, 0), words, context)
                }
            }
        }
    }

    private mutating func via(_ document: JSONNode) {
        guard case .object(let stretches, _)? = document["metadata"],
            case .object(let attributes, _)? = document["attribute"]
        else { return }
        for (_, stretch) in stretches {
            guard let times = stretch["z"]?.elements, times.count == 2, case .object(let values, _)? = stretch["av"]
            else { continue }
            let view = text(stretch["vid"]) ?? ""
            let file = text(document["view"]?[view]?["fid_list"]?.elements?.first) ?? view
            var context = Context()
            context.lane.session =
                URL(fileURLWithPath: text(document["file"]?[file]?["fname"]) ?? "").deletingPathExtension()
                .lastPathComponent
            for (attribute, value) in values {
                guard let written = text(value) else { continue }
                let described = document["attribute"]?[attribute]
                if attributes.count > 1 { context.lane.tier = text(described?["aname"]) ?? attribute }
                let option = text(described?["options"]?[written])
                add((times[0], 1, 0), (times[1], 1, 0), (option ?? written, option == nil ? value : nil), context)
            }
        }
    }
}
