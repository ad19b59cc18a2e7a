import Foundation
import MediaIO
import SignalCore
import Transcripts

/// A recording as transcripts are held against it: its speech, its frame rate, the subtitles in it.
struct TranscriptMedia {
    let scores: SpeechScores
    let frameRate: Double?
    let durationSeconds: Double?
    let tracks: [SubtitleTrack]

    init(path: String, audioStream: Int?, needsTracks: Bool, model: SpeechClasses) throws {
        var frames = SoundFrameBuilder()
        let file = try MediaFile(path: path)
        durationSeconds = file.durationSeconds
        frameRate = file.isStillPicture ? nil : file.videoStream?.frameRate
        if try file.audioStream(number: audioStream) != nil {
            _ = try SoundFile.decode(path: path, stream: audioStream) { frames.append(start: $0.start, channels: $0.channels) }
        }
        scores = model.scores(of: frames.finish())
        tracks = needsTracks ? try file.subtitleStreams.map { try file.subtitles(stream: $0) } : []
    }
}

extension SpeechClasses {
    /// The model that belongs to the package, or the one that `GENLOCK_SPEECH_MODEL` names, as benches do to leave talkers out.
    static func chosen() throws -> SpeechClasses {
        guard let path = ProcessInfo.processInfo.environment["GENLOCK_SPEECH_MODEL"] else { return try packaged() }
        return try SpeechClasses(Data(contentsOf: URL(fileURLWithPath: path)))
    }
}
