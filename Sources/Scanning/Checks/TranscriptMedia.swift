public import MediaIO
import Plan
import SignalCore
public import SyncModel
public import Transcripts
public import Words

/// The data of a recording that transcripts are compared with: speech, frame rate, embedded subtitles.
public struct TranscriptMedia {
    public let scores: SpeechScores
    public let frameRate: Double?
    public let durationSeconds: Double?
    /// Those of streams, then captions in the video packets.
    public let tracks: [SubtitleTrack]
    /// Subtitle streams that could not be read.
    public let unreadTracks: [ClipFailure]
    /// The analysed audio, and the rest.
    public let heard: HeardStream
    /// The audio for word alignment; empty unless requested.
    public let sound: KeptSound

    /// - Parameters:
    ///   - audioStream: counted from 0 among the audio streams; nil: the one in `language`, else the default one.
    ///   - listener: also receives all of the audio.
    /// - Throws: `MediaError`, also if there is audio but none of it can be decoded.
    public init(
        path: String, audioStream: Int?, language: String? = nil, needsTracks: Bool, keepsSound: Bool = false,
        listener: SoundLabelCollectors? = nil, model: SpeechClasses
    ) throws {
        var frames = SoundFrameBuilder()
        var sound = KeptSound(seconds: keepsSound ? WordLook.keptSeconds : 0)
        let clip = try OpenedClip(
            ClipRequest(clip: path, files: ClipFiles(audioStream: audioStream)), language: language)
        let file = clip.file
        durationSeconds = file.durationSeconds
        frameRate = file.isStillPicture ? nil : file.videoStream?.frameRate
        heard = clip.heard
        if clip.ownAudio != nil {
            let tally = try SoundFile.decode(path: path, stream: clip.audioNumber) { whole in
                let block = clip.channels?.of(whole) ?? whole
                frames.append(start: block.start, channels: block.channels)
                sound.append(start: block.start, channels: block.channels)
                listener?.append(start: block.start, channels: block.channels)
            }
            if tally.samples == 0, tally.damagedAudioPackets > 0 || tally.stoppedBy != nil {
                throw MediaError(.noSound, file: path, detail: tally.stoppedBy ?? "")
            }
        }
        scores = model.scores(of: frames.finish())
        self.sound = sound
        var (tracks, unread): ([SubtitleTrack], [ClipFailure]) = ([], [])
        for stream in needsTracks ? file.subtitleStreams : [] {
            do { tracks.append(try file.subtitles(stream: stream)) } catch {
                unread.append(ClipFailure(error, of: path))
            }
        }
        // Opened separately: it is read from its beginning.
        if needsTracks { tracks += try MediaFile(path: path).pictureCaptions() }
        (self.tracks, unreadTracks) = (tracks, unread)
    }
}
