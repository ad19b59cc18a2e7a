import FaceTracking
import Foundation
import LipSync
import MediaIO
import SyncModel

/// A clip decoded once for each way of looking at faces: these and its sound, to be measured many times with the sound
/// moved.
struct RecordedClip {
    /// What one picture shows.
    struct View {
        var seconds: Double
        var isFirstOfShot: Bool
        /// No landmarks where no mesh fits the face.
        var faces: [(identity: Int, landmarks: [Float]?, box: PictureBox)]
    }

    /// What is seen of a clip.
    struct Look {
        /// The pictures in the order of presentation.
        var views: [View] = []
        /// The lower faces, of each face in the order of presentation.
        var crops: [SeenPixels] = []
    }

    let name: String
    /// The clips that it is joined of, or itself.
    let parts: [String]
    let speaker: String
    /// By pixels alone, then with a mesh on every face: as the program looks.
    var looks = [Look(), Look()]
    /// Samples at 16 kHz from presentation time 0, one array a channel.
    var sound: [[Float]] = []
    /// Length of the picture in seconds.
    var seconds = 0.0

    /// - Parameter name: what it is called in rows; nil: as its file.
    init(path: String, tracker: FaceTracker, name given: String? = nil) throws {
        name = given ?? URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        parts = [name]
        speaker = RecordedClip.speaker(of: name)
        for index in looks.indices {
            tracker.followsMeshes = index == 1
            tracker.beginClip()
            var look = Look()
            var crops: [LowerFaceCrop] = []
            let file = try MediaFile(path: path)
            _ = try file.decode(
                MediaSelection(video: file.videoStream?.index, audio: nil),
                onPicture: { picture in
                    let seen = try tracker.track(picture, seconds: picture.seconds)
                    let faces =
                        seen.faces.map { ($0.identity, Optional($0.landmarks.coordinates), $0.box) }
                        + seen.boxes.map { ($0.identity, nil, $0.box.corners) }
                    crops += seen.crops
                    look.views.append(View(seconds: picture.seconds, isFirstOfShot: seen.isFirstOfShot, faces: faces))
                }, onSound: { _ in })
            look.crops = (crops + tracker.finish()).map {
                SeenPixels(identity: $0.identity, seconds: $0.seconds, crop: $0.pixels, box: $0.box.corners)
            }
            looks[index] = look
        }
        var sound: [[Float]] = []
        let file = try MediaFile(path: path)
        _ = try file.decode(
            MediaSelection(video: nil, audio: try file.audioStream(number: nil)?.index), onPicture: { _ in },
            onSound: { block in
                if sound.isEmpty { sound = Array(repeating: [], count: block.channels.count) }
                for channel in sound.indices {
                    let hole = max(0, block.start - sound[channel].count)
                    sound[channel] +=
                        [Float](repeating: 0, count: hole) + block.channels[min(channel, block.channels.count - 1)]
                }
            })
        self.sound = sound
        let times = looks[0].views.map(\.seconds)
        let (first, last) = (times.first ?? 0, times.last ?? 0)
        seconds = last + (last - first) / Double(max(1, times.count - 1))
    }

    /// Length of a clip in seconds as its file declares it; 0 where it does not.
    static func length(of path: String) throws -> Double { try MediaFile(path: path).durationSeconds ?? 0 }

    /// Who talks. In GRID's files of this corpus `s1-` marks one man; two others are one man as well.
    static func speaker(of name: String) -> String {
        if name.hasPrefix("s1-") { return "s1" }
        for set in ["grid-s", "grid-u", "cremad-"] where name.hasPrefix(set) {
            return name.split(separator: "-").prefix(2).joined(separator: "-")
        }
        return ["pwij3p", "swwp2s"].contains(name) ? "pwij3p+swwp2s" : name
    }

    /// Several clips one after another, picture and sound each cut or padded to the picture's length.
    init(joining clips: [RecordedClip]) {
        parts = clips.flatMap(\.parts)
        name = clips[0].name + (clips.count > 1 ? "+\(clips.count - 1)" : "")
        speaker = Set(clips.map(\.speaker)).sorted().joined(separator: "+")
        for clip in clips {
            let start = seconds
            for (place, look) in clip.looks.enumerated() { looks[place].append(look, at: start) }
            let from = Int((start * Double(SoundBlock.rate)).rounded())
            let length = Int((clip.seconds * Double(SoundBlock.rate)).rounded())
            let mono = clip.mono
            if sound.isEmpty { sound = [[]] }
            sound[0] += [Float](repeating: 0, count: max(0, from - sound[0].count))
            sound[0] += mono.prefix(length) + [Float](repeating: 0, count: max(0, length - mono.count))
            seconds += clip.seconds
        }
    }

    var mono: [Float] {
        guard let first = sound.first else { return [] }
        return first.indices.map { index in sound.reduce(0) { $0 + $1[index] } / Float(sound.count) }
    }

    /// The faces as a model sees them, in each way of looking.
    func scenes(_ model: LipModel) -> [LipScene] { looks.map { $0.scene(model) } }

    /// The sound, made later by so many ms.
    static func features(_ sound: [[Float]], movedMilliseconds: Double) -> SoundFeatures {
        var builder = SoundFeatureBuilder()
        let shift = Int((movedMilliseconds * Double(SoundBlock.rate) / 1000).rounded())
        builder.append(start: shift, channels: sound)
        return builder.finish()
    }
}

extension RecordedClip.Look {
    /// Adds what another clip shows behind a cut, which ends every face's track.
    mutating func append(_ other: RecordedClip.Look, at start: Double) {
        let known = (views.flatMap { $0.faces.map(\.identity) }.max() ?? -1) + 1
        for (index, view) in other.views.enumerated() {
            let faces = view.faces.map { ($0.identity + known, $0.landmarks, $0.box) }
            views.append(
                RecordedClip.View(
                    seconds: view.seconds + start, isFirstOfShot: view.isFirstOfShot || index == 0, faces: faces))
        }
        crops += other.crops.map {
            SeenPixels(identity: $0.identity + known, seconds: $0.seconds + start, crop: $0.crop, box: $0.box)
        }
    }

    /// The faces as a model sees them.
    func scene(_ model: LipModel) -> LipScene {
        var scene = LipScene()
        for view in views {
            let faces = view.faces.map { face in
                let shape = face.landmarks.flatMap { MouthShape(landmarks: $0, model: model) }
                return SeenFace(identity: face.identity, shape: shape, box: face.box)
            }
            scene.append(faces, isFirstOfShot: view.isFirstOfShot, seconds: view.seconds)
        }
        for crop in crops { scene.append(crop) }
        return scene
    }
}
