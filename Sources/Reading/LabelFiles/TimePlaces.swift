import Foundation
import TimedText

/// Locates the times in a label file, for all supported formats except timed text.
struct TimePlaces {
    /// Why the times of a file cannot be moved.
    struct Refusal: Error {
        let why: String
        let remedy: String
    }

    let options: LabelOptions
    /// Whether numbers without a unit are frames.
    let readsFrames: Bool
    private(set) var times: [TimePlace] = []

    init(options: LabelOptions, readsFrames: Bool) {
        self.options = options
        self.readsFrames = readsFrames
    }

    mutating func find(in bytes: [UInt8]) throws(Refusal) {
        let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let body = Array(bytes[mark...])
        let first = body.first { $0 > 0x20 }
        if CVATXMLReader.isHeader(String(decoding: body.prefix(8192), as: UTF8.self)) {
            try xml(EncodedText(body, encoding: .utf8))
        } else if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            guard String(validating: body, as: UTF8.self) != nil else {
                throw Refusal(
                    why: "is not valid UTF-8, so times in its JSON cannot be moved", remedy: "save it as UTF-8")
            }
            try json(EncodedText(body, encoding: .utf8))
        } else {
            try table(body)
        }
        if mark > 0 { times = times.map { $0.moved(by: mark) } }
    }

    private func rate(_ stated: Double? = nil) throws(Refusal) -> Double {
        guard let rate = stated ?? options.rate, rate > 0 else {
            throw Refusal(
                why: "counts in frames, but no frame rate is known",
                remedy: "give --rate N, such as --rate 25")
        }
        return rate
    }

    // MARK: Tables

    private mutating func table(_ bytes: [UInt8]) throws(Refusal) {
        let table = LabelTable(bytes: bytes)
        if CharadesReader.isHeader(table.firstRow.map { $0.lowercased() }) {
            throw Refusal(
                why: "has all actions of a video in one field (Charades), where times cannot be moved",
                remedy: "convert it to a table with start, end and label")
        }
        var columns: ColumnMap?
        var (events, isEvents) = (-1, false)
        var more: [(place: Int, isFrames: Bool)] = []
        var found: [TimePlace] = []
        var refusal: Refusal?
        var isLines = true
        bytes.withUnsafeBytes { raw in
            table.forEachRow { _, row in
                guard refusal == nil else { return }
                guard let map = columns else {
                    let names = (0..<row.count).map { row.text($0) }
                    let own = ColumnMap(header: names, options: options)
                    guard own.isUsable || EventPairs.isHeader(names) else { return }
                    columns = own
                    isEvents = !own.isUsable
                    events = EventPairs(header: names).timePlace
                    more = own.furtherTimes(in: names)
                    isLines = false
                    return
                }
                let stated = map.has(.rate) ? row.number(map.place(.rate)) : options.rate
                func time(_ place: Int, _ unit: LabelOptions.Unit, isEnd: Bool = false) -> TimePlace? {
                    guard let range = row.place(place), !range.isEmpty else { return nil }
                    let isCode = TimeNumber.timecode(row.text(place)) != nil
                    if isCode || unit == .frames, stated == nil {
                        refusal =
                            refusal
                            ?? Refusal(
                                why: "counts in frames, but no frame rate is known",
                                remedy: "give --rate N, such as --rate 25")
                        return nil
                    }
                    let frame = 1 / (stated ?? 1)
                    let isLast = unit == .frames && isEnd && options.endsAreInclusive
                    return TimePlace(
                        raw, range, unit: unit == .ms ? 1e-3 : unit == .frames ? frame : 1, isFrames: unit == .frames,
                        bias: isLast ? frame : 0, rate: stated)
                }
                if isEvents {
                    if let at = time(events, .seconds) { found.append(at) }
                } else {
                    let usual = options.unit ?? (readsFrames ? .frames : .seconds)
                    let role: ColumnRole = map.has(.end) ? .end : .duration
                    let startUnit = map.units[.start] ?? usual
                    guard let start = time(map.place(.start), startUnit) else { return }
                    found.append(start)
                    if var end = time(map.place(role), map.units[role] ?? map.units[.start] ?? usual, isEnd: true) {
                        if role == .duration { end.base = start.time }
                        found.append(end)
                    }
                }
                for (place, isFrames) in more {
                    if let at = time(place, isFrames ? .frames : .seconds) { found.append(at) }
                }
            }
        }
        if let refusal { throw refusal }
        if isLines { return try headerless(table, bytes) }
        times = found
    }

    private mutating func headerless(_ table: LabelTable, _ bytes: [UInt8]) throws(Refusal) {
        guard let shape = HeaderlessReader.shape(of: table) else {
            throw Refusal(
                why: "has a label per frame or frame range, which cannot be moved",
                remedy: "convert it to a table with start, end and label")
        }
        let unit = options.unit ?? .seconds
        let frame = unit == .frames ? 1 / (try rate()) : 1
        var found: [TimePlace] = []
        bytes.withUnsafeBytes { raw in
            table.forEachRow { _, row in
                for (place, isEnd) in [(shape.start, false), (shape.start + 1, true)] {
                    guard let range = row.place(place) else { continue }
                    if let time = TimePlace(
                        raw, range, unit: unit == .ms ? 1e-3 : frame, isFrames: unit == .frames,
                        bias: unit == .frames && isEnd && options.endsAreInclusive ? frame : 0, rate: options.rate)
                    {
                        found.append(time)
                    }
                }
            }
        }
        times = found
    }

    // MARK: CVAT's XML

    private mutating func xml(_ source: EncodedText) throws(Refusal) {
        let frame = 1 / (try rate())
        var scanner = XMLScanner(source)
        while let event = scanner.next() {
            guard case .open(let name, let attributes, _, _) = event else { continue }
            guard name != "image" else {
                throw Refusal(
                    why: "assigns labels to images (CVAT for images), which do not move",
                    remedy: "export it from CVAT as 'CVAT for video'")
            }
            guard CVATXMLReader.shapes.contains(name), let place = attributes.first(where: { $0.name == "frame" })
            else {
                continue
            }
            add(source, place.range, unit: frame, isFrames: true)
        }
    }

    private mutating func add(
        _ source: EncodedText, _ range: Range<Int>, unit: Double = 1, isFrames: Bool = false, bias: Double = 0
    ) {
        let time = source.utf8.withUnsafeBytes {
            TimePlace($0, range, unit: unit, isFrames: isFrames, bias: bias, rate: options.rate)
        }
        if let time { times.append(time) }
    }

    // MARK: JSON

    private mutating func json(_ source: EncodedText) throws(Refusal) {
        var parser = JSONParser(source)
        var documents: [JSONNode] = []
        parser.skipBlanks()
        while parser.index < source.utf8.count, let value = parser.value() {
            documents.append(value)
            parser.skipBlanks()
        }
        guard parser.index >= source.utf8.count else {
            throw Refusal(
                why: "is not valid JSON from byte \(parser.index) on", remedy: "export it again: it may be truncated")
        }
        for document in documents {
            let tasks = document.elements ?? [document]
            if tasks.contains(where: { $0["data"] != nil && ($0["annotations"] ?? $0["completions"]) != nil }) {
                for task in tasks { try labelStudio(task, source) }
            } else if document["items"] != nil, document["categories"] != nil {
                throw Refusal(
                    why: "assigns labels to images (Datumaro), which do not move",
                    remedy: "export it from CVAT as 'CVAT for video'")
            } else if tasks.contains(where: { $0["tags"] != nil && $0["tracks"] != nil }) {
                let frame = 1 / (try rate())
                for task in tasks { frames(of: task, source, frame) }
            } else if let observations = document["observations"], document["behaviors_conf"] != nil {
                for (_, observation) in observations.members {
                    for event in observation["events"]?.elements ?? [] {
                        if let time = event.elements?.first?.range { add(source, time) }
                    }
                }
            } else if let stretches = document["metadata"], document["attribute"] != nil, document["file"] != nil {
                for (_, stretch) in stretches.members {
                    for one in stretch["z"]?.elements ?? [] { if let time = one.range { add(source, time) } }
                }
            } else {
                try walk(document, source, rate: options.rate)
            }
        }
    }

    /// Every `frame` of CVAT's backups.
    private mutating func frames(of node: JSONNode, _ source: EncodedText, _ frame: Double) {
        for element in node.elements ?? [] { frames(of: element, source, frame) }
        for (key, value) in node.members {
            if key == "frame", let range = value.range {
                add(source, range, unit: frame, isFrames: true)
            } else {
                frames(of: value, source, frame)
            }
        }
    }

    private mutating func labelStudio(_ task: JSONNode, _ source: EncodedText) throws(Refusal) {
        for annotation in (task["annotations"] ?? task["completions"])?.elements ?? [] {
            for region in annotation["result"]?.elements ?? [] {
                guard let value = region["value"] else { continue }
                var stated: Double?
                if options.rate == nil, let frames = number(value["framesCount"], source),
                    let duration = number(value["duration"], source), duration > 0
                {
                    stated = frames / duration
                }
                for range in value["ranges"]?.elements ?? [] {
                    let frame = 1 / (try rate(stated))
                    // Frames count from 1, and the last one belongs to the region.
                    if let start = range["start"]?.range {
                        add(source, start, unit: frame, isFrames: true, bias: -frame)
                    }
                    if let end = range["end"]?.range { add(source, end, unit: frame, isFrames: true) }
                }
                for key in value["sequence"]?.elements ?? [] {
                    let frame = 1 / (try rate(stated))
                    if let place = key["frame"]?.range { add(source, place, unit: frame, isFrames: true, bias: -frame) }
                    if let time = key["time"]?.range { add(source, time) }
                }
                for name in ["start", "end"] { if let time = value[name]?.range { add(source, time) } }
            }
        }
    }

    private func number(_ node: JSONNode?, _ source: EncodedText) -> Double? {
        node?.range.flatMap { TimeNumber.parse(source.string($0)) }
    }

    private mutating func walk(_ node: JSONNode, _ source: EncodedText, rate: Double?) throws(Refusal) {
        for element in node.elements ?? [] { try walk(element, source, rate: rate) }
        let members = node.members
        guard !members.isEmpty else { return }
        let rate = number(node["fps"], source) ?? number(node["frame_rate"], source) ?? rate
        var isTaken = false
        func pairs(_ names: [(String, String)]) -> [(JSONNode, JSONNode)] {
            names.compactMap { start, end in node[start].flatMap { one in node[end].map { (one, $0) } } }
        }
        if let pair = (node["segment"] ?? node["timestamp"] ?? node["interval"])?.elements, pair.count == 2 {
            for one in pair { if let range = one.range { add(source, range) } }
            isTaken = true
        }
        let unit = options.unit ?? .seconds
        let scale = unit == .ms ? 1e-3 : unit == .frames ? 1 / (try self.rate(rate)) : 1
        let seconds = pairs(JSONWalker.seconds)
        if Set(seconds.compactMap { number($0.0, source) }).count > 1 {
            throw Refusal(
                why: "gives each label times on two clocks, such as the clip's and the video's",
                remedy: "keep one of them, or convert it to a table with start, end and label")
        }
        for one in seconds.flatMap({ [$0.0, $0.1] }) {
            for place in one.elements ?? [one] {
                if let range = place.range { add(source, range, unit: scale, isFrames: unit == .frames) }
            }
            isTaken = true
        }
        for (start, end) in pairs(JSONWalker.milliseconds) {
            for one in [start, end] { if let range = one.range { add(source, range, unit: 1e-3) } }
            isTaken = true
        }
        for (start, end) in pairs(JSONWalker.frames) {
            let frame = 1 / (try self.rate(rate))
            if let range = start.range { add(source, range, unit: frame, isFrames: true) }
            if let range = end.range {
                add(source, range, unit: frame, isFrames: true, bias: options.endsAreInclusive ? frame : 0)
            }
            isTaken = true
        }
        if let times = node["timestamps"]?.elements, node["sentences"] != nil {
            for pair in times { for one in pair.elements ?? [] { if let range = one.range { add(source, range) } } }
            isTaken = true
        }
        guard !isTaken else { return }
        for (_, value) in members { try walk(value, source, rate: rate) }
    }
}

extension JSONNode {
    /// The members of an object, in order.
    fileprivate var members: [(key: String, value: JSONNode)] {
        if case .object(let members, _) = self { return members }
        return []
    }

    /// The range of a number, or of a text without its quotes.
    fileprivate var range: Range<Int>? {
        switch self {
        case .number(let range), .string(_, let range): range
        default: nil
        }
    }
}

extension TimePlace {
    /// The same at a later position in the file.
    fileprivate func moved(by count: Int) -> TimePlace {
        var copy = self
        copy.range = range.lowerBound + count..<range.upperBound + count
        return copy
    }
}
