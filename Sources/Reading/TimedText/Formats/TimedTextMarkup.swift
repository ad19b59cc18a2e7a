/// TTML and its profiles IMSC, EBU-TT and DFXP: XML with nested elements that have `begin`, `end`, `dur`.
enum TimedTextMarkup {
    /// The document's frame and tick rates (TTML2, section 7.2).
    private struct Clock {
        var frameRate = 30.0
        var multiplier = 1.0
        var tickRate: Double?
        var statesRate = false
        /// Times are SMPTE timecodes (TTML2, 7.2.15) rather than media times.
        var isTimecode = false
        var drops = false
        var rate: Double { frameRate * multiplier }
        var counting: FrameCounting? { !isTimecode ? nil : drops ? .dropping : .all }
    }

    /// Maximum nesting depth.
    private static let mostDepth = 200

    private struct Element {
        let name: String
        let begin: Double?
        let end: Double?
        let isSequence: Bool
        /// The start of the next child of a sequence.
        var cursor: Double
        var text = ""
        let line: Int
        let isTimed: Bool
        var hasTimedChild = false
        /// Whether its begin is 0 because nothing states one.
        var omitsBegin = false
        let speaker: String?
        /// Whether it shows an image rather than a text (IMSC 1, SMPTE-TT).
        var isPicture = false
        /// The position of its own times, if it has a start and an end.
        var place: ItemPlace?
        /// The range of its text, if contiguous.
        var textRange: Range<Int>?
        var pieces = 0
        /// Its start, and the start of its content.
        var range = 0..<0
        /// Whether it has only text and line breaks.
        var isPlain = true
        /// A unique name.
        var identifier: Range<Int>?
    }

    static func read(_ source: EncodedText, mediaRate: Double?) throws(TimedTextError) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .ttml)
        var scanner = XMLScanner(source)
        var clock = Clock()
        var stack: [Element] = []
        var sawRoot = false
        var usesFrames = false
        while let event = scanner.next() {
            switch event {
            case .open(let name, let attributes, let place, let isEmpty):
                if name == "tt" {
                    sawRoot = true
                    clock = self.clock(attributes, mediaRate: mediaRate)
                    builder.language = attributes.first { $0.name == "lang" }?.value
                }
                if name == "br" {
                    if !stack.isEmpty {
                        stack[stack.count - 1].text += "\n"
                        stack[stack.count - 1].pieces += 1
                    }
                    if isEmpty { continue }
                }
                if !stack.isEmpty { stack[stack.count - 1].isPlain = false }
                // Styles and regions may have times, but have no text.
                stack.append(
                    open(
                        source, name, attributes, builder.line(at: place), in: stack.last, clock, &usesFrames,
                        into: &builder))
                stack[stack.count - 1].range = place..<scanner.index
                if isEmpty { close(source, &stack, 0..<0, into: &builder) }
                guard stack.count <= mostDepth else {
                    throw TimedTextError(
                        code: "broken-ttml",
                        message: "nests elements deeper than \(mostDepth) levels at line \(builder.line(at: place))",
                        remedy: "export it again")
                }
            case .close: close(source, &stack, scanner.tagStart..<scanner.index, into: &builder)
            case .text(let text):
                guard !stack.isEmpty else { continue }
                stack[stack.count - 1].text += text
                stack[stack.count - 1].pieces += 1
                stack[stack.count - 1].textRange = source.trimmed(scanner.textRange)
            }
        }
        try builder.finish(scanner, code: "broken-ttml", remedy: "fix that line, or export it again")
        guard sawRoot else {
            throw TimedTextError(code: "broken-ttml", message: "is not a TTML document", remedy: "export it again")
        }
        if usesFrames, !clock.statesRate {
            let shown = (clock.rate * 1000).rounded() / 1000
            builder.guesses.append(
                """
                frame rate assumed to be \(shown) fps, \(mediaRate == nil ? "the TTML default" : "as in the media"): \
                the file states none
                """
            )
        }
        return builder.document()
    }

    private static func clock(_ attributes: [XMLScanner.Attribute], mediaRate: Double?) -> Clock {
        var clock = Clock()
        if let mediaRate { clock.frameRate = mediaRate }
        for attribute in attributes {
            switch attribute.name {
            case "frameRate":
                if let rate = Double(attribute.value), rate > 0, rate < 1000 {
                    clock.frameRate = rate
                    clock.statesRate = true
                }
            case "frameRateMultiplier":
                let parts = attribute.value.split { $0 == " " || $0 == ":" }.compactMap { Double($0) }
                if parts.count == 2, parts[0] > 0, parts[1] > 0, (0.1...10).contains(parts[0] / parts[1]) {
                    clock.multiplier = parts[0] / parts[1]
                }
            case "tickRate": if let rate = Double(attribute.value), rate > 0 { clock.tickRate = rate }
            case "timeBase": clock.isTimecode = attribute.value == "smpte"
            case "dropMode": clock.drops = attribute.value.hasPrefix("drop")
            default: break
            }
        }
        if clock.multiplier != 1, !clock.statesRate { clock.multiplier = 1 }
        return clock
    }

    private static func open(
        _ source: EncodedText, _ name: String, _ attributes: [XMLScanner.Attribute], _ line: Int, in parent: Element?,
        _ clock: Clock,
        _ usesFrames: inout Bool, into builder: inout DocumentBuilder
    ) -> Element {
        let isContent = ["body", "div", "p", "span", "image"].contains(name)
        let base = parent.flatMap { $0.isSequence ? $0.cursor : $0.begin } ?? 0
        var times: [String: WrittenTime] = [:]
        if isContent {
            for attribute in attributes where ["begin", "end", "dur"].contains(attribute.name) {
                if let time = time(source, attribute.range, clock, &usesFrames) {
                    times[attribute.name] = time
                } else {
                    builder.fault(line, "\(attribute.name) cannot be read: \(attribute.value.prefix(30))")
                }
            }
        }
        let begin = times["begin"].map { $0.seconds + base } ?? (times.isEmpty ? parent?.begin : base)
        let stated = times["end"].map { $0.seconds + base } ?? times["dur"].map { $0.seconds + (begin ?? base) }
        let end = stated ?? parent?.end
        let relative = base == 0 ? nil : Optional(base)
        let anchor = begin ?? base
        let from = times["begin"].map { $0.field(anchor: anchor, base: relative) }
        let until = times["end"].map { $0.field(anchor: anchor, base: relative) }
        let lasting = times["dur"].map { $0.field(anchor: anchor, base: begin ?? base) }
        builder.fields += [from, until, lasting].compactMap { $0 }
        var element = Element(
            name: name, begin: begin, end: end,
            isSequence: attributes.contains { $0.name == "timeContainer" && $0.value == "seq" },
            cursor: begin ?? 0, line: line, isTimed: !times.isEmpty,
            speaker: attributes.first { $0.name == "agent" }?.value,
            isPicture: isContent
                && (name == "image" || name == "div" && attributes.contains { $0.name == "backgroundImage" }),
            identifier: attributes.first { $0.name == "id" }?.range)
        let isLater = parent.map { $0.isSequence && $0.cursor > 0 } ?? false
        element.omitsBegin = times["begin"] == nil && parent?.omitsBegin ?? true && !isLater
        // In a sequence the next element counts from its end.
        if let from, let end = until ?? lasting, until == nil || lasting == nil, parent?.isSequence != true {
            element.place = ItemPlace(start: from, end: end, endsByDuration: until == nil)
        }
        return element
    }

    /// - Parameter tag: the closing tag; empty if the element has none.
    private static func close(
        _ source: EncodedText, _ stack: inout [Element], _ tag: Range<Int>, into builder: inout DocumentBuilder
    ) {
        guard let element = stack.popLast() else { return }
        if !stack.isEmpty, let end = element.end, element.isTimed { stack[stack.count - 1].cursor = end }
        if element.name == "image" || element.name == "div", element.isPicture {
            // Image subtitles have times but no text.
            if element.name == "image", !element.isTimed, !stack.isEmpty {
                stack[stack.count - 1].isPicture = true
            } else if let begin = element.begin, let end = element.end {
                builder.items.append(TimedItem(kind: .cue, text: "", start: begin, end: end, line: element.line))
            }
            return
        }
        let isCue =
            element.name == "p" && !element.hasTimedChild
            || element.name == "span" && element.isTimed && !element.hasTimedChild
        if isCue {
            let text = element.text.split(separator: "\n", omittingEmptySubsequences: false)
                .map { $0.split { $0.isWhitespace }.joined(separator: " ") }.filter { !$0.isEmpty }.joined(
                    separator: "\n")
            if let begin = element.begin, let end = element.end {
                if element.omitsBegin {
                    builder.refuse(
                        line: element.line, message: "omits a begin that is 0", remedy: "add begin=\"0s\" there")
                }
                var item = TimedItem(
                    kind: .cue, text: text, raw: element.text, start: begin, end: end, line: element.line,
                    speaker: element.speaker)
                item.place = element.place
                if element.name == "p", element.isPlain, !tag.isEmpty, element.place != nil {
                    divide(source, element, tag, &item)
                } else if element.pieces == 1, let range = element.textRange {
                    item.place?.text = TextPlace(range: range, style: .xml)
                }
                builder.items.append(item)
            } else if !text.isEmpty {
                builder.fault(element.line, "a text without times: \(text.prefix(40))")
            }
        }
        guard !stack.isEmpty else { return }
        if element.name == "span" {
            if element.isTimed || element.hasTimedChild {
                stack[stack.count - 1].hasTimedChild = true
            } else {
                stack[stack.count - 1].text += element.text
                // Text inside a span is not contiguous with the text around it.
                stack[stack.count - 1].pieces += element.text.isEmpty ? 0 : 2
            }
        }
    }

    /// The range of a whole paragraph, so that it can be replaced or split.
    private static func divide(
        _ source: EncodedText, _ element: Element, _ tag: Range<Int>, _ item: inout TimedItem
    ) {
        // Line breaks have the same prefix as paragraphs.
        let name = source.string(tag.lowerBound + 2..<tag.upperBound).prefix { $0 != ">" && !$0.isWhitespace }
        let prefix = name.lastIndex(of: ":").map { name[...$0] } ?? ""
        let inside = source.trimmed(element.range.upperBound..<tag.lowerBound)
        // A comment in it, or CDATA, would be lost.
        guard source.find("<!", in: inside) == nil else { return }
        item.place?.text = TextPlace(range: inside, style: .xmlLines(prefix + "br"))
        var block = BlockPlace(element.range.lowerBound..<tag.upperBound)
        let next = tag.upperBound < source.utf8.count ? source.utf8[tag.upperBound] : 0
        block.separators = next == 10 || next == 13 ? 1 : 0
        if let name = element.identifier {
            // With its key and the preceding blank.
            var start = name.lowerBound
            while start > element.range.lowerBound, !source.utf8[start - 1].isBlank, source.utf8[start - 1] != 10,
                source.utf8[start - 1] != 13
            {
                start -= 1
            }
            block.dropped = [max(element.range.lowerBound + 1, start - 1)..<name.upperBound + 1]
        }
        item.place?.block = block
    }

    /// A time expression: `hh:mm:ss.fff`, `hh:mm:ss:ff`, or a number with `h`, `m`, `s`, `ms`, `f`, `t`.
    private static func time(_ source: EncodedText, _ range: Range<Int>, _ clock: Clock, _ usesFrames: inout Bool)
        -> WrittenTime?
    {
        let range = source.trimmed(range)
        if let time = source.clock(
            at: range.lowerBound, before: range.upperBound, frameRate: clock.rate, counting: clock.counting),
            time.range == range
        {
            if case .clockFrames = time.style { usesFrames = true }
            return time
        }
        var end = range.upperBound
        while end > range.lowerBound, !source.utf8[end - 1].isDigit { end -= 1 }
        let unit: Double
        switch source.string(end..<range.upperBound) {
        case "h": unit = 3600
        case "m": unit = 60
        case "s": unit = 1
        case "ms": unit = 0.001
        case "f":
            unit = 1 / clock.rate
            usesFrames = true
        // Without a tick rate a tick is a frame if a frame rate is stated, else a second (TTML2, 7.2.16).
        case "t": unit = 1 / (clock.tickRate ?? (clock.statesRate ? clock.rate : 1))
        default: return nil
        }
        let decimals = unit >= 60 ? 6 : unit == 1 ? 3 : 0
        return source.number(range.lowerBound..<end, unitSeconds: unit, leastDecimals: decimals)
    }
}
