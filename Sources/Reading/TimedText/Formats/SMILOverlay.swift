/// Media overlays of EPUB 3 and SMIL of aeneas: a `<par>` with a `<text src>` and an `<audio clipBegin clipEnd>`. They
/// refer to the text without containing it.
enum SMILOverlay {
    static func read(_ source: EncodedText) throws(TimedTextError) -> TimedTextDocument {
        var builder = DocumentBuilder(source, .smil)
        var scanner = XMLScanner(source)
        var raw = ""
        var sounds: Set<String> = []
        while let event = scanner.next() {
            guard case .open(let name, let attributes, let place, _) = event else { continue }
            func value(_ names: [String]) -> XMLScanner.Attribute? { attributes.first { names.contains($0.name) } }
            if name == "par" { raw = "" }
            if name == "text" { raw = value(["src"])?.value ?? "" }
            guard name == "audio" || name == "video" else { continue }
            let line = builder.line(at: place)
            guard let from = value(["clipBegin", "clip-begin"]) else { continue }
            guard let begin = time(source, from.range) else {
                builder.fault(line, "the start cannot be read: \(from.value.prefix(30))")
                continue
            }
            if let sound = value(["src"])?.value { sounds.insert(sound) }
            var item = TimedItem(kind: .cue, text: "", raw: raw, start: begin.seconds, end: begin.seconds, line: line)
            guard let to = value(["clipEnd", "clip-end"]) else {
                builder.fault(line, "a clip without an end")
                continue
            }
            guard let end = time(source, to.range) else {
                builder.fault(line, "the end cannot be read: \(to.value.prefix(30))")
                continue
            }
            item.end = end.seconds
            builder.add(item, from: begin, to: end)
        }
        try builder.finish(scanner, code: "broken-smil", remedy: "fix that line, or regenerate the file")
        if builder.items.isEmpty, builder.faults.isEmpty {
            throw TimedTextError(
                code: "no-clips", message: "has no <audio> with clipBegin and clipEnd",
                remedy: "give a media overlay (EPUB 3) or an aeneas sync map")
        }
        if sounds.count > 1 {
            builder.guess("the overlay refers to \(sounds.count) audio files, each with separate times")
        }
        return builder.document()
    }

    /// A SMIL clock value: `0:00:02.680`, `2.680s`, `2680ms`, `1.5min`, `npt=2.68s`, or a bare number of seconds.
    static func time(_ source: EncodedText, _ range: Range<Int>) -> WrittenTime? {
        var range = source.trimmed(range)
        for prefix in ["npt=", "smpte="] where source.string(range).hasPrefix(prefix) {
            guard prefix == "npt=" else { return nil }
            range = range.lowerBound + prefix.utf8.count..<range.upperBound
        }
        if let clock = source.clock(at: range.lowerBound, before: range.upperBound), clock.range == range {
            return clock
        }
        var end = range.upperBound
        while end > range.lowerBound, !source.utf8[end - 1].isDigit { end -= 1 }
        let unit: Double
        switch source.string(end..<range.upperBound) {
        case "", "s": unit = 1
        case "ms": unit = 0.001
        case "min": unit = 60
        case "h": unit = 3600
        default: return nil
        }
        return source.number(
            range.lowerBound..<end, unitSeconds: unit, leastDecimals: unit == 1 ? 3 : unit < 1 ? 0 : 6)
    }
}

/// The XML of aeneas: `<map><fragment id begin end><line>`, and its older form with `<start>` and `<end>` elements.
enum FragmentMap {
    static func read(_ source: EncodedText) throws(TimedTextError) -> TimedTextDocument {
        struct Fragment {
            let line: Int
            var begin: WrittenTime?
            var end: WrittenTime?
            var lines: [String] = []
            var name = ""
        }
        var builder = DocumentBuilder(source, .fragments)
        var scanner = XMLScanner(source)
        var open: [Fragment] = []
        var (element, lineText) = ("", "")
        func add(_ fragment: Fragment) {
            let text = fragment.lines.joined(separator: "\n")
            guard let begin = fragment.begin, let end = fragment.end else {
                builder.fault(
                    fragment.line, "a fragment without times: \((text.isEmpty ? fragment.name : text).prefix(40))")
                return
            }
            builder.add(
                TimedItem(
                    kind: .cue, text: text, raw: text.isEmpty ? fragment.name : text, start: begin.seconds,
                    end: end.seconds, line: fragment.line),
                from: begin, to: end)
        }
        while let event = scanner.next() {
            switch event {
            case .open(let name, let attributes, let place, let isEmpty):
                (element, lineText) = (isEmpty ? "" : name, "")
                guard name == "fragment" else { continue }
                var fragment = Fragment(line: builder.line(at: place))
                for attribute in attributes {
                    switch attribute.name {
                    case "begin": fragment.begin = SMILOverlay.time(source, attribute.range)
                    case "end": fragment.end = SMILOverlay.time(source, attribute.range)
                    case "id": fragment.name = attribute.value
                    default: break
                    }
                }
                if isEmpty { add(fragment) } else { open.append(fragment) }
                guard open.count < 100 else {
                    throw TimedTextError(
                        code: "broken-xml",
                        message: "nests fragments deeper than 100 levels at line \(builder.line(at: place))",
                        remedy: "regenerate the file")
                }
            case .text(let text):
                guard let last = open.indices.last else { continue }
                switch element {
                case "line": lineText += text
                case "identifier": open[last].name += text
                case "start", "begin":
                    open[last].begin = SMILOverlay.time(source, scanner.textRange) ?? open[last].begin
                case "end": open[last].end = SMILOverlay.time(source, scanner.textRange) ?? open[last].end
                default: break
                }
            case .close(let name):
                element = ""
                guard let last = open.indices.last else { continue }
                if name == "line" {
                    open[last].lines.append(lineText)
                } else if name == "fragment" {
                    add(open.removeLast())
                }
            }
        }
        try builder.finish(scanner, code: "broken-xml", remedy: "fix that line, or regenerate the file")
        if builder.items.isEmpty, builder.faults.isEmpty { builder.fault(1, "no fragment has times") }
        return builder.document()
    }
}
