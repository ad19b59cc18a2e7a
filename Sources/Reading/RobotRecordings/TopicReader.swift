public import SyncModel

/// Reads the messages of one topic by field names: its kind, the time of each, and its numbers or frame.
public final class TopicReader {
    public enum Kind: Sendable, Hashable {
        /// Numbers of a sensor or a controller.
        case log
        case codedPictures
        case rawPictures
        /// A camera's lens calibration, which never changes.
        case calibration
        /// Nothing that moves.
        case other
    }

    public let topic: RecordedTopic
    public private(set) var kind: Kind?
    /// Own stamp of the last message, in seconds; nil: missing.
    public private(set) var stamp: Double?
    /// Why no message can be read; nil: they can.
    public let trouble: Reason?
    /// Messages that do not match their schema.
    public private(set) var damaged = 0

    /// Whether its times were counted instead of measured: its clock cannot be judged.
    public var isCounted: Bool { topic.schemaEncoding == RowDecoder.counted }

    let decoder: (any MessageDecoder)?
    private(set) var values = MessageValues()
    private var stampFields: StampFields?
    private var places: [String: Int] = [:]

    public init(_ topic: RecordedTopic) {
        self.topic = topic
        switch topic.encoding {
        case "cdr", "ros1": decoder = ROSDecoder(topic)
        case "protobuf": decoder = ProtobufDecoder(topic)
        case "json": decoder = JSONMessageDecoder()
        case RowDecoder.numbers, RowDecoder.pictures: decoder = RowDecoder(topic)
        default: decoder = nil
        }
        trouble =
            decoder != nil
            ? nil
            : Reason(
                """
                \(topic.name.printable) is skipped: its message encoding '\(topic.encoding.printable)' with schema \
                encoding '\(topic.schemaEncoding.printable)' is not supported; CDR with ros2msg, ROS 1, protocol \
                buffers and JSON are
                """)
        if let decoder, !decoder.fields.isEmpty { know(decoder.fields) }
    }

    private func know(_ fields: [MessageField]) {
        places = Dictionary(fields.indices.map { (fields[$0].path, $0) }) { first, _ in first }
        stampFields = StampFields(places)
        func has(_ name: String, _ kinds: Set<MessageField.Kind>) -> Bool {
            places[name].map { kinds.contains(fields[$0].kind) } ?? false
        }
        if has("data", [.bytes]), has("encoding", [.text]), has("width", [.number]), has("height", [.number]) {
            kind = .rawPictures
        } else if has("data", [.bytes]), has("format", [.text]) {
            kind = .codedPictures
        } else if has("distortion_model", [.text]) || has("distortionModel", [.text]) {
            kind = .calibration
        } else {
            kind = fields.contains { LogColumns.counts($0) } ? .log : .other
        }
    }

    /// Decodes a message; the result is in `stamp` and in the calls below.
    ///
    /// - Returns: false if it cannot be read.
    public func read(_ message: RecordedMessage) -> Bool {
        guard let decoder else { return false }
        guard decoder.decode(message.bytes, into: &values) else {
            damaged += 1
            return false
        }
        // Without a schema the fields are those seen so far.
        if kind == nil || decoder.fields.count > places.count { know(decoder.fields) }
        stamp = stampFields?.seconds(values)
        return true
    }

    /// A frame in a message.
    public enum Pixels {
        case coded(format: String, UnsafeRawBufferPointer)
        case raw(encoding: String, width: Int, height: Int, step: Int, UnsafeRawBufferPointer)
    }

    /// Passes on the frame of the last message during its validity; nil: it has none.
    public func withPixels<R>(of message: RecordedMessage, _ body: (Pixels) -> R) -> R? {
        guard let data = places["data"] else { return nil }
        func whole(_ name: String) -> Int? {
            places[name].flatMap { values.number($0) }.flatMap { abs($0) < 1e9 ? Int($0) : nil }
        }
        return values.withBytes(data, of: message.bytes) { bytes -> R? in
            if kind == .rawPictures {
                guard let encoding = places["encoding"].flatMap({ values.text($0, of: message.bytes) }),
                    let width = whole("width"), let height = whole("height")
                else { return nil }
                return body(.raw(encoding: encoding, width: width, height: height, step: whole("step") ?? 0, bytes))
            }
            let format = places["format"].flatMap { values.text($0, of: message.bytes) } ?? ""
            return body(.coded(format: format, bytes))
        } ?? nil
    }
}

/// The fields of a message's time.
struct StampFields {
    private let whole: Int
    /// Nanoseconds in addition to seconds; nil: a single number.
    private let fraction: Int?

    private static let pairs: [(String, String)] = [
        ("sec", "nanosec"), ("sec", "nsec"), ("secs", "nsecs"), ("seconds", "nanos"), ("sec", "nanos"),
    ]
    private static let stems = ["header.stamp", "stamp", "timestamp", "header.timestamp"]

    init?(_ places: [String: Int]) {
        for stem in StampFields.stems {
            for (whole, fraction) in StampFields.pairs {
                guard let one = places["\(stem).\(whole)"], let other = places["\(stem).\(fraction)"] else { continue }
                (self.whole, self.fraction) = (one, other)
                return
            }
            if let one = places[stem] {
                (whole, fraction) = (one, nil)
                return
            }
        }
        return nil
    }

    /// nil: the stamp was never set, or is not a number.
    func seconds(_ values: MessageValues) -> Double? {
        guard let first = values.number(whole), first.isFinite else { return nil }
        guard let fraction else {
            // The unit of Unix time is determined by its magnitude.
            let size = abs(first)
            return size == 0
                ? nil : first * (size > 1e17 ? 1e-9 : size > 1e14 ? 1e-6 : size > 1e11 ? 1e-3 : 1)
        }
        let rest = values.number(fraction) ?? 0
        guard rest.isFinite, first != 0 || rest != 0 else { return nil }
        return first + rest * 1e-9
    }
}
