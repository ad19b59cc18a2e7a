import Foundation
import SyncModel
import Testing

@testable import LipSync

@Suite("A model that was adapted to a corpus")
struct AdaptedModelTests {
    /// The packaged weights with something said of them, and a fold whose bias differs.
    private func adapted(_ said: String, bias: Float? = nil) throws -> Data {
        let packaged = try Data(contentsOf: LipModel.packagedFile())
        let size = Int(packaged[0]) + Int(packaged[1]) << 8 + Int(packaged[2]) << 16
        var header = try #require(
            JSONSerialization.jsonObject(with: packaged[8..<8 + size]) as? [String: [String: Any]])
        var body = Data(packaged[(8 + size)...])
        header["__metadata__"]?["adapted"] = said
        if let bias {
            header["fold0.number.both.bias"] = [
                "dtype": "F32", "shape": [1], "data_offsets": [body.count, body.count + 4],
            ]
            withUnsafeBytes(of: bias.bitPattern.littleEndian) { body.append(contentsOf: $0) }
        }
        let text = try JSONSerialization.data(withJSONObject: header)
        return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Data($0) } + text + body
    }

    @Test("a clip of the corpus is judged by the fold that left it out, any other by what learnt from all")
    func folds() throws {
        let model = try AdaptedLipModel(data: adapted(#"{"folds": {"one": 0}, "refused": []}"#, bias: 33))
        #expect(try model.model(for: "one").numbers(.both).biasMilliseconds == 33)
        for other in ["two", nil] {
            let bias = try model.model(for: other).numbers(.both).biasMilliseconds
            #expect(try bias == LipModel.packaged().numbers(.both).biasMilliseconds)
        }
        #expect(model.fold(of: "one") == 0 && model.fold(of: "two") == nil)
    }

    @Test("its method is the packaged one's with a hash, which another byte changes")
    func method() throws {
        let one = try AdaptedLipModel(data: adapted(#"{"folds": {"one": 0}, "refused": []}"#))
        let other = try AdaptedLipModel(data: adapted(#"{"folds": {"two": 0}, "refused": []}"#))
        #expect(one.method.rawValue.hasPrefix("lips-3+") && one.method != other.method)
        #expect(try one.model(for: nil).method == one.method)
        #expect(throws: LipModelError.self) {
            try AdaptedLipModel(
                data: adapted(#"{"folds": {"one": 0}, "refused": []}"#), expecting: other.method)
        }
    }

    @Test("one that failed its checks, a packaged one, and nonsense are not used, and it is said why")
    func refused() throws {
        for (said, words) in [
            (#"{"folds": {}, "refused": ["it moves the corpus"]}"#, "it moves the corpus"),
            ("nonsense", "not written by 'genlock adapt'"), (#"{"folds": {"one": -5}}"#, "not written by"),
        ] {
            let error = #expect(throws: LipModelError.self) { try AdaptedLipModel(data: adapted(said)) }
            #expect(error?.description.contains(words) == true)
        }
        let packaged = try Data(contentsOf: LipModel.packagedFile())
        #expect(throws: LipModelError.self) { try AdaptedLipModel(data: packaged) }
    }

    @Test("arrays are read back as they were written, wide ones aligned")
    func tensors() throws {
        var file = TensorFile()
        file.add("a", .uint8, [3], [UInt8(1), 2, 3])
        file.add("b", .float32, [2, 2], [Float(0.5), -1, 2, 4])
        file.add("c", .int32, [1], [Int32(-7)])
        let read = try Safetensors(file.data)
        #expect(try read.tensors["b"]?.floats() == [0.5, -1, 2, 4] && read.tensors["b"]?.shape == [2, 2])
        #expect(try read.tensors["c"]?.floats() == [-7])
        #expect(read.tensors["a"].map { Array($0.bytes) } == [1, 2, 3])
    }
}
