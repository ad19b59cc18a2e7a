import Foundation

/// An array in NumPy's file format, version 1.0.
struct NumPyFile {
    private let header: String
    private let body: Data

    init(shape: [Int], floats: [Float]) {
        header = NumPyFile.header("<f4", shape)
        body = floats.withUnsafeBytes { Data($0) }
    }

    init(shape: [Int], doubles: [Double]) {
        header = NumPyFile.header("<f8", shape)
        body = doubles.withUnsafeBytes { Data($0) }
    }

    init(shape: [Int], bytes: [UInt8]) {
        header = NumPyFile.header("|u1", shape)
        body = Data(bytes)
    }

    init(shape: [Int], truths: [Bool]) {
        header = NumPyFile.header("|b1", shape)
        body = Data(truths.map { $0 ? 1 : 0 })
    }

    private static func header(_ type: String, _ shape: [Int]) -> String {
        let sizes = shape.map { "\($0), " }.joined()
        return "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
    }

    func write(to path: String) throws {
        // Magic, version and length take 10 bytes; all of it is padded to a multiple of 64.
        let padding = 63 - (10 + header.utf8.count) % 64
        let text = header + String(repeating: " ", count: padding) + "\n"
        var data = Data([0x93]) + Data("NUMPY".utf8) + Data([1, 0])
        data += Data([UInt8(text.utf8.count & 0xff), UInt8(text.utf8.count >> 8)]) + Data(text.utf8) + body
        try data.write(to: URL(fileURLWithPath: path))
    }
}
