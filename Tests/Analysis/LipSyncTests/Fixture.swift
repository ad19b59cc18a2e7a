import Foundation
import SignalCore
import Testing

@testable import LipSync

/// A made clip with all intermediate results of the independent Python reference; see `Fixtures/make_fixture.py`.
struct Fixture {
    let tensors: [String: Safetensors.Tensor]
    let metadata: [String: String]

    static let shared: Result<Fixture, any Error> = Result { try Fixture() }
    /// The weights that come with the package.
    static let model: Result<LipModel, any Error> = Result { try LipModel.packaged() }

    init() throws {
        let url = try #require(Bundle.module.url(forResource: "lips", withExtension: "safetensors"))
        let file = try Safetensors(Data(contentsOf: url))
        tensors = file.tensors
        metadata = file.metadata
    }

    /// The raw values of a tensor.
    func values<T: BitwiseCopyable>(_ name: String, as _: T.Type) throws -> [T] {
        let tensor = try #require(tensors[name], "the fixture holds \(name)")
        return tensor.bytes.withUnsafeBytes { raw in
            (0..<raw.count / MemoryLayout<T>.size).map {
                raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.size, as: T.self)
            }
        }
    }

    func floats(_ name: String) throws -> [Float] { try values(name, as: Float.self) }
    func integers(_ name: String) throws -> [Int] { try values(name, as: Int32.self).map { Int($0) } }
    func flags(_ name: String) throws -> [Bool] { try values(name, as: Int8.self).map { $0 != 0 } }
    func expected(_ name: String, _ mode: MouthMode) throws -> Double {
        Double(try floats("expected.\(mode.rawValue).\(name)")[0])
    }

    func matrix(_ name: String) throws -> FrameMatrix {
        let tensor = try #require(tensors[name], "the fixture holds \(name)")
        return FrameMatrix(columns: tensor.shape[1], values: try floats(name))
    }

    /// The sound at 16 kHz, full scale 1.
    func samples() throws -> [Float] { try values("input.samples", as: Int16.self).map { Float($0) / 32768 } }

    /// Mesh and time of every picture; nil where there is no face. Points that nobody looks at are zero.
    func pictures() throws -> [(landmarks: [Float]?, seconds: Double)] {
        let points = try integers("input.points")
        let coordinates = try floats("input.landmarks")
        return try values("input.times", as: Double.self).enumerated().map { picture, seconds in
            let row = coordinates[picture * points.count * 3..<(picture + 1) * points.count * 3]
            guard let first = row.first, !first.isNaN else { return (nil, seconds) }
            var mesh = [Float](repeating: 0, count: 468 * 3)
            for (place, point) in points.enumerated() {
                for axis in 0..<3 { mesh[point * 3 + axis] = row[row.startIndex + place * 3 + axis] }
            }
            return (mesh, seconds)
        }
    }

    func mouth(_ model: LipModel) throws -> MouthTrack {
        var track = MouthTrack()
        for picture in try pictures() {
            track.append(
                picture.landmarks.flatMap { MouthShape(landmarks: $0, model: model) }, seconds: picture.seconds)
        }
        return track
    }
}

extension Fixture {
    /// The lower face of every picture; it is seen in the first of them only.
    func pixels() throws -> MouthPixels {
        let times = try values("input.times", as: Double.self)
        let seen = try flags("input.seen")
        let crops = try values("input.crops", as: UInt8.self)
        let width = try floats("input.width")[0]
        let missing = times.count * PixelTrack.crop * PixelTrack.crop - crops.count
        return MouthPixels(
            times: times, crops: crops + [UInt8](repeating: 0, count: missing), seen: seen,
            side: seen.map { $0 ? width : 0 })
    }

    /// What is seen of the mouth in a mode.
    func pieces(_ mode: MouthMode, _ model: LipModel) throws -> MouthPieces {
        var pieces = MouthPieces()
        if mode != .pixels { pieces.landmarks = try mouth(model).segments() }
        if mode != .landmarks {
            pieces.pixels = PixelTrack.segments(try pixels(), try #require(model.pixels))
        }
        return pieces
    }
}

/// Features of one or more channels, the first sample at `start`.
func soundFeatures(_ channels: [[Float]], start: Int = 0) -> SoundFeatures {
    var builder = SoundFeatureBuilder()
    builder.append(start: start, channels: channels)
    return builder.finish()
}

/// The largest absolute difference of two arrays; infinite where they differ in length or hold NaN.
func largestDifference(_ one: [Float], _ other: [Float]) -> Double {
    guard one.count == other.count else { return .infinity }
    var largest = 0.0
    for (a, b) in zip(one, other) {
        let difference = abs(Double(a) - Double(b))
        guard difference.isFinite else { return .infinity }
        largest = max(largest, difference)
    }
    return largest
}

extension SoundFeatures {
    /// Of a sound heard in one go.
    var features: FrameMatrix { pieces.first?.features ?? FrameMatrix(frames: 0, columns: SoundFeatureBuilder.bands) }
    var voiced: [Bool] { pieces.first?.voiced ?? [] }
}

extension LipEvidence {
    /// The evidence of a single mouth, nothing moved before; nil where there is no mouth or no sound.
    init?(pieces: MouthPieces, view: MouthView = MouthView(), sound: SoundFeatures, model: LipModel) {
        let kinds = MouthPieces.kinds([pieces], model: model)
        guard !pieces.isEmpty, !sound.isSilent else { return nil }
        let ends = kinds.flatMap { pieces.pieces($0).map { $0.first + $0.features.frames } }
        let frames = max(sound.range.upperBound, ends.max() ?? 0)
        self.init(
            mouth: Embedding(kinds: kinds, model: model, frames: frames, tower: \.mouth) { pieces.pieces($0) },
            sound: SoundEmbedding(sound, model: model, kinds: kinds, frames: frames), opening: pieces.opening,
            view: view, model: model, reach: LipEvidence.searchedLags)
    }
}
