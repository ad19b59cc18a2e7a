extension String {
    /// The string on one line: control characters (such as newlines in file names), other line ends and bidirectional
    /// marks are escaped.
    public var printable: String {
        guard unicodeScalars.contains(where: { $0.isUnprintable }) else { return self }
        var result = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.isUnprintable:
                let hex = String(scalar.value, radix: 16)
                result +=
                    scalar.value < 256
                    ? "\\x" + String(repeating: "0", count: max(0, 2 - hex.count)) + hex : "\\u{\(hex)}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension Unicode.Scalar {
    fileprivate var isUnprintable: Bool {
        if (0x20..<0x7F).contains(value) { return false }
        return switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        // Bidirectional embeddings, overrides and isolates (Unicode Standard Annex 9).
        case .format: (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
        default: false
        }
    }
}
