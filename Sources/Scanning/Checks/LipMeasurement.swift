import FaceTracking
import LipSync
import MediaIO
import SyncModel

/// Measures the lips of one opened clip: all of it, or segments until more of them would hardly change the answer.
///
/// Faces are examined by their pixels first; only where that leaves a doubt are they examined again, with a mesh on
/// every frame.
struct LipMeasurement {
    let file: MediaFile
    let video: StreamDescription
    /// The file's audio stream; nil if audio is separate.
    let audio: StreamDescription?
    /// The analysed audio channels; nil: all.
    let channels: SoundChannels?
    let analyser: LipAnalyser
    let tracker: FaceTracker

    /// Of clips up to this long, in seconds, all of the audio is analysed, and all segments are examined before giving
    /// up.
    static let exhaustedUpTo = 120.0
    /// Largest number of segments of longer ones.
    private static let mostProbes = 40
    /// After this many segments the answer is computed and tested for convergence.
    private static let milestones: Set<Int> = [2, 3, 4, 6, 8, 12, 16]
    /// Number of segments without a face that suffices if single frames show none either, and number without a voice.
    private static let facelessStretches = 3
    private static let voicelessProbes = 12
    private static let probeMilestones: Set<Int> = [5, 7, 9, 12, 16, 24, 32]
    /// Number of segments after which pixels alone must give an answer; otherwise meshes are computed for all of them.
    private static let stretchesByPixels = 6
    private static let probesByPixels = 9

    /// The representation of faces.
    enum Look {
        /// By their pixels alone, a seventh of the cost.
        case pixels
        /// By their pixels and a mesh on every frame.
        case meshes
    }

    /// The first one used: media that can be read only once are examined with meshes directly.
    var firstLook: Look { analyser.seesPixels && file.isSeekable ? .pixels : .meshes }

    /// Prepares the tracker for the clip, or another position in it, with one representation.
    func beginLook(_ look: Look) {
        tracker.followsMeshes = look == .meshes
        tracker.reset()
    }

    /// Examines every frame of a clip not examined yet. `sound` is the audio that was already analysed.
    func whole(_ sound: SoundFeatureBuilder) throws -> (Finding, MediaTally) {
        let recording = LipRecording(self, sound, look: firstLook)
        let tally = try reopened().decode(
            MediaSelection(video: video.index, audio: audio?.index),
            onPicture: { try recording.picture($0) }, onSound: { recording.sound(channels?.of($0) ?? $0) })
        return (try closer(recording), tally)
    }

    /// The finding on a clip whose frames were all examined, once more and with meshes where pixels leave a doubt.
    func closer(_ recording: LipRecording) throws -> Finding {
        let first = recording.finding()
        guard recording.look == .pixels, !analyser.isEnough(first) else { return first }
        let again = LipRecording(self, recording.sound, look: .meshes)
        _ = try reopened().decode(
            MediaSelection(video: video.index, audio: nil), onPicture: { try again.picture($0) }, onSound: { _ in })
        return again.finding()
    }

    /// The file reopened at its beginning: this one was read to its end.
    private func reopened() throws -> MediaFile { try MediaFile(path: file.path, region: file.region) }

    /// Examines segments with speech, spread over the clip. `sound` is all of the audio, and `tally` its decoding
    /// statistics.
    ///
    /// - Returns: nil if the file is not seekable: then all of it must be examined.
    func sampled(_ sound: SoundFeatureBuilder, _ tally: MediaTally, durationSeconds: Double) throws -> (
        Finding, MediaTally
    )? {
        let heard = sound.finish()
        return try closely { try sampled(heard, tally, durationSeconds: durationSeconds, $0) }
    }

    private func sampled(
        _ heard: SoundFeatures, _ tally: MediaTally, durationSeconds: Double, _ look: Look
    ) throws -> (Finding, MediaTally)? {
        var tally = tally
        let plan = StretchPlan(sound: heard, durationSeconds: durationSeconds)
        var recording = SampledRecording(heard: heard, reachSeconds: analyser.reachSeconds)
        var finding: Finding?
        for (index, start) in plan.starts.enumerated() {
            guard let pictures = try see(&recording, start..<start + StretchPlan.length, look) else { return nil }
            tally.pictures += pictures.pictures
            tally.damagedVideoPackets += pictures.damagedVideoPackets
            if index + 1 == LipMeasurement.facelessStretches, recording.scene.picturesWithFace == 0 {
                guard let seen = try glance(durationSeconds: durationSeconds) else { return nil }
                tally.pictures += seen.tally.pictures
                if seen.glance.isFaceless {
                    finding = analyser.finding(recording)
                    break
                }
            }
            guard LipMeasurement.milestones.contains(index + 1) || index + 1 == plan.starts.count else { continue }
            let now = analyser.finding(recording)
            finding = now
            let isOpen =
                CourseProbe.next(now, looked: recording.stretches.map(\.seconds), durationSeconds: durationSeconds)
                != nil
            if !isOpen, analyser.isSettled(now) { break }
            if look == .pixels, index + 1 >= LipMeasurement.stretchesByPixels { break }
        }
        return finding.map { ($0.adding([recording.evidence]), tally) }
    }

    /// Examines segments of a long clip, video and audio, from its ends inwards.
    ///
    /// - Returns: nil if the file is not seekable.
    func probed(durationSeconds: Double) throws -> (Finding, MediaTally)? {
        try closely(courseOverSeconds: durationSeconds) { try probed(durationSeconds: durationSeconds, $0) }
    }

    private func probed(durationSeconds: Double, _ look: Look) throws -> (Finding, MediaTally)? {
        var tally = MediaTally()
        var recording = SampledRecording(heard: nil, reachSeconds: analyser.reachSeconds)
        var finding: Finding?
        let planned = StretchPlan.probes(
            durationSeconds: durationSeconds, most: LipMeasurement.mostProbes,
            keys: file.keyPictures(video: video.index))
        var left = planned[...]
        var next: Double?
        for count in 1...LipMeasurement.mostProbes {
            let isAsked = next != nil
            if next == nil {
                // Planned segments near an examined one are skipped.
                left = left.drop { start in
                    recording.stretches.contains { $0.seconds.overlaps(start..<start + StretchPlan.length) }
                }
                next = left.popFirst()
            }
            guard let start = next else { break }
            next = nil
            guard let part = try probe(&recording, start..<start + StretchPlan.length, look) else { return nil }
            tally.pictures += part.pictures
            tally.samples += part.samples
            tally.damagedVideoPackets += part.damagedVideoPackets
            tally.damagedAudioPackets += part.damagedAudioPackets
            if count == LipMeasurement.facelessStretches, recording.scene.picturesWithFace == 0 {
                guard let seen = try glance(durationSeconds: durationSeconds) else { return nil }
                tally.pictures += seen.tally.pictures
                if seen.glance.isFaceless {
                    finding = analyser.finding(recording)
                    break
                }
                left =
                    seen.glance.worthwhile(
                        Array(left), length: StretchPlan.length,
                        latest: max(0, durationSeconds - StretchPlan.length - 1))[...]
            }
            guard
                isAsked || LipMeasurement.probeMilestones.contains(count) || left.isEmpty
                    || count == LipMeasurement.mostProbes
            else { continue }
            let now = analyser.finding(recording)
            finding = now
            if now.verdict == .notApplicable, count >= LipMeasurement.voicelessProbes { break }
            if look == .pixels, count >= LipMeasurement.probesByPixels, !now.verdict.carriesOffset { break }
            next = CourseProbe.next(now, looked: recording.stretches.map(\.seconds), durationSeconds: durationSeconds)
            if next == nil, analyser.isSettled(now, courseOverSeconds: durationSeconds) { break }
        }
        guard let finding else { return nil }
        return (finding.adding([recording.evidence]), tally)
    }

    /// The result of segments by pixels, if accepted, else with meshes; nil as in `measure`.
    private func closely(
        courseOverSeconds length: Double? = nil, _ measure: (Look) throws -> (Finding, MediaTally)?
    ) throws -> (Finding, MediaTally)? {
        if firstLook == .pixels {
            guard let first = try measure(.pixels) else { return nil }
            let isSettled = analyser.isEnough(first.0) && analyser.isSettled(first.0, courseOverSeconds: length)
            if isSettled || first.0.verdict == .notApplicable { return first }
        }
        return try measure(.meshes)
    }

    /// Examines a segment whose audio was already analysed.
    private func see(
        _ recording: inout SampledRecording, _ seconds: Range<Double>, _ look: Look
    ) throws -> MediaTally? {
        beginLook(look)
        var isOpen = false
        // Frames decoded on the way to the segment are also examined, unless they were already or are far.
        let earliest = max(recording.end(before: seconds.lowerBound), seconds.lowerBound - StretchPlan.length)
        let part = try file.decodePictures(video: video.index, seconds: seconds, earliest: earliest) { picture in
            if !isOpen { recording.begin(picture.seconds..<seconds.upperBound) }
            isOpen = true
            let seen = try see(picture)
            for crop in seen.crops { recording.append(crop) }
            recording.append(seen.faces, isFirstOfShot: seen.isFirstOfShot, seconds: picture.seconds)
        }
        for crop in tracker.finish() { recording.append(SeenPixels(crop)) }
        return isOpen ? part : nil
    }

    /// Examines a segment and the audio around it.
    private func probe(
        _ recording: inout SampledRecording, _ seconds: Range<Double>, _ look: Look
    ) throws -> MediaTally? {
        beginLook(look)
        recording.begin(seconds)
        guard let stretch = recording.stretches.last, let audio else { return nil }
        let part = try file.decodeStretch(
            MediaSelection(video: video.index, audio: audio.index), pictures: seconds, sound: stretch.soundSeconds,
            onPicture: { picture in
                let seen = try see(picture)
                for crop in seen.crops { recording.append(crop) }
                recording.append(seen.faces, isFirstOfShot: seen.isFirstOfShot, seconds: picture.seconds)
            },
            onSound: { block in
                let heard = channels?.of(block) ?? block
                recording.append(start: heard.start, channels: heard.channels)
            })
        for crop in tracker.finish() { recording.append(SeenPixels(crop)) }
        return part
    }

    fileprivate func see(
        _ picture: Picture
    ) throws -> (faces: [SeenFace], crops: [SeenPixels], isFirstOfShot: Bool) {
        let view = try tracker.track(picture, seconds: picture.seconds)
        let meshed = view.faces.compactMap { face in
            MouthShape(landmarks: face.landmarks.coordinates, model: analyser.model)
                .map { SeenFace(identity: face.identity, shape: $0, box: face.box) }
        }
        let faces = meshed + view.boxes.map { SeenFace(identity: $0.identity, shape: nil, box: $0.box.corners) }
        return (faces, view.crops.map { SeenPixels($0) }, view.isFirstOfShot)
    }
}

extension SeenPixels {
    fileprivate init(_ crop: LowerFaceCrop) {
        self.init(identity: crop.identity, seconds: crop.seconds, crop: crop.pixels, box: crop.box.corners)
    }
}

extension SampledRecording {
    fileprivate var evidence: Evidence { Evidence("sampled_seconds", .number(seconds, decimals: 1)) }
}

/// The faces and the audio of a clip that is examined completely, collected during decoding.
final class LipRecording {
    let look: LipMeasurement.Look
    private let measurement: LipMeasurement
    private var scene = LipScene()
    /// The audio analysed so far.
    private(set) var sound: SoundFeatureBuilder

    init(
        _ measurement: LipMeasurement, _ sound: SoundFeatureBuilder = SoundFeatureBuilder(),
        look: LipMeasurement.Look
    ) {
        self.measurement = measurement
        self.sound = sound
        self.look = look
        measurement.beginLook(look)
    }

    func picture(_ picture: Picture) throws {
        let seen = try measurement.see(picture)
        for crop in seen.crops { scene.append(crop) }
        scene.append(seen.faces, isFirstOfShot: seen.isFirstOfShot, seconds: picture.seconds)
    }

    func sound(_ block: SoundBlock) { sound.append(start: block.start, channels: block.channels) }

    func finding() -> Finding {
        for crop in measurement.tracker.finish() { scene.append(SeenPixels(crop)) }
        return measurement.analyser.finding(scene: scene, sound: sound.finish())
    }
}
