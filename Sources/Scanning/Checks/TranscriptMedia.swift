public import MediaIO
import SignalCore
public import Transcripts
public import Words

/// A recording as transcripts are held against it: its speech, its frame rate, the subtitles in it.
public struct TranscriptMedia {
    public let scores: SpeechScores
    public let frameRate: Double?
    public let durationSeconds: Double?
    public let tracks: [SubtitleTrack]
    /// What words are aligned on; empty unless it was asked for.
    public let sound: KeptSound

    /// - Parameter listener: hears all of the sound too.
    /// - Throws: `MediaError`, and what the listener throws.
    public init(
        path: String, audioStream: Int?, needsTracks: Bool, keepsSound: Bool = false, listener: LabelHearings? = nil,
        model: SpeechClasses
    ) throws {
        var frames = SoundFrameBuilder()
        var sound = KeptSound(seconds: keepsSound ? WordLook.keptSeconds : 0)
        let file = try MediaFile(path: path)
        durationSeconds = file.durationSeconds
        frameRate = file.isStillPicture ? nil : file.videoStream?.frameRate
        if try file.audioStream(number: audioStream) != nil {
            _ = try SoundFile.decode(path: path, stream: audioStream) { block in
                frames.append(start: block.start, channels: block.channels)
                sound.append(start: block.start, channels: block.channels)
                try listener?.append(start: block.start, channels: block.channels)
            }
        }
        scores = model.scores(of: frames.finish())
        self.sound = sound
        tracks = needsTracks ? try file.subtitleStreams.map { try file.subtitles(stream: $0) } : []
    }
}
