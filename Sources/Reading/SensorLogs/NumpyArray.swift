import Foundation
import SyncModel

/// Reads an array in NumPy's `.npy` format, versions 1 to 3 (NumPy's documentation, `numpy.lib.format`), as columns of
/// numbers.
struct NumpyArray {
    /// Rows by columns; a structured array has one column per field.
    let columns: [LogColumn]
    let rows: Int

    private struct Field {
        var name: String
        var type: String
        var elements: Int
        var offset: Int
    }

    /// - Parameter name: base name of its columns: `name`, `name[0]`, ...
    init(_ data: ArraySlice<UInt8>, name: String, file: String) throws(ClipFailure) {
        func bad(_ what: String, _ remedy: String = "save it again with numpy.save") -> ClipFailure {
            ClipFailure(code: "bad-npy", message: "\(file.printable): \(what)", remedy: remedy)
        }
        guard data.count > 12, data.starts(with: [0x93] + Array("NUMPY".utf8)) else {
            throw bad("it is not a .npy array")
        }
        let start = data.startIndex
        let isLong = data[start + 6] >= 2
        var length = Int(data[start + 8]) | Int(data[start + 9]) << 8
        if isLong { length |= Int(data[start + 10]) << 16 | Int(data[start + 11]) << 24 }
        let head = start + (isLong ? 12 : 10)
        guard head + length <= data.endIndex else { throw bad("it ends within its header") }
        let header = String(decoding: data[head..<head + length], as: UTF8.self)
        guard let shape = NumpyArray.shape(header), let descr = NumpyArray.value(of: "descr", in: header) else {
            throw bad("its header cannot be read: \(String(header.prefix(80)).printable)")
        }
        let isColumnMajor = NumpyArray.value(of: "fortran_order", in: header)?.hasPrefix("True") ?? false
        guard shape.count <= 2 else {
            throw bad(
                "it has \(shape.count) dimensions",
                "save one row per sample and one column per channel: numpy.save(FILE, a.reshape(len(a), -1))")
        }
        let count = shape.first ?? 1
        var across = shape.count == 2 ? shape[1] : 1
        var fields: [Field] = []
        if descr.hasPrefix("[") {
            guard let parsed = NumpyArray.fields(descr) else {
                throw bad("its structured type cannot be read: \(String(descr.prefix(80)).printable)")
            }
            fields = parsed
            across = 1
        } else {
            let type = descr.trimmingCharacters(in: CharacterSet(charactersIn: "'\""))
            fields = [Field(name: name, type: type, elements: 1, offset: 0)]
        }
        for field in fields where NumpyArray.size(field.type) == nil {
            throw bad(
                "numbers of type \(field.type.printable) are not supported",
                "convert them: numpy.save(FILE, a.astype('<f8'))")
        }
        let stride = fields.reduce(0) { $0 + (NumpyArray.size($1.type) ?? 0) * $1.elements }
        let body = head + length
        guard count >= 0, across >= 0, stride > 0, count < 1 << 40, across < 1 << 20,
            (data.endIndex - body) / stride >= count * across
        else {
            throw bad(
                "it has fewer numbers than its header states (\(shape.map(String.init).joined(separator: " by ")))",
                "copy the file again")
        }
        var made: [LogColumn] = []
        let bytes = data
        if fields.count == 1, fields[0].elements == 1 {
            let field = fields[0]
            for column in 0..<across {
                let values = (0..<count).map { row in
                    NumpyArray.number(
                        bytes, body + stride * (isColumnMajor ? column * count + row : row * across + column),
                        field.type)
                }
                made.append(LogColumn(name: shape.count == 2 ? "\(field.name)[\(column)]" : field.name, values: values))
            }
        } else {
            for field in fields {
                let size = NumpyArray.size(field.type) ?? 1
                for element in 0..<field.elements {
                    let values = (0..<count).map {
                        NumpyArray.number(bytes, body + stride * $0 + field.offset + size * element, field.type)
                    }
                    made.append(
                        LogColumn(name: field.elements > 1 ? "\(field.name)[\(element)]" : field.name, values: values))
                }
            }
        }
        columns = made
        rows = count
    }

    /// The value of a key in the header.
    private static func value(of key: String, in header: String) -> String? {
        guard let place = header.range(of: "'\(key)':") ?? header.range(of: "\"\(key)\":") else { return nil }
        var rest = header[place.upperBound...].drop { $0 == " " }
        guard let first = rest.first else { return nil }
        if first == "[" {
            guard let end = rest.lastIndex(of: "]") else { return nil }
            rest = rest[...end]
        } else if first == "(" {
            guard let end = rest.firstIndex(of: ")") else { return nil }
            rest = rest[...end]
        } else {
            rest = rest.prefix { $0 != "," && $0 != "}" }
        }
        return String(rest)
    }

    private static func shape(_ header: String) -> [Int]? {
        guard let text = value(of: "shape", in: header), text.hasPrefix("(") else { return nil }
        let parts = text.dropFirst().dropLast().split(separator: ",").map { Int($0.filter { $0 != " " }) }
        return parts.contains(nil) ? nil : parts.compactMap { $0 }
    }

    /// `[('t', '<f8'), ('v', '<f4', (3,))]`.
    private static func fields(_ text: String) -> [Field]? {
        var found: [Field] = []
        var offset = 0
        for part in text.dropFirst().dropLast().split(separator: "(", omittingEmptySubsequences: true).reduce(
            into: [String](),
            { parts, piece in
                // A shape inside a field belongs to it.
                if let last = parts.last, !last.contains(")") {
                    parts[parts.count - 1] = last + "(" + piece
                } else {
                    parts.append(String(piece))
                }
            }) where part.contains("'")
        {
            let words = part.split(separator: "'", omittingEmptySubsequences: false)
            guard words.count >= 5, let size = size(String(words[3])) else { return nil }
            var elements = 1
            for text in words[4].split(whereSeparator: { !$0.isNumber }) {
                guard let count = Int(text), count <= mostElements else { return nil }
                elements *= max(1, count)
                guard elements <= mostElements else { return nil }
            }
            found.append(Field(name: String(words[1]), type: String(words[3]), elements: elements, offset: offset))
            offset += size * elements
            guard found.count <= mostElements else { return nil }
        }
        return found.isEmpty ? nil : found
    }

    /// Maximum number of elements per field, and of fields.
    private static let mostElements = 1 << 16

    private static func size(_ type: String) -> Int? {
        let kinds = type.filter(\.isLetter)
        guard kinds.count == 1, let kind = kinds.first, let size = Int(type.filter(\.isNumber)) else { return nil }
        switch kind {
        case "f": return [2, 4, 8].contains(size) ? size : nil
        case "i", "u": return [1, 2, 4, 8].contains(size) ? size : nil
        case "b": return size == 1 ? 1 : nil
        default: return nil
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>, _ place: Int, _ type: String) -> Double {
        let size = size(type) ?? 1
        var raw: UInt64 = 0
        if type.hasPrefix(">") {
            for index in 0..<size { raw = raw << 8 | UInt64(bytes[place + index]) }
        } else {
            for index in 0..<size { raw |= UInt64(bytes[place + index]) << (8 * UInt64(index)) }
        }
        let signed =
            size == 8
            ? Int64(bitPattern: raw) : Int64(bitPattern: raw << (64 - 8 * UInt64(size))) >> (64 - 8 * Int64(size))
        guard let kind = type.first(where: \.isLetter) else { return .nan }
        switch (kind, size) {
        case ("f", 8): return Double(bitPattern: raw)
        case ("f", 4): return Double(Float(bitPattern: UInt32(truncatingIfNeeded: raw)))
        case ("f", 2): return half(UInt16(truncatingIfNeeded: raw))
        case ("i", _): return Double(signed)
        default: return Double(raw)
        }
    }

    /// IEEE 754 binary16.
    private static func half(_ bits: UInt16) -> Double {
        let sign: Double = bits & 0x8000 == 0 ? 1 : -1
        let exponent = Int(bits >> 10 & 0x1F)
        let fraction = Double(bits & 0x3FF) / 1024
        if exponent == 0 { return sign * fraction * pow(2, -14) }
        if exponent == 31 { return .nan }
        return sign * (1 + fraction) * pow(2, Double(exponent - 15))
    }
}
