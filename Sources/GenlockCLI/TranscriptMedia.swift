import MediaIO
import SignalCore
import Transcripts

/// A recording as transcripts are held against it: its speech, its frame rate, the subtitles in it.
struct TranscriptMedia {
    let scores: SpeechScores
    let frameRate: Double?
    let durationSeconds: Double?
    let tracks: [SubtitleTrack]

    private static let model = Result { try SpeechClasses.packaged() }

    init(path: String, audioStream: Int?, needsTracks: Bool) throws {
        var frames = SoundFrameBuilder()
        let file = try MediaFile(path: path)
        durationSeconds = file.durationSeconds
        frameRate = file.isStillPicture ? nil : file.videoStream?.frameRate
        if try file.audioStream(number: audioStream) != nil {
            _ = try SoundFile.decode(path: path, stream: audioStream) { frames.append(start: $0.start, channels: $0.channels) }
        }
        scores = try TranscriptMedia.model.get().scores(of: frames.finish())
        tracks = needsTracks ? try file.subtitleStreams.map { try file.subtitles(stream: $0) } : []
    }
}
