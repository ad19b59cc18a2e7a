import Foundation

/// A table of one JSON object per line. Empty lines are omitted; members that are objects or arrays are kept as JSON.
struct JSONLinesTable: ManifestTable {
    let data: Data
    /// The number of the first line.
    var first = 1

    func rows(_ body: (Int, Result<[(name: String, value: String)], ManifestRowError>) -> Void) {
        var rest = data[...]
        var index = -1
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            let line = rest[..<end]
            rest = rest[end...].dropFirst()
            index += 1
            guard line.count <= PlanLimits.longestRow else {
                body(index + first, .failure(PlanLimits.longRow))
                continue
            }
            guard line.contains(where: { !" \t\r".utf8.contains($0) }) else { continue }
            guard let object = (try? JSONSerialization.jsonObject(with: Data(line))) as? [String: Any] else {
                let error = ManifestRowError(
                    message: "is not one JSON object",
                    remedy: "write one object per line, such as {\"media\": \"a.mp4\"}")
                body(index + first, .failure(error))
                continue
            }
            // JSON members are unordered: sorted by name, for determinism.
            body(
                index + first,
                .success(object.sorted { $0.key < $1.key }.map { (name: $0.key, value: JSONLinesTable.text($0.value)) })
            )
        }
    }

    private static func text(_ value: Any) -> String {
        switch value {
        case let text as String: return text
        case is NSNull: return ""
        case let number as NSNumber:
            return CFBoolean.isBoolean(number) ? (number.boolValue ? "true" : "false") : number.stringValue
        default:
            let data = (try? JSONSerialization.data(withJSONObject: value, options: [.sortedKeys])) ?? Data()
            return String(decoding: data, as: UTF8.self)
        }
    }
}

private enum CFBoolean {
    /// Whether a number is a Boolean.
    static func isBoolean(_ number: NSNumber) -> Bool { String(cString: number.objCType) == "c" }
}
