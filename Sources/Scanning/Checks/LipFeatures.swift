import Assets
import FaceTracking
public import Foundation
public import Inference
import LipSync
import MediaIO
import SyncModel
import VoiceModels

/// Training data of a lip model: lower face and mesh of the most visible face of a clip, its audio, and its voice
/// print. Made in a confined process; the answer is a file of arrays (safetensors).
///
/// - `times` F64 [F]: presentation times in seconds, from the beginning of the segment
/// - `crops` U8 [F, 56, 56], `seen` U8 [F], `side` F32 [F]: the lower face, whether it is there, the face's size in
///   pixels
/// - `which` I32 [P], `points` F32 [F, P, 3]: mesh points by number, in displayed pixels; NaN where there is no mesh
/// - `audio` I16 [N]: mono at 16 kHz, sample 0 at time 0
/// - `voice` F32 [192]: a voice print of length 1; absent without speaker models or speech
public final class LipFeatureReader {
    private let tracker: FaceTracker
    private let voices: VoicePrinter?

    /// Seconds taken from the middle of longer clips.
    public static let mostSeconds = 20.0
    private static let rate = 16_000
    /// Number of averaged voice prints.
    private static let prints = 6

    /// - Parameter root: of the assets.
    /// - Throws: `InferenceError` where library or models are missing.
    public init(assets root: String) throws(InferenceError) {
        let assets = AssetFolder(root: root)
        guard let path = assets.library else {
            throw InferenceError(.runtimeMissing, assets.missing.joined(separator: ", "))
        }
        let library = try InferenceLibrary(path: path)
        tracker = try FaceTracker(assets: assets, library: library)
        tracker.followsMeshes = true
        voices = try? VoicePrinter(assets: VoiceAssets(root: root), library: library)
    }

    /// - Returns: nil where the clip has no frame, no audio or no face.
    public func features(of clip: String) throws -> Data? {
        let file = try MediaFile(path: clip)
        guard let video = file.videoStream, let audio = try file.audioStream(number: nil) else { return nil }
        tracker.beginClip()
        var taken = Taken(from: 0)
        let selection = MediaSelection(video: video.index, audio: audio.index)
        let most = LipFeatureReader.mostSeconds
        if file.isSeekable, let length = file.durationSeconds, length > most * 1.25 {
            let start = ((length - most) / 2).rounded()
            taken = Taken(from: start)
            _ = try file.decodeStretch(
                selection, pictures: start..<start + most, sound: start..<start + most,
                onPicture: { taken.add($0, try tracker.track($0, seconds: $0.seconds)) },
                onSound: { taken.add($0) })
        } else {
            _ = try file.decode(
                selection,
                onPicture: { picture in
                    guard picture.seconds < most * 1.25 else { return }
                    taken.add(picture, try tracker.track(picture, seconds: picture.seconds))
                }, onSound: { taken.add($0) })
        }
        taken.crops += tracker.finish()
        return taken.data(voice: voice(of: taken.audio))
    }

    /// The mean print of the loudest segments; nil if none is loud or the model is missing.
    private func voice(of audio: [Float]) -> [Float]? {
        guard let voices else { return nil }
        let length = VoicePrinter.samples
        let starts = Array(stride(from: 0, to: max(1, audio.count - length + 1), by: length / 2))
        let loud = starts.map { start in
            (start, audio[start..<min(audio.count, start + length)].reduce(0) { $0 + $1 * $1 })
        }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.prefix(LipFeatureReader.prints)
        var sum: [Float] = []
        for (start, energy) in loud where energy > 0 {
            guard let print = try? voices.print(of: Array(audio[start..<min(audio.count, start + length)])) else {
                continue
            }
            sum = sum.isEmpty ? print : zip(sum, print).map { $0 + $1 }
        }
        let norm = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return norm > 0 ? sum.map { $0 / norm } : nil
    }

    /// The outcome of a clip.
    private struct Taken {
        let start: Double
        var times: [Double] = []
        var points: [Float] = []
        var crops: [LowerFaceCrop] = []
        var audio: [Float] = []

        init(from start: Double) { self.start = start }

        mutating func add(_ picture: Picture, _ view: FaceView) {
            guard picture.seconds >= start, picture.seconds > (times.last.map { $0 + start } ?? -1) else { return }
            times.append(picture.seconds - start)
            crops += view.crops
            let mesh = view.faces.first?.landmarks.coordinates
            for point in MouthShape.usedPoints {
                for axis in 0..<3 { points.append(mesh?[point * 3 + axis] ?? .nan) }
            }
        }

        mutating func add(_ block: SoundBlock) {
            let place = block.start - Int((start * Double(rate)).rounded())
            let skipped = max(0, audio.count - place)
            guard skipped < block.count, place < Int(1.5 * mostSeconds) * rate else { return }
            if place > audio.count { audio += [Float](repeating: 0, count: place - audio.count) }
            let weight = 1 / Float(block.channels.count)
            for index in skipped..<block.count { audio.append(block.channels.reduce(0) { $0 + $1[index] } * weight) }
        }

        /// One face after another, the larger and longer tracks first; nil where there is none.
        func data(voice: [Float]?) -> Data? {
            let area = LowerFaceCrop.size * LowerFaceCrop.size
            var pixels = [UInt8](repeating: 0, count: times.count * area)
            var seen = [UInt8](repeating: 0, count: times.count)
            var sides = [Float](repeating: 0, count: times.count)
            let places = Dictionary(times.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
            let tracks = Dictionary(grouping: crops, by: \.identity)
            let weights = tracks.mapValues { $0.reduce(0) { $0 + $1.box.side } }
            for identity in tracks.keys.sorted(by: { (weights[$0] ?? 0, $1) > (weights[$1] ?? 0, $0) }) {
                for crop in tracks[identity] ?? [] {
                    guard let place = places[crop.seconds - start], seen[place] == 0 else { continue }
                    pixels.replaceSubrange(place * area..<(place + 1) * area, with: crop.pixels)
                    seen[place] = 1
                    sides[place] = Float(crop.box.side)
                }
            }
            guard seen.contains(1), !audio.isEmpty else { return nil }
            var file = TensorFile()
            file.add("times", .float64, [times.count], times)
            file.add("crops", .uint8, [times.count, LowerFaceCrop.size, LowerFaceCrop.size], pixels)
            file.add("seen", .uint8, [times.count], seen)
            file.add("side", .float32, [times.count], sides)
            file.add("which", .int32, [MouthShape.usedPoints.count], MouthShape.usedPoints.map(Int32.init))
            file.add("points", .float32, [times.count, MouthShape.usedPoints.count, 3], points)
            file.add("audio", .int16, [audio.count], audio.map { Int16(max(-1, min(1, $0)) * 32767) })
            if let voice { file.add("voice", .float32, [voice.count], voice) }
            return file.data
        }

        private let rate = LipFeatureReader.rate
        private let mostSeconds = LipFeatureReader.mostSeconds
    }
}
