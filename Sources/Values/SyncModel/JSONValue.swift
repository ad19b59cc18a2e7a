import Foundation

/// A JSON value whose objects keep the order of their members, so that the same report gives the same bytes.
public indirect enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int)
    /// A number with at most this many decimals; trailing zeros are omitted. Not finite: null.
    case number(Double, decimals: Int)
    case string(String)
    case array([JSONValue])
    case object([(name: String, value: JSONValue)])

    public static func == (left: JSONValue, right: JSONValue) -> Bool { left.compact == right.compact }
    public func hash(into hasher: inout Hasher) { hasher.combine(compact) }

    /// On one line.
    public var compact: String { text(indent: nil) }
    /// With two spaces for each level.
    public var pretty: String { text(indent: 0) }

    private func text(indent: Int?) -> String {
        switch self {
        case .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .integer(let value): return String(value)
        case .number(let value, let decimals): return JSONValue.format(value, decimals)
        case .string(let value): return JSONValue.quoted(value)
        case .array(let values):
            return enclosed("[", "]", values.map { ("", $0) }, indent, nested: values.contains(where: \.isNested))
        case .object(let members):
            return enclosed("{", "}", members.map { (JSONValue.quoted($0.name) + ":", $0.value) }, indent, nested: true)
        }
    }

    private var isNested: Bool {
        switch self {
        case .array, .object: true
        default: false
        }
    }

    private func enclosed(
        _ open: String, _ close: String, _ parts: [(String, JSONValue)], _ indent: Int?, nested: Bool
    ) -> String {
        if parts.isEmpty { return open + close }
        guard let indent, nested else {
            let space = indent == nil ? "" : " "
            return open
                + parts.map { $0.0 + ($0.0.isEmpty ? "" : space) + $0.1.text(indent: indent) }.joined(
                    separator: "," + space) + close
        }
        let inner = String(repeating: "  ", count: indent + 1)
        let lines = parts.map { inner + $0.0 + ($0.0.isEmpty ? "" : " ") + $0.1.text(indent: indent + 1) }
        return open + "\n" + lines.joined(separator: ",\n") + "\n" + String(repeating: "  ", count: indent) + close
    }

    private static func format(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return "null" }
        var text = String(format: "%.\(decimals)f", value)
        if text.contains(".") {
            while text.hasSuffix("0") { text.removeLast() }
            if text.hasSuffix(".") { text.removeLast() }
        }
        return text == "-0" ? "0" : text
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20: result += String(format: "\\u%04x", scalar.value)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
