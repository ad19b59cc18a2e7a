import Foundation

/// A file of named tensors: eight bytes of header length, a JSON header, then the data (Hugging Face's safetensors
/// format).
struct Safetensors {
    struct Tensor {
        let type: String
        let shape: [Int]
        let bytes: Data

        /// The values as floats, whatever they are stored as (F32, F16, I8, I32): as many as the shape requires, all
        /// finite.
        func floats() throws(LipModelError) -> [Float] {
            let values = try stored()
            var count = 1
            for size in shape {
                let (product, overflow) = count.multipliedReportingOverflow(by: size)
                guard size >= 0, !overflow else { throw LipModelError("a tensor has the impossible shape \(shape)") }
                count = product
            }
            guard values.count == count else {
                throw LipModelError("a tensor of shape \(shape) has \(values.count) values")
            }
            guard values.allSatisfy(\.isFinite) else {
                throw LipModelError("a tensor has values that are not numbers")
            }
            return values
        }

        private func stored() throws(LipModelError) -> [Float] {
            switch type {
            case "F32": return load(UInt32.self).map { Float(bitPattern: UInt32(littleEndian: $0)) }
            case "F16": return load(UInt16.self).map { Float(Float16(bitPattern: UInt16(littleEndian: $0))) }
            case "I8": return load(Int8.self).map { Float($0) }
            case "I32": return load(Int32.self).map { Float(Int32(littleEndian: $0)) }
            default: throw LipModelError("tensor type \(type) is unknown")
            }
        }

        private func load<T: BitwiseCopyable>(_: T.Type) -> [T] {
            let size = MemoryLayout<T>.size
            return bytes.withUnsafeBytes { raw in
                (0..<raw.count / size).map { raw.loadUnaligned(fromByteOffset: $0 * size, as: T.self) }
            }
        }
    }

    let tensors: [String: Tensor]
    let metadata: [String: String]

    private init(tensors: [String: Tensor], metadata: [String: String]) {
        self.tensors = tensors
        self.metadata = metadata
    }

    /// With the tensors of that prefix in place of those of the same name without it.
    func preferring(_ prefix: String) -> Safetensors {
        var chosen = tensors
        for (name, tensor) in tensors where name.hasPrefix(prefix) {
            chosen[String(name.dropFirst(prefix.count))] = tensor
        }
        return Safetensors(tensors: chosen, metadata: metadata)
    }

    init(_ data: Data) throws(LipModelError) {
        let data = Data(data)
        guard data.count > 8 else { throw LipModelError("the file is too short") }
        let length = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length < UInt64(data.count - 8) else { throw LipModelError("the header is truncated") }
        let body = 8 + Int(length)
        guard let header = (try? JSONSerialization.jsonObject(with: data[8..<body])) as? [String: [String: Any]] else {
            throw LipModelError("the header is not JSON")
        }
        var tensors: [String: Tensor] = [:]
        var metadata: [String: String] = [:]
        for (name, entry) in header {
            if name == "__metadata__" {
                metadata = entry.compactMapValues { $0 as? String }
                continue
            }
            guard let type = entry["dtype"] as? String, let shape = entry["shape"] as? [Int],
                let offsets = entry["data_offsets"] as? [Int], offsets.count == 2,
                offsets[0] >= 0, offsets[0] <= offsets[1], offsets[1] <= data.count - body
            else { throw LipModelError("tensor \(name) is damaged") }
            tensors[name] = Tensor(type: type, shape: shape, bytes: data[body + offsets[0]..<body + offsets[1]])
        }
        self.tensors = tensors
        self.metadata = metadata
    }
}
