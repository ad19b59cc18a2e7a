public import MediaIO
import SignalCore
public import Transcripts

/// A recording as transcripts are held against it: its speech, its frame rate, the subtitles in it.
public struct TranscriptMedia {
    public let scores: SpeechScores
    public let frameRate: Double?
    public let durationSeconds: Double?
    public let tracks: [SubtitleTrack]

    /// - Throws: `MediaError`.
    public init(path: String, audioStream: Int?, needsTracks: Bool, model: SpeechClasses) throws {
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
