/// Iterates over the tags of an XML document: sufficient for manifests, whose text is in attributes.
struct MarkupTags: Sequence, IteratorProtocol {
    struct Tag {
        /// Without its namespace prefix.
        let name: String
        let attributes: [String: String]
        let isEnd: Bool
        /// Whether it is self-closing.
        let isEmpty: Bool
        /// The text between it and the next tag.
        let text: String

        subscript(name: String) -> String? { attributes[name] }
    }

    private var rest: Substring

    init(_ text: String) { rest = text[...] }

    mutating func next() -> Tag? {
        while let open = rest.firstIndex(of: "<") {
            rest = rest[rest.index(after: open)...]
            if rest.hasPrefix("!--") {
                rest = Self.after("-->", rest)
                continue
            }
            let end = Self.end(of: rest)
            var body = rest[..<end]
            rest = end < rest.endIndex ? rest[rest.index(after: end)...] : ""
            guard let mark = body.first, mark != "?", mark != "!" else { continue }
            let isEnd = mark == "/"
            if isEnd { body = body.dropFirst() }
            let isEmpty = body.last == "/"
            if isEmpty { body = body.dropLast() }
            let name = body.prefix { !$0.isWhitespace }
            let text = rest.prefix { $0 != "<" }
            return Tag(
                name: String(name.split(separator: ":").last ?? ""),
                attributes: isEnd ? [:] : Self.attributes(body[name.endIndex...]), isEnd: isEnd, isEmpty: isEmpty,
                text: Self.plain(text.filter { !$0.isNewline }.trimmingSpaces))
        }
        return nil
    }

    private static func after(_ mark: String, _ text: Substring) -> Substring {
        var text = text
        while !text.isEmpty, !text.hasPrefix(mark) { text = text.dropFirst() }
        return text.dropFirst(mark.count)
    }

    /// The end of a tag: a bracket outside quotes.
    private static func end(of text: Substring) -> Substring.Index {
        var quote: Character?
        for index in text.indices {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == ">" {
                return index
            }
        }
        return text.endIndex
    }

    private static func attributes(_ text: Substring) -> [String: String] {
        var result: [String: String] = [:]
        var rest = text
        while let equals = rest.firstIndex(of: "=") {
            let name = String(rest[..<equals].filter { !$0.isWhitespace })
            rest = rest[rest.index(after: equals)...].drop { $0.isWhitespace }
            guard let quote = rest.first, quote == "\"" || quote == "'" else { break }
            rest = rest.dropFirst()
            let end = rest.firstIndex(of: quote) ?? rest.endIndex
            result[name] = plain(String(rest[..<end]))
            rest = rest[end...].dropFirst()
        }
        return result
    }

    private static func plain(_ text: String) -> String {
        guard text.contains("&") else { return text }
        var result = ""
        var rest = text[...]
        let marks = ["&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&apos;": "'"]
        while let first = rest.first {
            if first == "&", let (mark, meant) = marks.first(where: { rest.hasPrefix($0.key) }) {
                result += meant
                rest = rest.dropFirst(mark.count)
            } else {
                result.append(first)
                rest = rest.dropFirst()
            }
        }
        return result
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var part = self[...].drop { $0 == " " || $0 == "\t" }
        while part.last == " " || part.last == "\t" { part.removeLast() }
        return String(part)
    }
}
