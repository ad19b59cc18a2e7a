import Foundation

/// Reads JSON of annotation tools and datasets: Label Studio, CVAT and BORIS with separate readers, others by walking
/// the document.
struct JSONLabels {
    let options: LabelOptions

    func read(_ text: TextBytes, into collector: LabelCollector) {
        let data = Data(text.bytes)
        if let document = try? JSONSerialization.jsonObject(with: data, options: [.fragmentsAllowed]) {
            return dispatch(document, into: collector)
        }
        // One document per line.
        let lines = text.bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        var documents: [Any] = []
        for (index, line) in lines.enumerated() where line.contains(where: { $0 > 0x20 }) {
            guard let document = try? JSONSerialization.jsonObject(with: Data(line)) else {
                return collector.problem(
                    "unreadable", row: index + 1, "is not valid JSON from here on",
                    "export it again: it may be truncated")
            }
            documents.append(document)
        }
        dispatch(documents, into: collector)
    }

    private func dispatch(_ document: Any, into collector: LabelCollector) {
        if LabelStudioReader(options: options).read(document, into: collector) { return }
        if CVATReader(options: options).read(document, into: collector) { return }
        if BORISReader().read(document, into: collector) { return }
        if VIAReader().read(document, into: collector) { return }
        var walker = JSONWalker(options: options, collector: collector)
        walker.walk(document, JSONWalker.Context())
        if walker.count == 0 {
            collector.problem(
                "unknown-columns", row: nil, "has no object with a known start, end and label",
                "see docs/actions.md for supported JSON, or export a table")
        }
    }
}

/// Finds labelled intervals anywhere in a JSON document: ActivityNet, EPIC-KITCHENS and Ego4D have them at different
/// depths.
///
/// An object with a start and an end, or a `segment` of two numbers, is an interval. Missing properties are inherited
/// from enclosing objects: the session from `video_uid` and similar members, or from the key of a video's object.
struct JSONWalker {
    struct Context {
        var session = "", view = "", annotator = "", tier = "", actor = ""
        var rate: Double?
    }

    let options: LabelOptions
    let collector: LabelCollector
    /// Number of intervals found; the last one's number is its row.
    private(set) var count = 0

    init(options: LabelOptions, collector: LabelCollector) {
        self.options = options
        self.collector = collector
    }

    static let sessions = [
        "video_uid", "video_id", "video_name", "videoid", "session", "sequence", "video", "vid",
    ]
    static let views = ["view", "camera", "cam"]
    static let annotators = ["annotator", "annotator_uid", "annotator_id", "rater", "coder", "worker_id"]
    static let tiers = ["tier", "layer"]
    static let actors = ["actor", "person", "person_id", "participant_id", "subject"]
    static let labels = [
        "label", "action", "action_label", "class", "category", "narration", "narration_text", "sentence", "name",
        "verb", "text", "query", "event", "behavior",
    ]
    static let seconds: [(String, String)] = [
        ("video_start_sec", "video_end_sec"), ("video_start_time", "video_end_time"), ("start_sec", "end_sec"),
        ("start_time", "end_time"),
        ("start_timestamp", "stop_timestamp"), ("start_s", "end_s"), ("start", "end"), ("begin", "end"),
        ("onset", "offset"), ("t_start", "t_end"),
    ]
    static let frames: [(String, String)] = [
        ("start_frame", "end_frame"), ("start_frame", "stop_frame"), ("video_start_frame", "video_end_frame"),
        ("frame_start", "frame_end"),
    ]
    static let milliseconds: [(String, String)] = [("start_ms", "end_ms"), ("begin_ms", "end_ms")]

    mutating func walk(_ value: Any, _ context: Context) {
        if let list = value as? [Any] {
            for item in list { walk(item, context) }
            return
        }
        guard let object = value as? [String: Any] else { return }
        var inner = context
        func text(_ keys: [String]) -> String? { keys.lazy.compactMap { JSONWalker.text(object[$0]) }.first }
        inner.session = text(Self.sessions) ?? context.session
        inner.view = text(Self.views) ?? context.view
        inner.annotator = text(Self.annotators) ?? context.annotator
        inner.tier = text(Self.tiers) ?? context.tier
        inner.actor = text(Self.actors) ?? context.actor
        inner.rate = JSONWalker.number(object["fps"]) ?? JSONWalker.number(object["frame_rate"]) ?? context.rate
        if take(object, inner) { return }
        if captions(object, inner) || lists(object, inner) { return }
        for key in object.keys.sorted() {
            guard let child = object[key], child is [Any] || child is [String: Any] else { continue }
            var deeper = inner
            // A video's object with its name as key: ActivityNet's "database", Ego4D's narrations.
            if let video = child as? [String: Any], inner.session == context.session, Self.isVideo(video) {
                deeper.session = key
            }
            walk(child, deeper)
        }
    }

    private static func isVideo(_ object: [String: Any]) -> Bool {
        object["annotations"] is [Any] || object["timestamps"] is [Any] || object["actions"] is [Any]
            || object["start"] is [Any]
            || object["segments"] is [Any]
            || object["narration_pass_1"] != nil
    }

    private mutating func take(_ object: [String: Any], _ context: Context) -> Bool {
        var row = LabelCollector.Row()
        if let pair = (object["segment"] ?? object["timestamp"] ?? object["interval"]) as? [Any], pair.count == 2,
            let start = Self.number(pair[0]), let end = Self.number(pair[1])
        {
            (row.start, row.end) = (start, end)
        } else if let (start, end) = Self.pair(object, Self.seconds) {
            let scale =
                options.unit == .ms ? 0.001 : options.unit == .frames ? 1 / (context.rate ?? options.rate ?? .nan) : 1
            (row.start, row.end) = (start * scale, end * scale)
        } else if let (start, end) = Self.pair(object, Self.milliseconds) {
            (row.start, row.end) = (start / 1000, end / 1000)
        } else if let (start, end) = Self.pair(object, Self.frames) {
            guard let rate = context.rate ?? options.rate else {
                count += 1
                collector.problem(
                    "no-rate", row: count, "counts in frames, but no frame rate is known", "give --rate N")
                return true
            }
            (row.start, row.end) = (start / rate, (end + (options.endsAreInclusive ? 1 : 0)) / rate)
        } else {
            return false
        }
        guard let label = Self.labels.lazy.compactMap({ Self.text(object[$0]) }).first ?? Self.structured(object) else {
            return false
        }
        count += 1
        row.row = count
        row.label = label
        row.note = Self.text(object["description"]) ?? Self.text(object["comment"]) ?? ""
        (row.session, row.view, row.annotator, row.tier, row.actor) = (
            context.session, context.view, context.annotator, context.tier, context.actor
        )
        collector.add(row)
        return true
    }

    /// ActivityNet Captions: parallel lists of times and sentences.
    private mutating func captions(_ object: [String: Any], _ context: Context) -> Bool {
        guard let times = object["timestamps"] as? [[Any]], let sentences = object["sentences"] as? [String],
            times.count == sentences.count
        else { return false }
        for (time, sentence) in zip(times, sentences) where time.count == 2 {
            guard let start = Self.number(time[0]), let end = Self.number(time[1]) else { continue }
            count += 1
            var row = LabelCollector.Row()
            row.row = count
            (row.start, row.end, row.label) = (start, end, sentence.trimmingCharacters(in: .whitespaces))
            (row.session, row.annotator) = (context.session, context.annotator)
            collector.add(row)
        }
        return true
    }

    /// HowTo100M: all starts, ends and texts in lists of equal length.
    private mutating func lists(_ object: [String: Any], _ context: Context) -> Bool {
        guard
            let (starts, ends) = Self.seconds.lazy.compactMap({ names in
                (object[names.0] as? [Any]).flatMap { starts in (object[names.1] as? [Any]).map { (starts, $0) } }
            }).first, let labels = Self.labels.lazy.compactMap({ object[$0] as? [Any] }).first,
            starts.count == ends.count, starts.count == labels.count
        else { return false }
        for (times, label) in zip(zip(starts, ends), labels) {
            count += 1
            guard let start = Self.number(times.0), let end = Self.number(times.1), let label = Self.text(label) else {
                collector.problem(
                    "bad-time", row: count, "has an invalid start, end or label", "fix the lists")
                continue
            }
            var row = LabelCollector.Row()
            row.row = count
            (row.start, row.end, row.label) = (start, end, label.trimmingCharacters(in: .whitespaces))
            (row.session, row.view, row.annotator) = (context.session, context.view, context.annotator)
            collector.add(row)
        }
        return true
    }

    /// Separate objects for verb and noun.
    private static func structured(_ object: [String: Any]) -> String? {
        let parts = ["structured_verb", "structured_noun", "noun"].compactMap { text(object[$0]) }
        return parts.isEmpty ? nil : parts.joined(separator: " ")
    }

    private static func pair(_ object: [String: Any], _ names: [(String, String)]) -> (Double, Double)? {
        for (start, end) in names {
            if let one = number(object[start]), let other = number(object[end]) { return (one, other) }
        }
        return nil
    }

    static func text(_ value: Any?) -> String? {
        if let text = value as? String { return text.isEmpty ? nil : text }
        // 1 and 0 would be read as booleans: written booleans have a different type.
        if let number = value as? NSNumber, !isTruth(number) { return number.stringValue }
        return nil
    }

    private static func isTruth(_ number: NSNumber) -> Bool {
        ["c", "B"].contains(String(cString: number.objCType))
    }

    static func number(_ value: Any?) -> Double? {
        if let number = value as? NSNumber { return isTruth(number) ? nil : number.doubleValue }
        return (value as? String).flatMap { TimeNumber.parse($0) }
    }
}
