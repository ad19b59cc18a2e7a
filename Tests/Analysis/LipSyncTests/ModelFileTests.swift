import Foundation
import SignalCore
import SyncModel
import Testing

@testable import LipSync

/// Damaged weights throw, or, where the damage leaves them readable, are used without a crash.
@Suite struct ModelFileTests {
    let packaged: Data

    init() throws {
        packaged = try Data(contentsOf: LipModel.packagedFile())
    }

    @Test func thePackagedFileIsReadWhole() throws {
        let model = try LipModel(data: packaged)
        #expect(model.method.rawValue.hasPrefix("lips-") && !model.experts.isEmpty)
        #expect(model.pixels != nil)
        for kind in MouthKind.allCases {
            #expect(model.tape(kind).mouth.rows.frames == model.tape(kind).sound.rows.frames)
        }
    }

    @Test func theCutFileIsAModelToo() throws {
        #expect(try LipModel(data: SmallModel(packaged).data()).experts.count == 1)
    }

    @Test func constantsOfAnotherNumberAreRefused() throws {
        for (name, count) in [("number.landmarks.unpaired", 15), ("number.landmarks.answer", 5)] {
            var small = try SmallModel(packaged)
            let place = try #require(small.tensors.firstIndex { $0.name == name })
            (small.tensors[place].shape, small.tensors[place].bytes) = (
                [count], small.tensors[place].bytes.prefix(4 * count)
            )
            #expect(throws: LipModelError.self) { try LipModel(data: small.data()) }
        }
    }

    /// Flipped bytes and truncations, seed 1; half of the flips hit the header, where the structure lies.
    @Test func twoThousandDamagesOfTheFileNeverCrash() throws {
        let whole = try SmallModel(packaged).data()
        let headerEnd = 8 + Int(whole[0]) + Int(whole[1]) << 8 + Int(whole[2]) << 16
        var generator = SplitMix64(seed: 1)
        var readable = 0
        for round in 0..<2000 {
            var data = whole
            if round % 5 == 4 {
                data = data.prefix(generator.index(below: round % 2 == 0 ? headerEnd + 100 : data.count))
            } else {
                for _ in 0...generator.index(below: 3) {
                    let place = generator.index(below: round % 2 == 0 ? headerEnd : data.count)
                    data[place] ^= UInt8(1 + generator.index(below: 255))
                }
            }
            if try isReadable(data, run: readable % 50 == 0) { readable += 1 }
        }
        // Damage to the numbers alone cannot be seen; damage to the structure must be.
        #expect(readable > 0 && readable < 1200)
    }

    /// Numbers of the header replaced by impossible ones, seed 2.
    @Test func impossibleSizesAndPlacesInTheHeaderNeverCrash() throws {
        let small = try SmallModel(packaged)
        let header = Array(try small.header())
        let digits = header.indices.filter {
            $0 > 0 && header[$0].isDigit && !header[$0 - 1].isDigit && header[$0 - 1] != UInt8(ascii: "t")
        }
        let wrong = [
            "-1", "0", "1", "3", "9223372036854775807", "-9223372036854775808", "1e300", "0.5", "null", "\"x\"", "[]",
            "99999999",
        ]
        var generator = SplitMix64(seed: 2)
        for _ in 0..<400 {
            let start = digits[generator.index(below: digits.count)]
            var end = start
            while header[end].isDigit { end += 1 }
            let replaced = header[..<start] + Array(wrong[generator.index(below: wrong.count)].utf8) + header[end...]
            _ = try isReadable(SmallModel.file(header: Data(replaced), body: small.body), run: true)
        }
    }

    @Test func damageToTheWholePackagedFileNeverCrashes() throws {
        var generator = SplitMix64(seed: 3)
        for round in 0..<12 {
            var data = packaged
            if round % 3 == 2 { data = data.prefix(generator.index(below: data.count)) }
            for _ in 0..<4 { data[data.startIndex + generator.index(below: data.count)] ^= 0xFF }
            _ = try isReadable(data, run: round < 2)
        }
    }

    @Test func theErrorSaysWhatCannotBeUsed() {
        for (data, words) in [
            (Data(), "too short"), (Data(repeating: 1, count: 100), "truncated"),
            (Data([2, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]), "not JSON"),
        ] {
            let error = #expect(throws: LipModelError.self) { try LipModel(data: data) }
            #expect(error?.description.contains(words) == true)
        }
    }

    @Test func aSliceOfALargerBufferIsReadTheSame() throws {
        let data = try SmallModel(packaged).data()
        let slice = (Data([9, 9, 9]) + data).dropFirst(3)
        #expect(try LipModel(data: slice).method == LipModel(data: data).method)
    }

    /// Whether the bytes are taken for a model; then it is used on a second of made input.
    private func isReadable(_ data: Data, run: Bool) throws -> Bool {
        let model: LipModel
        do { model = try LipModel(data: data) } catch is LipModelError { return false }
        guard run else { return true }
        var generator = SplitMix64(seed: 4)
        var mouth = MouthTrack()
        for index in 0..<32 {
            let mesh = (0..<468 * 3).map { _ in Float.random(in: 0...100, using: &generator) }
            mouth.append(MouthShape(landmarks: mesh, model: model), seconds: Double(index) * 0.04)
        }
        let buzz = (0..<20_000).map {
            Float.sine(Float($0) / 133) * Float($0 % 3000) / 3000 + Float.sine(Float($0) / 66.5) * 0.3
        }
        _ = LipAnalyser(model: model, expectation: .unknown).finding(mouth: mouth, sound: soundFeatures([buzz]))
        return true
    }
}

/// The packaged weights cut down to their first expert and the fewest foreign rows, so that reading is quick.
private struct SmallModel {
    var tensors: [(name: String, type: String, shape: [Int], bytes: Data)] = []

    init(_ packaged: Data) throws {
        let file = try Safetensors(packaged)
        let columns = try #require(file.tensors["expert0.mouth.0.bias"]?.shape[0])
        for (name, tensor) in file.tensors.sorted(by: { $0.key < $1.key }) {
            if name.hasPrefix("pixels.") || (name.hasPrefix("expert") && !name.hasPrefix("expert0.")) { continue }
            var (shape, bytes) = (tensor.shape, Data(tensor.bytes))
            if name.hasSuffix(".scale") {
                (shape, bytes) = ([columns], bytes.prefix(4 * columns))
            } else if name.hasPrefix("tape.") {
                let width = shape[1]
                bytes = Data((0..<Cohort.members).flatMap { bytes[$0 * width..<$0 * width + columns] })
                shape = [Cohort.members, columns]
            }
            tensors.append((name, tensor.type, shape, bytes))
        }
    }

    var body: Data { tensors.reduce(Data()) { $0 + $1.bytes } }

    func header() throws -> Data {
        var (members, place) = (["\"__metadata__\":{\"method\":\"lips-3\"}"], 0)
        for tensor in tensors {
            let end = place + tensor.bytes.count
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            members.append(
                """
                \"\(tensor.name)\":{\"dtype\":\"\(tensor.type)\",\"shape\":[\(shape)],\"data_offsets\":[\(place),\(end)\
                ]}
                """
            )
            place = end
        }
        return Data("{\(members.joined(separator: ","))}".utf8)
    }

    func data() throws -> Data { SmallModel.file(header: try header(), body: body) }

    static func file(header: Data, body: Data) -> Data {
        Data((0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }) + header + body
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
