extension String {
    /// The string on one line: control characters, such as the newlines that file names may hold, as escapes.
    public var printable: String {
        guard unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return self }
        var result = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.properties.generalCategory == .control:
                let hex = String(scalar.value, radix: 16)
                result += "\\x" + String(repeating: "0", count: max(0, 2 - hex.count)) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
