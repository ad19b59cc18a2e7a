import Foundation

/// Decodes JSON messages. The fields are those seen so far: no schema is needed.
final class JSONMessageDecoder: MessageDecoder {
    private(set) var fields: [MessageField] = []
    private var places: [String: Int] = [:]
    private static let mostFields = 4096
    private static let deepest = 12
    private static let largest = 64 << 20

    private func place(_ path: String, _ kind: MessageField.Kind) -> Int? {
        if let known = places[path] { return fields[known].kind == kind ? known : nil }
        guard fields.count < JSONMessageDecoder.mostFields else { return nil }
        places[path] = fields.count
        fields.append(MessageField(path: path, kind: kind))
        return fields.count - 1
    }

    /// A member of a message.
    private enum Found {
        case numbers([Double])
        case text(String)
    }

    func decode(_ bytes: UnsafeRawBufferPointer, into values: inout MessageValues) -> Bool {
        guard bytes.count <= JSONMessageDecoder.largest,
            let object = (try? JSONSerialization.jsonObject(with: Data(bytes))) as? [String: Any]
        else { return false }
        var found: [(field: Int, value: Found)] = []
        collect(object, "", depth: 0, &found)
        values.begin(fields: fields.count)
        for (field, value) in found {
            switch value {
            case .numbers(let numbers): for number in numbers { values.put(number, field) }
            case .text(let text):
                // Bytes in JSON are base64, under the usual name for image data.
                if fields[field].kind == .bytes {
                    if let data = Data(base64Encoded: text) { values.put(own: [UInt8](data), field) }
                } else {
                    values.put(own: [UInt8](text.utf8), field)
                }
            }
        }
        return true
    }

    private func collect(
        _ object: [String: Any], _ prefix: String, depth: Int, _ found: inout [(field: Int, value: Found)]
    ) {
        guard depth < JSONMessageDecoder.deepest else { return }
        for (name, value) in object.sorted(by: { $0.key < $1.key }) {
            let path = prefix + name
            switch value {
            case let inner as [String: Any]: collect(inner, path + ".", depth: depth + 1, &found)
            case let number as NSNumber:
                if let field = place(path, .number) { found.append((field, .numbers([number.doubleValue]))) }
            case let list as [NSNumber]:
                guard !list.isEmpty, let field = place(path, .numbers) else { continue }
                found.append((field, .numbers(list.prefix(MessageValues.mostElements).map(\.doubleValue))))
            case let text as String:
                if let field = place(path, name == "data" ? .bytes : .text) { found.append((field, .text(text))) }
            default: continue
            }
        }
    }
}
