import Foundation

/// Reads XML as a series of events, with the ranges of attribute values, so that they can be changed in place.
///
/// Not validating, but what is not well-formed ends it with a fault; only a bare `&` is allowed. Entities declared by a
/// document are not resolved.
package struct XMLScanner {
    package struct Attribute {
        /// Without a namespace's prefix.
        package let name: String
        package let value: String
        /// Between the quotes.
        package let range: Range<Int>
    }

    package enum Event {
        case open(name: String, attributes: [Attribute], place: Int, isEmpty: Bool)
        case close(name: String)
        case text(String)
    }

    private let source: EncodedText
    private(set) var index = 0
    /// The fault, and its offset.
    package private(set) var fault: (place: Int, message: String)?
    /// The offset of the first `&` that starts no reference.
    private(set) var bareAmpersand: Int?
    /// Open elements, by their full names.
    private var opened: [(name: String, place: Int)] = []
    private var hasRoot = false
    /// The range of the last event's text.
    private(set) var textRange = 0..<0
    /// The start of the last tag; it ends at `index`.
    private(set) var tagStart = 0

    package init(_ source: EncodedText) { self.source = source }

    /// The encoding in an XML declaration.
    package static func declaredEncoding(_ bytes: [UInt8]) -> TextEncoding? {
        guard bytes.starts(with: Array("<?xml".utf8)) else { return nil }
        let head = String(decoding: bytes.prefix(200), as: UTF8.self)
        guard let end = head.range(of: "?>"), let key = head.range(of: "encoding"), key.upperBound < end.lowerBound
        else { return nil }
        let rest = head[key.upperBound..<end.lowerBound].drop { $0 == "=" || $0.isWhitespace }
        guard let quote = rest.first, quote == "\"" || quote == "'" else { return nil }
        return TextEncoding(named: String(rest.dropFirst().prefix { $0 != quote }))
    }

    package mutating func next() -> Event? {
        let utf8 = source.utf8
        while fault == nil, index < utf8.count {
            guard utf8[index] == UInt8(ascii: "<") else {
                let start = index
                while index < utf8.count, utf8[index] != UInt8(ascii: "<") { index += 1 }
                if opened.isEmpty, !source.isBlank(start..<index) {
                    return fail(source.trimmed(start..<index).lowerBound, "text outside the root element")
                }
                noteAmpersands(start..<index)
                textRange = start..<index
                return .text(XMLScanner.resolved(source.string(start..<index)))
            }
            if stands("<!--") {
                skip(past: "-->")
            } else if stands("<![CDATA[") {
                let start = index + 9
                skip(past: "]]>")
                textRange = start..<max(start, index - 3)
                return .text(source.string(textRange))
            } else if stands("<?") {
                skip(past: "?>")
            } else if stands("<!") {
                let end = source.find(">", in: index..<utf8.count) ?? utf8.count
                // Internal declarations are in brackets.
                skip(past: source.find("[", in: index..<end) == nil ? ">" : "]>")
            } else if stands("</") {
                return closingTag()
            } else {
                return tag()
            }
        }
        if fault == nil, let last = opened.last {
            return fail(last.place, "<\(last.name.prefix(40))> is never closed")
        }
        return nil
    }

    private mutating func fail(_ place: Int, _ message: String) -> Event? {
        fault = (place, message)
        return nil
    }

    private mutating func closingTag() -> Event? {
        let place = index
        tagStart = place
        skip(past: ">")
        guard fault == nil else { return nil }
        let range = source.trimmed(place + 2..<index - 1)
        let name = source.string(range)
        guard let last = opened.popLast() else {
            return fail(place, "</\(name.prefix(40))> was never opened")
        }
        guard last.name == name else {
            return fail(
                place, "</\(name.prefix(40))> found where </\(last.name.prefix(40))> is expected")
        }
        return .close(name: local(range))
    }

    private mutating func noteAmpersands(_ range: Range<Int>) {
        guard bareAmpersand == nil else { return }
        bareAmpersand = range.first { place in
            guard source.utf8[place] == UInt8(ascii: "&") else { return false }
            let name = source.string(place + 1..<min(range.upperBound, place + 13)).prefix { $0 != ";" }
            let isClosed = place + 1 + name.utf8.count < range.upperBound && name.utf8.count < 12
            return name.isEmpty || !isClosed || !name.allSatisfy { $0.isLetter || $0.isNumber || "#_:.-".contains($0) }
        }
    }

    private func stands(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard index + count <= source.utf8.count else { return false }
        return (0..<count).allSatisfy { source.utf8[index + $0] == text.utf8Start[$0] }
    }

    private mutating func skip(past end: String) {
        guard let place = source.find(end, in: index..<source.utf8.count) else {
            fault = (index, "what is opened here is never closed with '\(end)'")
            index = source.utf8.count
            return
        }
        index = place + end.utf8.count
    }

    /// A name without its prefix.
    private func local(_ range: Range<Int>) -> String {
        let name = source.string(range)
        return name.firstIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
    }

    private mutating func tag() -> Event? {
        let utf8 = source.utf8
        let place = index
        tagStart = place
        index += 1
        let fullName = word()
        let name = local(fullName)
        if opened.isEmpty, hasRoot { return fail(place, "a second root element starts") }
        hasRoot = true
        var attributes: [Attribute] = []
        while true {
            while index < utf8.count, utf8[index].isBlank { index += 1 }
            guard index < utf8.count, !name.isEmpty else {
                return fail(place, "a tag is incomplete")
            }
            if utf8[index] == UInt8(ascii: ">") {
                index += 1
                opened.append((source.string(fullName), place))
                return .open(name: name, attributes: attributes, place: place, isEmpty: false)
            }
            if utf8[index] == UInt8(ascii: "/") {
                index += 1
                guard index < utf8.count, utf8[index] == UInt8(ascii: ">") else {
                    return fail(place, "a tag is incomplete")
                }
                index += 1
                return .open(name: name, attributes: attributes, place: place, isEmpty: true)
            }
            let key = local(word())
            while index < utf8.count, utf8[index].isBlank || utf8[index] == UInt8(ascii: "=") { index += 1 }
            guard !key.isEmpty, index < utf8.count,
                utf8[index] == UInt8(ascii: "\"") || utf8[index] == UInt8(ascii: "'")
            else {
                return fail(index, "an attribute without a quoted value")
            }
            let quote = utf8[index]
            let start = index + 1
            index = start
            while index < utf8.count, utf8[index] != quote, utf8[index] != UInt8(ascii: "<") { index += 1 }
            guard index < utf8.count, utf8[index] == quote else {
                return fail(start - 1, "an attribute value is not closed")
            }
            noteAmpersands(start..<index)
            attributes.append(
                Attribute(name: key, value: XMLScanner.resolved(source.string(start..<index)), range: start..<index))
            index += 1
        }
    }

    private mutating func word() -> Range<Int> {
        let start = index
        let ends = Array("=/> \t\r\n\"'<".utf8)
        while index < source.utf8.count, !ends.contains(source.utf8[index]) { index += 1 }
        return start..<index
    }

    /// Text with its character references (`&amp;`, `&#39;`) resolved.
    static func resolved(_ text: String) -> String {
        guard text.contains("&") else { return text }
        let names: [Substring: Character] = [
            "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "lrm": "\u{200E}",
            "rlm": "\u{200F}",
        ]
        var result = ""
        var rest = text[...]
        while let ampersand = rest.firstIndex(of: "&") {
            result += rest[..<ampersand]
            let after = rest[rest.index(after: ampersand)...]
            guard let end = after.prefix(12).firstIndex(of: ";"),
                after[..<end].allSatisfy({ $0.isLetter || $0.isNumber || "#_.-".contains($0) })
            else {
                result.append("&")
                rest = after
                continue
            }
            let name = after[..<end]
            let code =
                name.hasPrefix("#x") || name.hasPrefix("#X")
                ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
            if let known = names[name] {
                result.append(known)
            } else if let scalar = code.flatMap(Unicode.Scalar.init) {
                result.unicodeScalars.append(scalar)
            } else {
                result += "&\(name);"
            }
            rest = after[after.index(after: end)...]
        }
        return result + rest
    }
}

extension DocumentBuilder {
    /// Reports leniencies.
    ///
    /// - Throws: if the document is not well-formed.
    mutating func finish(_ scanner: XMLScanner, code: String, remedy: String) throws(TimedTextError) {
        if let fault = scanner.fault {
            throw TimedTextError(
                code: code, message: "is not well-formed XML: line \(line(at: fault.place)): \(fault.message)",
                remedy: remedy)
        }
        if let place = scanner.bareAmpersand {
            guess("'&' is read literally, although XML requires '&amp;': line \(line(at: place))")
        }
    }
}
