/// Decodes ROS messages: CDR of ROS 2 (OMG DDS-XTypes 1.3, 7.4: XCDR1 and plain XCDR2), or ROS 1's serialisation
/// without alignment.
final class ROSDecoder: MessageDecoder {
    private(set) var fields: [MessageField] = []
    private let isFirst: Bool
    private var plan: [Step] = []

    private indirect enum Step {
        case number(ROSDefinition.Primitive, field: Int?)
        case text(field: Int?)
        /// An array of a primitive type; nil: its length is in the message.
        case numbers(ROSDefinition.Primitive, count: Int?, field: Int?)
        case several([Step], count: Int?, least: Int)
    }

    private static let deepest = 16
    private static let mostSteps = 65_536
    private var steps = 0

    /// - Returns: nil if the definition is invalid.
    init?(_ topic: RecordedTopic) {
        isFirst = topic.encoding == "ros1"
        let text = String(decoding: topic.schema, as: UTF8.self)
        let described =
            topic.schema.isEmpty
            ? KnownMessages.definition(of: topic.schemaName)
            : ROSDefinition(text, name: topic.schemaName, isFirst: isFirst)
        guard let described, let plan = compile(described.root, described, "", depth: 0, isWanted: true) else {
            return nil
        }
        self.plan = plan
    }

    private func compile(
        _ name: String, _ types: ROSDefinition, _ prefix: String, depth: Int, isWanted: Bool
    ) -> [Step]? {
        guard depth < ROSDecoder.deepest, let members = types.fields(of: name) else { return nil }
        var result: [Step] = []
        // ROS 2 writes one byte for a message without members.
        if members.isEmpty, !isFirst { result.append(.number(.uint8, field: nil)) }
        for member in members {
            steps += 1
            guard steps <= ROSDecoder.mostSteps else { return nil }
            let path = prefix + member.name
            func field(_ kind: MessageField.Kind) -> Int? {
                guard isWanted else { return nil }
                fields.append(MessageField(path: path, kind: kind))
                return fields.count - 1
            }
            let count: Int? = if case .fixed(let number) = member.repetition { number } else { nil }
            switch (member.kind, member.repetition) {
            case (.primitive(let type), .once): result.append(.number(type, field: field(.number)))
            case (.primitive(let type), _):
                let isBytes = type.size == 1
                result.append(.numbers(type, count: count, field: field(isBytes ? .bytes : .numbers)))
            case (.text, .once): result.append(.text(field: field(.text)))
            case (.text, _): result.append(.several([.text(field: nil)], count: count, least: 4))
            case (.moment(let isSigned), .once):
                for part in ["sec", "nanosec"] {
                    if isWanted { fields.append(MessageField(path: "\(path).\(part)", kind: .number)) }
                    result.append(.number(isSigned ? .int32 : .uint32, field: isWanted ? fields.count - 1 : nil))
                }
            case (.moment, _):
                result.append(
                    .several([.number(.uint32, field: nil), .number(.uint32, field: nil)], count: count, least: 8))
            case (.message(let inner), .once):
                guard let own = compile(inner, types, path + ".", depth: depth + 1, isWanted: isWanted) else {
                    return nil
                }
                result += own
            case (.message(let inner), _):
                guard let own = compile(inner, types, "", depth: depth + 1, isWanted: false) else { return nil }
                result.append(.several(own, count: count, least: own.isEmpty ? 0 : 1))
            }
        }
        return result
    }

    /// The state of decoding one message.
    private struct Reading {
        let bytes: UnsafeRawBufferPointer
        var place: Int
        /// The origin of alignment, and the maximum alignment; 1: none.
        let origin: Int
        let widest: Int
        let isBig: Bool
        /// Remaining steps, so that a message of only counts and empty fields terminates.
        var patience = 1 << 24

        mutating func align(_ size: Int) -> Bool {
            let step = min(size, widest)
            guard step > 1 else { return true }
            let off = (place - origin) % step
            if off != 0 { place += step - off }
            return place <= bytes.count
        }

        mutating func raw<T: FixedWidthInteger>(_ type: T.Type) -> T? {
            let size = MemoryLayout<T>.size
            guard align(size), bytes.count - place >= size else { return nil }
            defer { place += size }
            let value = bytes.loadUnaligned(fromByteOffset: place, as: T.self)
            return isBig ? T(bigEndian: value) : T(littleEndian: value)
        }

        mutating func number(_ type: ROSDefinition.Primitive) -> Double? {
            switch type {
            case .bool, .byte, .char, .uint8: raw(UInt8.self).map(Double.init)
            case .int8: raw(Int8.self).map(Double.init)
            case .int16: raw(Int16.self).map(Double.init)
            case .uint16: raw(UInt16.self).map(Double.init)
            case .int32: raw(Int32.self).map(Double.init)
            case .uint32: raw(UInt32.self).map(Double.init)
            case .int64: raw(Int64.self).map(Double.init)
            case .uint64: raw(UInt64.self).map(Double.init)
            case .float32: raw(UInt32.self).map { Double(Float(bitPattern: $0)) }
            case .float64: raw(UInt64.self).map { Double(bitPattern: $0) }
            }
        }
    }

    func decode(_ bytes: UnsafeRawBufferPointer, into values: inout MessageValues) -> Bool {
        values.begin(fields: fields.count)
        var reading: Reading
        if isFirst {
            reading = Reading(bytes: bytes, place: 0, origin: 0, widest: 1, isBig: false)
        } else {
            // The encapsulation: two bytes for the representation, and two of options.
            guard bytes.count >= 4, bytes[0] == 0, [0, 1, 6, 7].contains(bytes[1]) else { return false }
            reading = Reading(
                bytes: bytes, place: 4, origin: 4, widest: bytes[1] < 6 ? 8 : 4, isBig: bytes[1] & 1 == 0)
        }
        return run(plan, &reading, &values)
    }

    private func run(_ plan: [Step], _ reading: inout Reading, _ values: inout MessageValues) -> Bool {
        for step in plan {
            switch step {
            case .number(let type, let field):
                guard let value = reading.number(type) else { return false }
                if let field { values.put(value, field) }
            case .text(let field):
                guard let length = reading.raw(UInt32.self), length <= reading.bytes.count - reading.place else {
                    return false
                }
                let end = reading.place + Int(length)
                // CDR terminates a text with a 0 byte, which is counted.
                let last = !isFirst && length > 0 && reading.bytes[end - 1] == 0 ? end - 1 : end
                if let field { values.put(bytes: reading.place..<last, field) }
                reading.place = end
            case .numbers(let type, let fixed, let field):
                guard let count = fixed ?? reading.raw(UInt32.self).map(Int.init) else { return false }
                if count == 0 { continue }
                guard reading.align(type.size), count <= (reading.bytes.count - reading.place) / type.size else {
                    return false
                }
                let end = reading.place + count * type.size
                if let field, type.size == 1 {
                    values.put(bytes: reading.place..<end, field)
                } else if let field, type == .float64, !reading.isBig {
                    let (bytes, start) = (reading.bytes, reading.place)
                    values.put(count, field) { bytes.loadUnaligned(fromByteOffset: start + 8 * $0, as: Double.self) }
                } else if let field {
                    for _ in 0..<min(count, MessageValues.mostElements) {
                        guard let value = reading.number(type) else { return false }
                        values.put(value, field)
                    }
                }
                reading.place = end
            case .several(let inner, let fixed, let least):
                guard let count = fixed ?? reading.raw(UInt32.self).map(Int.init),
                    count <= max(reading.bytes.count - reading.place, 0) / max(1, least)
                else { return false }
                for _ in 0..<count {
                    reading.patience -= max(1, inner.count)
                    guard reading.patience >= 0, run(inner, &reading, &values) else { return false }
                }
            }
        }
        return true
    }
}
