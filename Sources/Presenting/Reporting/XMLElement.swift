/// An XML element: attributes in order, and text or child elements.
struct XMLElement {
    let name: String
    var attributes: [(name: String, value: String)] = []
    var text: String?
    var children: [XMLElement] = []

    init(_ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ children: [XMLElement] = []) {
        self.name = name
        self.attributes = attributes.compactMap { pair in pair.value.map { (pair.key, $0) } }
        self.children = children
    }

    init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
    }

    init(_ name: String, _ number: Int) { self.init(name, String(number)) }

    /// As a document, with XML declaration and document type.
    func document(type: String) -> String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE \(type)>\n" + lines("").joined(separator: "\n") + "\n"
    }

    private func lines(_ indent: String) -> [String] {
        let head = name + attributes.map { " \($0.name)=\"\(XMLElement.escaped($0.value))\"" }.joined()
        if let text { return ["\(indent)<\(head)>\(XMLElement.escaped(text))</\(name)>"] }
        if children.isEmpty { return ["\(indent)<\(head)/>"] }
        return ["\(indent)<\(head)>"] + children.flatMap { $0.lines(indent + "  ") } + ["\(indent)</\(name)>"]
    }

    /// Escaped for an attribute or a text. Characters that XML 1.0 does not allow are replaced.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n", "\r": result += " "
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
