import FaceTracking
import Foundation
import LipSync
import MediaIO

/// A clip decoded once: its face meshes and its sound, to be measured many times with the sound moved.
struct RecordedClip {
    let name: String
    let talker: String
    /// Presentation times of the pictures in seconds and their meshes (nil: no face seen).
    var meshes: [(seconds: Double, landmarks: [Float]?)] = []
    /// Samples at 16 kHz from presentation time 0, one array a channel.
    var sound: [[Float]] = []
    /// Length of the picture in seconds.
    var seconds = 0.0

    init(path: String, tracker: FaceTracker) throws {
        name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        talker = RecordedClip.talker(of: name)
        let file = try MediaFile(path: path)
        tracker.reset()
        var meshes: [(Double, [Float]?)] = []
        var sound: [[Float]] = []
        let tally = try file.decode(
            MediaSelection(video: file.videoStream?.index, audio: try file.audioStream(number: nil)?.index),
            onPicture: { meshes.append(($0.seconds, try tracker.track($0, seconds: $0.seconds).faces.first?.landmarks.coordinates)) },
            onSound: { block in
                if sound.isEmpty { sound = Array(repeating: [], count: block.channels.count) }
                for channel in sound.indices {
                    let hole = max(0, block.start - sound[channel].count)
                    sound[channel] += [Float](repeating: 0, count: hole) + block.channels[min(channel, block.channels.count - 1)]
                }
            })
        self.meshes = meshes.map { (seconds: $0.0, landmarks: $0.1) }
        self.sound = sound
        let count = max(1, meshes.count - 1)
        seconds = (tally.lastPicture ?? 0) + ((tally.lastPicture ?? 0) - (tally.firstPicture ?? 0)) / Double(count)
    }

    /// Who talks. In GRID's files of this corpus `s1-` marks one man; two others are one man as well.
    static func talker(of name: String) -> String {
        if name.hasPrefix("s1-") { return "s1" }
        return ["pwij3p", "swwp2s"].contains(name) ? "pwij3p+swwp2s" : name
    }

    /// Several clips one after another, picture and sound each cut or padded to the picture's length.
    init(joining clips: [RecordedClip]) {
        name = clips.map(\.name).joined(separator: "+")
        talker = Set(clips.map(\.talker)).sorted().joined(separator: "+")
        for clip in clips {
            let start = seconds
            meshes += clip.meshes.map { (seconds: $0.seconds + start, landmarks: $0.landmarks) }
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

    /// The mouth as a model sees it.
    func mouth(_ model: LipModel) -> MouthTrack {
        var track = MouthTrack()
        for mesh in meshes {
            track.append(mesh.landmarks.flatMap { MouthShape(landmarks: $0, model: model) }, seconds: mesh.seconds)
        }
        return track
    }

    /// The sound, made later by so many ms.
    static func features(_ sound: [[Float]], movedMilliseconds: Double) -> SoundFeatures {
        var builder = SoundFeatureBuilder()
        let shift = Int((movedMilliseconds * Double(SoundBlock.rate) / 1000).rounded())
        builder.append(start: shift, channels: sound)
        return builder.finish()
    }
}
