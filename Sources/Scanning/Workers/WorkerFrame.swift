public import Foundation
public import Plan
public import SyncModel

/// The protocol of a scan and its workers over pipes: length (4 bytes, little endian, of the rest), kind (1 byte),
/// payload. A pipe that ends, or has malformed frames, means that its other end is gone.
enum WorkerFrame: Equatable {
    /// To a worker, once: what to do with every clip (JSON of `WorkerOrders`).
    case orders(Data)
    /// To a worker: a clip to measure (JSON of `ClipRequest`).
    case measure(Data)
    /// From a worker, once: it is ready, with its confinement (bits of `Confinement`).
    case ready(UInt8)
    /// From a worker: the clip is open, with its length in seconds; NaN if not declared.
    case opened(Double)
    /// From a worker: the clip's report (JSON of `ClipReport`).
    case report(Data)
    /// From a worker, before a clip's report: the data to store of the clip's master, which it decoded.
    case master(Data)
    /// To a worker that answers requests: a request.
    case errand(Data)
    /// From such a worker: the answer.
    case answer(Data)

    /// Longest frame, in bytes; longer ones are malformed.
    static let longest = 256 << 20

    var bytes: Data {
        let (kind, payload): (UInt8, Data) =
            switch self {
            case .orders(let data): (1, data)
            case .measure(let data): (2, data)
            case .ready(let bits): (3, Data([bits]))
            case .opened(let seconds): (4, withUnsafeBytes(of: seconds.bitPattern.littleEndian) { Data($0) })
            case .report(let data): (5, data)
            case .errand(let data): (6, data)
            case .answer(let data): (7, data)
            case .master(let data): (8, data)
            }
        var result = withUnsafeBytes(of: UInt32(payload.count + 1).littleEndian) { Data($0) }
        result.reserveCapacity(payload.count + 5)
        result.append(kind)
        result.append(payload)
        return result
    }

    fileprivate init?(kind: UInt8, payload: Data) {
        switch kind {
        case 1: self = .orders(payload)
        case 2: self = .measure(payload)
        case 3 where payload.count == 1: self = .ready(payload[payload.startIndex])
        case 4 where payload.count == 8:
            self = .opened(Double(bitPattern: payload.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }))
        case 5: self = .report(payload)
        case 6: self = .errand(payload)
        case 7: self = .answer(payload)
        case 8: self = .master(payload)
        default: return nil
        }
    }
}

/// Buffer that splits the bytes of a pipe into frames.
struct FrameBuffer {
    struct MalformedFrame: Error {}

    private var bytes = Data()
    /// Start of the next frame.
    private var position = 0

    mutating func append(_ more: UnsafeRawBufferPointer) { bytes.append(contentsOf: more) }

    /// The next whole frame; nil: more bytes are needed.
    ///
    /// - Throws: `MalformedFrame` if the bytes are not a frame.
    mutating func next() throws(MalformedFrame) -> WorkerFrame? {
        guard bytes.count - position >= 5 else {
            compact()
            return nil
        }
        let length = (0..<4).reversed().reduce(0) { $0 << 8 | Int(bytes[position + $1]) }
        guard length >= 1, length <= WorkerFrame.longest else { throw MalformedFrame() }
        guard bytes.count - position >= 4 + length else {
            compact()
            return nil
        }
        let payload = bytes.subdata(in: (position + 5)..<(position + 4 + length))
        guard let frame = WorkerFrame(kind: bytes[position + 4], payload: payload) else { throw MalformedFrame() }
        position += 4 + length
        return frame
    }

    private mutating func compact() {
        guard position > 0 else { return }
        bytes = Data(bytes.dropFirst(position))
        position = 0
    }
}

/// The settings that a worker receives once.
public struct WorkerOrders: Codable, Sendable {
    public var checks: [Check]
    public var settings: CheckSettings
    /// Memory limit of one clip in bytes; allocations fail soon after.
    public var memoryLimit: Int

    public init(checks: [Check], settings: CheckSettings, memoryLimit: Int) {
        self.checks = checks
        self.settings = settings
        self.memoryLimit = memoryLimit
    }
}

/// The JSON in frames: round-trips all doubles, including NaN and infinities.
public enum WireJSON {
    public static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "+inf", negativeInfinity: "-inf", nan: "nan")
        return try encoder.encode(value)
    }

    public static func decode<Value: Decodable>(_ type: Value.Type, _ data: Data) throws -> Value {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "+inf", negativeInfinity: "-inf", nan: "nan")
        return try decoder.decode(type, from: data)
    }
}
