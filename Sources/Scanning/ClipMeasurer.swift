public import FaceTracking
public import LipSync
import MediaIO
public import SyncModel

/// Measures clips one after another: decodes each once and feeds every analyser from that pass. Belongs to one thread.
public final class ClipMeasurer {
    private let analyser: LipAnalyser
    private let thorough: Bool
    private let faces: Result<FaceTracker, FaceTrackingError>

    /// - Parameters:
    ///   - faces: a tracker of this measurer's own, or why there is none: then lips are not judged, and the finding says
    ///     what is missing.
    ///   - thorough: look at every picture; otherwise long clips are sampled.
    public init(analyser: LipAnalyser, faces: Result<FaceTracker, FaceTrackingError>, thorough: Bool = false) {
        self.analyser = analyser
        self.thorough = thorough
        self.faces = faces
    }

    /// Everything that can be said of a clip; what cannot be read becomes a report of that, never an error.
    public func measure(_ request: ClipRequest) -> ClipReport {
        do {
            let file = try MediaFile(path: request.clip)
            let duration = file.durationSeconds
            return ClipReport(
                clip: request.clip, soundFile: request.audioFile, durationSeconds: duration, outcome: .measured([try lips(file, request)]))
        } catch let error as MediaError {
            return ClipReport(clip: request.clip, durationSeconds: nil, outcome: .failed(error.failure))
        } catch {
            let failure = ClipFailure(
                code: "internal", message: "\(request.clip.printable) could not be measured (\(error))",
                remedy: "report this with the clip; the other clips are not affected")
            return ClipReport(clip: request.clip, durationSeconds: nil, outcome: .failed(failure))
        }
    }

    private func lips(_ file: MediaFile, _ request: ClipRequest) throws -> Finding {
        let video = file.videoStream
        let ownAudio = request.audioFile == nil ? try file.audioStream(number: request.audioStream) : nil
        var sound = SoundFeatureBuilder()
        if let other = request.audioFile {
            let tally = try SoundFile.decode(path: other, stream: request.audioStream) {
                sound.append(start: $0.start, channels: $0.channels)
            }
            guard tally.samples > 0 else { throw MediaError(.noFrames, file: other) }
        } else if ownAudio == nil {
            try confirm(file, video: video)
            return withoutMeasuring("there is no sound")
        }
        guard let video else { return withoutMeasuring("there is no picture, only sound") }
        if file.isStillPicture { return withoutMeasuring("it is a single picture: nothing moves") }

        let tracker: FaceTracker
        switch faces {
        case .success(let ready): tracker = ready
        case .failure(let missing):
            return Finding(
                check: .lips, subject: "audio", reference: "video", verdict: .inconclusive, tolerance: analyser.tolerance,
                because: [Doubt("faces cannot be tracked: \(missing.description); \(missing.remedy)")], method: analyser.model.method)
        }
        let lips = LipMeasurement(file: file, video: video, audio: ownAudio, analyser: analyser, tracker: tracker)
        if !thorough, file.isSeekable, let duration = file.durationSeconds, duration > StretchPlan.wholeUpTo,
            let (finding, tally) = try lips.sampled(sound, durationSeconds: duration)
        {
            return finding.adding(tally.evidence)
        }
        let (finding, tally) = try lips.whole(sound)
        if tally.pictures == 0, tally.samples == 0 { throw MediaError(.noFrames, file: file.path, detail: tally.stoppedBy ?? "") }
        if tally.pictures == 0 { return withoutMeasuring("no picture could be decoded") }
        if ownAudio != nil, tally.samples == 0 { return withoutMeasuring("no sound could be decoded") }
        return finding.adding(tally.evidence)
    }

    /// Reads on until the first picture of a file without sound, so that one that cannot be decoded is told as such.
    private func confirm(_ file: MediaFile, video: StreamDescription?) throws {
        struct Seen: Error {}
        guard let video else { throw MediaError(.noStreams, file: file.path) }
        do {
            let tally = try file.decode(MediaSelection(video: video.index, audio: nil), onPicture: { _ in throw Seen() })
            throw MediaError(.noFrames, file: file.path, detail: tally.stoppedBy ?? "")
        } catch is Seen {}
    }

    private func withoutMeasuring(_ reason: String) -> Finding {
        Finding(
            check: .lips, subject: "audio", reference: "video", verdict: .notApplicable, tolerance: analyser.tolerance,
            because: [Doubt(reason)], method: analyser.model.method)
    }
}

extension MediaTally {
    /// What was wrong with the file itself, where anything was.
    var evidence: [Evidence] {
        var result: [Evidence] = []
        if damagedVideoPackets + damagedAudioPackets > 0 {
            result.append(Evidence("damaged_packets", .count(damagedVideoPackets + damagedAudioPackets)))
        }
        if soundGaps + soundOverlaps > 0 { result.append(Evidence("sound_timestamp_jumps", .count(soundGaps + soundOverlaps))) }
        if unorderedPictures > 0 { result.append(Evidence("unordered_pictures", .count(unorderedPictures))) }
        if let stoppedBy { result.append(Evidence("read_error", .text(stoppedBy))) }
        return result
    }
}
