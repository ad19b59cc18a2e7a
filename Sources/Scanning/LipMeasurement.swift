import FaceTracking
import LipSync
import MediaIO
import SyncModel

/// Measures the lips of one opened clip: of all of it, or of stretches until more of them would hardly change the answer.
struct LipMeasurement {
    let file: MediaFile
    let video: StreamDescription
    /// The file's own sound; nil where it comes from elsewhere.
    let audio: StreamDescription?
    let analyser: LipAnalyser
    let tracker: FaceTracker

    /// Of clips up to this long, in seconds, all stretches are looked at before the answer is given up.
    private static let exhaustedUpTo = 120.0
    /// Of longer ones at most so many.
    private static let mostStretches = 24
    /// After so many stretches the answer is drawn up, and looked at whether it is settled.
    private static let milestones: Set<Int> = [3, 4, 6, 8, 12, 16]

    /// Looks at every picture. `sound` holds what was heard elsewhere already.
    func whole(_ sound: SoundFeatureBuilder) throws -> (Finding, MediaTally) {
        let recording = LipRecording(self, sound)
        // Opened anew: this one was read to its end.
        let tally = try MediaFile(path: file.path).decode(
            MediaSelection(video: video.index, audio: audio?.index),
            onPicture: { try recording.picture($0) }, onSound: { recording.sound($0) })
        return (recording.finding(), tally)
    }

    /// Looks at stretches with speech, spread over the clip. `sound` is all of the sound, and `tally` what was met hearing it.
    ///
    /// - Returns: nil where the file cannot be entered in its midst: then all of it has to be looked at.
    func sampled(_ sound: SoundFeatureBuilder, _ tally: MediaTally, durationSeconds: Double) throws -> (Finding, MediaTally)? {
        var tally = tally
        let heard = sound.finish()
        let plan = StretchPlan(sound: heard, durationSeconds: durationSeconds)
        guard !plan.starts.isEmpty else {
            // Nothing to listen to: a few pictures tell whether there is a face at all.
            return nil
        }
        var recording = SampledRecording(sound: heard)
        var finding: Finding?
        let isShort = durationSeconds <= LipMeasurement.exhaustedUpTo
        let most = isShort ? plan.starts.count : min(LipMeasurement.mostStretches, plan.starts.count)
        for (index, start) in plan.starts.prefix(most).enumerated() {
            tracker.reset()
            let end = start + StretchPlan.length
            var isOpen = false
            // What is decoded on the way to the stretch is looked at too, unless that was done or it is far.
            let earliest = max(recording.end(before: start), start - StretchPlan.length)
            let part = try file.decodePictures(video: video.index, seconds: start..<end, earliest: earliest) { picture in
                if !isOpen { recording.begin(picture.seconds..<end) }
                isOpen = true
                recording.append(try shape(picture), seconds: picture.seconds)
            }
            guard let part, isOpen else { return nil }
            tally.pictures += part.pictures
            tally.damagedVideoPackets += part.damagedVideoPackets
            guard LipMeasurement.milestones.contains(index + 1) || index + 1 == most else { continue }
            let now = analyser.finding(mouth: recording.mouth, sound: recording.soundSoFar)
            finding = now
            if analyser.isSettled(now) { break }
        }
        let looked = Evidence("sampled_seconds", .number(recording.seconds, decimals: 1))
        return finding.map { ($0.adding([looked]), tally) }
    }

    fileprivate func shape(_ picture: Picture) throws -> MouthShape? {
        try tracker.track(picture, seconds: picture.seconds)
            .flatMap { MouthShape(landmarks: $0.coordinates, model: analyser.model) }
    }
}

/// The mouth and the sound of a clip that is looked at from first to last, as its pictures and blocks of sound come.
final class LipRecording {
    private let measurement: LipMeasurement
    private var mouth = MouthTrack()
    private var sound: SoundFeatureBuilder

    init(_ measurement: LipMeasurement, _ sound: SoundFeatureBuilder = SoundFeatureBuilder()) {
        self.measurement = measurement
        self.sound = sound
        measurement.tracker.reset()
    }

    func picture(_ picture: Picture) throws { mouth.append(try measurement.shape(picture), seconds: picture.seconds) }
    func sound(_ block: SoundBlock) { sound.append(start: block.start, channels: block.channels) }
    func finding() -> Finding { measurement.analyser.finding(mouth: mouth, sound: sound.finish()) }
}
