import Assets
import FaceTracking
import Foundation
import Inference
import MediaIO

// Writes what training needs of each clip: `NAME.landmarks.npy` (pictures x 468 x 3, NaN where no face is seen),
// `NAME.times.npy` (seconds) and `NAME.audio.npy` (mono at 16 kHz from presentation time 0); and of the face that is
// seen most, by its size and for how long: `NAME.crops.npy` (pictures x 56 x 56, its lower half in gray),
// `NAME.seen.npy` (whether it is there) and `NAME.face.npy` (side of its box in displayed pixels).

guard CommandLine.arguments.count >= 3 else {
    FileHandle.standardError.write(Data("usage: genlock-tracks OUTPUT_FOLDER CLIP...\n".utf8))
    exit(64)
}
let folder = CommandLine.arguments[1]
try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
let assets = AssetFolder(environment: ProcessInfo.processInfo.environment)
guard let path = assets.library else {
    throw InferenceError(.runtimeMissing, assets.missing.joined(separator: ", "))
}
let tracker = try FaceTracker(assets: assets, library: InferenceLibrary(path: path))

for clip in CommandLine.arguments.dropFirst(2) {
    let name = URL(fileURLWithPath: clip).deletingPathExtension().lastPathComponent
    let file = try MediaFile(path: clip)
    tracker.beginClip()
    var crops: [LowerFaceCrop] = []
    var times: [Double] = []
    var landmarks: [Float] = []
    var sound: [Float] = []
    let selection = MediaSelection(video: file.videoStream?.index, audio: try file.audioStream(number: nil)?.index)
    let tally = try file.decode(
        selection,
        onPicture: { picture in
            times.append(picture.seconds)
            let view = try tracker.track(picture, seconds: picture.seconds)
            crops += view.crops
            let mesh = view.faces.first?.landmarks
            landmarks += mesh?.coordinates ?? [Float](repeating: .nan, count: FaceLandmarks.count * 3)
        },
        onSound: { block in
            if block.start > sound.count { sound += [Float](repeating: 0, count: block.start - sound.count) }
            let skipped = max(0, sound.count - block.start)
            guard skipped < block.count else { return }
            let weight = 1 / Float(block.channels.count)
            for index in skipped..<block.count { sound.append(block.channels.reduce(0) { $0 + $1[index] } * weight) }
        })
    try NumPyFile(shape: [times.count, FaceLandmarks.count, 3], floats: landmarks).write(
        to: "\(folder)/\(name).landmarks.npy")
    try NumPyFile(shape: [times.count], doubles: times).write(to: "\(folder)/\(name).times.npy")
    try NumPyFile(shape: [sound.count], floats: sound).write(to: "\(folder)/\(name).audio.npy")
    crops += tracker.finish()
    let lower = LowerFaces(crops, times: times)
    try NumPyFile(shape: [times.count, LowerFaceCrop.size, LowerFaceCrop.size], bytes: lower.pixels).write(
        to: "\(folder)/\(name).crops.npy")
    try NumPyFile(shape: [times.count], truths: lower.seen).write(to: "\(folder)/\(name).seen.npy")
    try NumPyFile(shape: [times.count], floats: lower.sides).write(to: "\(folder)/\(name).face.npy")
    let seen =
        times.isEmpty
        ? 0
        : Double(landmarks.count / (FaceLandmarks.count * 3) - landmarks.count { $0.isNaN } / (FaceLandmarks.count * 3))
            / Double(times.count)
    print(
        name, tally.pictures, "pictures, face in", String(format: "%.0f %%", seen * 100), "crops in",
        String(format: "%.0f %%", 100 * Double(lower.seen.count { $0 }) / Double(max(1, times.count))),
        tally.soundStart ?? .nan,
        tally.firstPicture ?? .nan)
}
