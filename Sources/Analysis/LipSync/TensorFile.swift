public import Foundation

/// A file of named arrays in Hugging Face's safetensors format, to be read by others.
public struct TensorFile {
    public enum Kind: String, Sendable {
        case float32 = "F32"
        case float64 = "F64"
        case int16 = "I16"
        case int32 = "I32"
        case uint8 = "U8"

        var size: Int {
            switch self {
            case .float64: 8
            case .float32, .int32: 4
            case .int16: 2
            case .uint8: 1
            }
        }
    }

    private var header: [(name: String, kind: Kind, shape: [Int], range: Range<Int>)] = []
    private var body = Data()

    public init() {}

    /// Adds an array, row by row in the machine's order (little endian).
    ///
    /// - Precondition: as many values as the shape says.
    public mutating func add<Value: BitwiseCopyable>(_ name: String, _ kind: Kind, _ shape: [Int], _ values: [Value]) {
        precondition(shape.reduce(1, *) == values.count && MemoryLayout<Value>.size == kind.size)
        let start = body.count
        values.withUnsafeBytes { body.append(contentsOf: $0) }
        header.append((name, kind, shape, start..<body.count))
    }

    /// The file's bytes: arrays of wider numbers first, so that each is aligned.
    public var data: Data {
        let wide = header.sorted { $0.kind.size > $1.kind.size }
        var entries: [String] = []
        var arrays = Data()
        for entry in wide {
            let start = arrays.count
            arrays.append(body[entry.range])
            let shape = entry.shape.map(String.init).joined(separator: ",")
            entries.append(
                """
                "\(entry.name)":{"dtype":"\(entry.kind.rawValue)","shape":[\(shape)],\
                "data_offsets":[\(start),\(arrays.count)]}
                """)
        }
        var text = Data("{\(entries.joined(separator: ","))}".utf8)
        while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
        var result = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) }
        result.append(text)
        result.append(arrays)
        return result
    }
}
