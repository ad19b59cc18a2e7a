/// Escaping of text for a page: a file name can never become markup.
enum Markup {
    /// As text between tags or inside a quoted attribute.
    static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 38 || $0 == 60 || $0 == 62 || $0 == 34 || $0 == 39 }) else {
            return text
        }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// JSON inside a script element: no `<` that could end it, and none of the line separators of JavaScript beyond
    /// newline.
    static func scriptSafe(_ json: String) -> String {
        guard json.utf8.contains(where: { $0 == 60 || $0 == 0xE2 }) else { return json }
        var result = ""
        for scalar in json.unicodeScalars {
            switch scalar {
            case "<": result += "\\u003c"
            case "\u{2028}": result += "\\u2028"
            case "\u{2029}": result += "\\u2029"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A coordinate with at most one decimal.
    static func place(_ value: Double) -> String {
        let tenths = Int((min(1e7, max(-1e7, value.isFinite ? value : 0)) * 10).rounded())
        return tenths % 10 == 0
            ? String(tenths / 10) : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
}
