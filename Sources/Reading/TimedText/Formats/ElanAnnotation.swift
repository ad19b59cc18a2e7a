/// ELAN's annotation format (`.eaf`): tiers of annotations whose ends are time slots, in milliseconds.
enum ElanAnnotation {
    private struct Annotation {
        let tier: Int
        let id: String
        let from: String?
        let to: String?
        /// The annotation whose times it shares.
        let parent: String?
        let line: Int
        var text = ""
        /// The range of its text, if contiguous.
        var place: Range<Int>?
        var pieces = 0
    }

    static func read(_ source: EncodedText) throws(TimedTextError) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .elan)
        var scanner = XMLScanner(source)
        var order: [(id: String, time: WrittenTime?)] = []
        var annotations: [Annotation] = []
        var (tier, unit, origin, media, sawDocument) = (0, 0.001, 0.0, 0, false)
        var isValue = false
        while let event = scanner.next() {
            switch event {
            case .open(let name, let attributes, let place, let isEmpty):
                func value(_ key: String) -> String? { attributes.first { $0.name == key }?.value }
                switch name {
                case "ANNOTATION_DOCUMENT": sawDocument = true
                case "HEADER":
                    if let units = value("TIME_UNITS"), units != "milliseconds" {
                        builder.guesses.append(
                            "time units '\(units.prefix(30))' are read as milliseconds, as ELAN writes them")
                    }
                    unit = 0.001
                case "MEDIA_DESCRIPTOR":
                    media += 1
                    if media == 1, let stated = value("TIME_ORIGIN").flatMap(Double.init), abs(stated) < 1e9 {
                        origin = stated / 1000
                    }
                case "TIME_SLOT":
                    guard let id = value("TIME_SLOT_ID") else { continue }
                    let written = attributes.first { $0.name == "TIME_VALUE" }
                    let time = written.flatMap { source.number($0.range, unitSeconds: unit) }
                    if written != nil, time == nil {
                        builder.fault(builder.line(at: place), "the time of slot \(id.prefix(20)) is not a number")
                    }
                    order.append((id, time))
                case "TIER":
                    let id = value("TIER_ID") ?? ""
                    tier = builder.newTier(id, language: value("LANG_REF") ?? value("DEFAULT_LOCALE"))
                case "ALIGNABLE_ANNOTATION", "REF_ANNOTATION":
                    annotations.append(
                        Annotation(
                            tier: tier, id: value("ANNOTATION_ID") ?? "", from: value("TIME_SLOT_REF1"),
                            to: value("TIME_SLOT_REF2"),
                            parent: value("ANNOTATION_REF"), line: builder.line(at: place)))
                case "ANNOTATION_VALUE":
                    isValue = !isEmpty
                    if isValue, !annotations.isEmpty {
                        annotations[annotations.count - 1].place = scanner.index..<scanner.index
                    }
                default: break
                }
            case .close(let name): if name == "ANNOTATION_VALUE" { isValue = false }
            case .text(let text):
                guard isValue, !annotations.isEmpty else { continue }
                annotations[annotations.count - 1].text += text
                annotations[annotations.count - 1].pieces += 1
                annotations[annotations.count - 1].place = scanner.textRange
            }
        }
        try builder.finish(scanner, code: "broken-eaf", remedy: "fix that line, or open and save it with ELAN")
        guard sawDocument else {
            throw TimedTextError(
                code: "broken-eaf", message: "is not an ELAN document", remedy: "open and save it with ELAN")
        }
        if origin != 0 { builder.guesses.append("times count from \(origin) s of the media, by its TIME_ORIGIN") }
        finish(annotations, order, origin, &builder)
        for (_, time) in order { if let time { builder.fields.append(time.field(bias: origin)) } }
        return builder.document()
    }

    /// The users of each slot: the time of a slot with a single user can be changed.
    private struct SlotUsers {
        private var counts: [String: Int] = [:]
        private var times: [String: WrittenTime] = [:]
        private var parents: Set<String> = []

        init(_ annotations: [Annotation], _ order: [(id: String, time: WrittenTime?)]) {
            for annotation in annotations {
                for slot in [annotation.from, annotation.to].compactMap({ $0 }) { counts[slot, default: 0] += 1 }
                if let parent = annotation.parent { parents.insert(parent) }
            }
            // Annotations between others have no own time, and move with them.
            guard order.allSatisfy({ $0.time != nil }) else { return }
            times = Dictionary(order.compactMap { slot in slot.time.map { (slot.id, $0) } }) { first, _ in first }
            for slot in order where order.count != times.count { counts[slot.id] = nil }
        }

        func place(_ annotation: Annotation, _ origin: Double, _ start: Double) -> ItemPlace {
            func field(_ slot: String?) -> TimeField? {
                // Others may derive their times from it.
                guard let slot, counts[slot] == 1, !parents.contains(annotation.id) else { return nil }
                return times[slot]?.field(anchor: start, bias: origin)
            }
            var place = ItemPlace(start: field(annotation.from), end: field(annotation.to))
            if annotation.pieces <= 1, let range = annotation.place {
                place.text = TextPlace(range: range, style: .xmlValue)
            }
            return place
        }
    }

    /// The time of every slot; slots without one are spaced evenly between their neighbours.
    private static func slots(_ order: [(id: String, time: WrittenTime?)]) -> [String: Double] {
        var times = order.map { $0.time?.seconds }
        var index = 0
        while index < times.count {
            guard times[index] == nil else {
                index += 1
                continue
            }
            var next = index
            while next < times.count, times[next] == nil { next += 1 }
            if index > 0, next < times.count, let low = times[index - 1], let high = times[next] {
                for place in index..<next {
                    times[place] = low + (high - low) * Double(place - index + 1) / Double(next - index + 1)
                }
            }
            index = next
        }
        var result: [String: Double] = [:]
        for (slot, time) in zip(order, times) { if let time { result[slot.id] = time } }
        return result
    }

    private static func finish(
        _ annotations: [Annotation], _ order: [(id: String, time: WrittenTime?)], _ origin: Double,
        _ builder: inout DocumentBuilder
    ) {
        let slots = slots(order)
        let users = SlotUsers(annotations, order)
        var times: [String: (Double, Double)] = [:]
        for annotation in annotations {
            if let from = annotation.from.flatMap({ slots[$0] }), let to = annotation.to.flatMap({ slots[$0] }) {
                times[annotation.id] = (from + origin, to + origin)
            }
        }
        var parents: [String: String] = [:]
        for annotation in annotations { if let parent = annotation.parent { parents[annotation.id] = parent } }
        var perTier: [Int: [Int]] = [:]
        for annotation in annotations {
            var id = annotation.id
            // A chain of references ends at an annotation with times; a cycle does not end.
            var steps = 0
            while times[id] == nil, let parent = parents[id], steps < 50 {
                id = parent
                steps += 1
            }
            guard let (start, end) = times[id] else {
                builder.fault(annotation.line, "annotation \(annotation.id.prefix(20)) has no times")
                continue
            }
            guard builder.tiers.indices.contains(annotation.tier) else {
                builder.fault(annotation.line, "annotation \(annotation.id.prefix(20)) is in no tier")
                continue
            }
            perTier[annotation.tier, default: []].append(builder.items.count)
            var item = TimedItem(
                tier: annotation.tier, kind: .cue, text: annotation.text, start: start, end: end,
                line: annotation.line)
            item.place = users.place(annotation, origin, start)
            builder.items.append(item)
        }
        for (tier, indices) in perTier {
            let kind = TierKind.guess(
                name: builder.tiers[tier].name, texts: indices.map { builder.items[$0].text },
                seconds: indices.map { builder.items[$0].end - builder.items[$0].start })
            for index in indices { builder.items[index].kind = kind }
        }
    }
}
