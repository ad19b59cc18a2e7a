/// Decodes protocol buffers by the descriptors in the file (protobuf.dev, "Encoding", and `descriptor.proto`).
final class ProtobufDecoder: MessageDecoder {
    private(set) var fields: [MessageField] = []
    private var root: Node?
    /// Numbers that are 0 if absent.
    private var singular: [Int] = []

    private enum Wire { case double, float, unsigned, signed, zigzag, fixed64, fixed32, sfixed64, sfixed32 }

    private final class Node {
        var members: [UInt64: Member] = [:]
    }

    private enum Member {
        case number(Wire, field: Int)
        case bytes(field: Int)
        case message(Node)
    }

    private struct FieldType {
        var name = ""
        var number: UInt64 = 0
        var isRepeated = false
        var type: UInt64 = 0
        var typeName = ""
    }

    private static let deepest = 12
    private static let mostFields = 4096
    /// Number of nested messages: types may be recursive.
    private var nodes = 0

    /// - Returns: nil if the descriptors are invalid or lack the message.
    init?(_ topic: RecordedTopic) {
        var types: [String: [FieldType]] = [:]
        let isRead = topic.schema.withUnsafeBytes { bytes in
            ProtobufDecoder.walk(bytes) { number, value in
                guard number == 1, case .bytes(let file) = value else { return true }
                return ProtobufDecoder.file(file, &types)
            }
        }
        guard isRead, let node = node("." + topic.schemaName, types, "", depth: 0) else { return nil }
        root = node
    }

    private func node(_ name: String, _ types: [String: [FieldType]], _ prefix: String, depth: Int) -> Node? {
        guard let members = types[name], nodes < ProtobufDecoder.mostFields else { return nil }
        nodes += 1
        let node = Node()
        for member in members where fields.count < ProtobufDecoder.mostFields {
            let path = prefix + member.name
            switch member.type {
            case 11:
                // Repeated messages are not read; recursive messages are limited in depth.
                guard !member.isRepeated, depth < ProtobufDecoder.deepest,
                    let inner = self.node(member.typeName, types, path + ".", depth: depth + 1)
                else { continue }
                node.members[member.number] = .message(inner)
            case 9, 12:
                guard !member.isRepeated else { continue }
                fields.append(MessageField(path: path, kind: member.type == 9 ? .text : .bytes))
                node.members[member.number] = .bytes(field: fields.count - 1)
            default:
                guard let wire = ProtobufDecoder.wire(member.type) else { continue }
                fields.append(MessageField(path: path, kind: member.isRepeated ? .numbers : .number))
                if !member.isRepeated { singular.append(fields.count - 1) }
                node.members[member.number] = .number(wire, field: fields.count - 1)
            }
        }
        return node
    }

    private static func wire(_ type: UInt64) -> Wire? {
        switch type {
        case 1: .double
        case 2: .float
        case 3, 5, 14: .signed
        case 4, 8, 13: .unsigned
        case 6: .fixed64
        case 7: .fixed32
        case 15: .sfixed32
        case 16: .sfixed64
        case 17, 18: .zigzag
        default: nil
        }
    }

    // MARK: Descriptors

    private static func file(_ bytes: UnsafeRawBufferPointer, _ types: inout [String: [FieldType]]) -> Bool {
        var package = ""
        var messages: [UnsafeRawBufferPointer] = []
        guard
            walk(
                bytes,
                { number, value in
                    if case .bytes(let content) = value {
                        if number == 2 { package = String(decoding: content, as: UTF8.self) }
                        if number == 4 { messages.append(content) }
                    }
                    return true
                })
        else { return false }
        let prefix = package.isEmpty ? "." : ".\(package)."
        return messages.allSatisfy { message($0, prefix, &types, depth: 0) }
    }

    private static func message(
        _ bytes: UnsafeRawBufferPointer, _ prefix: String, _ types: inout [String: [FieldType]], depth: Int
    ) -> Bool {
        guard depth < deepest, types.count < mostFields else { return false }
        var name = ""
        var members: [FieldType] = []
        var nested: [UnsafeRawBufferPointer] = []
        guard
            walk(
                bytes,
                { number, value in
                    guard case .bytes(let content) = value else { return true }
                    switch number {
                    case 1: name = String(decoding: content, as: UTF8.self)
                    case 2:
                        guard members.count < mostFields, let member = field(content) else { return false }
                        members.append(member)
                    case 3: nested.append(content)
                    default: break
                    }
                    return true
                })
        else { return false }
        types[prefix + name] = members
        return nested.allSatisfy { message($0, "\(prefix)\(name).", &types, depth: depth + 1) }
    }

    private static func field(_ bytes: UnsafeRawBufferPointer) -> FieldType? {
        var made = FieldType()
        let isRead = walk(bytes) { number, value in
            switch (number, value) {
            case (1, .bytes(let text)): made.name = String(decoding: text, as: UTF8.self)
            case (3, .varint(let number)): made.number = number
            case (4, .varint(let label)): made.isRepeated = label == 3
            case (5, .varint(let type)): made.type = type
            case (6, .bytes(let text)): made.typeName = String(decoding: text, as: UTF8.self)
            default: break
            }
            return true
        }
        return isRead && !made.name.isEmpty ? made : nil
    }

    // MARK: The wire

    private enum Value {
        case varint(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        case bytes(UnsafeRawBufferPointer)
    }

    private static func varint(_ cursor: inout ByteCursor) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = cursor.number(UInt8.self) else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }

    /// Passes on each field until `body` returns false.
    private static func walk(_ bytes: UnsafeRawBufferPointer, _ body: (UInt64, Value) -> Bool) -> Bool {
        var cursor = ByteCursor(bytes)
        while cursor.left > 0 {
            guard let key = varint(&cursor) else { return false }
            let value: Value
            switch key & 7 {
            case 0:
                guard let number = varint(&cursor) else { return false }
                value = .varint(number)
            case 1:
                guard let number = cursor.number(UInt64.self) else { return false }
                value = .fixed64(number)
            case 2:
                guard let length = varint(&cursor), length <= UInt64(cursor.left),
                    let content = cursor.take(Int(length))
                else { return false }
                value = .bytes(content)
            case 5:
                guard let number = cursor.number(UInt32.self) else { return false }
                value = .fixed32(number)
            default: return false
            }
            guard body(key >> 3, value) else { return false }
        }
        return true
    }

    // MARK: Messages

    func decode(_ bytes: UnsafeRawBufferPointer, into values: inout MessageValues) -> Bool {
        values.begin(fields: fields.count)
        guard let root, read(bytes, root, bytes, &values, depth: 0) else { return false }
        for field in singular where values.count(field) == 0 { values.put(0, field) }
        return true
    }

    private func read(
        _ bytes: UnsafeRawBufferPointer, _ node: Node, _ message: UnsafeRawBufferPointer,
        _ values: inout MessageValues, depth: Int
    ) -> Bool {
        guard depth <= ProtobufDecoder.deepest else { return false }
        return ProtobufDecoder.walk(bytes) { number, value in
            switch (node.members[number], value) {
            case (.message(let inner)?, .bytes(let content)):
                return read(content, inner, message, &values, depth: depth + 1)
            case (.bytes(let field)?, .bytes(let content)):
                guard let base = message.baseAddress, let start = content.baseAddress else { return true }
                let place = start - base
                values.put(bytes: place..<place + content.count, field)
            case (.number(let wire, let field)?, .bytes(let content)):
                var cursor = ByteCursor(content)
                while cursor.left > 0 {
                    guard let number = ProtobufDecoder.packed(&cursor, wire) else { return false }
                    values.put(number, field)
                }
            case (.number(let wire, let field)?, _):
                if let number = ProtobufDecoder.number(value, wire) { values.put(number, field) }
            default: break
            }
            return true
        }
    }

    private static func packed(_ cursor: inout ByteCursor, _ wire: Wire) -> Double? {
        switch wire {
        case .double, .fixed64, .sfixed64: cursor.number(UInt64.self).flatMap { number(.fixed64($0), wire) }
        case .float, .fixed32, .sfixed32: cursor.number(UInt32.self).flatMap { number(.fixed32($0), wire) }
        default: varint(&cursor).flatMap { number(.varint($0), wire) }
        }
    }

    private static func number(_ value: Value, _ wire: Wire) -> Double? {
        switch (wire, value) {
        case (.double, .fixed64(let bits)): Double(bitPattern: bits)
        case (.float, .fixed32(let bits)): Double(Float(bitPattern: bits))
        case (.unsigned, .varint(let bits)): Double(bits)
        case (.signed, .varint(let bits)): Double(Int64(bitPattern: bits))
        case (.zigzag, .varint(let bits)): Double(Int64(bitPattern: bits >> 1) ^ -Int64(bitPattern: bits & 1))
        case (.fixed64, .fixed64(let bits)): Double(bits)
        case (.sfixed64, .fixed64(let bits)): Double(Int64(bitPattern: bits))
        case (.fixed32, .fixed32(let bits)): Double(bits)
        case (.sfixed32, .fixed32(let bits)): Double(Int32(bitPattern: bits))
        default: nil
        }
    }
}
